"""The pages of a start form that is filled in section by section: list, section, check, send."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _

from workflow_app.domain.errors import NotFound
from workflow_app.form_builder import FormPart, apply_row_action
from workflow_app.services.entries import refusal
from workflow_app.services.journey import Journey, State
from workflow_app.services.profile import use_again
from workflow_app.web.drafting import draft_saved
from workflow_app.web.posting import Intent, finish_detour, intent_of, posted_form, refusals_shown
from workflow_app.web.presenting.journey import (
    check_rows,
    heading,
    linked_problems,
    list_rows,
    outer_problems,
    paper_rows,
    section_title,
)
from workflow_app.web.rescue import give_back
from workflow_app.web.started import show_done
from workflow_app.web.ways import Way, each_way

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.form_builder import Section, TaskForm
    from workflow_app.services.context import Posted
    from workflow_app.services.journey import Standing

RETURN, SHOWN, USE = "change", "errors", "_use"


def task_list(way: Way) -> str:
    """Show the sections of a start form and how far each is."""
    journey = Journey(way.ctx, way.opening)
    standings = journey.standings(journey.form())
    done = [one for one in standings if one.state is State.DONE]
    return render_template(
        "public/journey/list.html",
        **heading(way),
        rows=list_rows(way, standings),
        done=len(done),
        total=len(standings),
        check_url=way.address("check"),
    )


@each_way("section", "/section/<slug:section>", methods=("GET", "POST"))
def section_page(way: Way, section: str) -> ResponseReturnValue:
    """Fill in one section."""
    journey = Journey(way.ctx, way.opening)
    found = journey.section(section)
    if request.method == "POST":
        return _posted_section(way, journey, found)
    kept = give_back(way.ctx, owner=way.opening.owner, subject=journey.subject_of(found))
    closing = _closing(journey, found)
    if closing:
        flash(_("Complete first: %(names)s", names=_names(way, closing)), "error")
        return redirect(way.address())
    whole = journey.entries() if kept is None else journey.with_page((found,), kept)
    form = journey.form(whole)
    if SHOWN in request.args:
        form.validate()
    return _show_section(way, found, journey.part(form, found, kept))


@each_way("draft_section", "/section/<slug:section>/draft", methods=("POST",))
def draft_section(way: Way, section: str) -> ResponseReturnValue:
    """Save what was typed into a section so far."""
    journey, posted = Journey(way.ctx, way.opening), posted_form()
    return draft_saved(journey.keep(journey.section(section), posted, posted))


@each_way("check", "/check", methods=("GET", "POST"))
def check_page(way: Way) -> ResponseReturnValue:
    """Show all answers before they are sent, and send them."""
    journey, posted = Journey(way.ctx, way.opening), posted_form()
    if request.method == "GET":
        return _show_check(way, journey, journey.form())
    intent = intent_of(posted)
    if intent is not Intent.SUBMIT:
        finish_detour(intent)
        return redirect(request.path, 303)
    return send_all(way, posted)


def send_all(way: Way, posted: Posted) -> ResponseReturnValue:
    """Judge the whole form and start the case, or show what is wrong with links to it."""
    journey = Journey(way.ctx, way.opening)
    form = journey.form(journey.with_page(journey.touched(posted), posted))
    refused = refusal(way.ctx, way.opening)
    if refused is not None or not form.validate():
        journey.save_all(form, posted)
        return _show_check(way, journey, form, sent=True), 422
    return show_done(journey.send(form, once=request.form.get("_once") or None), way.opening)


def _posted_section(way: Way, journey: Journey, section: Section) -> ResponseReturnValue:
    posted = posted_form()
    intent = intent_of(posted)
    if USE in posted:
        intent = Intent.ROW
        _take_paper(way, section, posted)
    changed = apply_row_action(journey.opening.schema, posted)
    whole = journey.with_page((section,), posted if changed is None else changed)
    form = journey.form(whole)
    if intent is Intent.SUBMIT:
        return _continue(way, journey, section, form, posted)
    journey.save(section, form, posted)
    part = journey.part(form, section, posted)
    if refusals_shown(form, intent):
        return _show_section(way, section, part), 422
    finish_detour(intent)
    if intent is Intent.SAVE:
        return redirect(way.address(), 303)
    return redirect(_again(way, section) + ("#main-form" if intent is Intent.ROW else ""), 303)


def _take_paper(way: Way, section: Section, posted: Posted) -> None:
    """Put a copy of a paper that the organisation keeps into the field that it is for."""
    acting = way.opening.organisation
    kind, _colon, number = str(posted[USE]).rpartition(":")
    if acting is None or not number.isdecimal() or kind.split("-", 1)[0] not in section.names:
        raise NotFound
    fresh = use_again(way.ctx, acting.code, int(number), owner=way.opening.owner)
    posted.add(f"{kind}-kept", str(fresh))


def _continue(
    way: Way, journey: Journey, section: Section, form: TaskForm, posted: Posted
) -> ResponseReturnValue:
    """Save a section and go on if nothing in it is wrong; what is wrong is saved too."""
    form.validate()
    part = journey.part(form, section, posted)
    fine = not part.errors
    journey.save(section, form, posted, done=fine)
    if not fine:
        return _show_section(way, section, part), 422
    back = way.address("check") if RETURN in request.args else way.address()
    return redirect(back, 303)


def _closing(journey: Journey, section: Section) -> tuple[Section, ...]:
    standings = journey.standings(journey.form())
    found = [one for one in standings if one.section is section]
    return _closed_by(found[0]) if found else ()


def _closed_by(standing: Standing) -> tuple[Section, ...]:
    return standing.closed_by if standing.state is State.CLOSED else ()


def _names(way: Way, sections: tuple[Section, ...]) -> str:
    return ", ".join(section_title(way, section) for section in sections)


def _again(way: Way, section: Section) -> str:
    more = {RETURN: "1"} if RETURN in request.args else {}
    return way.address("section", section=section.key, **more)


def _show_section(way: Way, section: Section, part: FormPart) -> str:
    return render_template(
        "public/journey/section.html",
        **heading(way),
        section=section_title(way, section),
        hint=part.form.context.fill(section.group.description, part.form.form.scope, section.key),
        form=part,
        form_action=_again(way, section),
        draft_url=way.address("draft_section", section=section.key),
        papers=paper_rows(way, section),
        back_url=way.address("check") if RETURN in request.args else way.address(),
        main_form=True,
        has_errors=bool(part.errors),
    )


def _show_check(way: Way, journey: Journey, form: TaskForm, *, sent: bool = False) -> str:
    standings = journey.standings(form)
    signing = tuple(item for section in journey.signing for item in section.items)
    open_ones = [] if sent else [one for one in standings if one.state is not State.DONE]
    problems = [*linked_problems(way, form, standings), *FormPart(form, signing).errors]
    return render_template(
        "public/journey/check.html",
        **heading(way),
        sections=check_rows(way, form, standings),
        missing=list_rows(way, open_ones),
        problems=outer_problems(problems) if sent else [],
        form=FormPart(form, signing) if sent else FormPart(journey.form(), signing),
        may_send=way.opening.organisation is None or way.opening.organisation.signs,
        once=secrets.token_urlsafe(16),
        main_form=not open_ones,
        has_errors=sent and bool(problems),
    )
