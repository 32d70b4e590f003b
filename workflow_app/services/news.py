"""Telling people something: in the list of their news, and by mail as each of them wants it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, insert, or_, select

from workflow_app.adapters.letter_data import spelt_text
from workflow_app.adapters.words import Words
from workflow_app.domain.actors import Permission
from workflow_app.domain.states import OutboxKind, Wish
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.notices import News as NewsRow
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.services.candidates import excluded_from
from workflow_app.services.host import Host
from workflow_app.services.lookups import covering
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.wishes import Wishes, chosen, personal_habit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflow_app.services.context import Context

_news = table_of(NewsRow)
_accounts = table_of(Account)
_PERSON = (_accounts.c.id, _accounts.c.email, _accounts.c.language, _accounts.c.username)


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is told: `why`, a msgid that `details` fill, and the page that it leads to.

    Text in the details that is a sentence of ours is translated. `page` begins with a slash.
    """

    kind: str
    why: str
    details: Mapping[str, Any]
    case_id: int | None = None
    page: str = "/"


def tell(ctx: Context, usernames: Iterable[str], news: News, *, path: str) -> None:
    """Tell people by name, in the caller's transaction; `path` is the territory of the matter."""
    tell_accounts(ctx, accounts_named(ctx, usernames), news, path=path)


def tell_roles(ctx: Context, path: str, role: str | None, news: News) -> None:
    """Tell a role's holders in a territory at once; its supervisors where no such role is named.

    Who was taken off the case that the news is about hears nothing of it.
    """
    found = holders(ctx, [role] if role else supervising_roles(ctx), path)
    out = excluded_from(ctx, news.case_id) if news.case_id is not None else {}
    people = [one for one in found if one.username not in out]
    tell_accounts(ctx, people, news, path=path, at_once=True)


def accounts_named(ctx: Context, usernames: Iterable[str]) -> list[Row[Any]]:
    """Return active accounts by their usernames: id, email, language, username."""
    named = sorted(set(usernames))
    return _active(ctx, _accounts.c.username.in_(named)) if named else []


def holders(ctx: Context, roles: Sequence[str], path: str) -> list[Row[Any]]:
    """Return the accounts that hold one of the roles today in a territory covering the path."""
    today = Host(ctx, path).today()
    held = (
        select(RoleAssignment.account_id)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .where(RoleAssignment.role.in_(roles), covering(Territory.path, path))
        .where(or_(RoleAssignment.valid_from.is_(None), RoleAssignment.valid_from <= today))
        .where(or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until >= today))
    )
    return _active(ctx, _accounts.c.id.in_(held))


def supervising_roles(ctx: Context) -> list[str]:
    """Return the codes of the roles that supervise, but those that hear of nothing by mail."""
    told = RoleDefinition.notify.is_(None) | (RoleDefinition.notify != Wish.NONE)
    rows = ctx.session.execute(select(RoleDefinition.code, RoleDefinition.permissions).where(told))
    return [row.code for row in rows if Permission.SUPERVISE in row.permissions]


def tell_accounts(
    ctx: Context, people: Sequence[Row[Any]], news: News, *, path: str, at_once: bool = False
) -> None:
    """Keep the news for each of the accounts, and lay the mails that leave at once."""
    wishes = {} if at_once else chosen(ctx, [one.id for one in people])
    host = Host(ctx, path)
    habit = Wish.AT_ONCE if at_once or not people else personal_habit(host)
    for one in people:
        wish = wishes.get(one.id, Wishes()).personal or habit
        row = {"account_id": one.id, "kind": news.kind, "case_id": news.case_id, "at": ctx.now}
        told = {"why": news.why, "details": {**news.details, "page": news.page}}
        mail = Wish.DIGEST if wish is Wish.DIGEST else ""
        ctx.session.execute(insert(_news).values(**row, **told, mail=mail))
        if wish is Wish.AT_ONCE:
            lay_mail(ctx, news.case_id, _mail(host, one, news))


def lay_mail(ctx: Context, case_id: int | None, mail: Mapping[str, Any]) -> None:
    """Put a finished mail {to, language, subject, text} into the outbox."""
    values = outbox_values(OutboxKind.MAIL, mail, ctx.now)
    ctx.session.execute(insert(outbox).values(case_id=case_id, **values))


def sentence(words: Words, host: Host, why: str, details: Mapping[str, Any]) -> str:
    """Return a piece of news in somebody's language, its dates as people write them there."""
    said = {name: _said(words, host, value) for name, value in details.items()}
    return words.text(why, **said)


def _said(words: Words, host: Host, value: object) -> object:
    """Return what fills a sentence: a reason inside it is told too."""
    if isinstance(value, dict):
        return sentence(words, host, value["why"], value["details"])
    if isinstance(value, str):
        return spelt_text(words.text(value), words.locale, host.calendar.zone)
    return value


def _mail(host: Host, one: Row[Any], news: News) -> dict[str, Any]:
    settings = host.ctx.platform.settings
    words = Words(one.language or settings.language)
    said = sentence(words, host, news.why, news.details)
    return {
        "to": one.email,
        "language": words.locale,
        "subject": said.partition("\n")[0],
        "text": f"{said}\n\n{settings.base_url}{news.page}",
    }


def _active(ctx: Context, condition: Any) -> list[Row[Any]]:
    query = select(*_PERSON).where(condition, _accounts.c.active.is_(True))
    return list(ctx.session.execute(query.order_by(_accounts.c.id)))
