"""The chain of a case's history.

Each row's hash covers the one before and a salted digest of its payload.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

GENESIS = "0" * 64
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class ChainRow:
    """What one link covers; `payload_digest` stands for the payload, which may be erased later."""

    case_id: int
    seq: int
    kind: str
    element: str
    actor: str
    at: str
    payload_digest: str | None


def payload_digest(payload: str, salt: str) -> str:
    """Return the digest that stands for a payload.

    Without the salt a short payload could be guessed.
    """
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def link(previous: str, row: ChainRow) -> str:
    """Return the hash of a row, chained to the hash before it."""
    body = _canonical(
        [row.case_id, row.seq, row.kind, row.element, row.actor, row.at, row.payload_digest]
    )
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def first_break(rows: Iterable[tuple[ChainRow, str, str]]) -> int | None:
    """Return the number of the first row whose stored (prev, hash) does not fit, else None."""
    previous, expected = GENESIS, 1
    for row, stored_previous, stored_hash in rows:
        if row.seq != expected or stored_previous != previous or link(previous, row) != stored_hash:
            return expected
        previous, expected = stored_hash, expected + 1
    return None
