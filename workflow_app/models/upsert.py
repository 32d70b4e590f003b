"""Inserting a row that another transaction may insert at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session


def insert_or(session: Session, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that understands ON CONFLICT in the session's database."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
