"""A file of a draft as text: settings of a process, mails, registers, whatever has no editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.services.designing import drafts as service
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.paths import is_register
from workflow_app.services.designing.register_rows import change_row, rows_in
from workflow_app.services.designing.registers import TYPES, add_field, bring_register
from workflow_app.services.designing.undoing import write_edited
from workflow_app.web.current import context
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page, finding_row

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

texts = Blueprint("studio_texts", __name__)
TEXT = f"{DRAFT}/text/<path:path>"
POST = ("POST",)


@route(texts, TEXT, Permission.DESIGN)
def edit(draft_id: int, path: str) -> ResponseReturnValue:
    """Show a file as text."""
    return _page(draft_id, path, holds=True)


@route(texts, TEXT, Permission.DESIGN, methods=POST)
def save(draft_id: int, path: str) -> ResponseReturnValue:
    """Store the text; when somebody stored a newer one, show both."""
    body = _as_stored(draft_id, path, request.form.get("body", ""))
    revision = request.form.get("revision", 0, type=int)
    try:
        write_edited(context(), draft_id, path, body, revision)
    except (Conflict, Invalid) as wrong:
        status = 409 if isinstance(wrong, Conflict) else 400
        return _page(draft_id, path, typed=body, wrong={"body": said(wrong)}), status
    flash(_("Saved."), "success")
    return redirect(url_for(".edit", draft_id=draft_id, path=path), 303)


@route(texts, f"{DRAFT}/remove/<path:path>", Permission.DESIGN, methods=POST)
def remove(draft_id: int, path: str) -> ResponseReturnValue:
    """Take a file out of the draft."""
    service.delete_file(context(), draft_id, path)
    flash(_("The file was taken out of the draft: %(path)s", path=path), "success")
    return redirect(url_for("studio_drafts.overview", draft_id=draft_id), 303)


@route(texts, f"{DRAFT}/field/<path:path>", Permission.DESIGN, methods=POST)
def field(draft_id: int, path: str) -> ResponseReturnValue:
    """Add a field to a register."""
    asked: dict[str, Any] = {
        name: request.form.get(name, "").strip() for name in ("name", "label", "type")
    }
    asked |= {name: name in request.form for name in ("required", "public")}
    revision = request.form.get("revision", 0, type=int)
    try:
        add_field(context(), draft_id, path, asked, revision=revision)
    except (Conflict, Invalid) as wrong:
        status = 409 if isinstance(wrong, Conflict) else 400
        return _page(draft_id, path, wrong={"name": said(wrong)}), status
    flash(_("Saved."), "success")
    return redirect(url_for(".edit", draft_id=draft_id, path=path), 303)


@route(texts, f"{DRAFT}/arrange/<path:path>", Permission.DESIGN, methods=POST)
def arrange(draft_id: int, path: str) -> ResponseReturnValue:
    """Change, move or remove a field of a register."""
    revision, field = request.form.get("revision", 0, type=int), request.form.get("field", "")
    try:
        change_row(context(), draft_id, path, request.form, revision=revision)
    except (Conflict, Invalid) as wrong:
        status = 409 if isinstance(wrong, Conflict) else 400
        held = {row["name"] for row in rows_in(service.read_file(context(), draft_id, path).body)}
        return _page(draft_id, path, wrong={"label" if field in held else "": said(wrong)}), status
    flash(_("Saved."), "success")
    place = None if request.form.get("do") == "remove" else f"field-{field}"
    return redirect(url_for(".edit", draft_id=draft_id, path=path, _anchor=place), 303)


@route(texts, f"{DRAFT}/registers", Permission.DESIGN, methods=POST)
def register(draft_id: int) -> ResponseReturnValue:
    """Bring a published register into the draft, to be changed."""
    path = bring_register(context(), draft_id, request.form.get("key", ""))
    return redirect(url_for(".edit", draft_id=draft_id, path=path), 303)


def _as_stored(draft_id: int, path: str, typed: str) -> str:
    """Return a text as its file ends lines; a browser sends every line end as two characters."""
    plain = typed.replace("\r\n", "\n")
    crlf = "\r\n" in service.read_file(context(), draft_id, path).body
    return plain.replace("\n", "\r\n") if crlf else plain


def _page(
    draft_id: int,
    path: str,
    *,
    typed: str | None = None,
    wrong: dict[str, str] | None = None,
    holds: bool = False,
) -> str:
    ctx = context()
    file = service.read_file(ctx, draft_id, path)
    found = [finding_row(one) for one in findings_of(ctx, draft_id) if one.file == path]
    return draft_page(
        "studio/text.html",
        draft_id,
        "text",
        holds=holds,
        file=file,
        typed=typed,
        findings=found,
        wrong=wrong or {},
        sent=request.form,
        types=TYPES if is_register(path) else (),
        rows=rows_in(file.body) if is_register(path) else [],
    )
