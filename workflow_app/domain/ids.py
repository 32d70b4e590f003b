"""Types of identifiers, so that the checker sees a swap."""

from __future__ import annotations

import re
import secrets
from typing import NewType

CaseId = NewType("CaseId", int)
WorkItemId = NewType("WorkItemId", int)
VersionId = NewType("VersionId", int)
DocumentId = NewType("DocumentId", int)
UserId = NewType("UserId", int)


_PROVISIONAL = re.compile(r"NEW-[0-9A-F]{10}")


def provisional_number() -> str:
    """Return what a case is called until its diagram gives it a number; it tells no secret."""
    return f"NEW-{secrets.token_hex(5).upper()}"


def is_provisional(number: str | None) -> bool:
    """Tell whether a case still waits for its number."""
    return number is None or _PROVISIONAL.fullmatch(number) is not None


def random_id() -> int:
    """Return an id that a step can give before its row exists, and that nobody can guess.

    53 bits, so that it survives JSON in a browser.
    """
    return secrets.randbits(52) | 1 << 52
