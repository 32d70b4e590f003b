"""The operation that shows something to everybody: a published page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

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


def publish(scope: StepScope, call: Call) -> dict[str, Any]:
    """Put a text and chosen documents on a public page of a stable address.

    Throws the BPMN error PUBLISH_FAILED when there is nothing to publish.
    """
    text = str(call.inputs.get("text") or "").strip()
    if not text:
        msg = "PUBLISH_FAILED"
        raise BpmnError(msg, "There is no text to publish.")
    documents = [_document_id(item) for item in call.inputs.get("documents") or []]
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


def _document_id(item: Any) -> int:
    return int(item["document"] if isinstance(item, dict) else item)
