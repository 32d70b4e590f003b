"""Playing a draft: the board of a play, its clock, its messages; keeping and removing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, request, send_file, url_for
from flask_babel import gettext as _

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.domain.actors import SYSTEM, Permission
from workflow_app.domain.errors import DomainError, NotFound
from workflow_app.models.case import Document
from workflow_app.services.case_store import load_case
from workflow_app.services.designing import keeping, moves, playing
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.host import home_path
from workflow_app.web.current import context
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.presenting.playing import board, play_rows
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from workflow_app.models.designing import Play
    from workflow_app.services.scenarios.world import World

play = Blueprint("studio_play", __name__)
ONE = f"{DRAFT}/play/<int:play_id>"


@route(play, f"{DRAFT}/play", Permission.DESIGN)
def index(draft_id: int) -> ResponseReturnValue:
    """Show the reader's plays of a draft and begin one."""
    ctx = context()
    draft = draft_of(ctx, draft_id)
    rows = play_rows(draft, playing.plays_of(ctx, draft_id))
    return draft_page("studio/plays.html", draft, "play", plays=rows, today=ctx.now)


@route(play, f"{DRAFT}/play", Permission.DESIGN, methods=("POST",))
def begin(draft_id: int) -> ResponseReturnValue:
    """Make a sandbox for the draft and open it."""
    ctx = context()
    moment = _moment(request.form.get("at", "")) or ctx.now
    try:
        begun = playing.begin_play(ctx, draft_id, moment)
    except NotFound:
        raise
    except DomainError as wrong:
        flash(said(wrong), "error")
        return redirect(url_for("studio_play.index", draft_id=draft_id), 303)
    return redirect(url_for("studio_play.show", draft_id=draft_id, play_id=begun.id), 303)


@route(play, ONE, Permission.DESIGN)
def show(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Show who waits for what, and what came of it so far."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    with playing.on_stage(ctx, found) as world, world.acting(SYSTEM, ctx.language) as inner:
        shown = board(inner, found, draft_of(ctx, draft_id), request.args.get("case", type=int))
        sending = {name: request.args.get(name, "") for name in ("message", "correlation")}
        return draft_page("studio/play.html", draft_id, "play", sending=sending, **shown)


@route(play, f"{ONE}/clock", Permission.DESIGN, methods=("POST",))
def clock(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Move the clock: to what is next, by days, or to a date."""
    found = playing.play_of(context(), draft_id, play_id)
    target = _target(playing.moment_of(found))
    return _step(found, lambda world: moves.move_clock(world, target))


@route(play, f"{ONE}/send", Permission.DESIGN, methods=("POST",))
def send(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Send a message with data, as another system would."""
    found = playing.play_of(context(), draft_id, play_id)
    name, key = request.form.get("message", "").strip(), request.form.get("correlation", "").strip()

    def act(world: World) -> moves.Noted:
        return moves.send(world, name, key, moves.data_from(request.form.get("data", "")))

    return _step(found, act)


@route(play, f"{ONE}/data-start", Permission.DESIGN, methods=("POST",))
def begin_with_data(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Begin a case where no form begins it, with data."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    key, element = draft_of(ctx, draft_id).key, request.form.get("element", "")

    def act(world: World) -> moves.Noted:
        data = moves.data_from(request.form.get("data", ""))
        return moves.begin_with_data(world, key, element, data, playing.folder_of(ctx, play_id))

    return _step(found, act)


@route(play, f"{ONE}/go", Permission.DESIGN, methods=("POST",))
def go(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Go back to an earlier step, or on again."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    playing.go_to(ctx, found, request.form.get("position", found.position, type=int))
    return to_board(found)


@route(play, f"{ONE}/over", Permission.DESIGN, methods=("POST",))
def over(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Start over, with the draft as it is now."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    try:
        found = playing.start_over(ctx, found)
    except DomainError as wrong:
        flash(said(wrong), "error")
    return to_board(found)


@route(play, f"{ONE}/keep", Permission.DESIGN, methods=("POST",))
def keep(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Keep the play as a scenario of the draft."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    try:
        with ctx.session.begin_nested():
            keeping.keep_play(ctx, found, request.form.get("title", ""))
    except DomainError as wrong:
        flash(said(wrong), "error")
        return to_board(found)
    flash(_("Kept as a scenario. Run the scenarios to see that it goes the same way."), "success")
    return redirect(url_for("studio_scenarios.show", draft_id=draft_id), 303)


@route(play, f"{ONE}/drop", Permission.DESIGN, methods=("POST",))
def drop(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Remove a play."""
    ctx = context()
    playing.drop_play(ctx, playing.play_of(ctx, draft_id, play_id))
    flash(_("The play was removed."), "success")
    return redirect(url_for("studio_play.index", draft_id=draft_id), 303)


@route(play, f"{ONE}/diagram/<int:case_id>/<slug:process>.json", Permission.DESIGN)
def diagram(draft_id: int, play_id: int, case_id: int, process: str) -> ResponseReturnValue:
    """Give a diagram of a play's case with the state of each element."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    with playing.on_stage(ctx, found) as world, world.acting(SYSTEM, ctx.language) as inner:
        loaded = load_case(inner, case_id)
        xml = loaded.published.source.files.get(f"processes/{process}/{process}.bpmn")
        if xml is None:
            raise NotFound
        return jsonify(
            **drawing(inner, xml, present.words_of(inner, loaded)),
            markers=present.markers(inner, loaded).get(process, {}),
            way={},
        )


@route(play, f"{ONE}/documents/<int:document_id>", Permission.DESIGN)
def document(draft_id: int, play_id: int, document_id: int) -> ResponseReturnValue:
    """Give a letter that a play printed, or a file that was sent in it."""
    ctx = context()
    found = playing.play_of(ctx, draft_id, play_id)
    with playing.on_stage(ctx, found) as world, world.acting(SYSTEM) as inner:
        row = inner.session.get(Document, document_id)
        if row is None or row.store_key is None:
            raise NotFound
        stream = inner.platform.files.open(row.store_key)
        return send_file(stream, row.media_type, as_attachment=True, download_name=row.name)


def _step(found: Play, act: Callable[[World], moves.Noted]) -> ResponseReturnValue:
    """Take a step of a play; what refuses it is told on the board, which stays as it was."""
    ctx = context()
    try:
        playing.take_step(ctx, found, act)
    except playing.Overtaken:
        raise
    except DomainError as wrong:
        flash(said(wrong), "error")
    else:
        if not playing.steps_of(found)[-1].get("reached", True):
            flash(_(moves.NOT_REACHED), "error")
    return to_board(found)


def to_board(found: Play) -> ResponseReturnValue:
    """Return to where a play stands."""
    address = url_for("studio_play.show", draft_id=found.draft_id, play_id=found.id)
    case = request.form.get("case", type=int)
    return redirect(f"{address}?case={case}" if case else address, 303)


def _target(now: datetime) -> datetime | None:
    """Return where the clock shall go: by whole days, to a date, or None for what is next."""
    days = request.form.get("days", type=int)
    if request.form.get("way") == "days" and days:
        return moves.days_on(now, days)
    if request.form.get("way") == "date":
        return _moment(request.form.get("to", ""))
    return _moment(request.form.get("moment", ""))


def _moment(text: str) -> datetime | None:
    return moves.moment_from(text, calendar_at(home_path(context())).zone)
