"""Applying by a link, without an account and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

from tests.support.answers import (
    application,
    apply_at,
    case_row,
    message_fields,
    start_fields,
    wait_for,
)
from tests.web.conftest import answer_first
from workflow_app.models.case import Case


def test_an_application_from_the_link_to_the_receipt(visitor, office, start_link, mailer):
    page = visitor.get(start_link())
    assert page.title == "Accreditation of a social service provider"
    assert page.click("Your organisation").value("email") == "ngo@example.org"
    fields = start_fields(office, application(email="ngo@example.org"))
    sent = apply_at(page, fields)
    assert sent.title == "Your application was sent"
    case = case_row(office, 1)
    assert case.number in sent.text
    assert case.secret in sent.text
    office.settle()
    assert case.number in mailer.sent[-1].subject
    followed = sent.click("Follow the case")
    assert case.title in followed.text


def test_a_link_opens_nothing_once_it_was_used(visitor, office, start_link):
    address = start_link()
    apply_at(visitor.get(address), start_fields(office, application()))
    page = visitor.get(address, status=404)
    assert "used already" in page.text


def test_an_expired_link_says_so(visitor, start_link, clock):
    address = start_link()
    clock.advance(timedelta(days=31))
    assert "expired" in visitor.get(address, status=404).text


def test_a_new_link_goes_on_where_an_expired_one_ended(visitor, start_link, clock):
    page = visitor.get(start_link()).click("Staff")
    page.send({"staff-0-name": "Anna"}, button=("_save", "1"))
    clock.advance(timedelta(days=31))
    page = visitor.get(start_link())
    assert page.click("Staff").value("staff-0-name") == "Anna"


def test_another_address_sees_nothing_of_it(visitor, start_link):
    page = visitor.get(start_link()).click("Staff")
    page.send({"staff-0-name": "Anna"}, button=("_save", "1"))
    other = visitor.get(start_link("other@example.org"))
    assert other.click("Staff").value("staff-0-name") == ""


def test_sending_twice_starts_one_case(visitor, office, start_link):
    address = start_link()
    page, again = visitor.get(address), visitor.get(address)
    apply_at(page, start_fields(office, application()))
    apply_at(again, start_fields(office, application()), status=404)
    assert office.read(lambda session: session.query(Case).count()) == 1


def test_applying_with_an_account_needs_no_link(office, sign_in):
    applicant = sign_in("applicant")
    answer_first(applicant)
    page = applicant.get("/services/accreditation").click("Start now")
    sent = apply_at(page, start_fields(office, application()))
    case = case_row(office, 1)
    assert case.number in sent.text
    assert case.started_by == "applicant"
    assert case.title in applicant.get("/my-cases").text


def test_the_key_holder_withdraws_and_the_case_is_over(visitor, office):
    player = office.play("accreditation/straight", until="check_documents")
    case = case_row(office, player.case_id)
    page = visitor.get(f"/follow/{case.number}?key={case.secret}").click("Withdraw the application")
    refused = page.send({}, status=422)
    assert refused.problems != []
    wait = wait_for(office, case.id, "application_withdrawn")
    answers = {"withdraw_reason": "We move to another town.", "confirm_withdrawal": True}
    page = refused.send(message_fields(office, case.id, wait, answers), whole=True)
    assert page.title == "Sent"
    office.settle()
    assert case_row(office, case.id).status == "withdrawn"
    after = page.click("Back to the case")
    assert "Withdrawn" in after.text
    assert "Withdraw the application" not in after.text


def test_another_browser_does_not_see_the_case_without_the_key(visitor, office, browser_of):
    player = office.play("accreditation/straight", until="check_documents")
    case = case_row(office, player.case_id)
    assert browser_of().get(f"/follow/{case.number}").path == "/follow"
    visitor.get(f"/follow/{case.number}?key={case.secret}")
    assert visitor.get(f"/follow/{case.number}").path == f"/follow/{case.number}"
