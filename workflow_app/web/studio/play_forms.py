"""Forms in a play: filled in as somebody, with our renderer, on the way to the next step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import flash, request
from flask_babel import gettext as _

from workflow_app.domain.actors import PUBLIC, Permission
from workflow_app.domain.errors import DomainError
from workflow_app.form_builder import apply_row_action
from workflow_app.services.designing import moves, playing
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.keeping import script_answers
from workflow_app.services.designing.samples import filled_in
from workflow_app.web.current import context
from workflow_app.web.posting import Intent, intent_of, posted_form
from workflow_app.web.presenting.playing import sheet_page
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import draft_page
from workflow_app.web.studio.play import ONE, play, to_board

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from workflow_app.models.designing import Play
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.scenarios.world import World

__all__ = ["play"]
SAMPLE = "_sample"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody does in a play: who they are, which form, what becomes of it when filled in."""

    who: str
    case_id: int | None
    bind: Callable[[Context, Posted | None], moves.Sheet]
    take: Callable[[World, moves.Filled], moves.Noted]
    submit: str


@route(play, f"{ONE}/start", Permission.DESIGN, methods=("GET", "POST"))
def start(draft_id: int, play_id: int) -> ResponseReturnValue:
    """Begin a case by its start form."""
    ctx = context()
    key, element = draft_of(ctx, draft_id).key, request.values.get("element", "")
    entry = request.args.get("entry") or None
    who = request.args.get("as", PUBLIC.username)

    def bind(inner: Context, posted: Posted | None) -> moves.Sheet:
        return moves.start_sheet(inner, key, element, entry, posted)[0]

    def take(world: World, filled: moves.Filled) -> moves.Noted:
        actor = moves.person(world, who)
        return moves.begin_by_form(world, actor, ctx.language, (key, element, entry), filled)

    part = Part(who=who, case_id=None, bind=bind, take=take, submit=_("Send"))
    return _played(draft_id, play_id, part)


@route(play, f"{ONE}/tasks/<int:item_id>", Permission.DESIGN, methods=("GET", "POST"))
def task(draft_id: int, play_id: int, item_id: int) -> ResponseReturnValue:
    """Do a task as somebody."""
    who, language = request.args.get("as", ""), context().language

    def bind(inner: Context, posted: Posted | None) -> moves.Sheet:
        return moves.task_sheet(inner, item_id, posted)

    def take(world: World, filled: moves.Filled) -> moves.Noted:
        return moves.complete(world, moves.person(world, who), language, item_id, filled)

    part = Part(who=who, case_id=None, bind=bind, take=take, submit=_("Complete step"))
    return _played(draft_id, play_id, part)


@route(
    play,
    f"{ONE}/cases/<int:case_id>/messages/<word:wait>",
    Permission.DESIGN,
    methods=("GET", "POST"),
)
def message(draft_id: int, play_id: int, case_id: int, wait: str) -> ResponseReturnValue:
    """Send a case what it waits for, as its applicant or somebody of the office."""
    who, language = request.args.get("as", moves.APPLICANT), context().language

    def bind(inner: Context, posted: Posted | None) -> moves.Sheet:
        return moves.message_sheet(inner, case_id, wait, posted)[0]

    def take(world: World, filled: moves.Filled) -> moves.Noted:
        actor = moves.person(world, who, case_id)
        return moves.answer(world, actor, language, case_id, wait, filled)

    part = Part(who=who, case_id=case_id, bind=bind, take=take, submit=_("Send"))
    return _played(draft_id, play_id, part)


def _played(draft_id: int, play_id: int, part: Part) -> ResponseReturnValue:
    found = playing.play_of(context(), draft_id, play_id)
    try:
        drawn = _form_page(found, part)
        if not isinstance(drawn, moves.Filled):
            return drawn
        playing.take_step(context(), found, lambda world: part.take(world, drawn))
    except playing.Overtaken:
        raise
    except DomainError as wrong:
        flash(said(wrong), "error")
    return to_board(found)


def _form_page(found: Play, part: Part) -> moves.Filled | ResponseReturnValue:
    """Return what was filled in without fault, else the page to go on with."""
    ctx, posted = context(), posted_form() if request.method == "POST" else None
    with playing.on_stage(ctx, found) as world:
        actor = moves.person(world, part.who, part.case_id)
        with world.acting(actor, ctx.language) as inner:
            sheet = part.bind(inner, posted)
            if posted is None:
                return _page(found, part, sheet, inner)
            if SAMPLE in posted:
                sample = filled_in(inner, part.bind(inner, None).form)
                return _page(found, part, replace(sheet, form=sample), inner)
            if intent_of(posted) is not Intent.SUBMIT:
                changed = apply_row_action(sheet.form.schema, posted) or posted
                return _page(found, part, part.bind(inner, changed), inner)
            if not sheet.form.validate():
                return _page(found, part, sheet, inner), 422
            return moves.Filled(sheet.form.answers(), script_answers(sheet.form))


def _page(found: Play, part: Part, sheet: moves.Sheet, inner: Context) -> str:
    shown = sheet_page(inner, found, sheet)
    return draft_page("studio/play_form.html", found.draft_id, "play", submit=part.submit, **shown)
