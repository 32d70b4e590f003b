"""What goes wrong on an applicant's way: too early, too late, too large, too much, twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import msgspec
import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from tests.support.answers import (
    application,
    apply_at,
    case_row,
    open_item,
    part_fields,
    start_fields,
    wait_for,
)
from tests.support.pdf_text import text_of
from workflow_app.adapters.pdf import TypstPrinter
from workflow_app.config import ROOT
from workflow_app.models.case import Answer, Case, Document
from workflow_app.services.documents import open_document
from workflow_app.services.messages import send_message
from workflow_app.services.scenarios.script import merged

FONTS = ROOT / "workflow_app/static/dist/fonts/ttf"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SCRIPTS = ["Հայերեն", "ქართული", "українська", "русский", "English"]
MARKED = f"{' '.join(SCRIPTS)} \u200fmark\u200e"
ANSWER = {"missing": [], "statement": "We sent it before you asked."}


@pytest.fixture
def first_case(office):
    """Return a function that gives the case that was begun first."""
    return lambda: case_row(
        office, office.read(lambda session: session.scalar(select(func.min(Case.id))))
    )


def test_an_answer_before_the_wait_begins_is_kept_for_it(office, first_case):
    early = []

    def until(move):
        if move.task == "check_documents" and not early:
            with office.acting() as ctx:
                number = first_case().number
                early.append(send_message(ctx, "documents_supplied", number, ANSWER))
        return bool(move.advance)

    case_id = office.play("accreditation/straight", until=until).case_id
    assert early == [None]
    assert case_row(office, case_id).status == "incomplete"
    office.move_to("2026-11-25T09:00:00+04:00")
    assert case_row(office, case_id).status == "registered"
    assert open_item(office, case_id, "check_documents")


def test_an_answer_to_the_first_round_does_not_answer_the_second(office, first_case, visitor):
    first = []

    def until(move):
        if move.advance and not first:
            office.move_to("2027-03-03T09:00:00+04:00")
            first.append(wait_for(office, first_case().id, "documents_supplied").task_id)
        return bool(move.message)

    case = case_row(office, office.play("accreditation/long_way", until=until).case_id)
    second = wait_for(office, case.id, "documents_supplied").task_id
    assert second != first[0]
    visitor.get(f"/follow/{case.number}?key={case.secret}")
    visitor.get(f"/follow/{case.number}/{first[0]}", status=404)
    visitor.get(f"/follow/{case.number}/{second}")
    assert case_row(office, case.id).status == "incomplete"


@pytest.mark.skipif(not any(FONTS.glob("*.ttf")), reason="no fonts yet: make setup")
def test_every_script_and_marks_of_direction_reach_the_certificate(office, monkeypatch):
    printing = replace(office.app.extensions["platform"], printer=TypstPrinter(FONTS))
    monkeypatch.setitem(office.app.extensions, "platform", printing)
    player = office.player("accreditation/straight")
    start = player.scenario.start
    answers = merged(start.answers, {"org_name": MARKED})
    start = msgspec.structs.replace(start, answers=answers)
    player.scenario = msgspec.structs.replace(player.scenario, start=start)
    player.play()
    assert [problem for problem in player.problems if "organisation" not in problem] == []
    query = select(Document.id).where(Document.letter.like("%certificate%"))
    with office.acting("head") as ctx:
        pdf = open_document(ctx, ctx.session.scalar(query)).stream.read()
    told = "".join(one for one in text_of(pdf) if one.isprintable() and one not in " \ufffd")
    for word in SCRIPTS:
        assert word in told
    assert "mark" in told
    assert "registrationnumber264.160.0000099" in told


def test_five_hundred_people_of_the_staff_are_taken(office, visitor, start_link):
    person = {"position": "Carer", "qualification": "Course", "contract": "employment", "hours": 40}
    staff = [{"name": f"Carer {number}", **person} for number in range(500)]
    apply_at(visitor.get(start_link()), start_fields(office, application(staff=staff)))
    query = select(Answer.data).where(Answer.element.like("%/application_received"))
    kept = office.read(lambda session: session.scalar(query))
    assert [one["name"] for one in kept["staff"]] == [one["name"] for one in staff]


def filled_service(visitor, office, address):
    """Fill in the section that the documents depend on; returns the list of sections."""
    page = visitor.get(address).click("The service")
    return page.send(part_fields(page, start_fields(office, application())), whole=True)


def test_a_file_too_large_in_a_section_is_named_and_the_rest_is_kept(visitor, office, start_link):
    page = filled_service(visitor, office, start_link()).click("Documents")
    large = FileStorage(BytesIO(PDF + b"\0" * 11_000_000), filename="charter.pdf")
    good = FileStorage(BytesIO(PDF), filename="extract.pdf")
    sent = {"documents-charter": large, "documents-registration_extract": good}
    again = page.send(sent, status=422)
    assert any("charter.pdf is larger than 10 MB" in problem for problem in again.problems)
    assert "extract.pdf" in again.text
    names = office.read(lambda session: session.scalars(select(Document.name)).all())
    assert names == ["extract.pdf"]


def test_a_link_that_expires_in_a_section_says_so_and_loses_nothing(visitor, start_link, clock):
    page = visitor.get(start_link()).click("Staff")
    page.send({"staff-0-name": "Anna"}, button=("_save", "1"))
    page = visitor.get(page.path)
    clock.advance(timedelta(days=31))
    gone = page.send({"staff-0-name": "Anna Petrosyan"}, status=404)
    assert "This link has expired" in gone.text
    again = visitor.get(start_link()).click("Staff")
    assert again.value("staff-0-name") == "Anna"
