"""Types of identifiers, so that the checker sees a swap."""

from __future__ import annotations

from typing import NewType

CaseId = NewType("CaseId", int)
WorkItemId = NewType("WorkItemId", int)
VersionId = NewType("VersionId", int)
DocumentId = NewType("DocumentId", int)
UserId = NewType("UserId", int)
