"""A list of tasks limited by a filter: still cheap, however few of many tasks fit.

Role, place and due time narrow the ranges of the index that are read. What no index has is looked
up task by task, at most SCANNED of a list for one page; then the page says how far it looked, and
the next one goes on there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select, tuple_, union

from workflow_app.domain.audiences import FAR
from workflow_app.domain.filters import Due, Filter, Order, Standing
from workflow_app.domain.states import CaseState
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.work import WorkItem, WorkOffer
from workflow_app.queries.inbox import (
    InboxRow,
    Tab,
    done_by,
    keys_of_done,
    keys_of_open,
    lists_of,
    moment_of,
    range_of,
    rows_of_items,
    together,
)
from workflow_app.queries.pages import PAGE_SIZE, Cursor, write_cursor

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor

SCANNED = 1000
OFFERED = 500
WEEK = timedelta(days=7)
_offers = table_of(WorkOffer)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredPage:
    """Rows that fit; `next` goes on after them, or after what was looked through without a find.

    `looked_through` tells that there is more that nobody has looked at yet.
    """

    rows: Sequence[InboxRow]
    next: str | None
    looked_through: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a list holds, to choose a filter from."""

    version_id: int
    task: str
    role: str | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A filter with what it means today: `path` is the territory of its place."""

    filter: Filter
    path: str | None
    now: datetime


def filtered_page(
    session: Session, actor: Actor, tab: Tab, wanted: Wanted, cursor: Cursor | None
) -> FilteredPage:
    """Return the tasks of a list that fit, in the order wanted, a page of them."""
    if tab is Tab.DONE:
        return _done_page(session, actor, wanted, cursor)
    ranges = _ranges(actor, tab, wanted)
    if not ranges:
        return FilteredPage(rows=[], next=None)
    if wanted.filter.sort == Order.NEW:
        return _newest_page(session, ranges, wanted, cursor)
    down = wanted.filter.sort == Order.LATE
    ends = (_offers.c.due_at.desc(), _offers.c.work_item_id.desc()) if down else ()
    order = ends or (_offers.c.due_at, _offers.c.work_item_id)
    after = [_after(one, cursor, down=down).order_by(*order) for one in ranges]
    bound = _bound(session, after, down=down)
    merged = together([one.limit(SCANNED) for one in after])
    query = rows_of_items().join(merged, merged.c.work_item_id == WorkItem.id)
    query = query.where(*_conditions(wanted))
    keys = (merged.c.due_at, merged.c.work_item_id)
    if bound is not None:
        here = tuple_(*keys)
        query = query.where(here >= tuple_(*bound) if down else here <= tuple_(*bound))
    found = _read(session, query.order_by(*(k.desc() if down else k for k in keys)))
    if len(found) > PAGE_SIZE:
        return _cut(found, keys_of_open)
    rest = None if bound is None else write_cursor((bound[0].isoformat(), bound[1]))
    return FilteredPage(rows=found, next=rest, looked_through=rest is not None)


def choices(session: Session, actor: Actor, tab: Tab) -> list[Choice]:
    """Return what stands in the first rows of a list, for the choices of its filter."""
    if tab is Tab.DONE:
        first = select(WorkItem.id.label("work_item_id")).where(*done_by(actor))
        window: Any = first.order_by(WorkItem.id.desc()).limit(OFFERED).subquery()
    else:
        names = lists_of(actor, tab)
        if not names:
            return []
        order = (_offers.c.due_at, _offers.c.work_item_id)
        parts = [range_of(actor, tab, name).order_by(*order).limit(OFFERED) for name in names]
        window = together(parts)
    query = (
        select(
            Case.process_version_id.label("version_id"),
            WorkItem.name.label("task"),
            WorkItem.role,
            Case.territory_code.label("place"),
        )
        .join(WorkItem, WorkItem.case_id == Case.id)
        .join(window, window.c.work_item_id == WorkItem.id)
        .distinct()
    )
    return [Choice(**row) for row in session.execute(query).mappings()]


def _ranges(actor: Actor, tab: Tab, wanted: Wanted) -> list[Select[Any]]:
    """Return the ranges to be read: of the role, in the place, in the time."""
    names = [narrowed for name in lists_of(actor, tab) if (narrowed := _narrowed(name, wanted))]
    due, now = _offers.c.due_at, wanted.now
    times = {
        Due.OVERDUE: (due < now,),
        Due.WEEK: (due >= now, due < now + WEEK),
    }
    limits = times[Due(wanted.filter.due)] if wanted.filter.due else ()
    return [range_of(actor, tab, name).where(*limits) for name in dict.fromkeys(names)]


def _narrowed(name: str, wanted: Wanted) -> str | None:
    """Return the list of a role inside the place wanted; None where they have nothing in common."""
    role, at, path = name.partition("@")
    if not at or name.startswith(("user:", "held:")):
        return name
    if wanted.filter.role and role != wanted.filter.role:
        return None
    place = wanted.path
    if place is None or path == place or path.startswith(place + "/"):
        return name
    return f"{role}@{place}" if place.startswith(path + "/") else None


def _conditions(wanted: Wanted) -> list[Any]:
    """Return what has to hold of a task and its case, beyond the ranges."""
    asked = wanted.filter
    found: list[Any] = []
    if asked.process:
        versions = select(ProcessVersion.id).where(ProcessVersion.key == asked.process)
        found.append(Case.process_version_id.in_(versions))
    if asked.task:
        found.append(WorkItem.name == asked.task)
    if asked.role:
        found.append(WorkItem.role == asked.role)
    if wanted.path is not None:
        inside = WorkItem.territory_path.startswith(wanted.path + "/", autoescape=True)
        found.append((WorkItem.territory_path == wanted.path) | inside)
    if asked.state == Standing.STUCK:
        found.append(Case.phase == CaseState.STUCK)
    if asked.state == Standing.RUNNING:
        found.append(Case.phase != CaseState.STUCK)
    return found


def _after(one: Select[Any], cursor: Cursor | None, *, down: bool) -> Select[Any]:
    if cursor is None:
        return one
    here = tuple_(_offers.c.due_at, _offers.c.work_item_id)
    there = tuple_(moment_of(cursor.keys[0]), int(cursor.keys[1]))
    return one.where(here < there if down else here > there)


def _bound(
    session: Session, ranges: Sequence[Select[Any]], *, down: bool
) -> tuple[datetime, int] | None:
    """Return how far all ranges are looked through; None where they are to their ends.

    A task behind the last one looked at in any range may have others before it there.
    """
    lasts = union(*(select(o.offset(SCANNED - 1).limit(1).subquery()) for o in ranges)).subquery()
    keys = (lasts.c.due_at, lasts.c.work_item_id)
    first = select(*keys).order_by(*(key.desc() if down else key for key in keys)).limit(1)
    row = session.execute(first).first()
    return None if row is None else (row.due_at, row.work_item_id)


def _newest_page(
    session: Session, ranges: Sequence[Select[Any]], wanted: Wanted, cursor: Cursor | None
) -> FilteredPage:
    """Sort the most urgent of each range by when they came; what lies behind is not looked at."""
    order = (_offers.c.due_at, _offers.c.work_item_id)
    merged = together([one.order_by(*order).limit(SCANNED) for one in ranges])
    query = rows_of_items().join(merged, merged.c.work_item_id == WorkItem.id)
    query = query.where(*_conditions(wanted))
    if cursor is not None:
        query = query.where(WorkItem.id < int(cursor.keys[1]))
    found = _read(session, query.order_by(WorkItem.id.desc()))
    page = _cut(found, lambda row: (FAR.isoformat(), row.id))
    beyond = _bound(session, [one.order_by(*order) for one in ranges], down=False)
    return FilteredPage(rows=page.rows, next=page.next, looked_through=beyond is not None)


def _done_page(
    session: Session, actor: Actor, wanted: Wanted, cursor: Cursor | None
) -> FilteredPage:
    mine = select(WorkItem.id).where(*done_by(actor))
    if cursor is not None:
        mine = mine.where(WorkItem.id < int(cursor.keys[0]))
    mine = mine.order_by(WorkItem.id.desc())
    last = session.scalar(mine.offset(SCANNED - 1).limit(1))
    window = mine.limit(SCANNED).subquery()
    query = rows_of_items().join(window, window.c.id == WorkItem.id).where(*_conditions(wanted))
    found = _read(session, query.order_by(WorkItem.id.desc()))
    if len(found) > PAGE_SIZE:
        return _cut(found, keys_of_done)
    rest = None if last is None else write_cursor((last,))
    return FilteredPage(rows=found, next=rest, looked_through=rest is not None)


def _read(session: Session, query: Select[Any]) -> list[InboxRow]:
    limited = query.limit(PAGE_SIZE + 1)
    return [InboxRow(**row) for row in session.execute(limited).mappings()]


def _cut(found: list[InboxRow], keys_of: Any) -> FilteredPage:
    more = len(found) > PAGE_SIZE
    kept = found[:PAGE_SIZE]
    return FilteredPage(rows=kept, next=write_cursor(keys_of(kept[-1])) if more else None)
