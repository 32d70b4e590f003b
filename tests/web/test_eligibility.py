"""The questions before the application: who cannot apply learns why before typing anything."""

from __future__ import annotations

import pytest

from tests.support.answers import application, apply_at, case_row, start_fields
from tests.web.conftest import answer_first
from workflow_app.models.case import Answer, Draft
from workflow_app.models.register import StartLink

ADDRESS = "/services/accreditation/before"
FINE = {
    "service_type": "day_older",
    "is_entity": "yes",
    "years_in_service": "5",
    "tax_debt_now": "none",
    "revoked_lately": "no",
}
REASONS = {
    "is_entity": ("no", "Only organisations can be accredited"),
    "years_in_service": ("0", "given services for longer"),
    "tax_debt_now": ("unscheduled", "tax debt without a schedule"),
    "revoked_lately": ("yes", "waiting time after a revocation"),
}


@pytest.mark.parametrize(("field", "told"), REASONS.items(), ids=REASONS)
def test_each_reason_against_is_told_with_what_to_do(visitor, field, told):
    value, words = told
    page = visitor.get(ADDRESS).send({**FINE, field: value})
    assert page.title == "You cannot apply now"
    assert words in page.text
    others = [other for name, (_value, other) in REASONS.items() if name != field]
    assert not [other for other in others if other in page.text]


def test_a_schedule_for_a_debt_is_to_be_minded_and_stops_nobody(visitor):
    page = visitor.get(ADDRESS).send({**FINE, "tax_debt_now": "scheduled"})
    assert page.title == "You can apply"
    assert "Attach the payment schedule" in page.text


def test_a_question_left_out_is_named(visitor):
    page = visitor.get(ADDRESS).send({**FINE, "is_entity": []}, status=422)
    assert len(page.problems) == 1


def test_nothing_of_it_is_stored_before_somebody_goes_on(visitor, office):
    visitor.get(ADDRESS).send({**FINE, "is_entity": "no"})
    answer_first(visitor)
    for table in (Draft, StartLink, Answer):
        assert office.read(lambda session, table=table: session.query(table).count()) == 0


def test_the_answers_go_along_into_the_form_and_the_case(visitor, office, start_link):
    page = visitor.get(start_link())
    service = page.click("The service")
    assert service.value("service_type") == "day_older"
    assert service.value("years_in_service") == "5"
    apply_at(page, start_fields(office, application()))
    case = case_row(office, 1)
    kept = office.read(
        lambda s: s.query(Answer).filter(Answer.element.endswith("#before")).one().data
    )
    assert (kept["is_entity"], kept["years_in_service"]) == ("yes", 5)
    assert case.title.startswith("Sunny Door NGO")


def test_whoever_skips_the_questions_is_asked_when_the_form_opens(visitor, sign_in):
    page = sign_in("applicant").get("/services/accreditation/start")
    assert page.title == "Check whether you can apply"
    page = page.send(FINE).click("Go on to the application")
    assert page.path == "/services/accreditation/start"
    assert page.title == "Accreditation of a social service provider"


def test_a_process_without_questions_has_no_such_page(visitor):
    visitor.get("/services/hear_party/before", status=404)


def test_the_service_offers_the_questions_until_they_are_answered(visitor):
    page = visitor.get("/services/accreditation").click("Check whether you can apply")
    page = page.send(FINE).click("Go on to the application")
    assert page.path == "/services/accreditation"
    assert "Check whether you can apply" not in page.text
