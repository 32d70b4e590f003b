"""The inbox and what one may start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid
from workflow_app.domain.filters import read_filter
from workflow_app.domain.permissions import may_anywhere
from workflow_app.queries.cases import started_page
from workflow_app.queries.filtered import SCANNED, filtered_page
from workflow_app.queries.inbox import COUNTED_UP_TO, Tab, inbox_counts, inbox_page
from workflow_app.queries.pages import PAGE_SIZE, read_cursor
from workflow_app.services.boards import first_board
from workflow_app.services.holding import (
    claim_several,
    claim_task,
    release_several,
    release_task,
)
from workflow_app.services.organisations import acting_for
from workflow_app.services.saved_filters import delete_filter, save_filter
from workflow_app.web.current import context
from workflow_app.web.presenting import services as present_services
from workflow_app.web.presenting.cases import card_of_row
from workflow_app.web.presenting.inbox import (
    current_saved,
    outcome_rows,
    saved_navigation,
    search_of,
    unit_options,
    wanted_of,
)
from workflow_app.web.presenting.office_collections import waiting_rows
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.tasks import inbox_rows
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from workflow_app.domain.filters import Filter
    from workflow_app.queries.inbox import InboxRow

desk = Blueprint("desk", __name__)


@route(desk, "/inbox", Permission.WORK)
def inbox() -> ResponseReturnValue:
    """Show one of the lists of tasks, limited by a filter where the address has one."""
    return _inbox()


@route(desk, "/welcome", Permission.SIGNED_IN)
def welcome() -> ResponseReturnValue:
    """Lead somebody who has signed in to the studio, the board of their role, their work or cases.

    Whoever may design begins in the studio.
    """
    if may_anywhere(context().actor, Permission.DESIGN):
        return redirect(url_for("studio_library.index"))
    works = may_anywhere(context().actor, Permission.WORK)
    board = first_board(context()) if works else None
    if board is not None:
        return redirect(url_for("boards.board", key=board))
    return redirect(url_for("desk.inbox" if works else "desk.mine"))


@route(desk, "/my-cases", Permission.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """List the cases that this person started."""
    ctx = context()
    cursor = read_cursor(request.args.get("page"), int)
    acting = acting_for(ctx)
    page = started_page(ctx.session, ctx.actor.username, cursor, acting.code if acting else None)
    return render_template(
        "desk/mine.html",
        cases=[card_of_row(ctx, row) for row in page.rows],
        organisation=acting.name if acting else None,
        asked=waiting_rows(ctx),
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


@route(desk, "/tasks/claim", Permission.WORK, methods=("POST",))
def claim_ticked() -> ResponseReturnValue:
    """Take the tasks that are ticked, and tell what became of each."""
    ctx = context()
    return _inbox(outcome_rows(ctx, claim_several(ctx, _ticked())))


@route(desk, "/tasks/release", Permission.WORK, methods=("POST",))
def release_ticked() -> ResponseReturnValue:
    """Give the tasks back that are ticked, and tell what became of each."""
    ctx = context()
    return _inbox(outcome_rows(ctx, release_several(ctx, _ticked()), released=True))


@route(desk, "/inbox/filters", Permission.WORK, methods=("POST",))
def keep_filter() -> ResponseReturnValue:
    """Keep the filter of a list under a name."""
    ctx, tab, asked = context(), _tab(), read_filter(request.args)
    query: dict[str, Any] = {"tab": tab.value, **asked.chosen()}
    name, share = request.form.get("name", ""), request.form.get("share", "")
    try:
        kept = save_filter(ctx, name, query, share)
    except Invalid as wrong:
        return _inbox(refused={"text": said(wrong), "name": name, "share": share}), 422
    flash(_("The filter “%(name)s” is saved.", name=name.strip()), "success")
    return redirect(url_for("desk.inbox", **query, saved=kept), 303)


@route(desk, "/inbox/filters/<int:filter_id>/delete", Permission.WORK, methods=("POST",))
def forget_filter(filter_id: int) -> ResponseReturnValue:
    """Delete one's own saved filter."""
    name = delete_filter(context(), filter_id)
    flash(_("The filter “%(name)s” is deleted.", name=name), "success")
    return redirect(url_for("desk.inbox", tab=Tab.GROUPS.value), 303)


def _inbox(results: dict[str, Any] | None = None, *, refused: dict[str, Any] | None = None) -> str:
    ctx, tab, asked = context(), _tab(), read_filter(request.args)
    rows, links = _page(tab, asked)
    saved, current = current_saved(ctx, request.args.get("saved"))
    here: dict[str, Any] = {"tab": tab.value, **asked.chosen()}
    return render_template(
        "desk/inbox.html",
        tab=tab.value,
        counts=inbox_counts(ctx.session, ctx.actor),
        counted_up_to=COUNTED_UP_TO,
        tasks=inbox_rows(ctx, rows, tab),
        search=search_of(ctx, tab, asked) if rows or asked.chosen() else None,
        keeping={
            "action": url_for("desk.keep_filter", **here),
            "units": unit_options(ctx),
            "own": current if current and current.owner == ctx.actor.username else None,
            **(refused or {}),
        },
        bulk=_bulk(tab, here),
        results=results,
        asked=waiting_rows(ctx) if tab is Tab.MINE and not asked.chosen() else [],
        has_errors=refused is not None,
        side_navigation=saved_navigation(ctx, saved, current.id if current else None),
        **links,
    )


def _page(tab: Tab, asked: Filter) -> tuple[Sequence[InboxRow], dict[str, Any]]:
    """Return the rows of the page asked for, and where its neighbours are."""
    ctx = context()
    kinds = (int,) if tab is Tab.DONE else (str, int)
    cursor = read_cursor(request.args.get("page"), *kinds)
    if not asked.chosen():
        page = inbox_page(ctx.session, ctx.actor, tab, cursor)
        links = {"previous_url": page.previous, "next_url": page.next, "looked_through": 0}
        rows = page.rows
    else:
        found = filtered_page(ctx.session, ctx.actor, tab, wanted_of(ctx, asked), cursor)
        more = SCANNED if found.looked_through else 0
        links = {"previous_url": None, "next_url": found.next, "looked_through": more}
        rows = found.rows
    here: dict[str, Any] = {"tab": tab.value, **asked.chosen(), "saved": request.args.get("saved")}
    for name in ("previous_url", "next_url"):
        links[name] = url_for("desk.inbox", **here, page=links[name]) if links[name] else None
    return rows, {**links, "first_url": url_for("desk.inbox", **here) if cursor else None}


def _tab() -> Tab:
    wanted = request.args.get("tab", Tab.MINE)
    return Tab(wanted) if wanted in set(Tab) else Tab.MINE


def _ticked() -> list[int]:
    """Return the ids of the tasks that are ticked, a page of them at most."""
    ticked = request.form.getlist("task")[:PAGE_SIZE]
    return [int(one) for one in ticked if one.isascii() and one.isdecimal() and len(one) < 16]


def _bulk(tab: Tab, here: dict[str, Any]) -> dict[str, str] | None:
    """Return what can be done with several tasks of a list, and where."""
    if tab is Tab.DONE:
        return None
    if tab is Tab.MINE:
        action = url_for("desk.release_ticked", **here)
        return {"action": action, "label": _("Give back the ticked tasks")}
    return {"action": url_for("desk.claim_ticked", **here), "label": _("Take the ticked tasks")}
