"""Pages of the demonstration: mails that left, and its clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.queries import outbox as queries
from workflow_app.queries.pages import read_cursor
from workflow_app.services import demo as services
from workflow_app.services.forms import translator
from workflow_app.web.current import context
from workflow_app.web.presenting.cases import element_names
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

demo = Blueprint("demo", __name__, url_prefix="/demo")
STEPS = [1, 5, 14, 30]


@demo.before_request
def _only_in_demo() -> None:
    if not current_app.config["DEMO"]:
        raise NotFound


@route(demo, "/mail", Permission.PUBLIC)
def mail() -> ResponseReturnValue:
    """Show the mails that left."""
    page = queries.mails_page(context().session, read_cursor(request.args.get("page"), int))
    return render_template(
        "demo/mail.html",
        mails=[_item(row) for row in page.rows],
        previous_url=url_for("demo.mail", page=page.previous) if page.previous else None,
        next_url=url_for("demo.mail", page=page.next) if page.next else None,
    )


@route(demo, "/mail/<int:mail_id>", Permission.PUBLIC)
def mail_show(mail_id: int) -> ResponseReturnValue:
    """Show one mail."""
    row = queries.one_mail(context().session, mail_id)
    if row is None:
        raise NotFound
    return render_template(
        "demo/mail_show.html", mail={**_item(row), "body": row.text}, documents=[]
    )


@route(demo, "/clock", Permission.PUBLIC, methods=("GET", "POST"))
def clock() -> ResponseReturnValue:
    """Show the demonstration's clock and move it."""
    ctx = context()
    if request.method == "POST":
        _move()
        return redirect(url_for("demo.clock"), 303)
    return render_template(
        "demo/clock.html",
        steps=STEPS,
        moved=services.shift_of(ctx.session) != timedelta(),
        timers=[_timer(row) for row in queries.next_timers(ctx.session)],
    )


def _move() -> None:
    ctx = context()
    if "reset" in request.form:
        services.set_shift(ctx, timedelta())
        return
    days = request.form.get("days", type=int)
    if days is None or not 1 <= days <= 366:
        raise NotFound
    services.set_shift(ctx, services.shift_of(ctx.session) + timedelta(days=days))
    flash(_("The clock was moved. What fell due happens now."), "success")


def _item(row: Any) -> dict[str, Any]:
    return {
        "url": url_for("demo.mail_show", mail_id=row.id),
        "subject": row.subject,
        "to": row.recipient,
        "at": row.at,
        "case_number": row.case_number,
        "language": row.language,
    }


def _timer(row: Any) -> dict[str, Any]:
    ctx = context()
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    name = element_names(published).get(row.element) or row.element
    return {
        "name": translator(ctx, published)(name),
        "at": row.due_at,
        "case_number": row.number,
        "url": url_for("cases.show", number=row.number),
    }
