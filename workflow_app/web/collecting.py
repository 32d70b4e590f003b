"""What the pages of a collection share: who sends, what was typed before, the page itself."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, session
from flask_limiter.util import get_remote_address

from workflow_app.queries.pages import read_cursor
from workflow_app.services.collecting.entering import (
    LONGEST_WORD,
    SHORTEST_WORD,
    Sender,
    entry_form,
    own_entry,
)
from workflow_app.web.current import context
from workflow_app.web.posting import finish_detour
from workflow_app.web.presenting import collections as present
from workflow_app.web.rescue import keep_for, kept_aside

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Posted
    from workflow_app.web.posting import Intent

BROWSER = "collector"
CHANGE = "change"
#: How often may be sent from behind one address, where a whole room may sit, or by one seat.
ROOM = "240 per minute"


def seat_or_address() -> str:
    """Return whom to count: a seat by its link, so that a room behind one address is no crowd."""
    return str((request.view_args or {}).get("token") or get_remote_address())


def person_of(opened: Opened) -> str:
    """Return in whose name a browser keeps an entry: nobody's where it is nobody's business."""
    actor = context().actor
    named = actor.is_signed_in and not opened.row.is_anonymous and not opened.row.seats
    return actor.username if named else ""


def sender_of(seat: Any, posted: Posted | None = None, word: str = "") -> Sender:
    """Return from where the request comes."""
    said = word or str(posted.get("_once") or "" if posted is not None else "")
    good = SHORTEST_WORD <= len(said) <= LONGEST_WORD
    seen = str(posted.get("_seen") or "" if posted is not None else "")
    return Sender(
        word=said if good else secrets.token_urlsafe(16),
        browser="" if seat is not None else _browser(),
        seat=seat,
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None,
    )


def _browser() -> str:
    if BROWSER not in session:
        session[BROWSER] = secrets.token_urlsafe(12)
    return str(session[BROWSER])


def keep_typed(intent: Intent, path: str = "") -> ResponseReturnValue:
    """Keep what was typed for the page that is shown next, and lead there."""
    keep_for(path or request.path)
    finish_detour(intent)
    return redirect(path or request.path, 303)


def typed_before(opened: Opened, seat: Any) -> TaskForm | None:
    """Return the form with what was kept aside for this page; judged where that is asked."""
    ctx = context()
    posted = kept_aside(ctx)
    if posted is None:
        return None
    form = entry_form(ctx, opened, sender_of(seat), posted)
    if "check" in request.args:
        form.validate()
    return form


def show_page(
    opened: Opened,
    seat: Any,
    form: TaskForm | None,
    *,
    problem: str | None = None,
    code_problem: str | None = None,
) -> str:
    """Return the page: what is asked with its form, and what anybody may read."""
    ctx, about = context(), present.about(context(), opened)
    mine = own_entry(ctx, seat)
    # Who has sent reads what stands there; the form comes back to who wants to change it.
    asked = not opened.row.seats or (seat is not None and (mine is None or CHANGE in request.args))
    if form is None and asked and about["is_open"]:
        form = entry_form(ctx, opened, sender_of(seat))
    shown = None
    if seat is None:
        shown = present.published_page(ctx, opened, read_cursor(request.args.get("page"), int))
    return render_template(
        "public/collection.html",
        collection=about,
        seat=seat,
        mine=present.own_facts(ctx, opened, mine, whole=form is None),
        change_url=f"{request.path}?{CHANGE}=1",
        form=form,
        form_action=request.path.removesuffix("/code"),
        once=secrets.token_urlsafe(16),
        seen=mine.version if mine is not None else 0,
        person=person_of(opened),
        entries=shown,
        problem=problem,
        code_problem=code_problem,
        main_form=form is not None,
        has_errors=bool(problem or code_problem or (form and form.errors)),
    )
