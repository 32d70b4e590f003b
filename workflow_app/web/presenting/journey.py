"""A start form in sections, for people: its list, its answers to check, what is wrong and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.form_builder import FormPart, answers_summary
from workflow_app.form_builder.problems import html_id
from workflow_app.services.entries import closed_text
from workflow_app.services.forms import translator
from workflow_app.services.host import Host, home_path
from workflow_app.services.journey import State
from workflow_app.services.profile import papers_of
from workflow_app.services.speaking import speech
from workflow_app.web.presenting.cases import fact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.form_builder import Section, TaskForm
    from workflow_app.services.entries import Entry
    from workflow_app.services.journey import Standing
    from workflow_app.services.opening import Earlier, Opening
    from workflow_app.web.ways import Way

Problem = tuple[str, str]


def heading(way: Way) -> dict[str, Any]:
    """Return what heads every page of a start form: {title, case, over, closed, list_url}."""
    opening = way.opening
    words = translator(way.ctx, opening.published)
    closed = closed_text(way.ctx, opening.start, opening.entry)
    return {
        "over": entry_link(opening.entry) if opening.entry else None,
        "closed": words(closed) if closed else None,
        "title": words(start_title(opening)),
        "case": earlier_case(opening.earlier) if opening.earlier else None,
        "list_url": way.address(),
    }


def start_title(opening: Opening) -> str:
    """Return the msgid that heads a start form; in a following case what a person does by it."""
    if opening.earlier is None:
        return opening.published.manifest.title
    return opening.published.message_word(opening.earlier.message, opening.start.name)


def entry_link(entry: Entry) -> dict[str, str]:
    """Return the entry that is applied to, with the address of its page: {title, url}."""
    address = url_for("public.register_entry", key=entry.register, entry=entry.key)
    return {"title": entry.title, "url": address}


def earlier_case(earlier: Earlier) -> dict[str, Any]:
    """Return the case that a start form follows, for the heading."""
    return {
        "number": earlier.number,
        "title": earlier.case.title,
        "url": url_for("public.case", number=earlier.number),
    }


def section_title(way: Way, section: Section) -> str:
    """Return what a section is called in the reader's language."""
    words = translator(way.ctx, way.opening.published)
    return words(section.group.source.label) or section.key


def list_rows(way: Way, standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """Return the sections as the list shows them: [{title, url, state, word, hint}]."""
    return [
        {
            "title": section_title(way, one.section),
            "url": None
            if one.state is State.CLOSED
            else way.address("section", section=one.section.key),
            "state": one.state.value,
            "word": _state_word(one.state),
            "hint": _hint(way, one),
        }
        for one in standings
    ]


def _state_word(state: State) -> str:
    words = {
        State.CLOSED: _("Cannot start yet"),
        State.NEW: _("Not started"),
        State.BEGUN: _("In progress"),
        State.DONE: _("Completed"),
    }
    return str(words[state])


def _hint(way: Way, standing: Standing) -> str | None:
    if standing.state is not State.CLOSED:
        return None
    names = ", ".join(section_title(way, section) for section in standing.closed_by)
    return str(_("Complete first: %(names)s", names=names))


def paper_rows(way: Way, section: Section) -> list[dict[str, Any]]:
    """Return what the organisation keeps for a section's fields: [{label, name, value, at, over}].

    `over` is the last day on which a paper was valid, None while it is.
    """
    acting = way.opening.organisation
    if acting is None:
        return []
    words, today = translator(way.ctx, way.opening.published), way.ctx.now.date()
    return [
        {
            "label": words(paper.label),
            "name": paper.name,
            "value": f"{paper.kind}:{paper.id}",
            "at": paper.given_at,
            "over": paper.lasts_until if paper.is_over(today) else None,
        }
        for paper in papers_of(way.ctx, acting.code)
        if paper.kind.split("-", 1)[0] in section.names
    ]


def check_rows(way: Way, form: TaskForm, standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """Return the answers by section, each row with the address where it is changed."""
    words = translator(way.ctx, way.opening.published)
    answers = form.answers()
    told = speech(way.ctx, Host(way.ctx, home_path(way.ctx)), [answers])
    shown = []
    for one in standings:
        address = way.address("section", section=one.section.key, change=1)
        part = FormPart(form, one.section.items)
        rows = answers_summary(part.schema, part.answers(), words, told)
        facts = [{**fact(row), "change": f"{address}#{html_id(row.name)}"} for row in rows]
        shown.append(
            {
                "title": section_title(way, one.section),
                "rows": facts,
                "url": address,
                "done": one.state is State.DONE,
            }
        )
    return shown


def linked_problems(way: Way, form: TaskForm, standings: Iterable[Standing]) -> list[Problem]:
    """Return (address, message) of all that is wrong, on the pages of the sections."""
    return [
        (f"{way.address('section', section=one.section.key, change=1, errors=1)}#{target}", message)
        for one in standings
        for target, message in FormPart(form, one.section.items).errors
    ]


def outer_problems(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return problems as the summary's links; a target without an address is on the page."""
    return [
        {"href": target if "/" in target else f"#{target}", "text": message}
        for target, message in problems
    ]
