"""The library: every process with its versions and drafts, and opening a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, url_for

from workflow_app.domain.actors import Permission
from workflow_app.services.designing import drafts as service
from workflow_app.services.publishing import newest_versions
from workflow_app.web.current import context
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

library = Blueprint("studio_library", __name__)


@route(library, "/studio", Permission.DESIGN)
def index() -> ResponseReturnValue:
    """List all processes."""
    return render_template("studio/library.html", versions=newest_versions(context()))


@route(library, "/studio/processes/<slug:key>/draft", Permission.DESIGN, methods=("POST",))
def begin(key: str) -> ResponseReturnValue:
    """Open the draft of a process, making one where there is none."""
    draft = service.open_draft(context(), key)
    return redirect(url_for("studio_drafts.overview", draft_id=draft.id), 303)
