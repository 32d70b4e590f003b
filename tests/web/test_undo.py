"""Taking back what one has just completed, on the pages where one lands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.drawing import begin, publish, two_steps
from tests.support.answers import case_row, open_item


@pytest.fixture
def landed(office, sign_in):
    """Return a case, its first task and the page on which somebody lands who completed that."""
    publish(office, two_steps())
    case_id = begin(office)
    item = open_item(office, case_id, "first")
    page = sign_in("registrar").get(f"/tasks/{item}")
    return case_id, item, page.send({"amount": "12"})


def test_one_button_brings_the_form_back_as_it_was_sent(office, landed):
    case_id, item, page = landed
    assert "You have just completed “First step”" in page.text
    again = page.press("Take back : First step")
    assert again.path == f"/tasks/{item}"
    assert "open again, with what you had entered" in again.text
    assert again.value("amount") == "12"
    assert open_item(office, case_id, "first") == item
    done = again.send({"amount": "13"})
    assert "You have just completed" in done.text
    shown = done.browser.get(f"/cases/{case_row(office, case_id).number}")
    assert "First step: taken back" in shown.text
    assert "12" not in shown.all("dd")


def test_others_and_latecomers_are_not_offered_it(office, landed, sign_in):
    case_id, _item, page = landed
    address = f"/cases/{case_row(office, case_id).number}"
    assert "Take back" not in sign_in("supervisor").get(address).text
    office.clock.moment += timedelta(minutes=11)
    late = page.press("Take back : First step", status=409)
    assert "can be taken back for 10 minutes only" in late.text
    assert "Take back" not in page.browser.get(address).text
