"""Statistics, contact and privacy: on every public page, and nothing that names single cases."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.services.several import begin, drawn, publish, task
from tests.support.counting import statements_of
from workflow_app.models.case import Case

KEY = "small_matters"
LINKS = {"Accessibility statement", "Privacy notice", "Contact", "Open data", "Statistics"}
PAGES = ["/", "/places", "/data", "/statistics", "/registers", "/registers/service_types"]


@pytest.mark.parametrize("address", PAGES)
def test_every_public_page_leads_to_accessibility_privacy_and_contact(visitor, address):
    assert set(visitor.get(address).all("footer a")) >= LINKS


def test_a_framed_page_leads_there_too(visitor):
    links = visitor.get("/registers/service_types?embed").all("footer a")
    assert {"Accessibility statement", "Privacy notice", "Contact"} <= set(links)


def test_a_message_is_mailed_with_the_page_it_was_written_on(visitor, office, mailer):
    page = visitor.get("/places").click("Contact")
    told = {"topic": "barrier", "message": "I cannot reach the map.", "email": "me@example.org"}
    sent = page.send(told)
    assert sent.title == "Your message is on its way"
    office.settle()
    mail = mailer.sent[-1]
    assert mail.to == "services@example.org"
    assert mail.subject == "Message from a visitor: Something I cannot use"
    for part in ("I cannot reach the map.", "/places", "me@example.org"):
        assert part in mail.text


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"message": ""}, "Write your message"),
        ({"message": "x" * 3001}, "Write at most 3,000 characters"),
        ({"message": "x", "email": "nobody"}, "Enter an e-mail address such as name@example.org"),
    ],
)
def test_a_message_that_cannot_be_sent_says_why_and_keeps_what_was_typed(visitor, told, problem):
    page = visitor.get("/contact").send(told, status=422)
    assert page.problems == [problem]
    assert page.value("message") == told["message"]


def test_the_statement_and_the_notice_lead_to_the_form(visitor):
    page = visitor.get("/accessibility").click("Tell us about a barrier")
    assert page.value("topic") == "barrier"
    page = visitor.get("/privacy").click("Write to us about your data")
    assert page.value("topic") == "data"


@pytest.fixture
def matters(office):
    """Begin seven cases: six of them finished, one late."""
    publish(office, drawn(KEY, "begin>first first>over", task("first")))
    ids = [begin(office, KEY, subject=f"Matter {number}") for number in range(7)]
    finished = {"phase": "finished", "state": None, "finished_at": office.clock.moment}
    with office.acting() as ctx:
        term = {"term_due": ctx.now, "breached_at": None}
        ctx.session.execute(update(Case).where(Case.id.in_(ids[:6])).values(**finished, **term))
        ctx.session.execute(update(Case).where(Case.id == ids[0]).values(breached_at=ctx.now))
    return ids


def rows(visitor):
    table = visitor.client.get("/statistics.csv").get_data(as_text=True).lstrip("\ufeff")
    found = csv.DictReader(io.StringIO(table))
    return {row["month"]: row for row in found if row["process"] == KEY}


@pytest.mark.usefixtures("matters")
def test_cases_are_counted_by_process_and_month(visitor):
    row = rows(visitor)["2026-11"]
    assert (row["begun"], row["finished"], row["in_time"]) == ("7", "6", "83")
    assert row["median_days"] == "0.0"
    page = visitor.get("/statistics")
    (line,) = [tr for tr in page.soup.select("tbody tr") if "November 2026" in tr.get_text()]
    assert [td.get_text(strip=True) for td in line.select("td")] == ["7", "6", "83 %", "0"]


def test_what_somebody_typed_turns_nothing_round_on_a_page(visitor):
    address = "/registers/service_types?q=day\u202e+care\u2066"
    page = visitor.client.get(address).get_data(as_text=True)
    assert 'value="day care"' in page
    assert not {"\u202e", "\u2066"} & set(page)


@pytest.mark.usefixtures("matters")
def test_no_case_is_counted_again_for_who_reads_it_in_the_next_minutes(visitor, office, app):
    def asked(address="/statistics"):
        with statements_of(app) as statements:
            assert visitor.client.get(address).status_code == 200
        return [one for one in statements if "case_record" in one]

    assert asked()
    assert asked() == asked("/statistics?lang=uk") == asked("/statistics.csv") == []
    office.clock.moment += timedelta(minutes=6)
    assert asked()


def test_numbers_that_could_give_people_away_are_kept_back(visitor, office, matters):
    with office.acting() as ctx:
        gone = update(Case).where(Case.id.in_(matters[:3]))
        ctx.session.execute(gone.values(finished_at=None, phase="open", state=b""))
    row = rows(visitor)["2026-11"]
    assert (row["finished"], row["in_time"], row["median_days"]) == ("", "", "")
    assert visitor.client.get("/statistics.json").get_json()[-1]["process"]
    assert office.read(lambda s: s.scalar(select(Case.id).where(Case.id == matters[0])))


def test_nobody_s_case_is_named(visitor, matters, office):
    numbers = office.read(lambda s: list(s.scalars(select(Case.number))))
    text = visitor.client.get("/statistics").get_data(as_text=True)
    assert len(matters) == 7
    assert not [number for number in numbers if number in text]
