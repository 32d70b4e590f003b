"""Applying section by section, without JavaScript: the list, a section, the check, the sending."""

from __future__ import annotations

import pytest

from tests.support.answers import application, apply_at, case_row, part_fields, start_fields
from workflow_app.models.case import Case, Draft


@pytest.fixture
def listed(visitor, start_link):
    """Return the list of sections behind a fresh link."""
    return visitor.get(start_link())


SECTIONS = (
    *("Your organisation", "The service", "Staff", "Money"),
    *("Standard and self-assessment", "Documents"),
)


def fill(page, office, title, **changes):
    """Fill in one section from the list and go on."""
    form = page.click(title)
    fields = start_fields(office, application(email="ngo@example.org", **changes))
    return form.send(part_fields(form, fields), whole=True)


def states(page):
    """Return the words beside each section."""
    rows = page.soup.select(".govuk-task-list__item")
    return {
        row.select_one(".govuk-task-list__name-and-hint > :first-child").get_text(
            strip=True
        ): row.select_one(".govuk-task-list__status").get_text(strip=True)
        for row in rows
    }


def filled(page, office, **changes):
    """Fill in every section; returns the list."""
    for title in SECTIONS:
        page = fill(page, office, title, **changes)
    return page


def test_the_list_begins_with_nothing_done_and_says_what_cannot_start(listed):
    assert listed.title == "Accreditation of a social service provider"
    assert set(states(listed)) == set(SECTIONS)
    assert states(listed)["Your organisation"] == "Not started"
    assert states(listed)["Documents"] == "Cannot start yet"
    assert "Complete first: The service" in listed.text


def test_a_whole_application_section_by_section_to_the_receipt(listed, office):
    page = filled(listed, office)
    assert set(states(page).values()) == {"Completed"}
    check = page.click("Check your answers")
    assert "ngo@example.org" in check.text
    assert "Declaration" not in states(page)
    unsigned = check.send({}, status=422)
    assert unsigned.problems == ["Type your full name to sign “Declaration”"]
    signed = {"declaration-name": "Anahit Petrosyan", "declaration-agreed": "true"}
    sent = unsigned.send(signed)
    assert sent.title == "Your application was sent"
    case = case_row(office, 1)
    assert case.number in sent.text
    assert office.read(lambda session: session.query(Draft).count()) == 0


def test_a_wrong_section_says_what_is_wrong_and_is_kept_as_in_progress(listed, office):
    page = listed.click("The service")
    fields = part_fields(page, start_fields(office, application()))
    fields["capacity"] = "0"
    wrong = page.send(fields, whole=True, status=422)
    assert len(wrong.problems) == 1
    assert wrong.value("capacity") == "0"
    again = wrong.browser.get(listed.path)
    assert states(again)["The service"] == "In progress"
    assert again.click("The service").value("capacity") == "0"


def test_save_for_later_asks_nothing_and_keeps_all(listed, office):
    page = listed.click("Staff").send({"staff-0-name": "Anna"}, button=("_save", "1"))
    assert page.path == listed.path
    assert states(page)["Staff"] == "In progress"
    assert page.click("Staff").value("staff-0-name") == "Anna"


def test_a_section_that_depends_on_another_waits_for_it(listed, visitor):
    page = visitor.get(f"{listed.path}/section/documents")
    assert page.path == listed.path
    assert "Complete first: The service" in page.text


def test_an_answer_is_changed_from_the_check_and_one_is_back_there(listed, office):
    page = filled(listed, office).click("Check your answers")
    link = next(a for a in page.soup.select("a[href]") if "#f-phone" in a["href"])
    form = page.browser.get(link["href"].split("#")[0])
    assert form.title == "Your organisation"
    back = form.send({"phone": "+374 10 999999"})
    assert back.title == "Check your answers"
    assert "+374 10 999999" in back.text


def test_an_answer_that_no_longer_fits_opens_its_section_again(listed, office):
    page = filled(listed, office)
    assert states(page)["The service"] == "Completed"
    form = page.click("The service")
    back = form.send({"form_of_care": "general_residential", "current_users": "999"}, status=422)
    check = back.browser.get(f"{listed.path}/check")
    assert "Complete these sections" in check.text
    assert check.soup.select("form#main-form") == []


def test_what_is_wrong_when_it_is_sent_leads_to_the_page_of_its_section(listed, office, visitor):
    filled(listed, office)
    fields = start_fields(office, application(email="ngo@example.org", capacity=0))
    page = apply_at(visitor.get(listed.path), fields, status=422)
    link = page.soup.select_one(".govuk-error-summary__list a")
    assert "/section/service?" in link["href"]
    assert office.read(lambda session: session.query(Case).count()) == 0


def test_switching_the_language_in_a_section_keeps_what_was_typed(listed):
    page = listed.click("Staff").send({"staff-0-name": "Anna"}, button=("_lang", "hy"))
    assert page.soup.html["lang"] == "hy"
    assert page.value("staff-0-name") == "Anna"


def test_a_row_is_added_without_script(listed):
    page = listed.click("Staff").send({"staff-0-name": "Anna"}, button=("_row", "add:staff"))
    assert page.value("staff-0-name") == "Anna"
    assert page.value("staff-1-name") == ""


def test_autosave_keeps_a_section_and_says_when(listed, visitor):
    form = listed.click("Staff").form("form#main-form")
    form["staff-0-name"] = "Anna"
    answer = visitor.raw(f"{listed.path}/section/staff/draft", form)
    assert "Saved" in answer.json["saved"]
    assert visitor.get(listed.path).click("Staff").value("staff-0-name") == "Anna"


def test_two_people_in_two_sections_do_not_disturb_each_other(listed):
    staff, money = listed.click("Staff"), listed.click("Money")
    staff.send({"staff-0-name": "Anna"}, button=("_save", "1"))
    page = money.send({"tax_debt": "7"}, button=("_save", "1"))
    assert page.click("Staff").value("staff-0-name") == "Anna"
    assert page.click("Money").value("tax_debt") == "7"


def test_two_people_in_one_section_are_told(listed):
    first, second = listed.click("Money"), listed.click("Money")
    first.send({"tax_debt": "7"}, button=("_save", "1"))
    told = second.send({"tax_debt": "8"}, button=("_save", "1"))
    assert "saved elsewhere" in told.text
    assert told.value("tax_debt") == "8"
    kept = told.send({}, button=("_save", "1"))
    assert kept.click("Money").value("tax_debt") == "8"
