"""A case for people: its card, its file, its timeline.

Its diagrams with the same steps in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext
from flask_babel import gettext as _

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.domain.deadlines import stopped_time
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.form_builder.display import Reader, show_size
from workflow_app.form_builder.text import Words as FormWords
from workflow_app.models.people import Territory
from workflow_app.queries import case_file as queries
from workflow_app.queries.clock import clock_stops
from workflow_app.queries.incidents import open_incidents
from workflow_app.services.forms import translator
from workflow_app.web.presenting.clock import stop_rows
from workflow_app.web.presenting.decisions import hidden_processes, timeline_entry
from workflow_app.web.presenting.trail import in_place_of, people_in, said_of

if TYPE_CHECKING:
    from workflow_app.engine.outline import OutlineStep
    from workflow_app.form_builder.summary import SummaryRow
    from workflow_app.models.case import Document
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

Words = Callable[[str], str]
#: By process a word for some of its elements.
Marks = Mapping[str, Mapping[str, str]]
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}
#: What happened, by kind of event; `name` is the step's.
_SENTENCES = {
    "started": N_("%(name)s: the case began by itself"),
    "paper": N_("Came on paper and was entered here"),
    "completed": N_("%(name)s: done"),
    "claimed": N_("%(name)s: taken"),
    "released": N_("%(name)s: given back"),
    "handed_over": N_("%(name)s: handed over"),
    "timer": N_("%(name)s: the time came"),
    "message": N_("%(name)s: received"),
    "decision": N_("%(name)s: decided by the table"),
    "compensated": N_("%(name)s: undone"),
    "cancel": N_("%(name)s: cancelled, what was done is undone"),
    "stuck": N_("%(name)s: could not run"),
    "retried": N_("%(name)s: tried again"),
    "corrected": N_("Data corrected"),
    "moved": N_("%(name)s: left for another step"),
    "given_up": N_("The case was cancelled"),
    "migrated": N_("Moved to another version of the process"),
    "undone": N_("%(name)s: taken back"),
    "migration_undone": N_("Moved back to the earlier version of the process"),
    "reminded": N_("%(name)s: reminder sent"),
    "warned": N_("The head was told that the term runs out"),
    "breached": N_("The term passed without a decision"),
    "served": N_("A notice was served"),
    "not_served": N_("A notice could not be served"),
    "escalated": N_("%(name)s: overdue, supervisors told"),
    "ended": N_("The case ended"),
    "excluded": N_("Somebody was taken off the case"),
    "commented": N_("Comment written"),
    "comment_edited": N_("Comment changed"),
    "comment_deleted": N_("Comment deleted"),
}
_ACTORS = {
    "key_holder": N_("The applicant"),
    "public": N_("The applicant"),
    "system": N_("The system"),
}


def case_card(ctx: Context, loaded: Loaded) -> dict[str, Any]:
    """Return the heading of everything about one case."""
    row, words = loaded.row, translator(ctx, loaded.published)
    place = ctx.session.get(Territory, row.territory_code)
    stops = clock_stops(ctx.session, row.id)
    stood = stopped_time((stop.pause for stop in stops), row.started_at, ctx.now)
    return {
        "number": row.number,
        "kind": words(loaded.published.manifest.title),
        "title": row.title,
        "language": row.language,
        "status": words(loaded.published.status_word(row.status)),
        "state": case_state(row.phase, row.term_due, ctx),
        "place": words(place.name) if place else None,
        "started_at": row.started_at,
        "due_at": row.term_due if row.phase != CaseState.FINISHED else None,
        "stopped_days": stood.days,
        "stops": stop_rows(ctx, stops, calendar_at(row.territory_path).zone, words),
    }


def card_of_row(ctx: Context, row: Any) -> dict[str, Any]:
    """Return a case of a list: number, title, status in words, state, since when, where to."""
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    words = translator(ctx, published)
    return {
        "number": row.number,
        "title": row.title,
        "status": words(published.status_word(row.status)),
        "state": case_state(row.phase, row.term_due, ctx),
        "started_at": row.started_at,
        "url": url_for("public.case", number=row.number),
    }


def case_state(phase: str, due: Any, ctx: Context) -> str:
    """Return one of the states that a status tag knows."""
    if phase == CaseState.FINISHED:
        return "done"
    if phase == CaseState.STUCK:
        return "stuck"
    return "overdue" if due is not None and due < ctx.now else "current"


def words_of(ctx: Context, loaded: Loaded) -> Words:
    """Return the translator of a case's version."""
    return translator(ctx, loaded.published)


def size_words(size: int) -> str:
    """Return a size in bytes as kB or MB, in the reader's language."""
    return show_size(size, Reader(FormWords(gettext), ""))


def document_rows(documents: Iterable[Document], words: Words) -> list[dict[str, Any]]:
    """Return documents as their list shows them."""
    return [
        {
            "name": document.name,
            "title": words(document.title) if document.letter else document.title,
            "url": url_for("files.document", document_id=document.id),
            "kind": KINDS.get(document.media_type, document.name.rsplit(".", 1)[-1].upper()),
            "size": size_words(document.size),
            "ours": document.letter is not None,
            "at": document.created_at,
            "by": None,
        }
        for document in documents
    ]


def timeline_rows(
    ctx: Context, loaded: Loaded, rows: Sequence[queries.TimelineRow]
) -> list[dict[str, Any]]:
    """Return what happened in sentences."""
    titles = queries.titles(ctx.session, set().union(*map(people_in, rows)))
    words, names = words_of(ctx, loaded), element_names(loaded.published)
    decided = any(row.kind == "decision" for row in rows)
    hidden = hidden_processes(ctx, loaded) if decided else frozenset()
    shown = []
    for row in rows:
        name = words(names.get(row.element, "")) or row.element.rsplit("/", 1)[-1] or _("Sending")
        title = _event_title(row.kind, name)
        if row.kind == "status":
            title = _(
                "Status: %(name)s", name=words(loaded.published.status_word(row.data["status"]))
            )
        if row.kind == "excluded":
            who = str(row.data.get("user", ""))
            title = _("%(name)s was taken off the case", name=words(titles.get(who, who)) or "–")
        told = timeline_entry(ctx, loaded, row, hidden) if row.kind == "decision" else {}
        doer = words(titles.get(row.actor, "")) or _actor_word(row.actor)
        if title and (row.kind != "completed" or loaded.published.task_info(row.element)):
            shown.append(
                {
                    "title": title,
                    "at": row.at,
                    "by": in_place_of(row, doer, titles, words),
                    "text": said_of(row, titles, words),
                    "state": "stuck" if row.kind == "stuck" else "done",
                    **told,
                }
            )
    return shown


def element_names(published: Published) -> Mapping[str, str]:
    """Return the names of all elements by `<process>/<element id>`."""
    return published.element_names()


def case_diagrams(
    ctx: Context, loaded: Loaded, way: Marks | None = None, task_id: int | None = None
) -> list[dict[str, Any]]:
    """Return the diagrams that the case has been in, each with its steps in words.

    `way` has the marks of what comes before and after, the drawing finds those of `task_id` itself.
    """
    seen = queries.visited(ctx.session, loaded.row.id)
    entered = {element.split("/", 1)[0] for element in seen}
    marks = markers(ctx, loaded, seen)
    words = words_of(ctx, loaded)
    published = loaded.published
    order = [published.key, *sorted(entered - {published.key})]
    return [
        {
            "title": words(published.manifests[process].title),
            "source": url_for(
                "cases.diagram", number=loaded.row.number, process=process, task=task_id
            ),
            "outline": outline_rows(
                published.outline_of(process),
                marks[process],
                words,
                (way or {}).get(process, {}),
            ),
            "open": process == published.key or set(marks[process].values()) - {"done"} != set(),
        }
        for process in order
        if process in published.manifests
    ]


def markers(
    ctx: Context, loaded: Loaded, seen: Mapping[str, str] | None = None
) -> dict[str, dict[str, str]]:
    """Return by process the state of each element: done, current, waiting, overdue, stuck.

    `seen` is what `queries.visited` gives, where it has been read already.
    """
    if seen is None:
        seen = queries.visited(ctx.session, loaded.row.id)
    found: dict[str, dict[str, str]] = {p: {} for p in loaded.published.manifests}
    states = {"completed": "done", "entered": "current"}
    for element, kind in seen.items():
        if kind in states:
            _mark(found, element, states[kind])
    messages, timers = queries.waits(ctx.session, loaded.row.id)
    for wait in (*messages, *timers):
        if loaded.published.is_catch(wait.element):
            _mark(found, wait.element, "waiting")
        else:
            found.get(wait.element.rpartition("/")[0], {}).pop(
                wait.element.rpartition("/")[2], None
            )
    for item in queries.open_items(ctx.session, loaded.row.id):
        late = item.due_at is not None and item.due_at < ctx.now
        _mark(found, item.element, "overdue" if late else "current")
    for incident in open_incidents(ctx.session, loaded.row.id):
        _mark(found, incident.element, "stuck")
    return found


def outline_rows(
    steps: Iterable[OutlineStep],
    marks: Mapping[str, str],
    words: Words,
    way: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return the steps in words with the same states and marks of the way as the drawing."""
    return [
        {
            "name": words(step.name or step.kind),
            "state": marks.get(step.element),
            "way": (way or {}).get(step.element),
            "steps": outline_rows(step.steps, marks, words, way),
        }
        for step in steps
    ]


def _mark(found: dict[str, dict[str, str]], element: str, state: str) -> None:
    process, _slash, node = element.rpartition("/")
    if process in found:
        found[process][node] = state


def fact(row: SummaryRow) -> dict[str, Any]:
    """Return a row of answers as components/facts.html shows it."""
    if row.kind == "table":
        return {
            "label": row.label,
            "kind": "table",
            "value": {
                "columns": list(row.head),
                "rows": [list(line) for line in row.body],
                "headed": row.headed,
            },
        }
    if row.kind == "files":
        return {"label": row.label, "kind": "files", "value": [_file(f) for f in row.files]}
    if row.kind == "list":
        return {"label": row.label, "kind": "lines", "value": list(row.entries)}
    if row.kind == "group":
        return {"label": row.label, "kind": "group", "value": [fact(one) for one in row.rows]}
    return {"label": row.label, "kind": "text", "value": row.text}


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    name = str(file.get("name", ""))
    return {
        "name": name,
        "title": name,
        "url": url_for("files.document", document_id=int(file["document"])),
        "kind": name.rsplit(".", 1)[-1].upper(),
        "size": size_words(int(file.get("size") or 0)),
        "at": None,
        "by": None,
    }


def _event_title(kind: str, name: str) -> str | None:
    return _(_SENTENCES[kind], name=name) if kind in _SENTENCES else None


def _actor_word(username: str) -> str:
    return str(_(_ACTORS[username])) if username in _ACTORS else username
