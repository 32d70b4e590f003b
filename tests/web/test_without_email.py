"""A party without an e-mail address: all it is told goes by post or by hand, by the registrar."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from tests.support.answers import case_row, open_item
from tests.web.test_paper import entered
from workflow_app.models.case import Case
from workflow_app.models.notices import Notice

FORM = "main form[novalidate]"


def forget_address(office):
    with office.acting() as ctx:
        ctx.session.execute(update(Case).values(key_holder_email=None))


def states(office):
    """Return the notices of all cases, in the order in which they arose."""
    query = select(Notice.key, Notice.state).order_by(Notice.created_at, Notice.id)
    return [tuple(row) for row in office.read(lambda session: session.execute(query).all())]


def serve(browser, number, how, day):
    """Record the newest notice that did not reach the party; returns the page that follows."""
    listed = browser.get(f"/cases/{number}").click("Notices of this case")
    form = browser.get(listed.one("main a[href*='/notices/']")["href"])
    return form.send({"how": how, "day": day, "remark": "receipt 17"}, form=FORM)


def test_the_receipt_of_a_paper_goes_by_post(office, sign_in, mailer):
    registrar, _page, case = entered(office, sign_in, email=None)
    office.settle()
    assert states(office) == [("received", "unserved")]
    assert [mail.to for mail in mailer.sent if "did not reach" in mail.text] == [
        "registrar@example.org"
    ]
    page = registrar.get(f"/cases/{case.number}")
    assert "A notice did not reach the party" in page.text
    assert "3 Garegin Nzhdeh Street, Kapan" in page.text
    assert "13 November 2026" in page.text
    done = serve(registrar, case.number, "post", "2026-11-23")
    assert "by registered post" in done.text
    assert states(office) == [("received", "served")]


def test_a_paper_shows_its_day_and_address_in_the_file(office, sign_in):
    registrar, _page, case = entered(office, sign_in)
    file = registrar.get(f"/cases/{case.number}/file/data").text
    assert "Day on which the paper was received" in file
    assert "13 November 2026" in file
    assert "Postal address for answers" in file
    assert "3 Garegin Nzhdeh Street, Kapan" in file


@pytest.fixture
def waiting(office):
    """Return a case whose party has no address and that misses a document."""

    def until(move):
        if move.task == "check_documents":
            forget_address(office)
        return bool(move.message)

    return case_row(office, office.play("accreditation/straight", until=until).case_id)


def test_missing_documents_are_asked_for_by_hand_and_the_term_runs_from_then(
    office, waiting, sign_in
):
    assert states(office)[-1] == ("missing_documents", "unserved")
    served = serve(sign_in("registrar"), waiting.number, "hand", "2026-11-27")
    assert "by hand" in served.text
    assert states(office)[-1] == ("missing_documents", "served")
    office.move_to("2026-12-11T18:01:00+04:00")
    assert open_item(office, waiting.id, "confirm_lapse")


def test_a_decision_waits_for_the_registrar_to_record_it(office, sign_in):
    def until(move):
        if move.task == "redact":
            forget_address(office)
        return move.advance == "P3D"

    case = case_row(office, office.play("accreditation/refusal", until=until).case_id)
    assert states(office)[-1] == ("decision", "unserved")
    assert case.status == "decided"
    office.move_to("2027-03-01T09:00:00+04:00")
    assert case_row(office, case.id).status == "decided"
    serve(sign_in("registrar"), case.number, "post", "2026-12-21")
    ended = case_row(office, case.id)
    assert (ended.status, ended.outcome) == ("refused", "refused")
