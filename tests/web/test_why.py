"""Why somebody has a task and what comes next: as a sentence, and as marks on the diagram."""

from __future__ import annotations

import pytest

from tests.services.drawing import begin, publish, two_steps
from tests.support.answers import case_row, open_item


@pytest.fixture
def second(office, sign_in):
    """Return a case whose first step is done and whose second one waits."""
    publish(office, two_steps())
    case_id = begin(office)
    item = open_item(office, case_id, "first")
    first = sign_in("registrar").get(f"/tasks/{item}")
    shown = first.one(".app-why").get_text(" ", strip=True)
    first.send({"amount": "12"})
    return case_id, open_item(office, case_id, "second"), shown


def told(page):
    return " ".join(page.one(".app-why p").get_text(" ", strip=True).split())


def test_it_says_from_whom_as_what_and_what_follows(second, sign_in):
    _case_id, item, first = second
    assert (
        "The case began on 23 November 2026 with “Asked”; you may take it as: Registrar." in first
    )
    assert "Next: “Second step” (Registrar)." in first
    page = sign_in("registrar").get(f"/tasks/{item}")
    assert told(page) == (
        "Registrar, Ministry completed “First step” on 23 November 2026; "
        "you may take it as: Registrar. Next: the case ends."
    )
    taken = page.press("Take task : Second step").browser.get(f"/tasks/{item}")
    assert "; you took it on 23 November 2026 as: Registrar." in told(taken)


def test_the_way_is_marked_in_the_drawing_and_in_words(office, second, sign_in):
    case_id, item, _first = second
    page = sign_in("registrar").get(f"/tasks/{item}")
    drawn = page.browser.client.get(page.one("[data-diagram]")["data-diagram"]).json
    assert drawn["way"] == {"first": "came-from", "done": "next"}
    assert drawn["markers"]["second"] == "current"
    assert page.all(".app-outline__way") == ["It came from here", "Comes next"]
    shown = page.browser.get(f"/cases/{case_row(office, case_id).number}")
    assert shown.all(".app-outline__way") == ["Comes next"]


def test_it_looks_into_called_processes_and_names_the_term(office, sign_in):
    case_id = office.play("accreditation/straight", until="assign_reviewers").case_id
    item = open_item(office, case_id, "assign_reviewers")
    page = sign_in("supervisor").get(f"/tasks/{item}")
    assert "completed “Check the documents" in told(page)
    assert "; it is offered to: Secretary of the commission; it has to be done by" in told(page)
    assert "Next: “Declare interests” (Reviewer)." in told(page)
    term = page.one(".app-why a")
    assert term["href"] == "/settings#accreditation.assign_days"
    assert sorted(page.all(".app-outline__way")) == ["Comes next", "It came from here"]


def test_a_sealed_task_names_nobody(office, sign_in):
    player = office.play("accreditation/straight", until="declare_interest")
    item = open_item(office, player.case_id, "declare_interest", "reviewer1")
    page = sign_in("reviewer1").get(f"/tasks/{item}")
    assert told(page).startswith("The process gave it to you by name")
    assert "completed" not in told(page)
    assert told(page).endswith(
        "Next: “Score” (Reviewer), “Rule on the interest” (Reviewer), "
        "“Plan the visit” (Head of a visit team), or another way."
    )
