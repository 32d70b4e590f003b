"""The chain of a case's history.

A step writes some rows and one link: a hash over the link before it and over its rows, each with
a salted digest of its payload. Histories older than this have a link a row; the same rule reads
them.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GENESIS = "0" * 64
_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class ChainRow:
    """What a link covers of one row.

    `payload_digest` stands for the payload, which may be erased later; `flows` are the sequence
    flows taken before the next row.
    """

    case_id: int
    seq: int
    kind: str
    element: str
    actor: str
    at: str
    payload_digest: str | None
    flows: str | None = None

    def text(self) -> str:
        """Return the row as the hash reads it."""
        facts = [self.case_id, self.seq, self.kind, self.element, self.actor, self.at]
        facts.append(self.payload_digest)
        return _canonical([*facts, self.flows] if self.flows else facts)


def payload_digest(payload: str, salt: str) -> str:
    """Return the digest that stands for a payload.

    Without the salt a short payload could be guessed.
    """
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def link(previous: str, rows: Sequence[ChainRow]) -> str:
    """Return the hash of the rows of one step, chained to the hash before it."""
    body = "\n".join([previous, *(row.text() for row in rows)])
    return hashlib.sha256(body.encode()).hexdigest()


def first_break(rows: Iterable[tuple[ChainRow, str | None]]) -> int | None:
    """Return the number of the first row whose link does not fit, else None.

    Each row comes with its stored hash; only the last of a step has one, so that a break is known
    to the step: the number is that of the step's first row.
    """
    previous, open_rows, expected = GENESIS, list[ChainRow](), 1
    for row, stored in rows:
        if row.seq != expected:
            return expected
        expected += 1
        open_rows.append(row)
        if stored is None:
            continue
        if link(previous, open_rows) != stored:
            return open_rows[0].seq
        previous, open_rows = stored, []
    return open_rows[0].seq if open_rows else None
