"""The matrix of a process: what each cell says, who sees which rows, where sign-in leads."""

from __future__ import annotations

import pytest

from tests.services.several import begin, drawn, message, publish, task
from tests.services.several import event as drawn_event
from tests.support.counting import statements_of
from workflow_app.models.work import WorkItem
from workflow_app.services.messages import send_message
from workflow_app.services.tasks import complete_task

KEY = "yearly_round"
BOARD = f"/board/{KEY}"
MORE = """
case_title = "=place"
territory = "=place"
[statuses]
body = "Body"
[board]
flag = "target"
first_for = ["ministry_officer", "supervisor"]
public = true
[[stages]]
key = "body"
title = "Body"
statuses = ["body"]
planned = "=date(until_body)"
[[stages]]
key = "analysis"
title = "Analysis"
statuses = ["analysis"]
planned = "=date(until_analysis)"
[[stages]]
key = "survey"
title = "Survey"
statuses = ["survey"]
[[stages]]
key = "council"
title = "Council"
elements = ["second"]
planned = "=date(until_council)"
"""
STAGES = ["Body", "Analysis", "Survey", "Council"]
PLANNED = {
    "until_body": "2026-12-03",
    "until_analysis": "2026-12-20",
    "until_council": "2027-06-01",
}


def status(code):
    return (
        f'<bpmn:serviceTask id="mark_{code}" name="Mark {code}"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="case.status"/><zeebe:taskHeaders>'
        f'<zeebe:header key="status" value="{code}"/></zeebe:taskHeaders>'
        "</bpmn:extensionElements></bpmn:serviceTask>"
    )


NUMBER = (
    '<bpmn:serviceTask id="number" name="Number"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="case.number"/></bpmn:extensionElements></bpmn:serviceTask>'
)


@pytest.fixture
def round_in(office):
    """Return a function that begins a round in a territory; the process is published first."""
    source = drawn(
        KEY,
        "begin>number number>mark_body mark_body>first first>mark_analysis "
        "mark_analysis>answer answer>second second>over",
        NUMBER,
        status("body"),
        task("first"),
        status("analysis"),
        drawn_event("intermediateCatchEvent", "answer", "message", "answer_came"),
        task("second"),
        head=message("answer_came", "=place"),
        more=MORE,
    )
    publish(office, source)
    return lambda place, **dates: begin(office, KEY, place=place, **{**PLANNED, **dates})


def finish(office, case_id, element):
    """Complete the case's open task of an element as the registrar."""
    query = WorkItem.case_id == case_id, WorkItem.state == "open"
    item = office.read(lambda s: s.query(WorkItem).filter(*query).one())
    assert item.element.endswith(f"/{element}")
    with office.acting("registrar") as ctx:
        complete_task(ctx, item.id, {})


def cells(page, place):
    """Return the words of a row's cells, by stage."""
    (row,) = [tr for tr in page.soup.select(".app-board tbody tr") if place in tr.th.get_text()]
    found = [" ".join(td.get_text(" ").split()) for td in row.select("td")]
    return dict(zip(STAGES, found, strict=True))


def test_a_row_for_each_place_and_a_cell_for_each_stage(sign_in, round_in):
    round_in("AM-SU-KAPAN")
    page = sign_in("officer").get(BOARD)
    assert page.all(".app-board thead th") == ["Place", *STAGES]
    assert page.all(".app-board tbody th") == [
        *("Goris", "Kajaran", "Kapan", "Meghri", "Sisian", "Tatev", "Tegh")
    ]
    goris = cells(page, "Goris")
    assert set(goris.values()) == {"Not begun"}
    kapan = cells(page, "Kapan")
    assert "Under way" in kapan["Body"]
    assert "10 days left · 3 Dec 2026" in kapan["Body"]
    assert "Registrar" in kapan["Body"], "the role while nobody has taken the task"
    assert "Not begun" in kapan["Council"]


def test_a_cell_opens_the_case(sign_in, round_in):
    round_in("AM-SU-KAPAN")
    browser = sign_in("officer")
    link = browser.get(BOARD).soup.select(".app-board__open")[0]
    assert "Kapan, Body" in link.get_text()
    assert "AM-SU-KAPAN" in browser.get(link["href"]).text


def test_stages_end_wait_and_are_left_out(sign_in, office, round_in):
    case_id = round_in("AM-SU-KAPAN")
    finish(office, case_id, "first")
    browser = sign_in("officer")
    kapan = cells(browser.get(BOARD), "Kapan")
    assert "Done" in kapan["Body"]
    assert "23 Nov 2026" in kapan["Body"]
    assert "Waiting" in kapan["Analysis"], "nobody has a task"
    with office.acting() as ctx:
        send_message(ctx, "answer_came", "AM-SU-KAPAN", {})
    kapan = cells(browser.get(BOARD), "Kapan")
    assert "Done" in kapan["Analysis"]
    assert "Left out" in kapan["Survey"]
    assert "Under way" in kapan["Council"]
    finish(office, case_id, "second")
    kapan = cells(browser.get(BOARD), "Kapan")
    assert "Done" in kapan["Council"]


def test_what_is_past_its_day_is_late(sign_in, office, round_in):
    round_in("AM-SU-KAPAN", until_analysis="2026-12-03")
    office.move_to("2026-12-05T09:00:00+04:00")
    kapan = cells(sign_in("officer").get(BOARD), "Kapan")
    assert "Late" in kapan["Body"]
    assert "2 days late" in kapan["Body"]
    assert "Late" in kapan["Analysis"], "it should be over and has not begun"


def test_a_day_that_is_not_known_is_none(sign_in, round_in):
    round_in("AM-SU-KAPAN", until_body=None)
    kapan = cells(sign_in("officer").get(BOARD), "Kapan")
    assert "left" not in kapan["Body"]


def test_the_newest_round_counts(sign_in, office, round_in):
    first = round_in("AM-SU-KAPAN")
    finish(office, first, "first")
    round_in("AM-SU-KAPAN")
    kapan = cells(sign_in("officer").get(BOARD), "Kapan")
    assert "Under way" in kapan["Body"]


def test_territory_decides_what_one_sees(sign_in, round_in, visitor):
    round_in("AM-SU-KAPAN")
    page = sign_in("reviewer2").get(BOARD)
    assert page.all(".app-board tbody th") == ["Kapan"]
    sign_in("dilijan_coordinator").get(BOARD, status=404)
    sign_in("applicant").get(BOARD, status=403)
    assert "Sign in" in visitor.get(BOARD).text
    sign_in("officer").get("/board/accreditation", status=404)


def test_the_board_is_the_first_screen_of_its_roles(browser_of, round_in):
    round_in("AM-SU-KAPAN")
    for username, has_board in (("officer", True), ("supervisor", True), ("registrar", False)):
        browser = browser_of()
        browser.become(username)
        assert browser.get("/welcome").path.startswith("/board/") is has_board, username
        back = browser.get("/inbox").soup.select("nav a[href^='/board/']")
        assert len(back) == has_board, "a way back to the board, for them alone"


def test_the_page_of_a_place_shows_the_stage_without_people(visitor, office, round_in):
    case_id = round_in("AM-SU-KAPAN")
    finish(office, case_id, "first")
    page = visitor.get("/places/AM-SU-KAPAN")
    (heading,) = [h2 for h2 in page.soup.select("main h2") if KEY in h2.get_text()]
    steps = heading.find_next_sibling("ol").select("li")
    stages = [" ".join(one.get_text(" ").split()) for one in steps]
    assert [one.split()[0] for one in stages] == STAGES
    assert "Done" in stages[0]
    assert "Registrar" not in page.text
    told = visitor.client.get("/places/AM-SU-KAPAN.json").get_json()
    states = [one["state"] for one in told["stages"] if one["process"] == KEY]
    assert states[:2] == ["Done", "Waiting"]
    assert visitor.client.get("/places/AM-ER.json").get_json()["stages"] == []


def test_the_board_costs_the_same_however_much_happened(app, sign_in, office, round_in):
    browser, counts = sign_in("officer"), []
    for rounds in (1, 6):
        for _ in range(rounds):
            for place in ("AM-SU-KAPAN", "AM-SU-GORIS"):
                finish(office, round_in(place), "first")
        with statements_of(app) as statements:
            browser.get(BOARD)
        counts.append(len(statements))
    assert counts[0] == counts[1]
