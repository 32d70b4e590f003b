"""One draft: what is in it, what is wrong with it, who edits it, and what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid
from workflow_app.services.designing import drafts as service
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.trail import draft_events
from workflow_app.web.current import context
from workflow_app.web.presenting.design_trail import trail_rows
from workflow_app.web.presenting.library import register_rows
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.studio import file_groups
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page, finding_row

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

drafts = Blueprint("studio_drafts", __name__)


@route(drafts, DRAFT, Permission.DESIGN)
def overview(draft_id: int) -> ResponseReturnValue:
    """Show what is in a draft and what is wrong with it."""
    return overview_page(draft_id)


def overview_page(draft_id: int, wrong: Mapping[str, str] | None = None) -> str:
    """Draw the page of a draft; `wrong` says what was refused, by the form it was sent with."""
    ctx = context()
    draft = service.draft_of(ctx, draft_id)
    return draft_page(
        "studio/draft.html",
        draft,
        "overview",
        groups=file_groups(draft, service.files_of(ctx, draft_id)),
        findings=[finding_row(one) for one in findings_of(ctx, draft_id)],
        events=trail_rows(ctx, draft_events(ctx, draft_id).rows),
        registers=register_rows(ctx, ""),
        wrong=wrong or {},
        sent=request.form,
    )


@route(drafts, f"{DRAFT}/take-over", Permission.DESIGN, methods=("POST",))
def take_over(draft_id: int) -> ResponseReturnValue:
    """Take the draft from whoever edits it."""
    try:
        service.take_over(context(), draft_id, request.form.get("note", ""))
        flash(_("You are editing this draft now."), "success")
    except Invalid as wrong:
        flash(said(wrong), "error")
    return redirect(url_for("studio_drafts.overview", draft_id=draft_id), 303)


@route(drafts, f"{DRAFT}/let-go", Permission.DESIGN, methods=("POST",))
def let_go(draft_id: int) -> ResponseReturnValue:
    """Stop editing, so that the next designer need not wait."""
    service.let_go_of(context(), draft_id)
    flash(_("Others may edit this draft now."), "success")
    return redirect(url_for("studio_drafts.overview", draft_id=draft_id), 303)


@route(drafts, f"{DRAFT}/discard", Permission.DESIGN, methods=("POST",))
def discard(draft_id: int) -> ResponseReturnValue:
    """Give the draft up."""
    service.discard(context(), draft_id)
    flash(_("The draft was discarded. What is published stays as it is."), "success")
    return redirect(url_for("studio_library.index"), 303)
