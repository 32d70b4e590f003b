"""Pages of notices: the party opens them, the registrar records post and hand."""

from __future__ import annotations

import pytest

from tests.services.test_notices import notice_of, start
from tests.support.answers import case_row, open_item

__all__ = ["start"]


@pytest.fixture
def party(office, start, visitor):
    """Return a case that waits for its notice, and its party's browser on the case's page."""
    case_id = start()
    case = case_row(office, case_id)
    return case_id, visitor.get(f"/follow/{case.number}?key={case.secret}")


def test_the_party_opens_its_notice_with_a_button_and_the_case_goes_on(office, party):
    case_id, page = party
    assert "You have a notice" in page.text
    assert "Unopened, it counts as received on 24 November 2026" in page.text
    assert notice_of(office, case_id).state == "sent"
    read = page.press("Open the notice")
    assert "The decision on A case" in read.text
    assert "opened on the page of the case" in read.text
    assert notice_of(office, case_id).how == "page"
    assert open_item(office, case_id, "first")
    back = read.click("Go on in the case")
    assert "You have a notice" not in back.text


def test_opening_twice_changes_nothing(office, party):
    case_id, page = party
    first = page.press("Open the notice")
    again = page.press("Open the notice")
    assert first.text == again.text
    assert notice_of(office, case_id).how == "page"


def test_without_the_key_nobody_opens_it(office, party, browser_of):
    case_id, _page = party
    number = case_row(office, case_id).number
    stranger = browser_of().get(f"/follow/{number}/notices")
    assert stranger.title == "Follow a case"
    assert notice_of(office, case_id).state == "sent"


def test_the_registrar_sees_what_came_back_and_records_the_post(office, start, sign_in):
    case_id = start(email=None)
    number = case_row(office, case_id).number
    page = sign_in("registrar").get(f"/cases/{number}")
    assert "A notice did not reach the party" in page.text
    listed = page.click("Notices of this case")
    assert "no e-mail address is known" in listed.text
    form = listed.browser.get(listed.one("main a[href*='/notices/']")["href"])
    assert "?key=" not in form.text
    fields = "main form[novalidate]"
    missing = form.send({"remark": "receipt 17"}, form=fields, status=422)
    assert missing.problems == [
        "Choose how the notice reached the party",
        "Enter the date on which it was received",
    ]
    assert missing.form(fields)["remark"] == "receipt 17"
    late = {"how": "post", "day": "2026-11-24", "remark": "receipt 17"}
    refused = form.send(late, form=fields, status=422)
    assert refused.problems == ["The date of service cannot lie in the future."]
    assert refused.form(fields)["day"] == "2026-11-24"
    early = form.send({**late, "day": "2026-11-20"}, form=fields, status=422)
    assert "before the day" in early.problems[0]
    done = form.send({**late, "day": "2026-11-23"}, form=fields)
    assert "The service of the notice is recorded." in done.text
    assert "by registered post" in done.text
    assert open_item(office, case_id, "first")
    form.send({**late, "day": "2026-11-23"}, form=fields, status=409)


def test_who_keeps_no_register_sees_the_notices_and_cannot_record(office, start, sign_in):
    case_id = start(email=None)
    number = case_row(office, case_id).number
    reviewer = sign_in("chair")
    listed = reviewer.get(f"/cases/{number}/notices")
    assert "Not served" in listed.text
    assert "Record that it was received" not in listed.text
    reviewer.get(f"/cases/{number}/notices/{notice_of(office, case_id).id}", status=403)


def test_the_history_tells_how_a_notice_was_served(office, party, sign_in):
    case_id, page = party
    page.press("Open the notice")
    number = case_row(office, case_id).number
    told = sign_in("registrar").get(f"/cases/{number}").text
    assert "was opened on the page of the case on 23 November 2026" in told
