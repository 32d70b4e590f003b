"""A form of a draft in words, changed by plain forms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict
from workflow_app.services.designing import questions as service
from workflow_app.services.designing.form_looks import Trial, look_at_form
from workflow_app.web.current import context
from workflow_app.web.presenting.outline_forms import last_row, troubles
from workflow_app.web.presenting.question_rows import Asked, QuestionRows, sorts
from workflow_app.web.presenting.reasons import said as sentence
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page
from workflow_app.web.studio.in_words import commanded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.domain.errors import DomainError
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

    def act(revision: int) -> str:
        return service.change_questions(context(), draft_id, name, revision, request.form).focus

    return commanded(act, partial(_again, draft_id, name), partial(_address, draft_id, name))


@route(questions, f"{PAGE}/undo", Permission.DESIGN, methods=POST)
def undo(draft_id: int, name: str) -> ResponseReturnValue:
    """Take the last command back."""

    def act(revision: int) -> str:
        service.take_back_question(context(), draft_id, name, revision)
        return ""

    address = partial(_address, draft_id, name)
    return commanded(act, partial(_again, draft_id, name), address, (Conflict,))


def _address(draft_id: int, name: str, at: str) -> str:
    where: dict[str, Any] = {"at": at, "_anchor": f"question-{at}"} if at else {}
    return url_for("studio_questions.edit", draft_id=draft_id, name=name, **where)


def _again(draft_id: int, name: str, faults: Mapping[str, Reasoned], wrong: DomainError) -> str:
    """Show the page again with what was typed, and what was wrong at its field."""
    return _page(draft_id, name, _asked(request.form, faults), sentence(wrong))


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
