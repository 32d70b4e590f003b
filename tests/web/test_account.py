"""One's own account: how one is told, the news, the calendar under a private address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select, update

from tests.services.drawing import begin, publish, two_steps, user_task
from tests.support.answers import case_row, open_item
from workflow_app.models.notices import CalendarEvent
from workflow_app.models.people import Account
from workflow_app.services.news import News, tell
from workflow_app.services.tasks import complete_task
from workflow_app.services.wishes import Wishes, chosen

CHAIR = user_task("second", '<zeebe:assignmentDefinition assignee="=&quot;chair&quot;"/>')
TERMS = 'second = "=working days(3)"'
FORM = "main form[novalidate]"


@pytest.fixture
def mine(sign_in):
    return sign_in("chair").get("/account/notifications")


@pytest.fixture
def held(office):
    """Begin a case with a task that the chair holds, due on the 26th."""
    publish(office, two_steps(second=CHAIR), terms=TERMS)
    case_id = begin(office, subject="The Sargsyan family", email="x@example.org")
    item = open_item(office, case_id, "first")
    with office.acting("registrar") as ctx:
        complete_task(ctx, item, {"amount": 1})
    return case_id


def wishes(office, username):
    with office.acting() as ctx:
        account = ctx.session.scalar(select(Account.id).where(Account.username == username))
        return chosen(ctx, [account]).get(account, Wishes())


def address(page):
    return page.one(".app-address a")["href"].removeprefix("http://localhost")


def feed(browser, path):
    answer = browser.client.get(path)
    assert answer.mimetype == "text/calendar"
    return answer, Calendar.from_ical(answer.get_data())


def test_the_page_shows_the_habit_and_keeps_the_choice(office, mine):
    assert (mine.form(FORM)["personal"], mine.form(FORM)["offers"]) == ("at_once", "digest")
    done = mine.send({"personal": "digest", "offers": "none"}, form=FORM)
    assert "Your choice is saved." in done.text
    assert wishes(office, "chair") == Wishes("digest", "none")
    assert done.form(FORM)["offers"] == "none"


def test_what_is_no_choice_is_refused(office, mine):
    refused = mine.browser.post(
        "/account/notifications", {**mine.form(FORM), "personal": "by pigeon"}, status=422
    )
    assert len(refused.problems) == 1
    assert wishes(office, "chair") == Wishes()


def test_it_asks_to_sign_in(visitor):
    assert visitor.get("/account/notifications").title == "Sign in"


def test_news_are_new_once(office, sign_in):
    told = News(kind="mention", why="%(who)s mentions you", details={"who": "Ani"}, page="/inbox")
    with office.acting() as ctx:
        tell(ctx, ["chair"], told, path="AM")
    browser = sign_in("chair")
    first = browser.get("/account/news")
    assert "New" in first.all(".govuk-tag")
    assert first.one("main li a")["href"] == "/inbox"
    assert "New" not in browser.get("/account/news").all(".govuk-tag")


def test_the_calendar_has_the_terms_of_one_s_tasks_and_nobody_s_name(office, held, mine, visitor):
    page = mine.press("Make an address")
    _answer, calendar = feed(visitor, address(page))
    (event,) = calendar.walk("VEVENT")
    number = case_row(office, held).number
    assert event["summary"] == f"Due: Second step, {number}"
    assert event.decoded("dtstart") == datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    assert event["location"] == "Armenia"
    assert "Sargsyan" not in calendar.to_ical().decode()


def test_an_unchanged_calendar_is_not_sent_again(held, mine, visitor):
    path = address(mine.press("Make an address"))
    answer, _calendar = feed(visitor, path)
    again = visitor.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


def test_a_renewed_address_ends_the_one_before(mine, visitor):
    first = address(mine.press("Make an address"))
    page = mine.browser.get("/account/notifications").press("Renew the address")
    second = address(page)
    assert first != second
    assert visitor.client.get(first).status_code == 404
    feed(visitor, second)
    gone = page.press("Take the address away")
    assert gone.soup.select(".app-address") == []
    assert visitor.client.get(second).status_code == 404
    third = address(gone.press("Make an address"))
    assert third not in (first, second)


@pytest.mark.parametrize("token", ["nothing", "WzEsMV0.forged", "..", "a" * 3000])
def test_a_forged_address_leads_nowhere(visitor, token):
    assert visitor.client.get(f"/calendar/{token}.ics").status_code == 404


def test_whoever_lost_their_account_has_no_calendar(office, mine, visitor):
    path = address(mine.press("Make an address"))
    with office.acting() as ctx:
        ctx.session.execute(update(Account).where(Account.username == "chair").values(active=False))
    assert visitor.client.get(path).status_code == 404


def test_sessions_stand_in_the_calendars_of_their_people(office, held, mine, visitor):
    path = address(mine.press("Make an address"))
    shared = {"case_id": held, "title": "Session of the commission", "territory_path": "AM"}
    with office.acting() as ctx:
        starts = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
        for key, people, role in (
            ("mine", ["chair"], None),
            ("role", [], "commission_chair"),
            ("other", ["registrar"], None),
        ):
            event = {"key": key, "people": people, "role": role, "starts_at": starts}
            ctx.session.add(CalendarEvent(**shared, **event, changed_at=ctx.now, place="Room 2"))
    _answer, calendar = feed(visitor, path)
    sessions = [e for e in calendar.walk("VEVENT") if "Session" in e["summary"]]
    assert len(sessions) == 2
    assert {e["location"] for e in sessions} == {"Room 2"}
    assert sessions[0].decoded("dtend") > sessions[0].decoded("dtstart")
