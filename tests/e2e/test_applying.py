"""The applicant's way: on a phone, by keyboard, without JavaScript, at 400 % zoom."""

from __future__ import annotations

import pytest

from tests.support.answers import application, case_row

PHONE = {"viewport": {"width": 360, "height": 740}}
WAYS = {
    "a phone": PHONE,
    "no JavaScript": {"java_script_enabled": False},
    "400 % zoom": {"viewport": {"width": 320, "height": 256}},
}


def link_from_mail(applicant):
    applicant.open("/services/accreditation")
    applicant.ask_for_link("office@sunny-door.example.org")


@pytest.mark.parametrize("options", WAYS.values(), ids=WAYS)
def test_a_whole_application(served, person, options):
    applicant = person(**options)
    link_from_mail(applicant)
    applicant.follow("The service")
    applicant.page.locator('[name="capacity"]').fill("0")
    applicant.send("Save and continue", refused=True)
    applicant.follow("Back")
    applicant.apply(application(email="office@sunny-door.example.org"))
    assert applicant.heading == "Your application was sent"
    case = case_row(served, 1)
    applicant.follow("Follow the case")
    assert "What you sent" in applicant.page.locator("main").inner_text()
    assert case.number in applicant.page.locator("main").inner_text()


def test_a_section_by_keyboard_alone(person):
    applicant = person()
    link_from_mail(applicant)
    page = applicant.page
    page.get_by_role("link", name="Money", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.locator('[name="tax_debt"]').focus()
    page.keyboard.type("7")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Save for later":
            break
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert (
        page.locator(".govuk-task-list__item", has_text="Money")
        .inner_text()
        .endswith("In progress")
    )
