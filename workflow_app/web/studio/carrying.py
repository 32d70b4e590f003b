"""Files in and out: a draft or version as a zip, one file byte for byte, files from elsewhere."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.designing.adding import add_new, copy_as, import_file
from workflow_app.services.designing.drafts import draft_of, read_file
from workflow_app.services.designing.paths import LARGEST
from workflow_app.services.designing.sources import draft_texts, own_files_of
from workflow_app.web.current import context
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT
from workflow_app.web.studio.drafts import overview_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

carrying = Blueprint("studio_carrying", __name__)
POST = ("POST",)


@route(carrying, f"{DRAFT}/export.zip", Permission.DESIGN)
def draft(draft_id: int) -> ResponseReturnValue:
    """Give all files of a draft as they are stored."""
    found = draft_of(context(), draft_id)
    return _zip(f"{found.key}-draft", draft_texts(context(), draft_id))


@route(carrying, "/studio/versions/<int:version_id>.zip", Permission.DESIGN)
def version(version_id: int) -> ResponseReturnValue:
    """Give a version's own files with its scenarios."""
    ctx = context()
    files = own_files_of(ctx, version_id)
    found = ctx.session.get_one(ProcessVersion, version_id)
    return _zip(f"{found.key}-{found.number}", files)


@route(carrying, f"{DRAFT}/download/<path:path>", Permission.DESIGN)
def one(draft_id: int, path: str) -> ResponseReturnValue:
    """Give one file of a draft byte for byte."""
    body = read_file(context(), draft_id, path).body
    return _attachment(body.encode(), PurePosixPath(path).name, "application/octet-stream")


@route(carrying, f"{DRAFT}/import", Permission.DESIGN, methods=POST)
def bring(draft_id: int) -> ResponseReturnValue:
    """Put an uploaded file into the draft; what is wrong with it stands beside the field."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return overview_page(draft_id, {"import": _("Choose a file")}), 400
    # One byte more than is taken tells that there is more.
    raw = sent.stream.read(LARGEST + 1)
    try:
        ticked = {name: name in request.form for name in ("replace", "as_main")}
        path = import_file(context(), draft_id, sent.filename, raw, **ticked)
    except Invalid as wrong:
        return overview_page(draft_id, {"import": said(wrong)}), 400
    flash(_("The file is in the draft: %(path)s", path=path), "success")
    return redirect(url_for("studio_drafts.overview", draft_id=draft_id), 303)


@route(carrying, f"{DRAFT}/add", Permission.DESIGN, methods=POST)
def add(draft_id: int) -> ResponseReturnValue:
    """Make a new form, table, letter or register in the draft."""
    kind, name, title = (request.form.get(field, "").strip() for field in ("kind", "name", "title"))
    try:
        path = add_new(context(), draft_id, kind, name, title)
    except Invalid as wrong:
        return overview_page(draft_id, {"add": said(wrong)}), 400
    flash(_("The file is in the draft: %(path)s", path=path), "success")
    return redirect(url_for("studio_drafts.overview", draft_id=draft_id), 303)


@route(carrying, f"{DRAFT}/copy", Permission.DESIGN, methods=POST)
def copy(draft_id: int) -> ResponseReturnValue:
    """Make a new process that begins as a copy of this draft."""
    key, title = request.form.get("key", "").strip(), request.form.get("title", "")
    try:
        made = copy_as(context(), draft_id, key, title)
    except Invalid as wrong:
        return overview_page(draft_id, {"duplicate": said(wrong)}), 400
    return redirect(url_for("studio_drafts.overview", draft_id=made.id), 303)


def _zip(name: str, files: Mapping[str, str]) -> Response:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, text in files.items():
            packed.writestr(path, text.encode())
    return _attachment(held.getvalue(), f"{name}.zip", "application/zip")


def _attachment(body: bytes, name: str, kind: str) -> Response:
    answer = Response(body, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
