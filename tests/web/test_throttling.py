"""Failing to sign in too often: counted for all servers, forgotten after five minutes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.support.browser import Browser
from tests.support.installation import running_app
from workflow_app.models.people import SignInFailure
from workflow_app.web import signing_in

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
EMAIL = "registrar@example.org"
BY_ACCOUNT, BY_ADDRESS = 3, 4


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Lower the limits: checking a password takes its time."""
    assert (signing_in.BY_ACCOUNT, signing_in.BY_ADDRESS) == (10, 30)
    monkeypatch.setattr(signing_in, "BY_ACCOUNT", BY_ACCOUNT)
    monkeypatch.setattr(signing_in, "BY_ADDRESS", BY_ADDRESS)


def fail(browser, email=EMAIL, status=200):
    return browser.sign_in(email, "guess", status=status)


@BOTH
def test_two_servers_count_together(app, settings, clock, visitor):
    with running_app(settings, clock=clock) as other:
        browsers = [visitor, Browser(other)]
        for number in range(BY_ACCOUNT):
            fail(browsers[number % 2])
        for browser in browsers:
            assert fail(browser, status=429).title == "Too many attempts"
            assert browser.sign_in(EMAIL, status=429).title == "Too many attempts"


def test_after_five_minutes_one_may_try_again(visitor, clock):
    for _ in range(BY_ACCOUNT):
        fail(visitor)
    fail(visitor, status=429)
    clock.advance(timedelta(minutes=5))
    assert visitor.sign_in(EMAIL).status == 200


def test_who_gets_in_is_not_counted_and_earlier_failures_stand(office, browser_of):
    fail(browser_of())
    browser_of().sign_in(EMAIL)
    left = office.read(lambda s: s.scalars(select(SignInFailure.who)).all())
    assert len(left) == 2, "one for the address, one for the account"


def test_the_rows_name_nobody(office, visitor):
    fail(visitor)
    rows = office.read(lambda s: s.scalars(select(SignInFailure.who)).all())
    assert all(len(who) == 64 and int(who, 16) for who in rows)


def test_one_address_cannot_go_through_account_after_account(visitor):
    for number in range(BY_ADDRESS):
        fail(visitor, f"nobody{number}@example.org")
    assert fail(visitor, "somebody-else@example.org", status=429).status == 429
