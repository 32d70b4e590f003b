"""The inbox: my tasks, my groups' tasks, those of people I stand in for, what I have done.

Each list is read in the order of an index (models.work.WorkOffer): a page costs one short range
for each of the reader's roles and territories, whatever the number of open tasks. What a filter
limits (queries/filtered.py) begins with the same ranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, exists, func, literal_column, select, tuple_, union

from workflow_app.domain import audiences
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.people import Territory
from workflow_app.models.work import WorkItem, WorkItemCandidate, WorkOffer
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Subquery
    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor

COUNTED_UP_TO = 100
_offers = table_of(WorkOffer)
_candidates = table_of(WorkItemCandidate)


class Tab(StrEnum):
    """The lists of an inbox."""

    MINE = "mine"
    GROUPS = "groups"
    STANDING = "standing"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One line of the inbox."""

    id: int
    name: str
    role: str | None
    assignee: str | None
    due_at: datetime | None
    closed_at: datetime | None
    case_number: str
    case_title: str
    place: str | None
    version_id: int
    on_behalf_of: str | None


def inbox_page(session: Session, actor: Actor, tab: Tab, cursor: Cursor | None) -> Page[InboxRow]:
    """Return one page, most urgent first; finished ones newest first."""
    ranges = [] if tab is Tab.DONE else _ranges(actor, tab)
    if tab is not Tab.DONE and not ranges:
        return Page(rows=[], previous=None, next=None)
    query = _done(actor, cursor) if tab is Tab.DONE else _open(ranges, cursor)
    rows = [InboxRow(**row) for row in session.execute(query).mappings()]
    return make_page(rows, cursor, keys_of_done if tab is Tab.DONE else keys_of_open)


def inbox_counts(session: Session, actor: Actor) -> dict[str, int]:
    """Return how many rows each list has, counted to one above COUNTED_UP_TO and no further."""
    tabs = [tab for tab in Tab if tab is not Tab.STANDING or actor.standing]
    return {tab.value: _count(session, actor, tab) for tab in tabs}


def lists_of(actor: Actor, tab: Tab) -> list[str]:
    """Return the lists that a tab of open tasks shows (domain.audiences)."""
    if tab is Tab.MINE:
        return [audiences.holder(actor.username)]
    if tab is Tab.STANDING:
        return audiences.read_for_others(actor)
    return audiences.read_by(actor)


def range_of(actor: Actor, tab: Tab, name: str) -> Select[Any]:
    """Return a select of (due_at, work_item_id) for one list, without what the actor may not do."""
    offered = select(_offers.c.due_at, _offers.c.work_item_id).where(_offers.c.audience == name)
    if tab is Tab.MINE:
        return offered
    barred = exists().where(
        _candidates.c.kind == "barred",
        _candidates.c.name == actor.username,
        _candidates.c.work_item_id == _offers.c.work_item_id,
    )
    return offered.where(~barred)


def _ranges(actor: Actor, tab: Tab) -> list[Select[Any]]:
    return [range_of(actor, tab, name) for name in lists_of(actor, tab)]


def _open(ranges: Sequence[Select[Any]], cursor: Cursor | None) -> Select[Any]:
    """Merge the first rows of every range: no later row of one can be on the page."""
    back = cursor is not None and cursor.backwards
    due, item = _offers.c.due_at, _offers.c.work_item_id
    order = (due.desc(), item.desc()) if back else (due, item)
    found = []
    for one in ranges:
        query = one
        if cursor is not None:
            here, there = tuple_(due, item), tuple_(moment_of(cursor.keys[0]), int(cursor.keys[1]))
            query = query.where(here < there if back else here > there)
        found.append(query.order_by(*order).limit(PAGE_SIZE + 1))
    merged = together(found)
    ends = (merged.c.due_at, merged.c.work_item_id)
    query = rows_of_items().join(merged, merged.c.work_item_id == WorkItem.id)
    return query.order_by(*(end.desc() if back else end for end in ends)).limit(PAGE_SIZE + 1)


def together(ranges: Sequence[Select[Any]]) -> Subquery:
    """Return the rows of all ranges, each task once; it may stand in several."""
    if len(ranges) == 1:
        return ranges[0].subquery()
    return union(*(select(one.subquery()) for one in ranges)).subquery()


def _done(actor: Actor, cursor: Cursor | None) -> Select[Any]:
    query = rows_of_items().where(*done_by(actor))
    back = cursor is not None and cursor.backwards
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(WorkItem.id > bound if back else WorkItem.id < bound)
    return query.order_by(WorkItem.id.asc() if back else WorkItem.id.desc()).limit(PAGE_SIZE + 1)


def done_by(actor: Actor) -> tuple[Any, Any]:
    """Return the conditions that the actor has finished a task."""
    # The literal, not a parameter: else the partial index is not seen to fit.
    return WorkItem.closed_by == actor.username, WorkItem.state == literal_column("'completed'")


def rows_of_items() -> Select[Any]:
    """Return a select of the columns of InboxRow."""
    rows: Any = (
        select(
            WorkItem.id,
            WorkItem.name,
            WorkItem.role,
            WorkItem.assignee,
            WorkItem.due_at,
            WorkItem.closed_at,
            Case.number.label("case_number"),
            Case.title.label("case_title"),
            Territory.name.label("place"),
            Case.process_version_id.label("version_id"),
            WorkItem.on_behalf_of,
        )
        .join(Case, Case.id == WorkItem.case_id)
        .outerjoin(Territory, Territory.code == Case.territory_code)
    )
    return rows  # type: ignore[no-any-return]  # eleven columns have no type of their own


def keys_of_open(row: InboxRow) -> Sequence[str | int]:
    """Return where an open task stands in its list."""
    return (row.due_at or audiences.FAR).isoformat(), row.id


def keys_of_done(row: InboxRow) -> Sequence[str | int]:
    """Return where a finished task stands in its list."""
    return (row.id,)


def moment_of(key: str | int) -> datetime:
    """Return the moment that a cursor carries; the last one where it was tampered with."""
    try:
        moment = datetime.fromisoformat(str(key))
    except ValueError:
        return audiences.FAR
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _count(session: Session, actor: Actor, tab: Tab) -> int:
    if tab is Tab.DONE:
        bounded = select(WorkItem.id).where(*done_by(actor)).limit(COUNTED_UP_TO + 1).subquery()
    else:
        parts = [one.limit(COUNTED_UP_TO + 1) for one in _ranges(actor, tab)]
        if not parts:
            return 0
        bounded = select(together(parts)).limit(COUNTED_UP_TO + 1).subquery()
    return session.scalar(select(func.count()).select_from(bounded)) or 0
