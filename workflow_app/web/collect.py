"""Collections for people outside: the form, the personal page, the page for a room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from workflow_app.adapters.qr import qr_svg
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.extensions import limiter
from workflow_app.form_builder import TaskForm, apply_row_action
from workflow_app.queries.collections import NONE, counts_of
from workflow_app.queries.pages import read_cursor
from workflow_app.services.collecting.entering import (
    LONGEST_WORD,
    SHORTEST_WORD,
    EntryChanged,
    contribute,
    entry_form,
)
from workflow_app.services.collecting.opened import find_opened
from workflow_app.services.collecting.seats import (
    link_of,
    seat_by_code,
    seat_by_token,
    seat_of_account,
)
from workflow_app.web.collecting import (
    ROOM,
    keep_typed,
    person_of,
    seat_or_address,
    sender_of,
    show_page,
    typed_before,
)
from workflow_app.web.current import context
from workflow_app.web.posting import Intent, intent_of, posted_form
from workflow_app.web.presenting import collections as present
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Posted

collect = Blueprint("collect", __name__)
PLACE = "/collect/<word:number>/<slug:key>"
SEAT = f"{PLACE}/<signed:token>"
SVG = "image/svg+xml"


@route(collect, PLACE, Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit(ROOM, methods=["POST"])
def page(number: str, key: str) -> ResponseReturnValue:
    """Show what is asked, and what was answered; take an entry."""
    opened = find_opened(context(), number, key)
    if opened.row.seats and request.method == "POST":
        raise NotFound
    return _page(opened, None)


@route(collect, SEAT, Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit(ROOM, key_func=seat_or_address)
def seat(number: str, key: str, token: str) -> ResponseReturnValue:
    """Show somebody's own page; take their entry, or another in its place."""
    opened = find_opened(context(), number, key)
    return _page(opened, seat_by_token(context(), opened, token))


@route(collect, f"{PLACE}/mine", Permission.SIGNED_IN)
def mine(number: str, key: str) -> ResponseReturnValue:
    """Lead somebody who is signed in to their own page."""
    ctx = context()
    opened = find_opened(ctx, number, key)
    own = seat_of_account(ctx, opened)
    return redirect(link_of(ctx, number, key, own) if own is not None else request.path[:-5])


@route(collect, f"{PLACE}/code", Permission.PUBLIC, methods=("POST",))
@limiter.limit("60 per minute")
def code(number: str, key: str) -> ResponseReturnValue:
    """Lead whoever typed the code of a seat to its page."""
    ctx = context()
    opened = find_opened(ctx, number, key)
    own = seat_by_code(ctx, opened, request.form.get("code", "")[:40])
    if own is not None:
        return redirect(link_of(ctx, number, key, own), 303)
    wrong = _("No seat has this code. Check it and try again.")
    return show_page(opened, None, None, code_problem=wrong), 422


@route(collect, f"{PLACE}/room", Permission.PUBLIC)
def room(number: str, key: str) -> ResponseReturnValue:
    """Show a room how to take part, and how many are in, never what they said."""
    opened = find_opened(context(), number, key)
    about = present.about(context(), opened)
    base = context().platform.settings.base_url
    address = base + url_for("collect.page", number=number, key=key)
    return render_template("public/room.html", collection=about, address=address, **_live(opened))


@route(collect, f"{PLACE}/live", Permission.PUBLIC)
@limiter.limit("600 per minute")
def live(number: str, key: str) -> ResponseReturnValue:
    """Say how many are in, for a page that asks now and then."""
    opened = find_opened(context(), number, key)
    return jsonify(text=_live(opened)["text"], open=opened.closed_since(context().now) is None)


@route(collect, f"{PLACE}/code.svg", Permission.PUBLIC)
def picture(number: str, key: str) -> ResponseReturnValue:
    """Give the page's address as a code for phones."""
    find_opened(context(), number, key)
    own = url_for("collect.page", number=number, key=key)
    return Response(qr_svg(context().platform.settings.base_url + own), mimetype=SVG)


@route(collect, f"{PLACE}.json", Permission.PUBLIC)
@limiter.limit("60 per minute")
def data(number: str, key: str) -> ResponseReturnValue:
    """Give what anybody may read as data, a page at a time."""
    ctx = context()
    opened = find_opened(ctx, number, key)
    cursor = read_cursor(request.args.get("page"), int)
    return jsonify(present.as_data(ctx, opened, cursor))


@route(collect, f"{PLACE}/kept", Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit(ROOM)
def kept(number: str, key: str) -> ResponseReturnValue:
    """Take an entry that a browser kept while it had no network."""
    opened = find_opened(context(), number, key)
    if opened.row.seats:
        raise NotFound
    return _kept(opened, None)


@route(collect, f"{SEAT}/kept", Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit(ROOM, key_func=seat_or_address)
def kept_of_seat(number: str, key: str, token: str) -> ResponseReturnValue:
    """Take a seat's entry that a browser kept while it had no network."""
    opened = find_opened(context(), number, key)
    return _kept(opened, seat_by_token(context(), opened, token))


def _page(opened: Opened, own: Any) -> ResponseReturnValue:
    ctx = context()
    if request.method == "GET":
        return show_page(opened, own, typed_before(opened, own))
    posted = posted_form()
    intent = intent_of(posted)
    if intent is Intent.ROW:
        posted = apply_row_action(opened.schema, posted) or posted
        return show_page(opened, own, entry_form(ctx, opened, sender_of(own, posted), posted))
    if intent is not Intent.SUBMIT:
        return keep_typed(intent)
    return _take(opened, own, posted)


def _take(opened: Opened, own: Any, posted: Posted) -> ResponseReturnValue:
    ctx = context()
    try:
        found = contribute(ctx, opened, posted, sender_of(own, posted))
    except (Conflict, Invalid) as refusal:
        ctx.session.rollback()
        form = entry_form(ctx, opened, sender_of(own, posted), posted)
        return show_page(opened, own, form, problem=said(refusal)), 409
    if isinstance(found, TaskForm):
        return show_page(opened, own, found), 422
    flash(_thanks(own), "success")
    return redirect(request.path, 303)


def _thanks(own: Any) -> str:
    if own is None:
        return str(_("Thank you. What you sent has arrived."))
    return str(_("Thank you. What you sent has arrived; you can change it until this closes."))


def _kept(opened: Opened, own: Any) -> ResponseReturnValue:
    """Answer a browser that sends what it kept: done, wrong, or refused with the reason."""
    ctx, back = context(), request.path.removesuffix("/kept")
    if request.method == "GET":
        answer = jsonify(person=person_of(opened), csrf=generate_csrf())
        answer.headers["Cache-Control"] = "no-store"
        return answer
    posted = posted_form()
    word = str(posted.get("_kept") or "")
    if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
        abort(400)
    try:
        found = contribute(ctx, opened, posted, sender_of(own, posted, word))
    except EntryChanged as refusal:
        ctx.session.rollback()
        # The page shows what was typed again, and knows the newer entry then.
        keep_typed(Intent.SUBMIT, back)
        flash(said(refusal), "error")
        return jsonify(wrong=back), 409
    except (Conflict, Invalid) as refusal:
        ctx.session.rollback()
        return jsonify(refused=said(refusal)), 409
    if isinstance(found, TaskForm):
        keep_typed(Intent.SUBMIT, back)
        return jsonify(wrong=f"{back}?check=1"), 422
    flash(_thanks(own), "success")
    return jsonify(done=back)


def _live(opened: Opened) -> dict[str, Any]:
    row = opened.row
    counts = counts_of(row)
    if row.seats:
        text = _("%(in)s of %(all)s are in", **{"in": counts["seats_in"], "all": counts["seats"]})
    elif row.show == NONE:
        raise NotFound
    else:
        text = present.count_words(counts["count"])
    return {"text": text, **counts}
