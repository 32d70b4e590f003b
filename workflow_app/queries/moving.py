"""An order to move cases as it stands: counts, groups of equal cases, and the cases of a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select

from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.designing import MoveItem, MoveOrder
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

#: More groups than these nobody reads; the cases of the others are reached by the list of cases.
MOST_GROUPS = 60
_items, _orders, _cases = table_of(MoveItem), table_of(MoveOrder), table_of(Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cases of one version of which the same was found; `states` counts them by their state."""

    version_id: int
    verdict: str
    signature: str
    told: Mapping[str, Any]
    states: Mapping[str, int]

    @property
    def count(self) -> int:
        """Return how many cases there are."""
        return sum(self.states.values())


def counts(session: Session, order_id: int) -> dict[str, int]:
    """Return how many cases of an order there are in each state."""
    query = select(_items.c.state, func.count()).where(_items.c.order_id == order_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(_items.c.state))}


def groups(session: Session, order_id: int) -> list[Group]:
    """Return the groups of an order that were looked at, the largest first."""
    by = (_items.c.from_version_id, _items.c.verdict, _items.c.signature)
    query = (
        select(*by, _items.c.state, func.count().label("count"), func.min(_items.c.id).label("one"))
        .where(_items.c.order_id == order_id, _items.c.signature.is_not(None))
        .group_by(*by, _items.c.state)
    )
    found: dict[tuple[int, str, str], list[Any]] = {}
    for row in session.execute(query):
        found.setdefault((row.from_version_id, row.verdict, row.signature), []).append(row)
    largest = sorted(found.items(), key=lambda pair: (-sum(r.count for r in pair[1]), pair[0][2]))
    shown = largest[:MOST_GROUPS]
    told = _told(session, [rows[0].one for _, rows in shown])
    return [
        Group(
            version_id=version,
            verdict=verdict,
            signature=signature,
            told=told[rows[0].one],
            states={row.state: row.count for row in rows},
        )
        for (version, verdict, signature), rows in shown
    ]


def _told(session: Session, ids: list[int]) -> dict[int, Mapping[str, Any]]:
    query = select(_items.c.id, _items.c.told).where(_items.c.id.in_(ids))
    return {row.id: row.told or {} for row in session.execute(query)}


def items_page(
    session: Session,
    order_id: int,
    cursor: Cursor | None,
    *,
    signature: str | None = None,
    state: str | None = None,
) -> Page[Row[Any]]:
    """Return a page of the cases of an order, of one group or in one state where that is asked."""
    back = cursor is not None and cursor.backwards
    query = select(_items, _cases.c.number, _cases.c.title, _cases.c.language).join(
        _cases, _cases.c.id == _items.c.case_id
    )
    query = query.where(_items.c.order_id == order_id)
    if signature is not None:
        query = query.where(_items.c.signature == signature)
    if state is not None:
        query = query.where(_items.c.state == state)
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(_items.c.id < bound if back else _items.c.id > bound)
    order = _items.c.id.desc() if back else _items.c.id.asc()
    rows: Any = session.execute(query.order_by(order).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, cursor, lambda row: (row.id,))


def orders_of(session: Session, key: str, limit: int = 10) -> list[MoveOrder]:
    """Return the newest orders of a process."""
    query = select(MoveOrder).where(MoveOrder.key == key).order_by(MoveOrder.id.desc())
    return list(session.scalars(query.limit(limit)))
