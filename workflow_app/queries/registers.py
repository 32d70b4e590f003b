"""Public registers: entries in force, by page; the check of one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, or_, select

from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.register import PublishedPage, RegisterEntry
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFacts:
    """A register with the number of its entries and the last change."""

    key: str
    definition: dict[str, Any]
    count: int
    updated_at: datetime | None


def public_registers(session: Session) -> list[RegisterFacts]:
    """Return the registers that anybody may read, with their sizes."""
    found = session.scalars(select(RegisterDefinition).order_by(RegisterDefinition.key))
    return [register_facts(session, one) for one in found if one.definition.get("public")]


def register_facts(session: Session, register: RegisterDefinition) -> RegisterFacts:
    """Return one register's size and last change."""
    count, updated = session.execute(
        select(func.count(), func.max(RegisterEntry.at)).where(
            RegisterEntry.register == register.key, RegisterEntry.superseded_at.is_(None)
        )
    ).one()
    return RegisterFacts(
        key=register.key, definition=register.definition, count=count, updated_at=updated
    )


def count_entries(session: Session, register: str, wanted: tuple[str, str] | None) -> int:
    """Count the current entries, or those whose field (the first) holds a text (the second)."""
    query = select(func.count()).where(
        RegisterEntry.register == register, RegisterEntry.superseded_at.is_(None)
    )
    if wanted is not None:
        query = query.where(RegisterEntry.data[wanted[0]].as_string() == wanted[1])
    return session.scalar(query) or 0


def entries_page(
    session: Session, register: str, cursor: Cursor | None, *, search: str = ""
) -> Page[RegisterEntry]:
    """Return one page of current entries, newest first, whose words contain the search text."""
    back = cursor is not None and cursor.backwards
    query = select(RegisterEntry).where(
        RegisterEntry.register == register, RegisterEntry.superseded_at.is_(None)
    )
    if search:
        wanted = search.strip()
        query = query.where(
            or_(
                RegisterEntry.key.icontains(wanted, autoescape=True),
                cast(RegisterEntry.data, String).icontains(wanted, autoescape=True),
            )
        )
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(RegisterEntry.id > bound if back else RegisterEntry.id < bound)
    order = RegisterEntry.id.asc() if back else RegisterEntry.id.desc()
    rows = session.scalars(query.order_by(order).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, cursor, _keys)


def all_entries(session: Session, register: str) -> Sequence[RegisterEntry]:
    """Return every current entry, for a download."""
    return session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.register == register, RegisterEntry.superseded_at.is_(None))
        .order_by(RegisterEntry.id)
    ).all()


def entry_versions(session: Session, register: str, key: str) -> Sequence[RegisterEntry]:
    """Return every version of an entry, newest first."""
    return session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.register == register, RegisterEntry.key == key)
        .order_by(RegisterEntry.version.desc())
    ).all()


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
