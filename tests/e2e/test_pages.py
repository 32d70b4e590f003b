"""Pages in browsers: what they weigh, every one on a phone, errors, and the live diagram."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.people import PHONE
from tests.support.answers import case_row, open_item

pytestmark = pytest.mark.e2e
LIMIT = 150 * 1024
PUBLIC = [
    *("/", "/services/accreditation", "/follow", "/check", "/check?number=CERT-0", "/registers"),
    *("/registers/accredited_providers", "/accessibility", "/sign-in", "/demo/mail", "/demo/clock"),
    *("/nowhere", "/start/guess", "/help/findings", "/help/findings/missing-attribute"),
]


@pytest.fixture
def applied(served):
    return served.play("accreditation/straight", until="check_documents").case_id


def weighed(person, path):
    """Return the bytes that came over the wire for a page, fonts aside."""
    session = person.context.new_cdp_session(person.page)
    session.send("Network.enable")
    fonts, sizes = set(), {}
    session.on(
        "Network.responseReceived",
        lambda seen: fonts.add(seen["requestId"]) if seen["type"] == "Font" else None,
    )
    session.on(
        "Network.loadingFinished",
        lambda done: sizes.update({done["requestId"]: done["encodedDataLength"]}),
    )
    person.open(path)
    person.page.wait_for_load_state("networkidle")
    session.detach()
    assert sizes
    return sum(size for request, size in sizes.items() if request not in fonts)


def test_the_inbox_weighs_less_than_150_kilobytes_with_fonts_cached(person, applied):
    registrar = person("registrar")
    fresh = person()
    fresh.context.add_cookies(registrar.context.cookies())
    weight = weighed(fresh, "/inbox?tab=groups")
    assert 10_000 < weight < LIMIT


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_public_pages_are_accessible_in_two_scripts(person, screen):
    visitor = person(**screen)
    for path in PUBLIC:
        visitor.open(path)
    visitor.open("/")
    visitor.press("Հայերեն")
    for path in ("/", "/services/accreditation", "/follow", "/nowhere"):
        visitor.open(path)


def test_error_pages_and_a_refused_form_are_accessible(served, person, applied):
    visitor = person()
    visitor.open("/follow")
    visitor.page.locator("main form").get_by_role("button").first.click()
    visitor.look()
    assert visitor.page.locator(".govuk-error-summary").is_visible()
    case = case_row(served, applied)
    stranger = person("monitor")
    stranger.open(f"/cases/{case.number}")
    assert stranger.heading == "There is no such page"
    applicant = person()
    applicant.open("/sign-in")
    registrar = person("registrar")
    registrar.take(applied, "check_documents")
    registrar.page.locator("#main-form .app-form-actions").get_by_role("button").first.click()
    expect(registrar.page.locator(".govuk-error-summary")).to_be_visible()
    registrar.look()


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_pages_of_a_supervisor_are_accessible(served, person, applied, screen):
    case = case_row(served, applied)
    supervisor = person("supervisor", **screen)
    supervisor.open("/incidents")
    for page in ("data", "move", "cancel"):
        supervisor.open(f"/cases/{case.number}/{page}")
        supervisor.page.locator("main form button[type=submit]").click()
        supervisor.look()
        assert supervisor.page.locator(".govuk-error-summary").is_visible()


def test_the_diagram_of_a_case_marks_where_it_stands(served, person, applied):
    registrar = person("registrar")
    registrar.open(f"/cases/{case_row(served, applied).number}")
    figure = registrar.page.locator("figure[data-diagram]").first
    figure.scroll_into_view_if_needed()
    registrar.page.locator("figure.app-diagram--ready").first.wait_for()
    here = figure.locator('.djs-element[data-element-id="check_completeness"]')
    expect(here).to_have_class(re.compile("current"))
    registrar.look()


def test_a_task_on_a_phone_fits_and_its_file_lies_below(served, person, applied):
    registrar = person("registrar", **PHONE)
    registrar.open(f"/tasks/{open_item(served, applied, 'check_documents')}")
    form = registrar.page.locator("#main-form").bounding_box()
    file = registrar.page.locator(".app-file").bounding_box()
    assert file["y"] >= form["y"] + form["height"]


def test_a_draft_typed_on_one_device_is_there_on_another(served, person, applied):
    item = open_item(served, applied, "check_documents")
    desk, phone = person("registrar"), person("registrar", **PHONE)
    desk.open(f"/tasks/{item}")
    field = desk.page.locator('#main-form [name$="-remark"]').first
    name = field.get_attribute("name")
    field.fill("The extract is from last year")
    expect(desk.page.locator("[data-draft-status]")).to_contain_text("Saved")
    phone.open(f"/tasks/{item}")
    assert phone.page.locator(f'[name="{name}"]').input_value() == "The extract is from last year"
