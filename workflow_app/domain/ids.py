"""Types of identifiers, so that the checker sees a swap."""

from __future__ import annotations

import secrets
from typing import NewType

CaseId = NewType("CaseId", int)
WorkItemId = NewType("WorkItemId", int)
VersionId = NewType("VersionId", int)
DocumentId = NewType("DocumentId", int)
UserId = NewType("UserId", int)


def random_id() -> int:
    """Return an id that a step can give before its row exists, and that nobody can guess.

    53 bits, so that it survives JSON in a browser.
    """
    return secrets.randbits(52) | 1 << 52
