"""A play as its pages show it: people, waits and dates, data, what left, the way so far."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.adapters.words import Words
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.states import TimerKind
from workflow_app.domain.text import N_
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.models.people import Account
from workflow_app.queries import case_file
from workflow_app.services.case_store import load_case
from workflow_app.services.designing import playing, stage
from workflow_app.services.designing.moves import APPLICANT
from workflow_app.services.entries import open_entries
from workflow_app.services.forms import translator
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting.reasons import told_or
from workflow_app.web.presenting.tasks import role_title, task_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.models.designing import DesignDraft, Play
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.designing.moves import Sheet
    from workflow_app.services.designing.stage import CaseLine, Waiting, Way

    Row = dict[str, Any]

_TIMERS = {
    TimerKind.ENGINE: N_("the diagram's timer"),
    TimerKind.REMINDER: N_("a reminder is sent"),
    TimerKind.ESCALATION: N_("the task is overdue"),
    TimerKind.SERVICE: N_("a notice counts as served"),
    TimerKind.WARNING: N_("the term runs out soon"),
    TimerKind.BREACH: N_("the term passes"),
}
_STEPS = {
    "begun": N_("Beginning"),
    "start": N_("Case begun: %(name)s"),
    "task": N_("Task done: %(name)s"),
    "message": N_("Message sent: %(name)s"),
    "send": N_("Message sent: %(name)s"),
    "clock": N_("Clock moved"),
    "stuck": N_("Stuck at %(name)s"),
}


def play_rows(draft: DesignDraft, plays: Sequence[Play]) -> list[Row]:
    """Return the reader's plays of a draft, the newest first."""
    return [
        {
            "id": play.id,
            "url": _address("show", play),
            "drop_url": _address("drop", play),
            "at": play.updated_at,
            "clock": playing.moment_of(play),
            "steps": play.position,
            "changed": play.revision != draft.revision,
        }
        for play in plays
    ]


def board(inner: Context, play: Play, draft: DesignDraft, chosen: int | None) -> Row:
    """Return everything on the page of a play; `inner` is a context of its sandbox."""
    lines = stage.cases_of(inner)
    line = _chosen(lines, draft.key, chosen)
    waiting = stage.waiting_in(inner)
    published = inner.platform.programs.latest(inner.session, draft.key)
    words = translator(inner, published)
    return {
        "play": play,
        "clock": inner.now,
        "changed": play.revision != draft.revision,
        "urls": {name: _address(name, play) for name in _ADDRESSES},
        "steps": _steps(inner, play, words),
        "cases": [_case_row(one, line, play, words) for one in lines],
        "case": _case_part(inner, play, line.id) if line else None,
        "tasks": _tasks(inner, play, waiting, lines),
        "messages_waited": _messages(inner, play, waiting, lines),
        "timers": _timers(inner, waiting, lines),
        "ways": [_way(inner, play, way, words) for way in stage.ways_to_begin(inner, published)],
        "by_time": [
            {"name": words(published.element_names().get(element, element)), "at": at}
            for element, at in stage.begun_by_time(inner)
        ],
        **_left(inner, play),
    }


def sheet_page(inner: Context, play: Play, sheet: Sheet) -> Row:
    """Return a form in a play as its page shows it."""
    words = translator(inner, sheet.published)
    return {
        "play": play,
        "form": sheet.form,
        "has_errors": bool(sheet.form.errors),
        "heading": words(sheet.name),
        "help": words(sheet.help) if sheet.help else None,
        "who": who_words(inner, sheet.who),
        "clock": inner.now,
        "back": _address("show", play),
    }


def who_words(inner: Context, username: str) -> str:
    """Return what somebody in a play is called."""
    if username in {PUBLIC.username, APPLICANT, "key_holder"}:
        return str(_("The applicant"))
    title = inner.session.scalar(select(Account.title).where(Account.username == username))
    return Words(inner.language).text(title) if title else username


_ADDRESSES = (
    "index",
    "show",
    "clock",
    "send",
    "begin_with_data",
    "go",
    "over",
    "keep",
    "drop",
)


def _address(name: str, play: Play, **more: Any) -> str:
    known: dict[str, Any] = {} if name == "index" else {"play_id": play.id}
    return url_for(f"studio_play.{name}", draft_id=play.draft_id, **known, **more)


def _chosen(lines: Sequence[CaseLine], key: str, chosen: int | None) -> CaseLine | None:
    ordered = sorted(lines, key=lambda line: (line.id != chosen, line.key != key, line.id))
    return ordered[0] if ordered else None


def _case_row(line: CaseLine, chosen: CaseLine | None, play: Play, words: Any) -> Row:
    return {
        "number": line.number,
        "title": line.title,
        "status": words(line.status),
        "over": line.over,
        "url": _address("show", play, case=line.id),
        "current": chosen is not None and line.id == chosen.id,
    }


def _steps(inner: Context, play: Play, words: Any) -> list[Row]:
    return [
        {
            "position": position,
            "text": _(_STEPS[step["kind"]], name=words(step.get("name") or "")),
            "who": who_words(inner, step["who"]) if step.get("who") else None,
            "at": playing.moment_at(step),
            "current": position == play.position,
            "later": position > play.position,
        }
        for position, step in enumerate(play.log)
    ]


def _tasks(
    inner: Context, play: Play, waiting: Sequence[Waiting], lines: Sequence[CaseLine]
) -> list[Row]:
    numbers = _numbers(lines)
    return [
        {
            "id": f"task-{one.id}",
            "title": _word(inner, one.case_id, one.name),
            "case": numbers[one.case_id],
            "role": role_title(inner, one.role),
            "due_at": one.due_at,
            "state": task_state(one.due_at, inner.now),
            "people": _people(inner, one.people or {}),
            "url": _address("task", play, item_id=int(one.id)),
        }
        for one in waiting
        if one.kind == "task"
    ]


def _messages(
    inner: Context, play: Play, waiting: Sequence[Waiting], lines: Sequence[CaseLine]
) -> list[Row]:
    numbers = _numbers(lines)
    found = [one for one in waiting if one.kind == "message"]
    return [
        {
            "id": f"message-{one.id}",
            "title": _word(inner, one.case_id, one.name or one.message),
            "case": numbers[one.case_id],
            "message": one.message,
            "correlation": one.correlation,
            "people": _people(inner, one.people or {}),
            "url": _address("message", play, case_id=one.case_id, wait=one.id)
            if one.has_form
            else None,
            "send_url": _address(
                "show", play, message=one.message, correlation=one.correlation, _anchor="send"
            ),
        }
        for one in found
    ]


def _timers(inner: Context, waiting: Sequence[Waiting], lines: Sequence[CaseLine]) -> list[Row]:
    numbers = _numbers(lines)
    return [
        {
            "title": _word(inner, one.case_id, one.name) or one.element.rpartition("/")[2],
            "case": numbers[one.case_id],
            "text": _(_TIMERS[TimerKind(one.role or TimerKind.ENGINE)]),
            "at": one.due_at,
        }
        for one in waiting
        if one.kind == "timer"
    ]


def _way(inner: Context, play: Play, way: Way, words: Any) -> Row:
    published = inner.platform.programs.latest(inner.session, way.key)
    entries = open_entries(inner, published.program.starts[way.element]) if way.register else []
    return {
        "element": way.element,
        "title": words(way.name) or way.element,
        "people": _people(inner, way.people) if way.form else [],
        "entries": [{"value": one.key, "label": f"{one.title} ({one.key})"} for one in entries],
        "url": _address("start", play) if way.form else None,
    }


def _people(inner: Context, people: Mapping[str, str]) -> list[Row]:
    words = Words(inner.language).text
    return [
        {"value": name, "label": words(title) if title else who_words(inner, name)}
        for name, title in people.items()
    ]


def _case_part(inner: Context, play: Play, case_id: int) -> Row:
    """Return what is known of one case: why it is stuck, its data, its diagrams, its history."""
    loaded = load_case(inner, case_id)
    events = present.timeline_rows(inner, loaded, case_file.timeline(inner.session, case_id))
    diagrams = present.case_diagrams(inner, loaded)
    return {
        "id": case_id,
        "number": loaded.row.number,
        "title": loaded.row.title,
        "incidents": [
            told_or({"why": one.why, "details": one.details, "reason": one.reason})
            for one in stage.incidents_of(inner, case_id)
        ],
        "diagrams": [{**one, "source": _source(play, case_id, one["source"])} for one in diagrams],
        "events": [{**one, "url": None} for one in events],
        "scopes": _scopes(inner, loaded),
    }


def _source(play: Play, case_id: int, address: str) -> str:
    """Return where a play's diagram comes from, for the process that a case page's names."""
    process = address.partition("?")[0].rpartition("/")[2].removesuffix(".json")
    return _address("diagram", play, case_id=case_id, process=process)


def _scopes(inner: Context, loaded: Loaded) -> list[Row]:
    names, words = loaded.published.element_names(), present.words_of(inner, loaded)
    return [
        {
            "title": words(names.get(f"{one.process}/{one.element}", "") or one.element)
            if one.element
            else _("The case"),
            "text": json.dumps(one.data, ensure_ascii=False, indent=2, default=str),
        }
        for one in stage.data_of(loaded)
    ]


def _left(inner: Context, play: Play) -> Row:
    """Return what would have left: mails, letters, and the rows written into registers."""
    titles = Words(inner.language).text
    letters = [
        {
            "title": titles(one.title),
            "at": one.created_at,
            "url": _address("document", play, document_id=one.id),
            "size": present.size_words(one.size),
        }
        for one in stage.letters_of(inner)
    ]
    mails = [
        {"to": one.recipient, "subject": one.subject, "text": one.text, "at": one.at}
        for one in stage.mails_of(inner)
    ]
    entries = [
        {
            "title": _register(inner, one.register),
            "key": one.key,
            "at": one.at,
            "text": json.dumps(one.data, ensure_ascii=False, indent=2, default=str),
        }
        for one in stage.entries_of(inner)
    ]
    return {"letters": letters, "mails": mails, "entries": entries}


def _register(inner: Context, key: str) -> str:
    found = inner.session.get(RegisterDefinition, key)
    return Words(inner.language).text(found.definition["title"]) if found else key


def _numbers(lines: Sequence[CaseLine]) -> dict[int, str]:
    return {line.id: line.number for line in lines}


def _word(inner: Context, case_id: int, text: str) -> str:
    return present.words_of(inner, load_case(inner, case_id))(text) if text else ""
