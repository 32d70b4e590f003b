"""Whoever applied finds a copy of all that was sent, in words, among the letters."""

from __future__ import annotations

import json

from sqlalchemy import select

from tests.support.answers import application, apply_at, case_row, start_fields
from workflow_app.domain.states import OutboxKind
from workflow_app.models.case import Document
from workflow_app.models.work import Outbox
from workflow_app.services.sent_copy import LETTER, copied_answers


def apply(visitor, office, start_link):
    apply_at(visitor.get(start_link()), start_fields(office, application()))
    return case_row(office, 1)


def test_the_copy_is_a_letter_of_the_case_for_the_key_holder(visitor, office, start_link):
    case = apply(visitor, office, start_link)
    office.settle()
    query = select(Document).where(Document.letter == LETTER)
    copy = office.read(lambda session: session.scalars(query).one())
    assert (copy.case_id, copy.for_key_holder, copy.is_public) == (case.id, True, False)
    page = visitor.get(f"/follow/{case.number}")
    assert "What you sent" in page.text
    answer = visitor.client.get(f"/documents/{copy.id}")
    assert answer.data.startswith(b"%PDF")


def test_the_copy_has_every_section_in_words_and_the_outbox_no_answers(visitor, office, start_link):
    apply(visitor, office, start_link)
    query = select(Outbox).where(Outbox.kind == OutboxKind.DOCUMENT)
    with office.acting() as ctx:
        rows = [r for r in ctx.session.scalars(query) if r.payload["letter"] == LETTER]
        assert "Sunny Door" not in json.dumps(rows[0].payload)
        told = copied_answers(ctx, rows[0])
    titles = [section["title"] for section in told["sections"]]
    assert titles[:2] == ["Your organisation", "The service"]
    service = {row["label"]: row["lines"] for row in told["sections"][1]["rows"]}
    assert service["Form of care"] == ["Day centre"]
    assert service["How many people the service can take"] == ["40"]
