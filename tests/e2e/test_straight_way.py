"""Acceptance scenario 1 in browsers: from an application on a phone to a certificate to check.

Five people sit at browsers; what the others do is played through the services.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import datetime

import pytest

from tests.e2e.people import PHONE
from tests.support.answers import application, case_row
from workflow_app.models.register import RegisterEntry
from workflow_app.services.scenarios.answering import Deviation

pytestmark = pytest.mark.e2e
KEY = "accreditation/straight"


@pytest.fixture
def applicant(person):
    return person(**PHONE)


@pytest.fixture
def staff(person):
    """Return who sits at a browser, by username; the secretary's has no JavaScript."""
    people = {name: person(name) for name in ("registrar", "reviewer1", "head")}
    return {**people, "secretary": person("secretary", java_script_enabled=False)}


def apply(applicant, served):
    """Apply by the link that comes by mail; returns the case."""
    applicant.open("/")
    applicant.follow("Accreditation of a social service provider")
    applicant.ask_for_link("office@sunny-door.example.org")
    applicant.apply(application(documents={"tax_statement": None}))
    assert applicant.heading == "Your application was sent"
    return case_row(served, 1)


def follow_from_mail(applicant, case, mailer):
    """Open the case by the newest mail's link, which brings number and key."""
    applicant.context.clear_cookies()
    link = re.findall(r"http://\S+/follow/\S+", mailer.sent[-1].text)[0]
    applicant.open(link)
    assert case.title in applicant.page.locator("main").inner_text()


class Course:
    """The scenario's course: who sits at a browser acts there, the services play the others."""

    def __init__(self, served, applicant, staff, mailer):
        self.served, self.applicant, self.staff, self.mailer = served, applicant, staff, mailer
        self.player = served.player(KEY)
        served.clock.moment = datetime.fromisoformat(self.player.scenario.clock)

    def run(self):
        case = apply(self.applicant, self.served)
        assert case.number in self.applicant.page.locator("main").inner_text()
        self.player.book.own = case.id
        for number, move in enumerate(self.player.scenario.steps, 1):
            self.act(number, move)
            if move.expect is not None:
                self.player._look(f"step {number}", move.expect, final=False, case=move.case)
            assert self.player.problems == []
        self.player._look("at the end", self.player.scenario.expect, final=True)
        assert self.player.problems == []
        return case

    def case(self, called):
        """Return a case's id; one that the worker is just beginning is waited for."""
        for _ in range(100):
            with suppress(Deviation):
                return self.player._case(called)
            time.sleep(0.1)
        return self.player._case(called)

    def act(self, number, move):
        case = case_row(self.served, self.player.case_id)
        if move.message:
            follow_from_mail(self.applicant, case, self.mailer)
            self.applicant.answer(case.id, move.message, move.answers)
        elif move.by in self.staff:
            self.staff[move.by].complete(self.case(move.case), move)
        else:
            self.player._move(f"step {number}", move)


def test_five_people_take_an_organisation_to_its_certificate(served, applicant, staff, mailer):
    case = Course(served, applicant, staff, mailer).run()
    check_the_certificate(served, applicant, case)
    staff["registrar"].open(f"/cases/{case.number}")


def check_the_certificate(served, applicant, case):
    """Anybody finds the certificate in the register and by its number."""
    entry = served.read(
        lambda session: session.query(RegisterEntry).filter_by(case_id=case.id).one()
    )
    applicant.context.clear_cookies()
    applicant.open(f"/check/{entry.key}")
    assert "Sunny Door NGO" in applicant.page.locator("main").inner_text()
    applicant.open("/registers/accredited_providers")
    applicant.page.get_by_text(entry.key).first.wait_for()
    applicant.open(f"/registers/accredited_providers/{entry.key}")
