"""The case file beside the form: a page of each part, documents that our own pages may show."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import case_row, open_item
from workflow_app.domain.actors import PUBLIC
from workflow_app.services.documents import attach, store_upload
from workflow_app.services.tasks import complete_task
from workflow_app.web.presenting.file import ANSWERS, DOCUMENTS

ROUNDS = 12


@pytest.fixture
def long_case(office):
    """A case whose first step was done again and again."""
    again = '<bpmn:exclusiveGateway id="again" default="f3"/>'
    nodes = {"begin": START, "first": user_task("first"), "again": again}
    nodes |= {"second": user_task("second"), "done": '<bpmn:endEvent id="done" name="Done"/>'}
    flows = "begin>first first>again again>first again>second second>done"
    condition = (
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount != 99'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    back = '<bpmn:sequenceFlow id="f2" sourceRef="again" targetRef="first"'
    drawn = diagram(nodes, flows).replace(f"{back}/>", f"{back}>{condition}")
    publish(office, drawn)
    case = begin(office)
    for turn in range(ROUNDS):
        with office.acting("registrar") as ctx:
            complete_task(ctx, open_item(office, case, "first"), {"amount": 1000 + turn})
    return case


def shown_in(page, part):
    return page.one(f'[data-part="{part}"]').get_text(" ", strip=True)


def test_the_page_shows_the_newest_answers_and_leads_to_the_rest(sign_in, office, long_case):
    browser = sign_in("registrar")
    page = browser.get(f"/tasks/{open_item(office, long_case, 'first')}")
    newest = shown_in(page, "data")
    assert str(1000 + ROUNDS - 1) in newest or "1,011" in newest
    assert newest.count("First step") == ANSWERS
    earlier = page.click("Show earlier answers")
    assert shown_in(earlier, "data").count("First step") == ROUNDS - ANSWERS
    assert "Asked" in shown_in(earlier, "data")
    assert not earlier.soup.select("[data-earlier]")


def test_the_history_goes_on_page_by_page_without_a_gap(sign_in, office, long_case):
    browser = sign_in("registrar")
    page = browser.get(f"/cases/{case_row(office, long_case).number}")
    seen = shown_in(page, "timeline").count("First step: done")
    while page.soup.select('[data-part="timeline"] [data-earlier] a'):
        page = page.click("Show what happened earlier")
        seen += shown_in(page, "timeline").count("First step: done")
    assert seen == ROUNDS


def test_documents_stand_on_pages_too(sign_in, office, long_case):
    with office.acting(PUBLIC) as ctx:
        for number in range(DOCUMENTS + 3):
            kept = store_upload(ctx, BytesIO(b"%PDF-1.4 x"), f"plan{number}.pdf", owner="link:x")
            attach(ctx, long_case, {"f": kept}, owner="link:x", for_key_holder=True)
    page = sign_in("registrar").get(f"/cases/{case_row(office, long_case).number}")
    first = {a["href"] for a in page.soup.select('[data-part="documents"] a[data-paper]')}
    rest = page.click("Show earlier documents").soup.select('[data-part="documents"] a[data-paper]')
    assert len(first) == DOCUMENTS
    assert len(first | {a["href"] for a in rest}) == DOCUMENTS + 3


@pytest.mark.parametrize("page", ["", "x", "W1siMjAyNiIsICJ4Il0sIGZhbHNlXQ=="])
@pytest.mark.parametrize("part", ["data", "documents", "timeline", "nothing"])
def test_a_page_that_was_tampered_with_is_the_first(sign_in, office, long_case, part, page):
    number = case_row(office, long_case).number
    answer = sign_in("registrar").client.get(f"/cases/{number}/file/{part}?page={page}")
    assert answer.status_code == (404 if part == "nothing" else 200)
