"""After a form was sent: the number and key of the case that came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request, session, url_for

from workflow_app.services.starting import StartedCase, started_with
from workflow_app.web.current import context
from workflow_app.web.keys import remember_case
from workflow_app.web.posting import Intent, intent_of, posted_form

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def sent_before() -> StartedCase | None:
    """Return the case that this very page has made already, if its button was pressed twice."""
    once = request.form.get("_once")
    pressed_send = intent_of(posted_form()) is Intent.SUBMIT
    return started_with(context(), once) if once and pressed_send else None


def show_done(started: StartedCase) -> ResponseReturnValue:
    """Lead to the page with the number and key of a case just started."""
    remember_case(started.id)
    session["started"] = [started.number, started.secret]
    return redirect(url_for("start.done"), 303)
