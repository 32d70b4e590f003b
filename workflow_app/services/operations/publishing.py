"""The operation that shows something to everybody: a published page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from workflow_app.domain.ids import random_id
from workflow_app.engine import BpmnError
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.register import PublishedPage

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

_pages = table_of(PublishedPage)
_documents = table_of(Document)
FAILED = "PUBLISH_FAILED"


def publish(scope: StepScope, call: Call) -> dict[str, Any]:
    """Put a text and chosen documents on a public page of a stable address.

    Throws the BPMN error PUBLISH_FAILED when there is no text or a document is not there.
    """
    text = str(call.inputs.get("text") or "").strip()
    if not text:
        raise BpmnError(FAILED, "There is no text to publish.")
    documents = [_document_id(item) for item in call.inputs.get("documents") or []]
    if not _are_there(scope, documents):
        raise BpmnError(FAILED, "A document to publish is not there.")
    page = random_id()
    scope.insert(
        _pages,
        id=page,
        kind=str(call.get("kind") or "notice"),
        title=str(call.get("title") or scope.case.title),
        text=text,
        language=scope.case.language,
        documents=documents,
        at=scope.ctx.now,
    )
    if documents:
        scope.changes.append(
            update(_documents).where(_documents.c.id.in_(documents)).values(is_public=True)
        )
    return {"page": page}


def _are_there(scope: StepScope, documents: list[int]) -> bool:
    """Say whether all documents exist; those of this step are not stored yet."""
    new = {row.values["id"] for row in scope.rows if row.table is _documents}
    older = set(documents) - new
    stored = select(func.count()).where(_documents.c.id.in_(older))
    return not older or scope.ctx.session.scalar(stored) == len(older)


def _document_id(item: Any) -> int:
    return int(item["document"] if isinstance(item, dict) else item)
