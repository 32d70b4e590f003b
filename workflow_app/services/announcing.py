"""Telling people of a task that opened: after the commit, from rows that no worker has announced.

A step says nothing of it: a new work item has no `announced_at`, and an index holds just those. A
task given to somebody by name is told to them; one offered to a group to those of it who want
every offer at once. All others find it in their daily mail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, literal_column, select, update

from workflow_app.adapters.words import Words
from workflow_app.domain.states import Wish, WorkState
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.work import WorkItem, WorkItemCandidate
from workflow_app.services.absences import look_after
from workflow_app.services.candidates import excluded_from
from workflow_app.services.case_store import load_case, open_scope
from workflow_app.services.mails import spelt
from workflow_app.services.news import accounts_named, holders, lay_mail
from workflow_app.services.wishes import Wishes, chosen, offers_habit, personal_habit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from workflow_app.services.context import Context
    from workflow_app.services.host import Host
    from workflow_app.services.scope import StepScope

SUBJECT = N_("New task: %(task)s, %(case)s")
YOURS = N_("The task “%(task)s” in case %(case)s (%(title)s) is yours.")
OFFERED = N_("The task “%(task)s” in case %(case)s (%(title)s) is open to you and others.")
DUE = N_("It is due on %(due)s.")
_items = table_of(WorkItem)
_candidates = table_of(WorkItemCandidate)


def unannounced(ctx: Context, limit: int) -> list[Row[Any]]:
    """Return (id, case_id) of at most `limit` tasks that nobody was told of, the oldest first."""
    # The literal, not a parameter: else the partial index is not seen to fit.
    new: Any = literal_column("announced_at IS NULL")
    query = select(_items.c.id, _items.c.case_id).where(new).order_by(_items.c.id)
    return list(ctx.session.execute(query.limit(limit)))


def announce_again(connection: Connection, item_id: int) -> None:
    """Let a task be told of once more, now that it was given to somebody else."""
    connection.execute(update(_items).where(_items.c.id == item_id).values(announced_at=None))


def leave_unannounced(ctx: Context, item_id: int) -> None:
    """Tell nobody of a task of which telling failed; it stands in the lists all the same."""
    ctx.session.execute(update(_items).where(_items.c.id == item_id).values(announced_at=ctx.now))


def announce(ctx: Context, item_id: int) -> None:
    """Tell people of a task that opened, once; of one that is closed already nobody."""
    fresh = (_items.c.id == item_id, _items.c.announced_at.is_(None))
    told = update(_items).where(*fresh).values(announced_at=ctx.now)
    if ctx.connection.execute(told).rowcount != 1:
        return
    item = ctx.session.execute(select(_items).where(_items.c.id == item_id)).one()
    if item.state != WorkState.OPEN:
        return
    if item.assignee is not None and look_after(ctx, item_id, item.assignee):
        announce_again(ctx.connection, item_id)
        return
    scope = open_scope(ctx, load_case(ctx, item.case_id))
    for person, is_personal in _recipients(scope, item):
        lay_mail(ctx, item.case_id, _mail(scope, item, person, is_personal=is_personal))


def _recipients(scope: StepScope, item: Row[Any]) -> Iterable[tuple[Row[Any], bool]]:
    """Return who is mailed at once, and whether the task is theirs by name."""
    ctx = scope.ctx
    if item.assignee is not None:
        if _follows_own(ctx, item):
            return []
        return [(one, True) for one in _wanting(scope.host, accounts_named(ctx, [item.assignee]))]
    groups, users, barred = _offered(ctx, item)
    barred |= set(excluded_from(ctx, item.case_id))
    named = [one for one in accounts_named(ctx, users) if one.username not in barred]
    barred |= {one.username for one in named}
    found = [(one, True) for one in _wanting(scope.host, named)]
    for role in groups:
        people = [o for o in holders(ctx, [role], item.territory_path) if o.username not in barred]
        barred |= {one.username for one in people}
        found += [(one, False) for one in _wanting(scope.host, people, role)]
    return found


def _follows_own(ctx: Context, item: Row[Any]) -> bool:
    """Tell whether the holder opened the task themselves, by what they completed before it."""
    mine = (_items.c.case_id == item.case_id, _items.c.closed_by == item.assignee)
    query = select(_items.c.id).where(*mine, _items.c.closed_at == item.opened_at)
    return ctx.session.execute(query.limit(1)).first() is not None


def _offered(ctx: Context, item: Row[Any]) -> tuple[list[str], list[str], set[str]]:
    """Return the groups and people that a task is offered to, and who is barred from it."""
    named: list[Any] = []
    if item.has_candidates:
        query = select(_candidates.c.kind, _candidates.c.name)
        named = list(ctx.session.execute(query.where(_candidates.c.work_item_id == item.id)))

    def of_kind(kind: str) -> list[str]:
        return [row.name for row in named if row.kind == kind]

    groups = [item.role] if item.role else []
    return [*groups, *of_kind("group")], of_kind("user"), set(of_kind("barred"))


def _wanting(host: Host, people: list[Row[Any]], role: str | None = None) -> list[Row[Any]]:
    """Return those who want to be told at once: of a role's offers, or of what is theirs."""
    if not people:
        return []
    habit = offers_habit(host, role) if role else personal_habit(host)
    wishes = chosen(host.ctx, [one.id for one in people])

    def wish(one: Row[Any]) -> Wish:
        said = wishes.get(one.id, Wishes())
        return (said.offers if role else said.personal) or habit

    return [one for one in people if wish(one) is Wish.AT_ONCE]


def _mail(
    scope: StepScope, item: Row[Any], person: Row[Any], *, is_personal: bool
) -> dict[str, Any]:
    settings = scope.ctx.platform.settings
    language = person.language or settings.language
    words = Words(language, scope.published.words.get(language, {}))
    facts = {
        "task": words.text(item.name),
        "case": scope.case.number or "",
        "title": scope.case.title,
    }
    lines = [words.text(YOURS if is_personal else OFFERED, **facts)]
    if item.due_at is not None:
        lines.append(words.text(DUE, due=spelt(item.due_at.isoformat(), language, scope)))
    lines.append(f"{settings.base_url}/tasks/{item.id}")
    return {
        "to": person.email,
        "language": language,
        "subject": words.text(SUBJECT, **facts),
        "text": "\n\n".join(lines),
    }
