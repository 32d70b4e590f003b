"""After a form was sent: the number and key of the case that came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, render_template, request, session, url_for
from sqlalchemy import select

from workflow_app.domain.actors import Permission
from workflow_app.models.case import Case
from workflow_app.services.starting import StartedCase, started_with
from workflow_app.web.current import context
from workflow_app.web.keys import remember_case
from workflow_app.web.posting import Intent, intent_of, posted_form
from workflow_app.web.routing import route
from workflow_app.web.ways import start

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.opening import Opening


def sent_before() -> StartedCase | None:
    """Return the case that this very page has made already, if its button was pressed twice."""
    once = request.form.get("_once")
    pressed_send = intent_of(posted_form()) is Intent.SUBMIT
    return started_with(context(), once) if once and pressed_send else None


def show_done(started: StartedCase, opening: Opening | None = None) -> ResponseReturnValue:
    """Lead to the page with the number and key of a case just started.

    Who entered it from paper is shown them too, to hand on, and may not use them in this browser.
    """
    session["started"] = [started.number, started.secret]
    if opening is not None and opening.on_paper:
        return redirect(url_for("start.entered"), 303)
    remember_case(started.id)
    return redirect(url_for("start.done"), 303)


@route(start, "/entered", Permission.SIGNED_IN)
def entered() -> ResponseReturnValue:
    """Show the letter with number and key for whoever applied on paper."""
    number, key = session.get("started") or (None, None)
    if number is None:
        return redirect(url_for("desk.start"))
    ctx = context()
    row = ctx.session.execute(
        select(Case.title, Case.started_at, Case.term_due, Case.key_holder_email).where(
            Case.number == number
        )
    ).one()
    return render_template(
        "public/journey/entered.html",
        number=number,
        key=key,
        case=row,
        follow_url=url_for("public.follow", _external=True),
        case_url=url_for("cases.show", number=number),
    )
