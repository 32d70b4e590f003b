"""Who may hold a work item: what its row, its candidates and the diagram say, and who that is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from workflow_app.domain.permissions import TaskGate
from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.people import Account
from workflow_app.models.work import WorkItem, WorkItemCandidate
from workflow_app.services.lookups import look_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

_items = table_of(WorkItem)
_exclusions = table_of(CaseExclusion)


def gate_of(ctx: Context, row: Any) -> TaskGate:
    """Return what the diagram says of who may hold the item that the row read.

    The row has the columns of `case_store.load_by_work_item`.
    """
    named: dict[str, list[str]] = defaultdict(list)
    if row.has_candidates:
        found = ctx.session.execute(
            select(WorkItemCandidate.kind, WorkItemCandidate.name).where(
                WorkItemCandidate.work_item_id == row.item_id
            )
        )
        for kind, name in found:
            named[kind].append(name)
    groups = ([row.role] if row.role else []) + named["group"]
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    barred = {*named["barred"], *four_eyes(ctx.connection, published, row.id, row.element)}
    return TaskGate(
        path=row.territory_path,
        groups=tuple(groups),
        users=tuple(named["user"]),
        assignee=row.assignee,
        by_diagram=row.claimed_at == row.opened_at,
        barred=tuple(sorted(barred)),
        on_behalf_of=row.on_behalf_of,
        alone=bool(ctx.actor.standing) and ctx.actor.username in doers_of_twins(ctx, row),
    )


def four_eyes(
    connection: Connection, published: Published, case_id: int, element: str
) -> Mapping[str, str]:
    """Return who did a task of the case that the person at `element` may not have done.

    The value is the name of that task, a msgid. The diagram's property `fourEyes` names the tasks,
    with spaces between them; one of another process as `<process>/<id>`.
    """
    info = published.task_info(element)
    other = info.properties.get("fourEyes", "").split() if info else []
    if info is None or not other:
        return {}
    done = select(_items.c.closed_by, _items.c.on_behalf_of, _items.c.name).where(
        _items.c.case_id == case_id,
        _items.c.element.in_([n if "/" in n else f"{info.process}/{n}" for n in other]),
        _items.c.state == WorkState.COMPLETED,
    )
    found = connection.execute(done.order_by(_items.c.id.desc()))
    return {who: row.name for row in found for who in (row.closed_by, row.on_behalf_of) if who}


def doers_of_twins(ctx: Context, row: Any) -> set[str]:
    """Return who has another task of the same kind and time in the case, such as another vote.

    The row has the columns of `case_store.load_by_work_item`.
    """
    twins = select(_items.c.assignee, _items.c.closed_by, _items.c.on_behalf_of).where(
        _items.c.case_id == row.id,
        _items.c.element == row.element,
        _items.c.id != row.item_id,
        or_(_items.c.state == WorkState.OPEN, _items.c.opened_at == row.opened_at),
    )
    return {who for twin in ctx.connection.execute(twins) for who in twin if who}


def excluded_from(ctx: Context, case_id: int) -> dict[str, Row[Any]]:
    """Return who is kept out of a case, by username, each with reason, by whom and when."""
    query = select(_exclusions).where(_exclusions.c.case_id == case_id)
    return {row.username: row for row in ctx.connection.execute(query)}


def able(ctx: Context, gate: TaskGate, case_id: int) -> dict[str, str]:
    """Return who could do a task instead of the actor: titles by username, in their order."""
    known: dict[str, str] = {}
    for group in gate.groups:
        options = look_up(ctx, f"role:{group}", path=gate.path)
        known |= {str(one["value"]): str(one["label"]) for one in options}
    if gate.users:
        people = select(Account.username, Account.title).where(
            Account.username.in_(gate.users), Account.active.is_(True)
        )
        known |= {row.username: row.title for row in ctx.session.execute(people)}
    out = {*gate.barred, *excluded_from(ctx, case_id), ctx.actor.username}
    left = [(title, name) for name, title in known.items() if name not in out]
    return {name: title for title, name in sorted(left)}
