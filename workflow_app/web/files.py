"""Documents, given only to those who may read them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request, send_file, session

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.services.documents import StoredFile, open_document
from workflow_app.services.drafts import owner_of
from workflow_app.services.following import key_holder_actor
from workflow_app.web.current import OPENED, context
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

files = Blueprint("files", __name__)
SHOWN_IN_PAGE = ("application/pdf", "image/png", "image/jpeg")


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
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _opened(document_id: int) -> StoredFile:
    """Open a document as who is signed in, else as the holder of a key that was shown."""
    ctx = context()
    holders = [key_holder_actor(case_id) for case_id in reversed(session.get(OPENED, []))]
    for actor in (ctx.actor, *holders):
        try:
            return open_document(replace(ctx, actor=actor), document_id, owner=owner_of(actor))
        except NotFound:
            continue
    raise NotFound
