"""Documents, given only to those who may read them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request, send_file, session

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.services.documents import StoredFile, open_document
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import key_holder_actor
from workflow_app.services.organisations import acting_for
from workflow_app.web.current import OPENED, context
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

files = Blueprint("files", __name__)
PDF = "application/pdf"
SHOWN_IN_PAGE = (PDF, "image/png", "image/jpeg")


@route(files, "/documents/<int:document_id>", Permission.PUBLIC)
def document(document_id: int) -> ResponseReturnValue:
    """Give a document: PDF and images open in the browser, the rest is downloaded."""
    stored = _opened(document_id)
    shown = stored.document.media_type in SHOWN_IN_PAGE and "download" not in request.args
    answer: Response = send_file(
        stored.stream,
        mimetype=stored.document.media_type,
        as_attachment=not shown,
        download_name=stored.document.name,
    )
    answer.headers["Content-Security-Policy"] = _policy(stored.document.media_type)
    # Our own pages show a document beside the form; no other site may.
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _policy(media_type: str) -> str:
    """Return what a document may do: nothing, and only in a page of ours.

    Browsers refuse to show a PDF in a sandbox; their viewer runs none of it in our origin.
    """
    closed = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    return closed if media_type == PDF else f"{closed}; sandbox"


def _opened(document_id: int) -> StoredFile:
    """Open a document as who is signed in, else as the holder of a key that was shown."""
    ctx = context()
    holders = [key_holder_actor(case_id) for case_id in reversed(session.get(OPENED, []))]
    acting = acting_for(ctx)
    if acting is not None:
        with suppress(NotFound):
            return open_document(ctx, document_id, owner=acting.owner)
    for actor in (ctx.actor, *holders):
        try:
            return open_document(replace(ctx, actor=actor), document_id, owner=owner_of(actor))
        except NotFound:
            continue
    raise NotFound
