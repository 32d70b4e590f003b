"""What a step keeps so that whoever completed a task may take it back: the state of before.

Kept only where nothing has left by the step: mails, messages, requests, entries of registers and
what the party may read cannot be taken back. Papers for the office alone can.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the types when it meets them
from typing import TYPE_CHECKING

import msgspec

from workflow_app.domain.states import OutboxKind
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.work import Outbox

if TYPE_CHECKING:
    from workflow_app.engine import Step
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.scope import NewRow, StepScope

_documents = table_of(Document)
_outbox = table_of(Outbox)


class Before(msgspec.Struct, frozen=True, array_like=True):
    """A case before one task of it was completed; `seq` is the last event of that step."""

    task_id: str
    state: bytes
    seq: int
    status: str
    outcome: str | None
    term_due: datetime | None
    documents: list[int] = []


# Met on import: msgspec crashes where two threads meet a type of its own first at once.
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Before)


def keepsake(
    scope: StepScope, step: Step, loaded: Loaded | None, task_id: str | None, seq: int
) -> bytes | None:
    """Return what takes the step that completed a task back, or None where nothing can."""
    # A case that was read by its id was moved by a message: what a party sent is no task.
    element = getattr(loaded.row, "element", None) if loaded is not None else None
    if loaded is None or element is None or task_id is None:
        return None
    if step.finished or _has_left(scope, step):
        return None
    info = scope.published.task_info(element)
    documents = [_paper(row) for row in scope.rows if row.table is _documents]
    if None in documents or (info is not None and info.properties.get("final") == "true"):
        return None
    row = loaded.row
    before = Before(
        task_id=task_id,
        state=loaded.state,
        seq=seq,
        status=row.status,
        outcome=row.outcome,
        term_due=row.term_due,
        documents=[one for one in documents if one is not None],
    )
    return _ENCODER.encode(before)


def unpack(kept: bytes) -> Before:
    """Return what was kept."""
    return _DECODER.decode(kept)


def _has_left(scope: StepScope, step: Step) -> bool:
    asked = scope.changes or scope.guards or scope.excluded or step.thrown or step.requested
    return bool(asked) or not all(_is_paper(row) for row in scope.rows)


def _is_paper(row: NewRow) -> bool:
    """Tell whether a row is a document, or the order to print one."""
    printed = row.table is _outbox and row.values["kind"] == OutboxKind.DOCUMENT
    return row.table is _documents or printed


def _paper(row: NewRow) -> int | None:
    """Return the number of a document that only the office sees; None of any other."""
    seen = row.values["is_public"] or row.values["for_key_holder"]
    return None if seen else int(row.values["id"])
