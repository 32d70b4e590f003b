"""A register's page: rows within an entry, why it is not in force, figures with their goal."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.support.counting import statements_of
from workflow_app.services.seeding import enter_rows

REGISTER = "/registers/accredited_providers"
ENTRY = f"{REGISTER}/CERT-AM-2026-0001"


@pytest.fixture
def suspended(office):
    office.play("provider_status/known")


@pytest.mark.usefixtures("suspended")
def test_an_entry_shows_the_history_of_its_status_and_why_it_is_not_in_force(visitor):
    page = visitor.get(ENTRY)
    assert page.all(".govuk-inset-text:not(.app-kept)") == ["The certificate is suspended for now."]
    assert page.all(".app-facts table td") == [
        "23 November 2026",
        "Suspended",
        "Users are in danger",
    ]
    link = "a[href='/services/provider_complaint?entry=CERT-AM-2026-0001']"
    assert page.all(link) == ["Complain about this provider"]
    assert "[{" not in page.text, "rows are no text"


@pytest.mark.usefixtures("suspended")
def test_the_check_of_a_suspended_certificate_says_not_valid_and_why(visitor):
    page = visitor.get("/check?number=CERT-AM-2026-0001")
    assert "Not in force" in page.text
    assert "The certificate is suspended for now." in page.text


@pytest.mark.usefixtures("suspended")
def test_rows_within_an_entry_are_taken_away_as_json(visitor):
    table = visitor.client.get(f"{REGISTER}.csv").get_data(as_text=True)
    (line,) = csv.DictReader(io.StringIO(table.lstrip("\ufeff")))
    assert json.loads(line["history"])[0]["status"] == "suspended"


def test_figures_stand_above_the_list_with_their_goal(visitor, office):
    office.play("accreditation_readiness/stopped")
    page = visitor.get("/registers/readiness_support")
    assert page.all(".app-facts dd") == ["1 goal: 7–10", "0"]


def test_figures_are_counted_once_for_each_state_of_the_register(visitor, office, app):
    row = {"organisation": "Sunny Door NGO", "reg_no": "1", "service_name": "Day care", "days": 1}

    def enter(number):
        entry = {**row, "number": number, "place": "AM", "started_on": "2026-01-01"}
        with office.acting() as ctx:
            enter_rows(
                ctx, "readiness_support", [{**entry, "outcome": "ready", "accredited": "yes"}]
            )

    def seen():
        with statements_of(app) as statements:
            page = visitor.get("/registers/readiness_support")
        counted = [one for one in statements if "count(" in one and "data" in one]
        return page.all(".app-facts dd"), len(counted)

    enter("A")
    assert seen() == (["1 goal: 7–10", "1"], 1)
    assert seen() == (["1 goal: 7–10", "1"], 0)
    enter("B")
    assert seen() == (["2 goal: 7–10", "2"], 1)
