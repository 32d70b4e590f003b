"""Collections in real browsers: phones in a room, lost networks, the office at its desk."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.e2e.people import PHONE, lose_the_first_answer
from tests.support.collecting import asking, collection, opened_case, scoring
from workflow_app.models.collections import CollectionEntry
from workflow_app.services.collecting.seats import seats_of, short_code, token_of

pytestmark = pytest.mark.e2e
TEXT = "The bus comes too late for the first shift."


@pytest.fixture
def remarks(served):
    """Return the address of a collection that anybody may answer."""
    _case, number = opened_case(served, asking())
    return f"/collect/{number}/remarks"


@pytest.fixture
def workshop(served):
    """Return the address of a collection with three seats, with what leads to each."""
    case_id, number = opened_case(served, scoring())
    secret = served.app.extensions["platform"].settings.secret_key
    with served.acting() as ctx:
        found = seats_of(ctx, collection(served, case_id, "workshop"))
    words = {one.code: token_of(secret, one.id, one.turn) for one in found}
    codes = {one.code: short_code(secret, one.id, one.turn) for one in found}
    return f"/collect/{number}/workshop", words, codes


def entries(served):
    return served.read(lambda s: s.scalars(select(CollectionEntry)).all())


def fill(page, text=TEXT):
    page.locator("select[name=section]").select_option("goals")
    page.locator("textarea[name=text]").fill(text)


def send(page, name="Send"):
    page.locator("#main-form .app-form-actions").get_by_role("button", name=name).click()


def picture(person, name):
    """Keep a picture of the page where somebody wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        width = (person.page.viewport_size or {}).get("width")
        person.page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_a_visitor_sends_and_the_office_answers(served, person, remarks, screen):
    visitor, officer = person(**screen), person("registrar", **screen)
    visitor.open(remarks)
    picture(visitor, "remarks")
    for text in (TEXT, "And it costs too much."):
        fill(visitor.page, text)
        send(visitor.page)
        visitor.page.get_by_text("What you sent has arrived").wait_for()
    visitor.look()
    answer_both(officer, f"/cases/{remarks.split('/')[2]}/collections/remarks")
    officer.open(f"/cases/{remarks.split('/')[2]}")
    picture(officer, "case")
    officer.page.locator("a[href*='/tasks/']").first.click()
    officer.page.wait_for_load_state()
    officer.look()
    picture(officer, "task")
    visitor.open(remarks)
    picture(visitor, "published")
    assert visitor.page.get_by_text("From March it comes at six.").count() == 1


def answer_both(officer, office):
    """Answer the first entry on its page, the second as one of those ticked."""
    officer.open(office)
    picture(officer, "list")
    officer.open(f"{office}/1")
    officer.page.locator("select[name=verdict]").select_option("accepted")
    officer.page.locator("textarea[name=reason]").fill("From March it comes at six.")
    picture(officer, "entry")
    officer.press("Save and go to the next")
    assert officer.heading == "Number 2"
    officer.open(f"{office}?state=open")
    officer.page.locator("#tick-2").check(force=True)
    officer.press("Give those ticked the same answer")
    picture(officer, "same")
    officer.page.locator("select[name=verdict]").select_option("noted")
    officer.page.locator("textarea[name=reason]").fill("We wrote to the operator.")
    officer.press("Save the answer")


def test_a_phone_without_network_for_a_minute_loses_and_doubles_nothing(served, person, workshop):
    place, words, _codes = workshop
    phone = person(**PHONE)
    phone.open(f"{place}/{words['a']}")
    picture(phone, "scores")
    phone.page.wait_for_function(
        "async path => (await navigator.serviceWorker.ready).active"
        " && !!(await (await caches.open('kept-pages')).match(path))",
        arg=f"{place}/{words['a']}",
    )
    phone.context.set_offline(True)
    for name, value in (("0-severity", "5"), ("0-reach", "2"), ("1-severity", "3")):
        phone.page.locator(f"input[name='scores-{name}']").fill(value)
    phone.page.locator("[data-offline-status]", has_text="kept in this browser").wait_for()
    phone.page.reload()
    expect(phone.page.locator("input[name='scores-0-severity']")).to_have_value("5")
    phone.page.locator("input[name='scores-1-reach']").fill("4")
    send(phone.page)
    phone.page.locator("[data-offline-status]", has_text="sent by itself").wait_for()
    picture(phone, "offline")
    assert entries(served) == []
    phone.context.set_offline(False)
    phone.page.get_by_text("What you sent has arrived").wait_for()
    (entry,) = entries(served)
    assert [(row["severity"], row["reach"]) for row in entry.data["scores"]] == [(5, 2), (3, 4)]
    phone.look()
    picture(phone, "sent")


def test_an_answer_that_never_reached_the_phone_is_not_counted_twice(served, person, remarks):
    visitor = person(**PHONE)
    visitor.open(remarks)
    lost = lose_the_first_answer(visitor.page)
    fill(visitor.page)
    send(visitor.page)
    told = visitor.page.locator("[data-offline-status]", has_text="sent by itself")
    # The page sends again by itself, perhaps before anybody has read that it will.
    told.or_(visitor.page.get_by_text("What you sent has arrived")).first.wait_for()
    assert lost == [200]
    visitor.page.reload()
    visitor.page.get_by_text("What you sent has arrived").first.wait_for()
    assert len(entries(served)) == 1


def test_what_is_wrong_is_shown_with_what_was_typed(served, person, remarks):
    visitor = person()
    visitor.open(remarks)
    visitor.page.locator("textarea[name=text]").fill("x" * 3001)
    visitor.page.locator("select[name=section]").select_option("goals")
    send(visitor.page)
    visitor.page.locator(".govuk-error-summary").wait_for()
    assert len(visitor.page.locator("textarea[name=text]").input_value()) == 3001
    visitor.look()
    picture(visitor, "too-long")
    visitor.page.locator("textarea[name=text]").fill(TEXT)
    send(visitor.page)
    visitor.page.get_by_text("What you sent has arrived").wait_for()
    assert [entry.data["text"] for entry in entries(served)] == [TEXT]


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_a_room_with_codes_counts_who_is_in(served, person, workshop, screen):
    place, _words, codes = workshop
    wall, phone = person(**screen), person(**PHONE)
    wall.open(f"{place}/room")
    picture(wall, "room")
    phone.open(place)
    picture(phone, "code")
    phone.page.get_by_label("Enter your code").fill(codes["c"].lower())
    phone.press("Continue")
    for field in phone.page.locator("#main-form input[name^='scores-'][name$='y']").all():
        field.fill("4")
    for field in phone.page.locator("#main-form input[name$='reach']").all():
        field.fill("2")
    send(phone.page)
    phone.page.get_by_text("What you sent has arrived").wait_for()
    wall.page.locator("[data-live]", has_text="1 of 3 are in").wait_for()
    officer = person("registrar", **screen)
    assert "Your answer is wanted" in officer.page.locator("main").inner_text()
    picture(officer, "desk")
    officer.open(f"/cases/{place.split('/')[2]}/collections/workshop/seats")
    picture(officer, "seats")


def test_without_javascript_it_is_all_the_same(served, person, remarks):
    visitor = person(java_script_enabled=False)
    visitor.open(remarks)
    fill(visitor.page)
    send(visitor.page)
    visitor.page.get_by_text("What you sent has arrived").wait_for()
    visitor.look()
    assert len(entries(served)) == 1
