"""Task forms that go on without network: the browser's worker, and the door for what it kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, jsonify, url_for
from flask_wtf.csrf import generate_csrf

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, NotAllowed, NotFound
from workflow_app.services.offline import LONGEST_WORD, send_kept
from workflow_app.services.tasks import save_task_draft
from workflow_app.web.assets import Assets
from workflow_app.web.current import context
from workflow_app.web.posting import as_posted_form, posted_form
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

offline = Blueprint("offline", __name__)
_assets = Assets()


@route(offline, "/offline.js", Permission.PUBLIC)
def worker() -> ResponseReturnValue:
    """Give the browser's worker, from the root: its address is what it may look after."""
    headers = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"}
    return _assets.path("worker.js").read_bytes(), headers


@route(offline, "/tasks/<int:task_id>/kept", Permission.WORK)
def door(task_id: int) -> ResponseReturnValue:
    """Say who is signed in now, and give the token without which nothing is taken."""
    answer = jsonify(task=task_id, person=context().actor.username, csrf=generate_csrf())
    answer.headers["Cache-Control"] = "no-store"
    return answer


@route(offline, "/tasks/<int:task_id>/kept", Permission.WORK, methods=("POST",))
def kept(task_id: int) -> ResponseReturnValue:
    """Take a form that was kept: done, wrong (it waits as a draft), or refused with the reason."""
    ctx, posted = context(), posted_form()
    word = str(posted.get("_kept") or "")
    if not 8 <= len(word) <= LONGEST_WORD:
        abort(400)
    page = url_for("work.task", task_id=task_id)
    try:
        form = send_kept(ctx, task_id, word, posted)
    except (Conflict, NotAllowed, NotFound) as refusal:
        ctx.session.rollback()
        return jsonify(refused=said(refusal)), 409
    if form is None:
        return jsonify(done=url_for("desk.inbox"))
    save_task_draft(ctx, task_id, as_posted_form(form))
    return jsonify(wrong=page), 422
