"""Taking back the step that one has just completed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.services.undoing import undo_offer, undo_task
from workflow_app.web.current import context
from workflow_app.web.presenting import cases as present
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.case_store import Loaded

undo = Blueprint("undo", __name__)


@route(undo, "/tasks/<int:task_id>/undo", Permission.WORK, methods=("POST",))
def take_back(task_id: int) -> ResponseReturnValue:
    """Open a task again that the reader has just completed."""
    ctx = context()
    loaded = undo_task(ctx, task_id)
    words = present.words_of(ctx, loaded)
    flash(
        _(
            "%(task)s is open again, with what you had entered. Nothing was sent.",
            task=words(loaded.row.item_name),
        ),
        "success",
    )
    return redirect(url_for("work.task", task_id=task_id), 303)


def undo_box(loaded: Loaded) -> dict[str, Any] | None:
    """Return what components/undo.html shows of a case, where there is something to take back."""
    ctx = context()
    offer = undo_offer(ctx, loaded)
    if offer is None:
        return None
    words = present.words_of(ctx, loaded)
    url = url_for("undo.take_back", task_id=offer.item_id)
    return {"task": words(offer.name), "until": offer.until, "url": url}
