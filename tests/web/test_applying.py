"""Applying by a link, without an account and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

from tests.support.answers import application, case_row, start_fields
from workflow_app.models.case import Case


def test_an_application_from_the_link_to_the_receipt(visitor, office, start_link, mailer):
    page = visitor.get(start_link())
    assert page.title == "Accreditation of a social service provider"
    assert page.value("email") == "ngo@example.org"
    fields = start_fields(office, application(email="ngo@example.org"))
    sent = page.send(fields, whole=True)
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
    visitor.get(address).send(start_fields(office, application()), whole=True)
    page = visitor.get(address, status=404)
    assert "used already" in page.text


def test_an_expired_link_says_so(visitor, start_link, clock):
    address = start_link()
    clock.advance(timedelta(days=31))
    assert "expired" in visitor.get(address, status=404).text


def test_sending_twice_starts_one_case(visitor, office, start_link):
    address = start_link()
    page, again = visitor.get(address), visitor.get(address)
    page.send(start_fields(office, application()), whole=True)
    again.send(start_fields(office, application()), whole=True, status=404)
    assert office.read(lambda session: session.query(Case).count()) == 1
