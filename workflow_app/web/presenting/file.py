"""A case's file as people read it: answers, documents, history, a page of each at a time."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.domain.audiences import FAR
from workflow_app.form_builder.summary import answers_summary
from workflow_app.queries import case_file as queries
from workflow_app.queries.inbox import moment_of
from workflow_app.queries.pages import Cursor, read_cursor, write_cursor
from workflow_app.services.blindness import Blind, blind_now
from workflow_app.services.paper import as_answered
from workflow_app.web.presenting.cases import (
    case_diagrams,
    document_rows,
    fact,
    timeline_rows,
    words_of,
)
from workflow_app.web.presenting.choices import answer_speech
from workflow_app.web.presenting.decisions import hidden_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.web.presenting.cases import Marks

#: How much of each the page of a task or case shows before “show earlier”.
ANSWERS, DOCUMENTS, EVENTS = 8, 20, 20
PARTS = ("data", "documents", "timeline")


def case_file(
    ctx: Context,
    loaded: Loaded,
    *,
    diagrams: bool = True,
    way: Marks | None = None,
    task_id: int | None = None,
) -> dict[str, Any]:
    """Return what is known about a case, in the tabs' shape: the newest, and where the rest is.

    `way` and `task_id` as `case_diagrams` takes them.
    """
    pages = {part: file_page(ctx, loaded, part, None) for part in PARTS}
    return {
        "sections": pages["data"]["rows"],
        "documents": pages["documents"]["rows"],
        "events": pages["timeline"]["rows"],
        "earlier": {part: page["earlier"] for part, page in pages.items()},
        "diagrams": case_diagrams(ctx, loaded, way, task_id) if diagrams else [],
    }


def file_page(ctx: Context, loaded: Loaded, part: str, page: str | None) -> dict[str, Any]:
    """Return some rows of a part of the file, and the address of the page of earlier ones."""
    rows, last = _PARTS[part](ctx, loaded, page)
    earlier = last and url_for("cases.part", number=loaded.row.number, part=part, page=last)
    return {"rows": rows, "earlier": earlier}


def _answers(ctx: Context, loaded: Loaded, page: str | None) -> tuple[list[Any], str | None]:
    """Return each submitted form as a titled list of labels and values, newest first.

    Answers to a blind task stay with their author while others are asked.
    """
    before = _number(read_cursor(page, int))
    found = queries.answers(ctx.session, loaded.row.id, before, ANSWERS + 1)
    given, last = _cut(found, ANSWERS, lambda row: row.id)
    words, blind = words_of(ctx, loaded), blind_now(ctx, loaded.published, loaded.row.id)
    speech = answer_speech(ctx, loaded, [one.data for one in given if not _is_hidden(blind, one)])
    shown = [
        {
            "title": words(answer.name) if answer.name else _("Application"),
            "by": words(answer.actor_title) if answer.actor_title else None,
            "at": answer.at,
            "rows": [_hidden()]
            if _is_hidden(blind, answer)
            else [
                fact(row)
                for row in answers_summary(
                    as_answered(loaded.published.form(answer.form), answer.data),
                    answer.data,
                    words,
                    speech,
                )
            ],
        }
        for answer in given
    ]
    return shown, last


def _is_hidden(blind: Blind, answer: Any) -> bool:
    return blind.hides(answer.element, answer.actor, answer.on_behalf_of)


def _hidden() -> dict[str, Any]:
    return {"label": _("Answers"), "kind": "text", "value": hidden_words()}


def _documents(ctx: Context, loaded: Loaded, page: str | None) -> tuple[list[Any], str | None]:
    """Return documents, newest first; those of answers that are still blind are left out."""
    before = _place(read_cursor(page, str, str))
    found = queries.documents_page(ctx.session, loaded.row.id, before, DOCUMENTS + 1)
    kept, last = _cut(found, DOCUMENTS, lambda row: (row.created_at.isoformat(), str(row.id)))
    blind = blind_now(ctx, loaded.published, loaded.row.id)
    open_to_reader = [row for row in kept if not blind.hides(row.element, row.created_by)]
    return document_rows(as_uploaded(open_to_reader), words_of(ctx, loaded)), last


def as_uploaded(newest_first: Sequence[Any]) -> list[Any]:
    """Return documents with those that came together in the order of their upload."""
    together = groupby(newest_first, key=lambda row: row.created_at.replace(microsecond=0))
    return [row for _moment, rows in together for row in reversed(list(rows))]


def _timeline(ctx: Context, loaded: Loaded, page: str | None) -> tuple[list[Any], str | None]:
    before = _number(read_cursor(page, int))
    found = queries.timeline(ctx.session, loaded.row.id, before, EVENTS + 1)
    kept, last = _cut(found, EVENTS, lambda row: row.seq)
    return timeline_rows(ctx, loaded, kept), last


_PARTS: dict[str, Callable[[Context, Loaded, str | None], tuple[list[Any], str | None]]] = {
    "data": _answers,
    "documents": _documents,
    "timeline": _timeline,
}


def _cut(
    rows: Sequence[Any], most: int, key_of: Callable[[Any], Any]
) -> tuple[Sequence[Any], str | None]:
    """Return the rows of a page, and the cursor of the next where one row too many was read."""
    if len(rows) <= most:
        return rows, None
    key = key_of(rows[most - 1])
    return rows[:most], write_cursor(key if isinstance(key, tuple) else (key,))


def _place(cursor: Cursor | None) -> tuple[datetime, int]:
    """Return where a page of documents begins; their numbers are too large for a cursor's."""
    time, number = (str(key) for key in cursor.keys) if cursor else ("", "")
    if not (number.isascii() and number.isdecimal()):
        return FAR, 0
    return moment_of(time), min(int(number), 2**63 - 1)


def _number(cursor: Cursor | None) -> int:
    return int(cursor.keys[0]) if cursor else queries.LAST
