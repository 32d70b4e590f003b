"""Visitors at the points of a case where web tests begin."""

from __future__ import annotations

import re

import pytest

from workflow_app.services.seeding import load_accounts


@pytest.fixture
def start_link(visitor, office, mailer):
    """Return a function that asks for a start link and gives its path."""

    def ask(email="ngo@example.org", browser=visitor):
        answer_first(browser)
        page = browser.get("/services/accreditation")
        page.send({"email": email}, form="main form[novalidate]")
        office.settle()
        mail = [m for m in mailer.sent if m.to == email][-1]
        return re.search(r"http://localhost(/start/\S+)", mail.text).group(1)

    return ask


def answer_first(browser):
    """Answer the questions before the application so that one may apply."""
    fields = {
        "service_type": "day_older",
        "is_entity": "yes",
        "years_in_service": "5",
        "tax_debt_now": "none",
        "revoked_lately": "no",
    }
    return browser.get("/services/accreditation/before").send(fields)


@pytest.fixture
def applied(office):
    """Return the id of a case that waits for its documents to be checked."""
    return office.play("accreditation/straight", until="check_documents").case_id


@pytest.fixture
def registrar(sign_in):
    return sign_in("registrar")


@pytest.fixture
def deputy(office, sign_in):
    """Return the browser of a second registrar."""
    roles = [{"role": "registrar", "territory": "AM"}]
    row = {"username": "deputy", "title": "Deputy registrar", "email": "deputy@example.org"}
    with office.acting() as ctx:
        load_accounts(ctx, [{**row, "roles": roles}], "no password")
    return sign_in("deputy")


@pytest.fixture
def designer(sign_in):
    return sign_in("designer")


@pytest.fixture
def second(sign_in):
    return sign_in("designer2")
