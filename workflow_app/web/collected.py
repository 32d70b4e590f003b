"""Collections for the office: what came, answering it one by one or together, seats, a download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from workflow_app.adapters.qr import qr_svg
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.form_builder import TaskForm, apply_row_action
from workflow_app.queries.collections import first_unanswered
from workflow_app.services.collecting.answering import (
    answer_all,
    answer_form,
    draft_subject,
    entry_of,
    may_answer,
    may_run,
    require_answering,
    save_answer,
    save_answer_draft,
    working_item,
)
from workflow_app.services.collecting.opened import opened_in
from workflow_app.services.collecting.seats import link_of, renew_link, seats_of
from workflow_app.services.drafts import DraftChanged, owner_of
from workflow_app.services.reading import readable_case
from workflow_app.web.current import context
from workflow_app.web.drafting import draft_saved
from workflow_app.web.posting import (
    Intent,
    as_posted_form,
    finish_detour,
    intent_of,
    posted_form,
)
from workflow_app.web.presenting import cases as present_cases
from workflow_app.web.presenting import collections as present
from workflow_app.web.presenting.office_collections import (
    csv_lines,
    listed,
    one_entry,
    seat_rows,
    ticked_entries,
)
from workflow_app.web.presenting.reasons import said
from workflow_app.web.rescue import give_back
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.case_store import Loaded
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Posted

collected = Blueprint("collected", __name__)
ALL = "/cases/<word:number>/collections/<slug:key>"
ONE = f"{ALL}/<int:entry>"
SEATS = f"{ALL}/seats"
SVG = "image/svg+xml"


@route(collected, ALL, Permission.WORK)
def entries(number: str, key: str) -> ResponseReturnValue:
    """List what came, a page at a time, with filters."""
    loaded, opened = _both(number, key)
    ctx = context()
    return render_template(
        "case/collection.html",
        case=present_cases.case_card(ctx, loaded),
        collection=present.about(ctx, opened),
        listed=listed(ctx, loaded, opened, request.args),
        seats_url=_seats_url(loaded, opened),
        back_url=_back(loaded, opened),
    )


@route(collected, f"{ALL}.csv", Permission.WORK)
def download(number: str, key: str) -> ResponseReturnValue:
    """Give all entries and answers as CSV."""
    _loaded, opened = _both(number, key)
    answer = Response("".join(csv_lines(context(), opened)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}-{key}.csv"'
    return answer


@route(collected, ONE, Permission.WORK, methods=("GET", "POST"))
def answer(number: str, key: str, entry: int) -> ResponseReturnValue:
    """Show an entry with its answer; answer it."""
    loaded, opened = _both(number, key)
    row = entry_of(context(), opened, entry)
    if request.method == "GET":
        return _entry_page(loaded, opened, row)
    require_answering(context(), loaded, opened)
    posted = posted_form()
    intent = intent_of(posted)
    if intent is Intent.SUBMIT:
        return _save(loaded, opened, row, posted)
    form = str(opened.row.answer_form)
    posted = apply_row_action(opened.published.form(form), posted) or posted
    save_answer_draft(context(), opened, row, posted)
    finish_detour(intent)
    return redirect(request.full_path.rstrip("?"), 303)


@route(collected, f"{ONE}/draft", Permission.WORK, methods=("POST",))
def draft(number: str, key: str, entry: int) -> ResponseReturnValue:
    """Save what was typed as an answer so far."""
    ctx = context()
    loaded, opened = _both(number, key)
    require_answering(ctx, loaded, opened)
    return draft_saved(save_answer_draft(ctx, opened, entry_of(ctx, opened, entry), posted_form()))


@route(collected, f"{ALL}/same", Permission.WORK, methods=("GET", "POST"))
def same(number: str, key: str) -> ResponseReturnValue:
    """Give the entries that were ticked the same answer."""
    ctx = context()
    loaded, opened = _both(number, key)
    require_answering(ctx, loaded, opened)
    given = request.form if request.method == "POST" else request.args
    ticked = ticked_entries(given.getlist("_e"))
    if not ticked:
        flash(_("Tick the entries first that get the same answer."), "error")
        return redirect(url_for("collected.entries", number=number, key=key), 303)
    if request.method == "POST" and intent_of(posted_form()) is Intent.SUBMIT:
        return _save_same(loaded, opened, ticked)
    posted = posted_form() if request.method == "POST" else None
    if posted is not None:
        finish_detour(intent_of(posted))
    return _same_page(loaded, opened, ticked, _neutral(opened, ticked, posted))


@route(collected, SEATS, Permission.WORK, methods=("GET", "POST"))
def seats(number: str, key: str) -> ResponseReturnValue:
    """Show who has a seat, who is in, and the links to hand out; give one a new link."""
    ctx = context()
    loaded, opened = _both(number, key)
    if not opened.row.seats:
        raise NotFound
    _require_handing(loaded, opened)
    if request.method == "POST":
        renewed = request.form.get("seat", "")
        renew_link(ctx, opened, int(renewed) if renewed.isascii() and renewed.isdigit() else 0)
        flash(_("The seat has a new link. The old one leads nowhere from now on."), "success")
        return redirect(request.path, 303)
    return render_template(
        "case/seats.html",
        case=present_cases.case_card(ctx, loaded),
        collection=present.about(ctx, opened),
        seats=seat_rows(ctx, opened),
        room_url=url_for("collect.room", number=number, key=key),
        back_url=url_for("collected.entries", number=number, key=key),
    )


@route(collected, f"{SEATS}/<word:code>.svg", Permission.WORK)
def seat_code(number: str, key: str, code: str) -> ResponseReturnValue:
    """Give a seat's link as a code for phones."""
    loaded, opened = _both(number, key)
    _require_handing(loaded, opened)
    found = next((one for one in seats_of(context(), opened) if str(one.id) == code), None)
    if found is None:
        raise NotFound
    return Response(qr_svg(link_of(context(), number, key, found)), mimetype=SVG)


def _both(number: str, key: str) -> tuple[Loaded, Opened]:
    ctx = context()
    loaded = readable_case(ctx, number)
    return loaded, opened_in(ctx, loaded.row.id, key)


def _require_handing(loaded: Loaded, opened: Opened) -> None:
    """Let only those see links who run the collection: others would vote in people's names."""
    if not may_run(context(), loaded, opened):
        raise NotFound


def _seats_url(loaded: Loaded, opened: Opened) -> str | None:
    if not opened.row.seats or not may_run(context(), loaded, opened):
        return None
    return url_for("collected.seats", number=loaded.row.number, key=opened.row.key)


def _back(loaded: Loaded, opened: Opened) -> str:
    """Return where the list leads back to: the reader's task for it, else the case."""
    item = working_item(context(), loaded, opened.row.key)
    if item is not None:
        return url_for("work.task", task_id=item)
    return url_for("cases.show", number=loaded.row.number)


def _save(loaded: Loaded, opened: Opened, row: Any, posted: Posted) -> ResponseReturnValue:
    ctx, seen = context(), request.form.get("_seen", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None
    try:
        form = save_answer(ctx, opened, row, posted, version)
    except DraftChanged:
        raise
    except Conflict as refusal:
        save_answer_draft(ctx, opened, row, posted)
        row = entry_of(ctx, opened, row.number)
        form = answer_form(ctx, opened, row, posted)
        return _entry_page(loaded, opened, row, form, problem=said(refusal)), 409
    if form is not None:
        save_answer_draft(ctx, opened, row, as_posted_form(form))
        return _entry_page(loaded, opened, row, form), 422
    flash(_("The answer to number %(number)s is saved.", number=row.number), "success")
    return redirect(_after(opened, on="_next" in request.form), 303)


def _after(opened: Opened, *, on: bool) -> str:
    """Return where to go after an answer: the next entry without one, of the list's filter."""
    own: dict[str, Any] = {"number": opened.row.number, "key": opened.row.key}
    facet = request.args.get("facet") or None
    following = first_unanswered(context().session, opened.row.id, facet) if on else None
    if following is not None:
        return url_for("collected.answer", entry=following, facet=facet, **own)
    return url_for("collected.entries", facet=facet, **own)


def _entry_page(
    loaded: Loaded,
    opened: Opened,
    row: Any,
    form: TaskForm | None = None,
    *,
    problem: str | None = None,
) -> str:
    ctx = context()
    own = {"number": loaded.row.number, "key": opened.row.key}
    able = may_answer(ctx, loaded, opened)
    if able and form is None:
        owner, subject = owner_of(ctx.actor), draft_subject(opened, row)
        form = answer_form(ctx, opened, row, give_back(ctx, owner=owner, subject=subject))
    return render_template(
        "case/entry.html",
        case=present_cases.case_card(ctx, loaded),
        collection=present.about(ctx, opened),
        entry=one_entry(ctx, opened, row.number),
        form=form,
        form_action=request.full_path.rstrip("?"),
        draft_url=url_for("collected.draft", entry=row.number, **own),
        back_url=url_for("collected.entries", facet=request.args.get("facet") or None, **own),
        problem=problem,
        main_form=form is not None,
        has_errors=bool(problem or (form and form.errors)),
    )


def _save_same(
    loaded: Loaded, opened: Opened, ticked: list[tuple[int, int]]
) -> ResponseReturnValue:
    ctx = context()
    found = answer_all(ctx, opened, ticked, posted_form())
    if isinstance(found, TaskForm):
        ctx.session.rollback()
        return _same_page(loaded, opened, ticked, found), 422
    if found.saved:
        told = ngettext("%(num)d entry is answered.", "%(num)d entries are answered.", found.saved)
        flash(told, "success")
    if found.changed:
        numbers = ", ".join(str(one) for one in found.changed)
        text = _("Others changed these meanwhile, and they stay as they are: %(numbers)s.")
        flash(text % {"numbers": numbers})
    own = {"number": loaded.row.number, "key": opened.row.key}
    return redirect(url_for("collected.entries", **own), 303)


def _neutral(opened: Opened, ticked: list[tuple[int, int]], posted: Posted | None) -> TaskForm:
    """Return the answer form over the first of the entries, as if nobody had answered it."""
    ctx = context()
    row = entry_of(ctx, opened, ticked[0][0])
    return answer_form(ctx, opened, row, posted if posted is not None else MultiDict())


def _same_page(
    loaded: Loaded, opened: Opened, ticked: list[tuple[int, int]], form: TaskForm
) -> str:
    ctx, own = context(), {"number": loaded.row.number, "key": opened.row.key}
    numbers = [number for number, _seen in ticked]
    return render_template(
        "case/same_answer.html",
        case=present_cases.case_card(ctx, loaded),
        collection=present.about(ctx, opened),
        entries=[one_entry(ctx, opened, number) for number in numbers],
        ticked=[f"{number}:{seen}" for number, seen in ticked],
        form=form,
        form_action=url_for("collected.same", **own),
        back_url=url_for("collected.entries", **own),
        main_form=True,
        has_errors=bool(form.errors),
    )
