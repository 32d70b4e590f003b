"""The demonstration: its clock moves what falls due, its mailbox shows what left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.drawing import begin, publish, two_steps
from tests.support.browser import Browser
from tests.support.installation import MONDAY, running_app
from workflow_app.adapters.clock import FixedClock, ShiftedClock


@pytest.fixture
def clock():
    return ShiftedClock(FixedClock(MONDAY))


def test_the_clock_is_moved_and_put_back(visitor, clock):
    page = visitor.get("/demo/clock")
    assert "23 November 2026" in page.soup.get_text()
    page = page.press("5 days later")
    assert "28 November 2026" in page.soup.get_text()
    assert (clock.now() - MONDAY).days == 5
    reset = next(b for b in page.all("main button") if "real" in b.lower() or "reset" in b.lower())
    page.press(reset)
    assert clock.now() == MONDAY


@pytest.mark.parametrize("days", ["0", "-3", "367", "many", ""])
def test_the_clock_is_not_moved_by_nonsense(visitor, clock, days):
    token = visitor.get("/").one("#language-form input[name=csrf_token]")["value"]
    answer = visitor.raw("/demo/clock", {"csrf_token": token, "days": days})
    assert answer.status_code in (400, 404)
    assert clock.now() == MONDAY


def test_the_clock_tells_what_comes_next(visitor, office):
    publish(office, two_steps(), terms='first = "=working days(3)"')
    begin(office)
    assert "First step" in visitor.get("/demo/clock").text


def test_a_mail_that_left_is_shown_with_its_text(visitor, office):
    page = visitor.get("/services/accreditation")
    page.send({"email": "ngo@example.org"}, form="main form[novalidate]")
    office.settle()
    shown = visitor.get("/demo/mail").click(
        "Your link to apply: Accreditation of a social service provider"
    )
    assert "ngo@example.org" in shown.text
    assert "/start/" in shown.text


def test_outside_the_demonstration_there_is_nothing_of_it(settings, clock, parsed_programs):
    real = replace(settings, demo=False)
    with running_app(real, clock=clock, parsed=parsed_programs) as app:
        visitor = Browser(app)
        for address in ("/demo/mail", "/demo/mail/1", "/demo/clock"):
            visitor.get(address, status=404)
        assert "community-2026" not in visitor.get("/sign-in").soup.get_text()
        assert "Nothing here is real" not in visitor.get("/").soup.get_text()
