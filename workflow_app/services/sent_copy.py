"""A copy of what was sent: all answers in words by section, as a letter to whoever sent them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.ids import random_id
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.form_builder import FormSchema, answers_summary, sections_of
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Document
from workflow_app.services.case_store import load_case
from workflow_app.services.host import Host
from workflow_app.services.outgoing import outbox_row
from workflow_app.services.speaking import speech
from workflow_app.services.wording import translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Row

    from workflow_app.form_builder import SummaryRow
    from workflow_app.services.context import Context
    from workflow_app.services.scope import StepScope

LETTER = "processes/letters/sent_copy.typ"
TITLE = N_("What you sent")
COPY = "copy_of"
_documents = table_of(Document)
_answers = table_of(Answer)


def ask_for_copy(scope: StepScope, element: str) -> None:
    """Have a copy made of the answers given at an element; nothing where no letter is for it.

    The answers themselves are read when the letter is written, so that they are stored once.
    """
    if LETTER not in scope.published.source.files:
        return
    row = {
        "id": random_id(),
        "owner": "case",
        "name": f"sent-{scope.ctx.now:%Y-%m-%d}.pdf",
        "title": TITLE,
        "media_type": "application/pdf",
        "size": 0,
        "letter": LETTER,
        "is_public": False,
        "for_key_holder": True,
        "created_at": scope.ctx.now,
        "created_by": scope.ctx.actor.username,
    }
    scope.insert(_documents, **row)
    asked = {
        "document": row["id"],
        "version": scope.published.version_id,
        "letter": LETTER,
        "title": TITLE,
        "language": scope.case.language,
        "data": {},
        "check": "",
        COPY: element,
    }
    outbox_row(scope, OutboxKind.DOCUMENT, asked)


def copied_answers(ctx: Context, row: Row[Any]) -> dict[str, Any]:
    """Return what the letter of an outgoing copy shows: {sections: [{title, rows}], sent_at}.

    Nothing for any other letter.
    """
    element = row.payload.get(COPY)
    if element is None:
        return {}
    query = select(_answers).where(_answers.c.case_id == row.case_id, _answers.c.element == element)
    answer = ctx.session.execute(query.order_by(_answers.c.id).limit(1)).one()
    sections = list(_sections(ctx, row, answer))
    return {"sections": sections, "sent_at": answer.at.isoformat()}


def _sections(ctx: Context, row: Row[Any], answer: Row[Any]) -> Iterator[dict[str, Any]]:
    loaded = load_case(ctx, row.case_id)
    schema = loaded.published.form(answer.form)
    reader = replace(ctx, language=row.payload["language"])
    words = translator(reader, loaded.published)
    told = speech(reader, Host(reader, loaded.facts.path, row.case_id), [answer.data])
    pages = sections_of(schema)
    parts = [(words(page.group.source.label), page.items) for page in pages]
    for title, items in parts or [("", schema.items)]:
        part = FormSchema(schema.id, items)
        rows = list(_rows(answers_summary(part, answer.data, words, told)))
        if rows:
            yield {"title": title, "rows": rows}


def _rows(rows: Iterable[SummaryRow]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row.kind == "group":
            yield from _rows(row.rows)
        else:
            yield _row(row)


def _row(row: SummaryRow) -> dict[str, Any]:
    if row.kind == "table" and row.body:
        body = [list(line) for line in row.body]
        return {"label": row.label, "head": list(row.head), "body": body, "lines": []}
    named = [str(file.get("name", "")) for file in row.files]
    lines = [*row.entries, *named] or [row.text]
    return {"label": row.label, "head": [], "body": [], "lines": lines}
