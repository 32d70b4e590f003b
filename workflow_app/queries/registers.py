"""Public registers: entries in force, by page; the check of one number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, or_, select, tuple_

from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.register import PublishedPage, RegisterEntry
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

#: So many entries are read at once for a download.
STREAMED = 500
TRUTHS = ("True", "False")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """A register with the number of its entries and the last change."""

    key: str
    definition: dict[str, Any]
    count: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a list of entries is limited to: words, territories, values of fields by name."""

    search: str = ""
    places: tuple[str, ...] | None = None
    values: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = Wanted()


def public_registers(session: Session) -> list[RegisterFacts]:
    """Return the registers that anybody may read, with their sizes."""
    return [register_facts(session, one) for one in public_definitions(session)]


def public_definitions(session: Session) -> list[RegisterDefinition]:
    """Return the definitions of the registers that anybody may read, in the order of their keys."""
    found = session.scalars(select(RegisterDefinition).order_by(RegisterDefinition.key))
    return [one for one in found if one.definition.get("public")]


def register_facts(session: Session, register: RegisterDefinition) -> RegisterFacts:
    """Return one register's size and last change, hidden entries left out."""
    count, updated = session.execute(
        select(func.count(), func.max(RegisterEntry.at)).where(*_shown(register.key))
    ).one()
    return RegisterFacts(
        key=register.key, definition=register.definition, count=count, updated_at=updated
    )


def newest_id(session: Session, register: str) -> int:
    """Return the id of a register's newest version of any entry; 0 without any."""
    query = select(RegisterEntry.id).where(RegisterEntry.register == register)
    return session.scalar(query.order_by(RegisterEntry.id.desc()).limit(1)) or 0


def count_entries(session: Session, register: str, wanted: tuple[str, str] | None) -> int:
    """Count the current entries, or those whose field (the first) holds a text (the second)."""
    query = select(func.count()).where(*_shown(register))
    if wanted is not None:
        query = query.where(RegisterEntry.data[wanted[0]].as_string() == wanted[1])
    return session.scalar(query) or 0


def entries_page(
    session: Session,
    register: str,
    cursor: Cursor | None,
    wanted: Wanted = EVERYTHING,
    size: int = PAGE_SIZE,
) -> Page[RegisterEntry]:
    """Return one page of the current entries that fit, newest first, hidden ones left out."""
    back = cursor is not None and cursor.backwards
    query = select(RegisterEntry).where(*_shown(register), *_fitting(wanted))
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(RegisterEntry.id > bound if back else RegisterEntry.id < bound)
    order = RegisterEntry.id.asc() if back else RegisterEntry.id.desc()
    rows = session.scalars(query.order_by(order).limit(size + 1)).all()
    return make_page(rows, cursor, _keys, size)


def stream_entries(session: Session, register: str, wanted: Wanted) -> Iterator[RegisterEntry]:
    """Give every current entry that fits, oldest first, so many at a time, hidden ones left out."""
    last = 0
    while True:
        query = select(RegisterEntry).where(
            *_shown(register), *_fitting(wanted), RegisterEntry.id > last
        )
        rows = session.scalars(query.order_by(RegisterEntry.id).limit(STREAMED)).all()
        yield from rows
        if len(rows) < STREAMED:
            return
        last = rows[-1].id
        session.expunge_all()


def newest_changes(session: Session, register: str, most: int) -> list[RegisterEntry]:
    """Return the newest versions of any entries, newest first, hidden ones left out."""
    query = select(RegisterEntry).where(
        RegisterEntry.register == register, RegisterEntry.is_hidden.is_(False)
    )
    return list(session.scalars(query.order_by(RegisterEntry.id.desc()).limit(most)))


def versions_before(
    session: Session, changes: Sequence[RegisterEntry]
) -> dict[tuple[str, int], RegisterEntry]:
    """Return, by key and version of each change, the version of the entry just before it."""
    if not changes:
        return {}
    wanted = [(one.key, one.version - 1) for one in changes]
    query = select(RegisterEntry).where(
        RegisterEntry.register == changes[0].register,
        tuple_(RegisterEntry.key, RegisterEntry.version).in_(wanted),
        RegisterEntry.is_hidden.is_(False),
    )
    return {(one.key, one.version + 1): one for one in session.scalars(query)}


def count_by_place(session: Session, registers: Sequence[str]) -> dict[tuple[str, str], int]:
    """Return how many current entries of each register are about each territory."""
    query = (
        select(RegisterEntry.register, RegisterEntry.place, func.count())
        .where(RegisterEntry.register.in_(registers), RegisterEntry.place.is_not(None))
        .where(RegisterEntry.superseded_at.is_(None), RegisterEntry.is_hidden.is_(False))
        .group_by(RegisterEntry.register, RegisterEntry.place)
    )
    return {(register, str(place)): count for register, place, count in session.execute(query)}


def _shown(register: str) -> tuple[Any, ...]:
    """Return the conditions of entries that anybody may read as they stand now."""
    stands = RegisterEntry.superseded_at.is_(None)
    return RegisterEntry.register == register, stands, RegisterEntry.is_hidden.is_(False)


def _fitting(wanted: Wanted) -> Iterator[Any]:
    if wanted.search.strip():
        words = wanted.search.strip()
        yield or_(
            RegisterEntry.key.icontains(words, autoescape=True),
            cast(RegisterEntry.data, String).icontains(words, autoescape=True),
        )
    if wanted.places is not None:
        yield RegisterEntry.place.in_(wanted.places)
    for name, value in wanted.values.items():
        held = RegisterEntry.data[name]
        is_truth = value in TRUTHS
        yield held.as_boolean() == (value == "True") if is_truth else held.as_string() == value


def entry_versions(session: Session, register: str, key: str) -> Sequence[RegisterEntry]:
    """Return every version of an entry, newest first, hidden ones left out.

    None where the entry as it stands is hidden.
    """
    found = session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.register == register, RegisterEntry.key == key)
        .order_by(RegisterEntry.version.desc())
    ).all()
    return [] if found and found[0].is_hidden else [one for one in found if not one.is_hidden]


def find_checkable(
    session: Session, number: str
) -> tuple[RegisterDefinition, RegisterEntry] | None:
    """Return the current entry with this key in a register whose entries anybody may check."""
    for register in session.scalars(select(RegisterDefinition)):
        if not register.definition.get("checkable"):
            continue
        entry = session.scalar(
            select(RegisterEntry).where(
                RegisterEntry.register == register.key,
                RegisterEntry.key == number,
                RegisterEntry.superseded_at.is_(None),
                RegisterEntry.is_hidden.is_(False),
            )
        )
        if entry is not None:
            return register, entry
    return None


def published_page(session: Session, page_id: int) -> PublishedPage | None:
    """Return a published decision or notice."""
    return session.get(PublishedPage, page_id)


def _keys(entry: RegisterEntry) -> tuple[int]:
    return (entry.id,)
