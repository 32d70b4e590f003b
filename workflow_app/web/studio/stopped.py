"""A step that scenarios stop at: shown with answers to choose from, and taken into all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.services.designing import taking_in
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.scripts import Unreadable, typed_answers
from workflow_app.web.current import context
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.stops import Asked, stopped_page
from workflow_app.web.routing import route
from workflow_app.web.studio.common import carried_out, draft_page
from workflow_app.web.studio.scenarios import ALL
from workflow_app.web.studio.scripts import scenarios

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["scenarios"]
POST = ("POST",)


@route(scenarios, f"{ALL}/stopped/<string:task>", Permission.DESIGN)
def stopped(draft_id: int, task: str) -> ResponseReturnValue:
    """Show which scenarios stop at a step, and answers for it."""
    try:
        return _page(draft_id, task, Asked())
    except taking_in.RunAgain as late:
        return _to_list(draft_id, late)


@route(scenarios, f"{ALL}/stopped/<string:task>", Permission.DESIGN, methods=POST)
def take_in(draft_id: int, task: str) -> ResponseReturnValue:
    """Put the step into the scenarios chosen, or show the answers of another one."""
    asked = _asked()
    try:
        if "_show" in request.form:
            return _page(draft_id, task, replace(asked, answers=None, by=None))
        with context().session.begin_nested():
            taken = _taken(draft_id, task, asked)
    except taking_in.RunAgain as late:
        return _to_list(draft_id, late)
    except (Invalid, Conflict) as wrong:
        status = 409 if isinstance(wrong, Conflict) else 422
        return _page(draft_id, task, asked, wrong), status
    _tell(taken)
    return _to_list(draft_id)


@route(scenarios, f"{ALL}/take-out", Permission.DESIGN, methods=POST)
def take_out(draft_id: int) -> ResponseReturnValue:
    """Take back the step that was put into scenarios last."""

    def refused(why: str) -> ResponseReturnValue:
        flash(why, "error")
        return _to_list(draft_id)

    address = url_for("studio_scenarios.show", draft_id=draft_id)
    return carried_out(lambda: taking_in.take_out(context(), draft_id), None, address, refused)


def _taken(draft_id: int, task: str, asked: Asked) -> taking_in.Taken:
    answers, files = typed_answers(asked.answers or ""), sorted(asked.files or ())
    return taking_in.take_in(context(), draft_id, task, files, asked.by or "", answers)


def _asked() -> Asked:
    form = request.form
    return Asked(
        source=form.get("source", ""),
        answers=form.get("answers", "").replace("\r\n", "\n"),
        by=form.get("by", ""),
        files=frozenset(form.getlist("files")),
    )


def _page(draft_id: int, task: str, asked: Asked, wrong: Invalid | Conflict | None = None) -> str:
    ctx = context()
    draft = draft_of(ctx, draft_id)
    shown = stopped_page(ctx, draft, task, asked)
    return draft_page(
        "studio/stopped.html",
        draft,
        "scenarios",
        **shown,
        trouble=said(wrong) if wrong else None,
        part=_part(wrong),
        has_errors=wrong is not None,
    )


def _part(wrong: Invalid | Conflict | None) -> str:
    """Return the id of the field that is meant."""
    if isinstance(wrong, Unreadable):
        return "answers"
    return "by" if wrong and wrong.message == taking_in.NOBODY else "files"


def _tell(taken: taking_in.Taken) -> None:
    if taken.changed:
        done = ngettext(
            "The step is in %(num)s file now. Run the scenarios again.",
            "The step is in %(num)s files now. Run the scenarios again.",
            len(taken.changed),
        )
        flash(done, "success")
    if taken.left:
        left = _("Put the step into these by hand: %(names)s.", names=", ".join(taken.left))
        flash(left, "error")


def _to_list(draft_id: int, wrong: Conflict | None = None) -> ResponseReturnValue:
    if wrong is not None:
        flash(said(wrong), "error")
    return redirect(url_for("studio_scenarios.show", draft_id=draft_id), 303)
