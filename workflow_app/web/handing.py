"""Handing a task over to a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.domain.actors import Permission
from workflow_app.services.case_store import load_by_work_item
from workflow_app.services.holding import hand_over, has_typed, receivers
from workflow_app.web.current import context
from workflow_app.web.presenting import cases as present
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

handing = Blueprint("handing", __name__)
LONGEST_NOTE = 1000


@route(handing, "/tasks/<int:task_id>/hand-over", Permission.WORK)
def page(task_id: int) -> ResponseReturnValue:
    """Ask to whom a task goes, with which note."""
    return _page(task_id, {})


@route(handing, "/tasks/<int:task_id>/hand-over", Permission.WORK, methods=("POST",))
def hand(task_id: int) -> ResponseReturnValue:
    """Hand the task over."""
    ctx, form = context(), request.form
    to, note = form.get("to", ""), form.get("note", "").strip()
    known = {one.username: one.title for one in receivers(ctx, task_id)}
    errors = {}
    if to not in known:
        errors["to"] = _("Choose who takes the task over")
    if not note:
        errors["note"] = _("Enter a note for them")
    if len(note) > LONGEST_NOTE:
        errors["note"] = _("Enter a note of %(most)s letters at most", most=LONGEST_NOTE)
    if errors:
        return _page(task_id, errors), 422
    with_draft = form.get("draft") == "yes"
    went = hand_over(ctx, task_id, to, note, with_draft=with_draft)
    name = Words(ctx.language).text(known[to])
    flash(_("%(name)s has the task now and is told.", name=name), "success")
    if with_draft and not went:
        flash(_("%(name)s has typed something there already, which stays as it is.", name=name))
    return redirect(url_for("desk.inbox"), 303)


def _page(task_id: int, errors: dict[str, str]) -> str:
    ctx = context()
    people = receivers(ctx, task_id)
    loaded = load_by_work_item(ctx, task_id)
    words = present.words_of(ctx, loaded)
    return render_template(
        "desk/hand_over.html",
        task={
            "id": task_id,
            "title": words(loaded.row.item_name),
            "url": url_for("work.task", task_id=task_id),
        },
        case={"number": loaded.row.number, "title": loaded.row.title},
        people=[
            {"value": one.username, "label": words(one.title), "away": one.away_until}
            for one in people
        ],
        typed=request.form,
        has_draft=has_typed(ctx, task_id, loaded.row.assignee or ctx.actor.username),
        mine=loaded.row.assignee == ctx.actor.username,
        errors=errors,
        has_errors=bool(errors),
    )
