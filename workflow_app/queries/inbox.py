"""The inbox: my tasks, my groups' tasks, what I have done; plain indexed SQL over work items."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
)

from workflow_app.domain.states import WorkState
from workflow_app.models.case import Case
from workflow_app.models.people import Territory
from workflow_app.models.work import WorkItem, WorkItemCandidate
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor

COUNTED_UP_TO = 1000
_FAR = "9999-12-31"


class Tab(StrEnum):
    """The three lists of an inbox."""

    MINE = "mine"
    GROUPS = "groups"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One line of the inbox."""

    id: int
    name: str
    role: str | None
    assignee: str | None
    due_at: datetime | None
    due_key: str
    closed_at: datetime | None
    case_number: str
    case_title: str
    place: str | None
    version_id: int


def inbox_page(session: Session, actor: Actor, tab: Tab, cursor: Cursor | None) -> Page[InboxRow]:
    """Return one page, most urgent first; finished ones newest first."""
    due_key = _due_key()
    query = _rows(due_key).where(_condition(actor, tab))
    query = _ordered(query, tab, due_key, cursor).limit(PAGE_SIZE + 1)
    rows = [InboxRow(**row) for row in session.execute(query).mappings()]
    return make_page(rows, cursor, _keys_for(tab))


def inbox_counts(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many rows each open list has, counted up to a bound so that no list costs more."""
    return {tab.value: _count(session, actor, tab) for tab in Tab}


def offered_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an open item is offered to one of the actor's groups or to them."""
    offers = [_covered(WorkItem.role, grant) for grant in actor.grants]
    candidate = exists().where(WorkItemCandidate.work_item_id == WorkItem.id).where(_named(actor))
    barred = (
        exists()
        .where(WorkItemCandidate.work_item_id == WorkItem.id)
        .where(WorkItemCandidate.kind == "barred", WorkItemCandidate.name == actor.username)
    )
    offered = or_(false(), *offers, and_(WorkItem.has_candidates, candidate))
    return and_(offered, or_(~WorkItem.has_candidates, ~barred))


def _condition(actor: Actor, tab: Tab) -> ColumnElement[bool]:
    if tab is Tab.DONE:
        return and_(WorkItem.closed_by == actor.username, WorkItem.state == WorkState.COMPLETED)
    if tab is Tab.MINE:
        return and_(WorkItem.state == WorkState.OPEN, WorkItem.assignee == actor.username)
    unclaimed = and_(WorkItem.state == WorkState.OPEN, WorkItem.assignee.is_(None))
    return and_(unclaimed, offered_to(actor))


def _covered(role: Any, grant: Any) -> ColumnElement[bool]:
    path = WorkItem.territory_path
    below = or_(path == grant.path, path.startswith(grant.path + "/", autoescape=True))
    return and_(role == grant.role, below)


def _named(actor: Actor) -> ColumnElement[bool]:
    groups = [_covered(WorkItemCandidate.name, grant) for grant in actor.grants]
    return or_(
        and_(WorkItemCandidate.kind == "user", WorkItemCandidate.name == actor.username),
        and_(WorkItemCandidate.kind == "group", or_(false(), *groups)),
    )


def _due_key() -> ColumnElement[str]:
    return func.coalesce(func.substr(cast(WorkItem.due_at, String), 1, 19), _FAR)


def _rows(due_key: ColumnElement[str]) -> Select[Any]:
    rows: Any = (
        select(
            WorkItem.id,
            WorkItem.name,
            WorkItem.role,
            WorkItem.assignee,
            WorkItem.due_at,
            due_key.label("due_key"),
            WorkItem.closed_at,
            Case.number.label("case_number"),
            Case.title.label("case_title"),
            Territory.name.label("place"),
            Case.process_version_id.label("version_id"),
        )
        .join(Case, Case.id == WorkItem.case_id)
        .outerjoin(Territory, Territory.code == Case.territory_code)
    )
    return rows  # type: ignore[no-any-return]  # ten columns have no type of their own


def _ordered(
    query: Select[Any], tab: Tab, due_key: ColumnElement[str], cursor: Cursor | None
) -> Select[Any]:
    back = cursor is not None and cursor.backwards
    if tab is Tab.DONE:
        if cursor is not None:
            bound = int(cursor.keys[0])
            query = query.where(WorkItem.id > bound if back else WorkItem.id < bound)
        return query.order_by(WorkItem.id.asc() if back else WorkItem.id.desc())
    if cursor is not None:
        here, there = tuple_(due_key, WorkItem.id), tuple_(*cursor.keys)
        query = query.where(here < there if back else here > there)
    directions = (due_key.desc(), WorkItem.id.desc()) if back else (due_key, WorkItem.id)
    return query.order_by(*directions)


def _keys_for(tab: Tab) -> Any:
    def keys(row: InboxRow) -> Sequence[str | int]:
        return (row.id,) if tab is Tab.DONE else (row.due_key, row.id)

    return keys


def _count(session: Session, actor: Actor, tab: Tab) -> int:
    bounded = select(WorkItem.id).where(_condition(actor, tab)).limit(COUNTED_UP_TO).subquery()
    return session.scalar(select(func.count()).select_from(bounded)) or 0
