"""Reading collections: what they hold in figures, and their entries a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, select

from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.collections import Collection, CollectionEntry, CollectionSeat
from workflow_app.models.people import Account
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What people outside are shown of a collection: nothing at all.
NONE = "none"
_collections = table_of(Collection)
_entries = table_of(CollectionEntry)
_seats = table_of(CollectionSeat)
_cases = table_of(Case)
_accounts = table_of(Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries a list shows: those of one value of the facet, answered or not."""

    facet: str | None = None
    is_answered: bool | None = None


def counts_of(row: Any) -> dict[str, int]:
    """Return what is kept of a collection's row: count, unanswered, seats, seats_in."""
    return {
        "count": row.entries,
        "unanswered": row.entries - row.answered,
        "seats": row.seats,
        "seats_in": row.seats_in,
    }


def collection_named(
    session: Session, key: str, *, case_id: int | None = None, number: str | None = None
) -> Row[Any] | None:
    """Return the row of a collection of a case, which is given by its id or number."""
    query = select(_collections).join(_cases, _cases.c.id == _collections.c.case_id)
    mine = _cases.c.number == number if number else _cases.c.id == case_id
    return session.execute(query.where(_collections.c.key == key, mine)).first()


def entries_page(
    session: Session,
    collection_id: int,
    cursor: Cursor | None,
    wanted: Wanted,
    size: int = PAGE_SIZE,
) -> Page[Row[Any]]:
    """Return a page of entries by their numbers, with the label of each one's seat.

    `who` is the title of whoever answered.
    """
    backwards = cursor is not None and cursor.backwards
    order = _entries.c.number.desc() if backwards else _entries.c.number
    query = _wanted(collection_id, wanted).order_by(order).limit(size + 1)
    if cursor is not None:
        first = cursor.keys[0]
        query = query.where(_entries.c.number < first if backwards else _entries.c.number > first)
    return make_page(session.execute(query).all(), cursor, lambda row: (row.number,), size)


def first_unanswered(session: Session, collection_id: int, facet: str | None) -> int | None:
    """Return the number of the first entry that nobody answered."""
    wanted = Wanted(facet=facet, is_answered=False)
    query = _wanted(collection_id, wanted).order_by(_entries.c.number).limit(1)
    row = session.execute(query).first()
    return None if row is None else int(row.number)


def _wanted(collection_id: int, wanted: Wanted) -> Select[Any]:
    query = (
        select(_entries, _seats.c.label.label("seat"), _accounts.c.title.label("who"))
        .join_from(_entries, _seats, _seats.c.id == _entries.c.seat_id, isouter=True)
        .join(_accounts, _accounts.c.username == _entries.c.answered_by, isouter=True)
        .where(_entries.c.collection_id == collection_id)
    )
    if wanted.is_answered is not None:
        query = query.where(_entries.c.is_answered.is_(wanted.is_answered))
    if wanted.facet is not None:
        query = query.where(_entries.c.facet == wanted.facet)
    return query


def waiting_seats(session: Session, username: str, now: Any, most: int) -> list[Row[Any]]:
    """Return the open collections in which somebody's seat has no entry: title, key, number."""
    query = (
        select(
            _collections.c.title,
            _collections.c.key,
            _collections.c.closes_at,
            _collections.c.process_version_id,
            _cases.c.number,
            _cases.c.title.label("case_title"),
            _cases.c.language.label("case_language"),
        )
        .join_from(_seats, _collections, _collections.c.id == _seats.c.collection_id)
        .join(_cases, _cases.c.id == _collections.c.case_id)
        .where(_seats.c.username == username, _seats.c.in_at.is_(None))
        .where(_collections.c.closed_at.is_(None))
        .where(_collections.c.closes_at.is_(None) | (_collections.c.closes_at > now))
        .order_by(_collections.c.closes_at, _seats.c.id)
        .limit(most)
    )
    return list(session.execute(query))
