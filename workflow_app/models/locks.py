"""Locks on words, for pairs of transactions that would each miss what the other one writes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflow_app.models.session import connection_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def hold_words(session: Session, words: Iterable[str]) -> None:
    """Hold words to the end of the transaction, whoever else wants one of them waits.

    On PostgreSQL only: on SQLite there is one writing transaction at a time, and what it reads
    after its first write is the newest.
    """
    connection = connection_of(session)
    if connection.dialect.name == "postgresql":
        numbers = sorted({_number(word) for word in words})
        connection.execute(select(*map(func.pg_advisory_xact_lock, numbers)))


def _number(word: str) -> int:
    digest = hashlib.blake2b(word.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
