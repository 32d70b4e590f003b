"""A case's page and its live diagrams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, render_template, request
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.queries import case_file
from workflow_app.services.case_store import load_by_work_item
from workflow_app.services.reading import readable_case
from workflow_app.web.current import context
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting import file as present_file
from workflow_app.web.presenting import incidents as present_incidents
from workflow_app.web.presenting import notices as present_notices
from workflow_app.web.presenting.comments import comments_of
from workflow_app.web.presenting.decisions import decision_page, hidden_processes, is_hidden
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.presenting.following import follow_up_rows, office_links
from workflow_app.web.presenting.office_collections import case_collections
from workflow_app.web.presenting.tasks import case_rows
from workflow_app.web.presenting.why import marks_ahead, marks_of_task
from workflow_app.web.routing import route
from workflow_app.web.undo import undo_box

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.case_store import Loaded

cases = Blueprint("cases", __name__)


@route(cases, "/cases/<word:number>", Permission.WORK)
def show(number: str) -> ResponseReturnValue:
    """Show a case: what is open, where it stands, all that is known."""
    ctx = context()
    loaded = readable_case(ctx, number)
    words = present.words_of(ctx, loaded)
    card = present.case_card(ctx, loaded)
    items = case_file.open_items(ctx.session, loaded.row.id)
    known = present_file.case_file(ctx, loaded, way=marks_ahead(loaded, items))
    return render_template(
        "case/show.html",
        case=card,
        file=known | {"talk": comments_of(ctx, loaded)},
        undo=undo_box(loaded),
        tasks=case_rows(ctx, items, card, words),
        follow_ups=follow_up_rows(ctx, loaded),
        linked=office_links(ctx, loaded.row.id),
        waits=_waits(loaded, words),
        incidents=present_incidents.case_rows(ctx, loaded),
        notices=present_notices.line(ctx, loaded),
        steering=present_incidents.steering(ctx, loaded),
        collections=case_collections(ctx, loaded),
    )


@route(cases, "/cases/<word:number>/file/<slug:part>", Permission.WORK)
def part(number: str, part: str) -> ResponseReturnValue:
    """Show earlier rows of a part of the case file: answers, documents or history."""
    ctx = context()
    loaded = readable_case(ctx, number)
    if part not in present_file.PARTS:
        raise NotFound
    return render_template(
        "case/part.html",
        case=present.case_card(ctx, loaded),
        part=part,
        shown=present_file.file_page(ctx, loaded, part, request.args.get("page")),
    )


@route(cases, "/cases/<word:number>/diagram/<slug:process>.json", Permission.WORK)
def diagram(number: str, process: str) -> ResponseReturnValue:
    """Give a diagram with translated names and the state of each element."""
    ctx = context()
    loaded = readable_case(ctx, number)
    xml = loaded.published.source.files.get(f"processes/{process}/{process}.bpmn")
    if xml is None:
        raise NotFound
    return jsonify(
        **drawing(ctx, xml, present.words_of(ctx, loaded)),
        markers=present.markers(ctx, loaded).get(process, {}),
        way=_way(loaded).get(process, {}),
    )


def _way(loaded: Loaded) -> present.Marks:
    """Return the marks of what comes next, and before the task that the page is about."""
    ctx = context()
    items = case_file.open_items(ctx.session, loaded.row.id)
    asked = request.args.get("task", type=int)
    if asked is not None and asked in {item.id for item in items}:
        return marks_of_task(ctx, load_by_work_item(ctx, asked))
    return marks_ahead(loaded, items)


@route(cases, "/cases/<word:number>/decisions/<int:event>", Permission.WORK)
def decision(number: str, event: int) -> ResponseReturnValue:
    """Explain a decision: what was decided, by which values, and the table with its rows."""
    ctx = context()
    loaded = readable_case(ctx, number)
    row = case_file.decision(ctx.session, loaded.row.id, event)
    if row is None or is_hidden(row.element, hidden_processes(ctx, loaded)):
        raise NotFound
    now = loaded.row.process_version_id
    version = case_file.version_at(ctx.session, loaded.row.id, row.seq, now)
    published = ctx.platform.programs.get(ctx.session, version)
    return render_template(
        "case/decision.html",
        case=present.case_card(ctx, loaded),
        decision=decision_page(ctx, published, row, whole=request.args.get("whole") == "1"),
    )


def _waits(loaded: Loaded, words: present.Words) -> list[dict[str, Any]]:
    messages, timers = case_file.waits(context().session, loaded.row.id)
    names = present.element_names(loaded.published)
    shown = [
        {"name": words(m.name or m.message), "text": _("waits for an answer"), "until": None}
        for m in messages
        if loaded.published.is_catch(m.element)
    ]
    shown += [
        {"name": words(names.get(t.element, "")), "text": _("waits for a date"), "until": t.due_at}
        for t in timers
        if loaded.published.is_catch(t.element)
    ]
    return shown
