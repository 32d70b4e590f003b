"""Collections as the office reads them: lists with filters, seats with their links, CSV."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.form_builder.schema import members
from workflow_app.models.base import table_of
from workflow_app.models.collections import CollectionEntry, CollectionSeat
from workflow_app.queries.collections import Wanted, entries_page, waiting_seats
from workflow_app.queries.pages import PAGE_SIZE, Cursor, read_cursor
from workflow_app.services.collecting.answering import may_answer, working_item
from workflow_app.services.collecting.opened import collections_of, opened_in
from workflow_app.services.collecting.seats import link_of, seats_of, short_code
from workflow_app.services.forms import translator
from workflow_app.web.presenting.collections import (
    about,
    count_words,
    entry_rows,
    facet_field,
    state_words,
)
from workflow_app.web.presenting.open_data import MARK, csv_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.form_builder import FormSchema
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

#: Entries that get the same answer at once, at most: those of a page.
MOST_TICKED = PAGE_SIZE
#: Entries on the page of a task, before its own form.
FEW = 5
_TICK = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")
_entries = table_of(CollectionEntry)
_seats = table_of(CollectionSeat)
_CHUNK = 500


def listed(
    ctx: Context, loaded: Loaded, opened: Opened, asked: Mapping[str, str], size: int = PAGE_SIZE
) -> dict[str, Any]:
    """Return a page of entries with its filters, as components/collection.html shows it."""
    facet, state = asked.get("facet") or "", asked.get("state") or ""
    wanted = Wanted(facet=facet or None, is_answered={"open": False, "done": True}.get(state))
    cursor = read_cursor(asked.get("page"), int)
    page = entries_page(ctx.session, opened.row.id, cursor, wanted, size)
    own = {"number": loaded.row.number, "key": opened.row.key}
    kept: dict[str, Any] = {"facet": facet or None, "state": state or None}

    def address(place: str | None) -> str | None:
        return url_for("collected.entries", page=place, **own, **kept) if place else None

    able, sealed = may_answer(ctx, loaded, opened), opened.is_sealed(ctx.now)
    readable = () if sealed else page.rows
    rows = [
        {**row, "url": url_for("collected.answer", entry=row["number"], facet=facet or None, **own)}
        for row in entry_rows(ctx, opened, readable, whole=True)
    ]
    return {
        "rows": rows,
        "answers": opened.row.answer_form is not None,
        "all_done": state == "open" and not facet and not opened.row.entries - opened.row.answered,
        "came": opened.row.entries > 0,
        "sealed": sealed,
        "able": able,
        "search": _search(ctx, opened, facet, state),
        "same_url": url_for("collected.same", **own) if able else None,
        "csv_url": url_for("collected.download", **own),
        "previous_url": address(page.previous),
        "next_url": address(page.next),
    }


def _search(ctx: Context, opened: Opened, facet: str, state: str) -> dict[str, Any]:
    own = {"number": opened.row.number, "key": opened.row.key}
    action = url_for("collected.entries", **own)
    choices = [("", _("All")), ("open", _("Not answered yet")), ("done", _("Answered"))]
    fields = [facet_field(ctx, opened, facet)]
    if opened.row.answer_form is not None:
        options = [{"value": value, "label": label} for value, label in choices]
        fields.append({"name": "state", "label": _("Answer"), "value": state, "options": options})
    return {
        "action": action,
        "clear_url": action if facet or state else None,
        "keep": {},
        "fields": [field for field in fields if field is not None],
    }


def one_entry(ctx: Context, opened: Opened, number: int) -> dict[str, Any]:
    """Return one entry as `entry_rows` gives it; it is there."""
    before = Cursor((number - 1,))
    page = entries_page(ctx.session, opened.row.id, before, Wanted(), 1)
    return entry_rows(ctx, opened, page.rows, whole=True)[0]


def ticked_entries(said: list[str]) -> list[tuple[int, int]]:
    """Return the numbers of entries and the versions seen, as a list posts what was ticked."""
    found = [_TICK.fullmatch(one) for one in said[:MOST_TICKED]]
    return [(int(one[1]), int(one[2])) for one in found if one]


def seat_rows(ctx: Context, opened: Opened) -> list[dict[str, Any]]:
    """Return the seats with what is handed out to each."""
    secret, row = ctx.platform.settings.secret_key, opened.row
    return [
        {
            "id": seat.id,
            "label": seat.label,
            "code": short_code(secret, seat.id, seat.turn),
            "link": link_of(ctx, row.number, row.key, seat),
            "in_at": seat.in_at,
            "email": seat.email,
            "picture": url_for(
                "collected.seat_code", number=row.number, key=row.key, code=str(seat.id)
            ),
        }
        for seat in seats_of(ctx, opened)
    ]


def case_collections(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the collections of a case for its page."""
    words = translator(ctx, loaded.published)
    return [_line(ctx, loaded, row, words(row.title)) for row in collections_of(ctx, loaded.row.id)]


def _line(ctx: Context, loaded: Loaded, row: Any, title: str) -> dict[str, Any]:
    ends = [at for at in (row.closed_at, row.closes_at) if at is not None and at <= ctx.now]
    unanswered = row.entries - row.answered if row.answer_form else 0
    return {
        "title": title,
        "url": url_for("collected.entries", number=loaded.row.number, key=row.key),
        "page": url_for("collect.page", number=loaded.row.number, key=row.key),
        "state": state_words(row.closes_at, min(ends) if ends else None),
        "count": count_words(row.entries),
        "unanswered": unanswered,
        "seats": row.seats,
        "seats_in": row.seats_in,
    }


def waiting_rows(ctx: Context) -> list[dict[str, Any]]:
    """Return what the reader is asked for by name and has not sent yet, the next to close first."""
    rows = waiting_seats(ctx.session, ctx.actor.username, ctx.now, FEW)
    return [
        {
            "title": translator(ctx, _published(ctx, row))(row.title),
            "case": row.case_title,
            "language": row.case_language,
            "url": url_for("collect.mine", number=row.number, key=row.key),
            "state": state_words(row.closes_at, None),
        }
        for row in rows
    ]


def _published(ctx: Context, row: Any) -> Published:
    return ctx.platform.programs.get(ctx.session, row.process_version_id)


def task_collection(ctx: Context, loaded: Loaded, key: str | None) -> dict[str, Any] | None:
    """Return what the page of a task shows of the collection that it works on."""
    if key is None or not any(row.key == key for row in collections_of(ctx, loaded.row.id)):
        return None
    opened = opened_in(ctx, loaded.row.id, key)
    own = {"number": loaded.row.number, "key": key}
    asked = {"state": "open"} if opened.row.answer_form else {}
    return {
        **about(ctx, opened),
        "listed": listed(ctx, loaded, opened, asked, FEW),
        "url": url_for("collected.entries", **own),
        "seats_url": url_for("collected.seats", **own)
        if opened.row.seats and working_item(ctx, loaded, key) is not None
        else None,
    }


def csv_lines(ctx: Context, opened: Opened) -> Iterator[str]:
    """Give all entries and answers as CSV, for those who read the case."""
    form, answering = opened.schema, opened.row.answer_form
    reply = opened.published.form(answering) if answering else None
    names, replies = _columns(form), _columns(reply)
    said = [f"answer.{name}" for name in replies]
    yield MARK + csv_line(["number", "at", "seat", "language", *names, "answered_at", *said])
    if opened.is_sealed(ctx.now):
        return
    query = (
        select(_entries, _seats.c.code)
        .join_from(_entries, _seats, _seats.c.id == _entries.c.seat_id, isouter=True)
        .where(_entries.c.collection_id == opened.row.id)
        .order_by(_entries.c.number)
    )
    for row in ctx.session.execute(query.execution_options(yield_per=_CHUNK)):
        own = [row.data.get(name) for name in names]
        given = [(row.answer or {}).get(name) for name in replies]
        at = row.answered_at.isoformat() if row.answered_at else None
        told = [row.number, row.at.isoformat(), row.code, row.language, *own, at, *given]
        yield csv_line(told)


def _columns(schema: FormSchema | None) -> list[str]:
    items = members(schema.items) if schema is not None else ()
    return list(dict.fromkeys(item.path[0] for item in items if item.path))
