"""Files of cases: taken in, checked, stored, and given only to those who may read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import insert, select, update

from workflow_app.adapters.uploads import inspect_upload
from workflow_app.domain.errors import NotFound
from workflow_app.domain.ids import random_id
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Document
from workflow_app.services.blindness import blind_now
from workflow_app.services.reading import may_read_case

if TYPE_CHECKING:
    from workflow_app.services.context import Context

UPLOADS = "uploads"
_documents = table_of(Document)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document and its bytes' stream."""

    document: Document
    stream: BinaryIO


def uploader(ctx: Context, owner: str) -> Callable[[Any], dict[str, Any]]:
    """Return what a form calls for each uploaded file. The callback raises UploadRefused."""

    def store(upload: Any) -> dict[str, Any]:
        return store_upload(ctx, upload.stream, upload.filename or "", owner=owner)

    return store


def store_upload(ctx: Context, stream: BinaryIO, filename: str, *, owner: str) -> dict[str, Any]:
    """Check and store a file; returns {document, name, type, size}. Raises UploadRefused.

    It stays its owner's alone until the form is sent: what lies in a draft is no part of a case.
    """
    clean = inspect_upload(stream, filename)
    ctx.platform.scanner.scan(clean.data)
    suffix = "." + clean.name.rsplit(".", 1)[-1].lower()
    key = random_id()
    together = ctx.session.info.setdefault(UPLOADS, {})
    row = {
        "id": key,
        "case_id": None,
        "owner": owner,
        "name": clean.name,
        "title": clean.name,
        "media_type": clean.type,
        "size": clean.size,
        "sha256": clean.sha256,
        "store_key": ctx.platform.files.put(clean.data, suffix=suffix),
        "is_public": False,
        "for_key_holder": False,
        # What is uploaded together keeps its order, by a microsecond each.
        "created_at": ctx.now + timedelta(microseconds=len(together)),
        "created_by": ctx.actor.username,
    }
    ctx.session.execute(insert(_documents).values(**row))
    together[key] = row
    return {"document": key, "name": clean.name, "type": clean.type, "size": clean.size}


def keep_uploads(ctx: Context, answers: Mapping[str, Any]) -> None:
    """Store again the uploads named in answers whose transaction was rolled back."""
    fresh = ctx.session.info.pop(UPLOADS, {})
    lost = [fresh[key] for key in files_in(answers) if key in fresh]
    if lost:
        ctx.session.execute(insert(_documents), lost)


def finder(ctx: Context, owner: str, case_id: int | None) -> Callable[[int], dict[str, Any] | None]:
    """Return what a form asks for an earlier upload: its facts when this owner or case has it."""

    def find(document_id: int) -> dict[str, Any] | None:
        document = ctx.session.get(Document, document_id)
        if document is None:
            return None
        known = case_id is not None and document.case_id == case_id
        shown = ctx.actor.case_id is None or document.for_key_holder
        return file_facts(document) if document.owner == owner or (known and shown) else None

    return find


def file_facts(document: Document) -> dict[str, Any]:
    """Return how a file stands in answers."""
    return {
        "document": document.id,
        "name": document.name,
        "type": document.media_type,
        "size": document.size,
    }


def attach(
    ctx: Context,
    case_id: int,
    answers: Mapping[str, Any],
    *,
    owner: str,
    for_key_holder: bool,
    element: str | None = None,
) -> None:
    """Give the files named in a form's answers to the case, if the same owner uploaded them."""
    keys = list(files_in(answers))
    if keys:
        ctx.session.execute(
            update(_documents)
            .where(_documents.c.id.in_(keys), _documents.c.owner == owner)
            .where(_documents.c.case_id.is_(None))
            .values(case_id=case_id, for_key_holder=for_key_holder, element=element)
        )


def files_in(value: object) -> Iterable[int]:
    """Return the document ids anywhere in an answer."""
    if isinstance(value, Mapping):
        if isinstance(value.get("document"), int):
            yield value["document"]
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from files_in(item)


def open_document(ctx: Context, document_id: int, *, owner: str = "") -> StoredFile:
    """Return a document for reading. Raises NotFound also to those who may not see it."""
    document = ctx.session.get(Document, document_id)
    if document is None or document.store_key is None or not _may_read(ctx, document, owner):
        raise NotFound
    return StoredFile(document, ctx.platform.files.open(document.store_key))


def _may_read(ctx: Context, document: Document, owner: str) -> bool:
    if document.is_public or (owner and document.owner == owner):
        return True
    if document.case_id is None:
        return False
    if ctx.actor.case_id is not None:
        return ctx.actor.case_id == document.case_id and document.for_key_holder
    query = select(Case.territory_path, Case.process_version_id).where(Case.id == document.case_id)
    case = ctx.session.execute(query).first()
    if case is None or not may_read_case(ctx, document.case_id, case.territory_path):
        return False
    published = ctx.platform.programs.get(ctx.session, case.process_version_id)
    blind = blind_now(ctx, published, document.case_id)
    return not blind.hides(document.element, document.created_by)
