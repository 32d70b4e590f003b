"""A form of a draft in words, changed by plain forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request, url_for

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, DomainError, Invalid, NotFound
from workflow_app.services.designing import questions as service
from workflow_app.services.designing.form_looks import Trial, look_at_form
from workflow_app.services.designing.step_reading import Untaken
from workflow_app.web.current import context
from workflow_app.web.presenting.outline_forms import last_row, troubles
from workflow_app.web.presenting.question_rows import Asked, QuestionRows, sorts
from workflow_app.web.presenting.reasons import said as sentence
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.domain.reasons import Reasoned

questions = Blueprint("studio_questions", __name__)
PAGE = f"{DRAFT}/forms/<slug:name>/questions"
POST = ("POST",)


@route(questions, PAGE, Permission.DESIGN)
def edit(draft_id: int, name: str) -> ResponseReturnValue:
    """Show the questions of a form, with the forms of the one that was chosen."""
    return _page(draft_id, name, _asked(request.args, {}))


@route(questions, PAGE, Permission.DESIGN, methods=POST)
def change(draft_id: int, name: str) -> ResponseReturnValue:
    """Do one command, and go to the question where it happened."""
    revision = request.form.get("revision", 0, type=int)
    try:
        done = service.change_questions(context(), draft_id, name, revision, request.form)
    except (Invalid, Conflict, NotFound) as wrong:
        return _refused(draft_id, name, wrong)
    return redirect(_address(draft_id, name, done.focus), 303)


@route(questions, f"{PAGE}/undo", Permission.DESIGN, methods=POST)
def undo(draft_id: int, name: str) -> ResponseReturnValue:
    """Take the last command back."""
    revision = request.form.get("revision", 0, type=int)
    try:
        service.take_back_question(context(), draft_id, name, revision)
    except Conflict as wrong:
        return _refused(draft_id, name, wrong)
    return redirect(_address(draft_id, name, ""), 303)


def _address(draft_id: int, name: str, at: str) -> str:
    where: dict[str, Any] = {"at": at, "_anchor": f"question-{at}"} if at else {}
    return url_for("studio_questions.edit", draft_id=draft_id, name=name, **where)


def _refused(draft_id: int, name: str, wrong: DomainError) -> ResponseReturnValue:
    """Show the page again with what was typed, and what was wrong at its field."""
    faults = wrong.fields if isinstance(wrong, Untaken) else {}
    status = 409 if isinstance(wrong, Conflict) else 422
    return _page(draft_id, name, _asked(request.form, faults), sentence(wrong)), status


def _asked(sent: Mapping[str, str], faults: Mapping[str, Reasoned]) -> Asked:
    at, do, sort = (sent.get(part, "") for part in ("at", "do", "sort"))
    posted = request.method == "POST"
    said = dict(sent.items()) if posted else {}
    return Asked(at=at, do=do, sort=sort, said=said, faults=faults, sent=posted)


def _page(draft_id: int, name: str, asked: Asked, trouble: str = "") -> str:
    ctx = context()
    found = service.questions_of(ctx, draft_id, name)
    look = look_at_form(ctx, draft_id, name, Trial())
    faults = {fault.component: sentence(fault) for fault in look.faults}
    rows = QuestionRows(found.parts, asked, faults)
    chosen, begun = rows.chosen(), rows.begun()
    return draft_page(
        "studio/questions.html",
        draft_id,
        "forms",
        holds=True,
        name=name,
        revision=found.revision,
        unread=sentence(found.trouble) if found.trouble else "",
        rows=rows.rows(),
        chosen=chosen,
        begun=begun,
        begun_at=asked.at,
        sorts=sorts(),
        last=last_row(found.last),
        troubles=troubles(trouble, (chosen or begun or {}).get("problems", ())),
        has_errors=bool(trouble),
    )
