"""Operations that show something to everybody: register entries and published pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.ids import random_id
from workflow_app.domain.text import N_
from workflow_app.engine import BpmnError
from workflow_app.models.base import table_of
from workflow_app.models.case import Document
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.register import PublishedPage, RegisterEntry

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

_entries = table_of(RegisterEntry)
_pages = table_of(PublishedPage)
_documents = table_of(Document)


def upsert_register(scope: StepScope, call: Call) -> dict[str, Any]:
    """Write a new version of a register entry; the one before is kept and superseded."""
    register, key = str(call.need("register")), str(call.need("key"))
    entry = call.inputs.get("entry")
    if not isinstance(entry, dict):
        raise OperationFailed(N_("The input “entry” must be a context."))
    if scope.ctx.session.get(RegisterDefinition, register) is None:
        raise OperationFailed(N_("There is no register “%(name)s”."), name=register)
    version = _newest_version(scope, register, key)
    same = (_entries.c.register == register, _entries.c.key == key, _entries.c.version == version)
    if version:
        scope.changes.append(update(_entries).where(*same).values(superseded_at=scope.ctx.now))
    scope.insert(
        _entries, register=register, key=key, version=version + 1, data=entry, at=scope.ctx.now
    )
    return {"key": key, "version": version + 1}


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


def _newest_version(scope: StepScope, register: str, key: str) -> int:
    stored = scope.ctx.session.scalar(
        select(func.max(_entries.c.version)).where(
            _entries.c.register == register, _entries.c.key == key
        )
    )
    return int(stored or 0)


def _document_id(item: Any) -> int:
    return int(item["document"] if isinstance(item, dict) else item)
