"""Papers beside the form, two pages of one draft, and a draft that outlives the server."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import serving
from tests.e2e.people import PHONE, Person
from tests.support.answers import open_item
from tests.support.installation import Office

pytestmark = pytest.mark.e2e
TASK = "check_documents"
NOTE = "textarea[name='clerical_errors']"
PANEL = "[data-papers]"


@pytest.fixture
def browser(windowed_browser):
    """Return what the people of these tests sit at: they read papers in it."""
    return windowed_browser


@pytest.fixture
def case_id(served):
    """Return a case with the applicant's papers, its first task open."""
    return served.play("accreditation/straight", until=TASK).case_id


@pytest.fixture
def item(served, case_id):
    return open_item(served, case_id, TASK)


def seen(person, name):
    """Keep a picture where somebody asks for it."""
    folder = os.environ.get("PICTURES")
    if folder:
        person.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def taken(person, case_id, **screen):
    registrar = person("registrar", **screen)
    registrar.take(case_id, TASK)
    return registrar


def paper(registrar):
    tab = registrar.page.get_by_role("tab", name="Documents", exact=True)
    # On a phone the parts of the file stand one below the other.
    if tab.count():
        tab.click()
    return registrar.page.locator("a[data-paper='pdf']:visible").first


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["desk", "phone"])
def test_a_paper_opens_beside_the_form_and_gives_the_focus_back(person, case_id, item, screen):
    registrar = taken(person, case_id, **screen)
    link = paper(registrar)
    link.focus()
    registrar.page.keyboard.press("Enter")
    panel = registrar.page.locator(PANEL)
    expect(panel).to_be_visible()
    expect(registrar.page.locator("[data-papers-title]")).to_be_focused()
    expect(panel.locator("iframe")).to_have_attribute("src", link.evaluate("link => link.href"))
    # The browser's own reader of PDF files has begun to show it.
    reader = registrar.page.frame_locator("[data-papers] iframe").locator("body")
    expect(reader).to_have_css("background-color", "rgb(40, 40, 40)")
    registrar.accessibility.pages.discard(registrar.page.title())
    registrar.look()
    seen(registrar, f"papers_{'phone' if screen else 'desk'}")
    # The reader takes the focus when its paper is there: the button closes it from anywhere.
    panel.get_by_role("button", name="Close document").press("Enter")
    expect(panel).to_be_hidden()
    expect(link).to_be_focused()
    assert registrar.page.url.partition("#")[0].endswith(f"/tasks/{item}")


def test_without_scripts_the_link_opens_the_file(person, case_id):
    registrar = taken(person, case_id, java_script_enabled=False)
    link = registrar.page.locator("a[data-paper='pdf']").first
    answer = registrar.context.request.get(registrar.address + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    expect(registrar.page.locator(PANEL)).to_be_hidden()


def test_two_pages_of_one_draft_are_told_apart(person, case_id, item):
    registrar = taken(person, case_id)
    other = registrar.context.new_page()
    other.goto(f"{registrar.address}/tasks/{item}")
    with other.expect_response(lambda answer: answer.url.endswith("/draft")) as kept:
        other.locator(NOTE).fill("Typed in the second page")
    assert kept.value.status == 200
    with registrar.page.expect_response(lambda answer: answer.url.endswith("/draft")) as refused:
        registrar.page.locator(NOTE).fill("Typed in the first page")
    assert refused.value.status == 409
    expect(registrar.page.locator(NOTE)).to_have_value("Typed in the first page")
    other.reload()
    expect(other.locator(NOTE)).to_have_value("Typed in the second page")
    seen(registrar, "two_pages")


def test_a_draft_outlives_the_server(
    own_settings, clock, mailer, parsed_programs, browser, accessibility
):
    parts = {"clock": clock, "mailer": mailer, "parsed": parsed_programs}
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    with serving(own_settings, **parts) as app:
        office = Office(app, clock)
        registrar = Person(office, context, accessibility)
        registrar.sign_in("registrar")
        registrar.take(office.play("accreditation/straight", until=TASK).case_id, TASK)
        address = registrar.page.url
        with registrar.page.expect_response(lambda answer: answer.url.endswith("/draft")):
            registrar.page.locator(NOTE).fill("Typed before the server went")
    with serving(own_settings, **parts):
        registrar.page.goto(address)
        expect(registrar.page.locator(NOTE)).to_have_value("Typed before the server went")
        registrar.leave()
