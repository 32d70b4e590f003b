"""The inbox and what one may start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.permissions import may_anywhere
from workflow_app.queries.cases import started_page
from workflow_app.queries.inbox import COUNTED_UP_TO, Tab, inbox_counts, inbox_page
from workflow_app.queries.pages import read_cursor
from workflow_app.services.tasks import claim_task, release_task
from workflow_app.web.current import context
from workflow_app.web.presenting import services as present_services
from workflow_app.web.presenting.cases import card_of_row
from workflow_app.web.presenting.tasks import inbox_rows
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

desk = Blueprint("desk", __name__)


@route(desk, "/inbox", Permission.WORK)
def inbox() -> ResponseReturnValue:
    """Show one of the three lists of tasks."""
    ctx = context()
    wanted = request.args.get("tab", Tab.MINE)
    tab = Tab(wanted) if wanted in set(Tab) else Tab.MINE
    kinds = (int,) if tab is Tab.DONE else (str, int)
    cursor = read_cursor(request.args.get("page"), *kinds)
    page = inbox_page(ctx.session, ctx.actor, tab, cursor)
    return render_template(
        "desk/inbox.html",
        tab=tab.value,
        counts=inbox_counts(ctx.session, ctx.actor),
        counted_up_to=COUNTED_UP_TO,
        tasks=inbox_rows(ctx, page.rows, tab),
        search=None,
        previous_url=_page_url(tab, page.previous),
        next_url=_page_url(tab, page.next),
    )


@route(desk, "/welcome", Permission.SIGNED_IN)
def welcome() -> ResponseReturnValue:
    """Lead somebody who has signed in to their work, or to the cases that they started."""
    works = may_anywhere(context().actor, Permission.WORK)
    return redirect(url_for("desk.inbox" if works else "desk.mine"))


@route(desk, "/my-cases", Permission.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """List the cases that this person started."""
    ctx = context()
    cursor = read_cursor(request.args.get("page"), int)
    page = started_page(ctx.session, ctx.actor.username, cursor)
    return render_template(
        "desk/mine.html",
        cases=[card_of_row(ctx, row) for row in page.rows],
        previous_url=url_for("desk.mine", page=page.previous) if page.previous else None,
        next_url=url_for("desk.mine", page=page.next) if page.next else None,
    )


@route(desk, "/start", Permission.SIGNED_IN)
def start() -> ResponseReturnValue:
    """Show what this person may start."""
    ctx = context()
    found = [p for p in present_services.startable(ctx) if present_services.may_start(ctx, p)]
    cards = [present_services.card(ctx, published) for published in found]
    return render_template("desk/start.html", services=cards)


@route(desk, "/tasks/<int:task_id>/claim", Permission.WORK, methods=("POST",))
def claim(task_id: int) -> ResponseReturnValue:
    """Take a task and open it."""
    claim_task(context(), task_id)
    return redirect(url_for("work.task", task_id=task_id), 303)


@route(desk, "/tasks/<int:task_id>/release", Permission.WORK, methods=("POST",))
def release(task_id: int) -> ResponseReturnValue:
    """Give a task back to its group."""
    release_task(context(), task_id)
    flash(_("The task is back with its group. What you typed is kept for you."), "success")
    return redirect(url_for("desk.inbox", tab=Tab.GROUPS.value), 303)


def _page_url(tab: Tab, cursor: str | None) -> str | None:
    return url_for("desk.inbox", tab=tab.value, page=cursor) if cursor else None
