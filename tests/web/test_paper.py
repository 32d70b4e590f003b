"""An application that came on paper: who enters it, from when it counts, who holds its key."""

from __future__ import annotations

from tests.support.answers import application, apply_at, case_row, start_fields
from tests.support.browser import upload
from workflow_app.models.case import Answer, Document
from workflow_app.services.scenarios.answering import PDF

ADDRESS = "/services/accreditation/paper"


def fields(office, day=("13", "11", "2026"), **changes):
    whole = start_fields(office, application(**changes))
    for part, value in zip(("day", "month", "year"), day, strict=True):
        whole[f"paper-received_on-{part}"] = value
    whole["paper-scan"] = upload("scan.pdf", PDF)
    whole["paper-address"] = "3 Garegin Nzhdeh Street, Kapan"
    return whole


def entered(office, sign_in, **changes):
    registrar = sign_in("registrar")
    page = apply_at(registrar.get(ADDRESS), fields(office, **changes))
    return registrar, page, case_row(office, 1)


def test_the_day_of_receipt_starts_the_term(office, sign_in):
    _registrar, page, case = entered(office, sign_in)
    assert page.title == "The application is entered"
    assert case.started_at.date().isoformat() == "2026-11-13"
    assert case.term_due.date().isoformat() < "2026-12-20"


def test_a_paper_of_last_year_has_a_number_of_that_year(office, sign_in):
    _registrar, _page, case = entered(office, sign_in, day=("30", "12", "2025"))
    assert case.number.startswith("ACC-AM-2025-")


def test_number_and_key_are_printed_and_the_registrar_holds_no_key(office, sign_in):
    registrar, page, case = entered(office, sign_in, email=None)
    assert case.number in page.text
    assert case.secret in page.text
    assert "Print this page" in page.text
    assert case.key_holder_email is None
    assert registrar.get(f"/follow/{case.number}").path == "/follow"
    assert case.started_by == "public"


def test_the_signature_stands_on_the_paper_and_history_says_who_entered_it(office, sign_in):
    registrar, _page, case = entered(office, sign_in)
    answers = office.read(lambda s: s.query(Answer).filter_by(case_id=case.id).first().data)
    assert answers["declaration"]["name"] == "Signed on paper, see the scan"
    page = registrar.get(f"/cases/{case.number}")
    assert "Came on paper and was entered here" in page.text
    names = office.read(lambda s: [d.name for d in s.query(Document).filter_by(case_id=case.id)])
    assert "scan.pdf" in names


def test_what_the_form_wants_is_wanted_of_a_paper_too(office, sign_in):
    page = apply_at(sign_in("registrar").get(ADDRESS), fields(office, capacity=None), status=422)
    assert len(page.problems) == 1


def test_a_day_of_receipt_in_the_future_is_refused(office, sign_in):
    late = fields(office, day=("24", "11", "2026"))
    page = apply_at(sign_in("registrar").get(ADDRESS), late, status=422)
    assert page.problems == ["The day of receipt cannot lie in the future"]


def test_only_the_role_of_the_drawing_enters_papers(sign_in):
    sign_in("applicant").get(ADDRESS, status=403)
    sign_in("registrar").get("/services/appeal/paper", status=404)
