"""Publishing a draft: what is still missing, a second person's approval, now or at a date."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.domain.actors import Permission
from workflow_app.models.designing import DesignEvent
from workflow_app.services.designing import publishing, reviewing
from workflow_app.services.designing.callers import REFUSED, RENEWED, Renewal
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.host import Host, home_path
from workflow_app.web.current import context
from workflow_app.web.presenting import publishing as present
from workflow_app.web.presenting.design_trail import trail_rows
from workflow_app.web.presenting.reasons import told
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, carried_out, draft_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

publish = Blueprint("studio_publish", __name__)
POST = ("POST",)
#: So much of the trail stands on the page.
NEWEST = 20
_LIVE = frozenset({"draft", "review", "approved"})


@route(publish, f"{DRAFT}/publish", Permission.DESIGN)
def show(draft_id: int) -> ResponseReturnValue:
    """Show what keeps a draft from being published, and the next step."""
    return _page(draft_id)


@route(publish, f"{DRAFT}/publish/submit", Permission.DESIGN, methods=POST)
def submit(draft_id: int) -> ResponseReturnValue:
    """Send a draft for approval."""
    reasons = {
        name.removeprefix("reason-"): text
        for name, text in request.form.items()
        if name.startswith("reason-")
    }
    return _do(
        draft_id,
        lambda: reviewing.submit(
            context(),
            draft_id,
            revision=request.form.get("revision", 0, int),
            reasons=reasons,
            note=request.form.get("note", ""),
            republish=request.form.getlist("republish"),
        ),
        _("Sent for approval. Nothing of the draft changes until somebody sends it back."),
    )


@route(publish, f"{DRAFT}/publish/approve", Permission.DESIGN, methods=POST)
def approve(draft_id: int) -> ResponseReturnValue:
    """Agree to a draft as a second person."""
    revision, note = request.form.get("revision", 0, int), request.form.get("note", "")
    act = partial(reviewing.approve, context(), draft_id, revision=revision, note=note)
    return _do(draft_id, act, _("Approved. The draft can be published now."))


@route(publish, f"{DRAFT}/publish/send-back", Permission.DESIGN, methods=POST)
def send_back(draft_id: int) -> ResponseReturnValue:
    """Open a draft for changes again."""
    act = partial(reviewing.send_back, context(), draft_id, request.form.get("back_note", ""))
    return _do(draft_id, act, _("Sent back. The draft can be changed again."))


@route(publish, f"{DRAFT}/publish/now", Permission.DESIGN, methods=POST)
def now(draft_id: int) -> ResponseReturnValue:
    """Publish an approved draft."""
    return _do(draft_id, partial(_publish, draft_id), None)


def _publish(draft_id: int) -> None:
    made = publishing.publish_now(context(), draft_id)
    for one in made.renewals:
        flash(renewal_words(one), "error" if one.outcome == REFUSED else "success")
    done = _("Version %(number)s is published. New cases take it.", number=made.number)
    flash(done, "success")


@route(publish, f"{DRAFT}/publish/plan", Permission.DESIGN, methods=POST)
def plan(draft_id: int) -> ResponseReturnValue:
    """Set the date on which an approved draft is published."""
    at = _moment(request.form.get("day", ""), request.form.get("time", ""))
    if at is None:
        return _page(draft_id, _("Enter a day and a time, such as 31 January 2027, 08:00."))
    act = partial(publishing.plan, context(), draft_id, at)
    return _do(draft_id, act, _("The date is set. Until then it can be dropped."))


@route(publish, f"{DRAFT}/publish/drop-plan", Permission.DESIGN, methods=POST)
def drop_plan(draft_id: int) -> ResponseReturnValue:
    """Publish an approved draft at no date any more."""
    act = partial(publishing.drop_plan, context(), draft_id)
    return _do(draft_id, act, _("The draft is not published by itself any more."))


def renewal_words(one: Renewal) -> str:
    """Return what became of a process that uses what was published."""
    if one.outcome == RENEWED:
        return str(_("%(key)s: renewed as version %(number)s.", key=one.key, number=one.number))
    if one.outcome == REFUSED:
        why = told(one.why, one.details or {})
        return str(_("%(key)s: not renewed. %(why)s", key=one.key, why=why))
    return str(_("%(key)s: nothing to renew.", key=one.key))


def _do(draft_id: int, act: Callable[[], object], done: str | None) -> ResponseReturnValue:
    """Do it and show the page again; what is refused is said above what was typed."""
    address = url_for("studio_publish.show", draft_id=draft_id)
    return carried_out(act, done, address, partial(_page, draft_id))


def _moment(day: str, time: str) -> datetime | None:
    """Return a day and a time of day as people write them at home; None for what is none."""
    ctx = context()
    try:
        found = datetime.fromisoformat(f"{day.strip()}T{time.strip()}")
    except ValueError:
        return None
    return found.replace(tzinfo=Host(ctx, home_path(ctx)).calendar.zone)


def _page(draft_id: int, trouble: str | None = None) -> ResponseReturnValue:
    ctx = context()
    draft = draft_of(ctx, draft_id)
    gates = present.gate_rows(ctx, draft, request.form) if draft.state in _LIVE else []
    events = select(DesignEvent).where(DesignEvent.draft_id == draft_id)
    newest = ctx.session.scalars(events.order_by(DesignEvent.id.desc()).limit(NEWEST))
    page = draft_page(
        "studio/publish.html",
        draft,
        "publish",
        trouble=trouble,
        typed=request.form,
        gates=gates,
        may_submit=all(one["state"] != "stuck" or one["asks"] for one in gates),
        callers=present.caller_rows(ctx, draft) if draft.state in _LIVE else [],
        people=present.people(ctx, draft),
        made=present.version_made(ctx, draft),
        events=trail_rows(ctx, newest),
    )
    return page, 422 if trouble else 200
