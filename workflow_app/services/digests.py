"""The daily mail: once a working day, at a set hour of the reader's country, if there is anything.

Each country has a round that says when it is next due. Whoever moves it on first lays a row for
each person of the country; each row becomes a mail, or nothing, in a transaction of its own.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select, update

from workflow_app.adapters.letter_data import spelt_text
from workflow_app.adapters.words import Words
from workflow_app.domain.calendars import working_day_from
from workflow_app.domain.states import Wish
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import Setting
from workflow_app.models.notices import Digest, DigestRound
from workflow_app.models.notices import News as NewsRow
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.models.upsert import insert_or
from workflow_app.queries import digest as queries
from workflow_app.services.accounts import actor_of
from workflow_app.services.host import Host
from workflow_app.services.news import lay_mail, sentence
from workflow_app.services.wishes import Wishes, chosen, offers_habit, personal_habit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.domain.actors import Actor
    from workflow_app.queries.digest import Listed
    from workflow_app.services.context import Context

HOUR = "notices.digest_hour"
SOON = "notices.soon_days"
LONGEST = timedelta(days=7)
SUBJECT = N_("Your tasks on %(date)s")
OVERDUE = N_("Overdue, held by you")
DUE_SOON = N_("Due soon, held by you")
NEW = N_("New for you")
OFFERED = N_("New for your groups")
LATE = N_("Overdue, and nobody has taken it")
NEWS = N_("News")
MORE = N_("… and %(num)s more")
LINE = N_("%(task)s, %(case)s (%(title)s)")
LINE_DUE = N_("%(task)s, %(case)s (%(title)s), due on %(due)s")
CHOOSE = N_("You can choose how you are told: %(link)s")
_rounds = table_of(DigestRound)
_digests = table_of(Digest)
_news = table_of(NewsRow)


def ensure_rounds(ctx: Context) -> None:
    """Give every country that has none its round, due at the next hour of a working day.

    Nothing happens before the settings that say the hour are loaded.
    """
    if ctx.session.scalar(select(Setting.id).where(Setting.key == HOUR).limit(1)) is None:
        return
    newest = queries.last_item(ctx.session)
    roots = select(Territory.code).where(Territory.parent_code.is_(None))
    for country in ctx.session.scalars(roots).all():
        row = {"next_at": _next(Host(ctx, country)), "last_at": ctx.now, "last_item": newest}
        first = insert_or(ctx.session, _rounds).values(country=country, **row)
        ctx.session.execute(first.on_conflict_do_nothing(index_elements=["country"]))


def due_rounds(ctx: Context) -> list[int]:
    """Return the rounds whose hour has come."""
    return list(ctx.session.scalars(select(_rounds.c.id).where(_rounds.c.next_at <= ctx.now)))


def owed_digests(ctx: Context, limit: int) -> list[int]:
    """Return at most `limit` daily mails that are still to be written."""
    return list(ctx.session.scalars(select(_digests.c.id).order_by(_digests.c.id).limit(limit)))


def begin_round(ctx: Context, round_id: int) -> None:
    """Move a country's round on, and owe each of its people a mail if today is the day."""
    row = ctx.session.execute(select(_rounds).where(_rounds.c.id == round_id)).one()
    host = Host(ctx, row.country)
    newest = queries.last_item(ctx.session)
    mine = (_rounds.c.id == round_id, _rounds.c.next_at == row.next_at)
    moved = {"next_at": _next(host), "last_at": ctx.now, "last_item": newest}
    early = row.next_at > ctx.now
    if early or ctx.connection.execute(update(_rounds).where(*mine).values(**moved)).rowcount != 1:
        return
    today = host.today()
    if not host.is_working_day(today) or host.now().time() < _hour(host):
        return
    since = max(row.last_at, ctx.now - LONGEST)
    shared = {"day": today, "since": since, "after_item": row.last_item, "path": row.country}
    for account in _people(ctx, row.country):
        owed = insert_or(ctx.session, _digests).values(account_id=account, **shared)
        ctx.session.execute(owed.on_conflict_do_nothing())


def skip_round(ctx: Context, round_id: int) -> None:
    """Leave out a round that could not be begun."""
    row = ctx.session.execute(select(_rounds).where(_rounds.c.id == round_id)).one()
    later = update(_rounds).where(_rounds.c.id == round_id)
    ctx.session.execute(later.values(next_at=_next(Host(ctx, row.country))))


def write_digest(ctx: Context, digest_id: int) -> None:
    """Write one person's daily mail, once; none where there is nothing to tell."""
    row = ctx.session.execute(select(_digests).where(_digests.c.id == digest_id)).first()
    if row is None or not _taken(ctx, digest_id):
        return
    account = ctx.session.get_one(Account, row.account_id)
    parts = list(_parts(ctx, account, row))
    ctx.session.execute(update(_news).where(*_kept(row.account_id)).values(mail=""))
    if account.active and parts:
        lay_mail(ctx, None, _mail(Host(ctx, row.path), account, parts))


def drop_digest(ctx: Context, digest_id: int) -> None:
    """Leave out a daily mail that could not be written."""
    _taken(ctx, digest_id)


def _taken(ctx: Context, digest_id: int) -> bool:
    gone = delete(_digests).where(_digests.c.id == digest_id)
    return ctx.connection.execute(gone).rowcount == 1


def _kept(account: int) -> tuple[Any, Any]:
    return _news.c.account_id == account, _news.c.mail == Wish.DIGEST


def _hour(host: Host) -> time:
    return time(int(host.number(HOUR)))


def _next(host: Host) -> datetime:
    """Return the next hour of a working day after now."""
    day, now = host.today(), host.now()
    if now.time() >= _hour(host):
        day += timedelta(days=1)
    calendar = host.calendar
    return datetime.combine(working_day_from(day, calendar), _hour(host), tzinfo=calendar.zone)


def _people(ctx: Context, country: str) -> list[int]:
    """Return the accounts whose first role is held in a country."""
    first: dict[int, str] = {}
    held = (
        select(RoleAssignment.account_id, Territory.path)
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(Account.active)
    )
    for account, path in ctx.session.execute(held.order_by(RoleAssignment.id)):
        first.setdefault(account, path.split("/", 1)[0])
    return sorted(account for account, root in first.items() if root == country)


def _parts(
    ctx: Context, account: Account, row: Row[Any]
) -> Iterator[tuple[str, Listed | list[Row[Any]]]]:
    """Yield (heading, tasks or news) of what there is to tell."""
    host = Host(ctx, row.path)
    actor = actor_of(ctx.session, account, ctx.now)
    found = [*_of_their_own(host, actor, row), *_of_groups(host, actor, row)]
    yield from ((heading, listed) for heading, listed in found if listed.count)
    news = queries.kept_news(ctx.session, row.account_id)
    if news:
        yield NEWS, news


def _of_their_own(host: Host, actor: Actor, row: Row[Any]) -> Iterator[tuple[str, Listed]]:
    ctx, since = host.ctx, queries.Since(row.since, row.after_item)
    wishes = chosen(ctx, [row.account_id]).get(row.account_id, Wishes())
    wish = wishes.personal or personal_habit(host)
    if wish is Wish.NONE:
        return
    soon = host.working_days(host.number(SOON))
    yield OVERDUE, queries.held(ctx.session, actor, None, ctx.now)
    yield DUE_SOON, queries.held(ctx.session, actor, ctx.now, soon)
    if wish is Wish.DIGEST:
        yield NEW, queries.new_for(ctx.session, actor, since)


def _of_groups(host: Host, actor: Actor, row: Row[Any]) -> Iterator[tuple[str, Listed]]:
    ctx, since = host.ctx, queries.Since(row.since, row.after_item)
    wishes = chosen(ctx, [row.account_id]).get(row.account_id, Wishes())
    habits = {offers_habit(host, grant.role) for grant in actor.grants}
    wanted = {wishes.offers} if wishes.offers else habits
    if Wish.DIGEST in wanted:
        yield OFFERED, queries.new_in_groups(ctx.session, actor, since)
        yield LATE, queries.overdue_in_groups(ctx.session, actor, ctx.now)


def _mail(
    host: Host, account: Account, parts: list[tuple[str, Listed | list[Row[Any]]]]
) -> dict[str, Any]:
    settings = host.ctx.platform.settings
    words = Words(account.language or settings.language)
    blocks = [
        "\n".join([words.text(heading), *_lines(host, words, part)]) for heading, part in parts
    ]
    choose = words.text(CHOOSE, link=f"{settings.base_url}/account/notifications")
    today = spelt_text(host.today().isoformat(), words.locale, host.calendar.zone)
    return {
        "to": account.email,
        "language": words.locale,
        "subject": words.text(SUBJECT, date=today),
        "text": "\n\n".join([*blocks, f"{settings.base_url}/inbox", choose]),
    }


def _lines(host: Host, words: Words, part: Listed | list[Row[Any]]) -> Iterator[str]:
    if isinstance(part, list):
        yield from (f"- {sentence(words, host, row.why, row.details)}" for row in part)
        return
    yield from (f"- {_line(host, words, row)}" for row in part.rows)
    if part.count > len(part.rows):
        yield words.text(MORE, num=part.count - len(part.rows))


def _line(host: Host, words: Words, row: Row[Any]) -> str:
    facts = {"task": words.text(row.name), "case": row.number, "title": row.title}
    if row.due_at is None:
        return words.text(LINE, **facts)
    due = spelt_text(row.due_at.isoformat(), words.locale, host.calendar.zone)
    return words.text(LINE_DUE, due=due, **facts)
