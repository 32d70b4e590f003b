"""Grants and appeals in browsers: their pages as applicants and the office see them."""

from __future__ import annotations

import pytest

from tests.e2e.walking import LANGUAGES, SMALL, Walk, keep, look_on_the_narrowest

pytestmark = pytest.mark.e2e
AT_WORK = False
CALL = "CALL-AM-2026-0001"
APPLY = f"/services/grant_application/for/{CALL}/start"
PUBLIC = ("/registers/calls", f"/registers/calls/{CALL}", f"/collect/{CALL}/questions", APPLY)
LINE = {"line": "Social workers", "units": "24", "unit_cost": "1200.5", "from_grant": "25000"}


@pytest.fixture
def walk(served, person):
    """Return a walk on a phone, whose forms are sent by a browser without scripts."""
    return Walk(served, person(**SMALL), person(java_script_enabled=False))


def the_call_is_open(walk, _move):
    """Look at the call and begin an application: the budget adds up as one types, to the cent."""
    page = walk.small.page
    for language in LANGUAGES[::-1]:
        walk.small.become("applicant", language=language)
        walk.small.open(f"{APPLY}/section/budget")
        look_on_the_narrowest(walk.small)
        keep(walk.small, f"budget_{language}")
    for name, value in LINE.items():
        page.locator(f'#main-form [name="budget-0-{name}"]').fill(value)
    page.locator("output", has_text="28,812.00").first.wait_for()
    for address in PUBLIC:
        walk.small.open(address)
        look_on_the_narrowest(walk.small)


def test_a_call_is_answered_and_a_contract_signed(walk):
    walk.play(
        "grant_application/granted",
        looked=("legal_and_finance_check", "approve_call", "administrative_check"),
        spoken=("contract_signed_by_grantee",),
        by_hand=("approve_call", "administrative_check", "contract_signed_by_grantee"),
        glances={"start": the_call_is_open},
    )
    # Whoever is to sign the contract reads it where it is signed.
    assert walk.small.page.locator("#main-form a[href*='/documents/']").count() == 1
    walk.small.become("", cases=(walk.player.case_id,))
    walk.small.open(f"/follow/{walk.number()}")
    letters = walk.small.page.locator("main").inner_text()
    assert "Grant contract" in letters


def test_an_application_is_scored(walk):
    walk.play(
        "grant_review/late_conflict",
        looked=("declare_interest", "appoint_replacement"),
        spoken=("score",),
        by_hand=("score",),
    )


def test_a_committee_ranks_and_signs(walk):
    walk.play(
        "grant_evaluation/straight",
        looked=("appoint_committee", "declare_ties", "propose_changes", "sign_report"),
        by_hand=("declare_ties", "partial_offer"),
    )


def test_awards_are_approved(walk):
    walk.play(
        "grant_award/awarded", spoken=("approve_award",), by_hand=("approve_award",), until="redact"
    )


def test_an_offer_is_checked_and_signed_by_the_fund(walk):
    walk.play(
        "grant_offer/contracted",
        looked=("due_diligence", "budget_negotiation", "sign_contract"),
        by_hand=("due_diligence", "sign_contract"),
    )


def test_a_grant_is_paid_reported_on_and_suspended(walk):
    walk.play(
        "grant_implementation/suspended_goes_on",
        looked=("make_payment", "check_finance", "suspend_payments", "decide_suspension"),
        spoken=("report_submitted",),
        by_hand=("make_payment", "report_submitted", "suspend_payments", "decide_suspension"),
        until="close_grant",
    )


def the_refused(walk, _move):
    """Look at the page from which somebody appeals against a decision, and at the form of it."""
    case = walk.player._case("accreditation")
    number = walk.number("accreditation")
    walk.small.become("", cases=(case,))
    walk.small.open(f"/follow/{number}")
    walk.small.open(f"/follow/{number}/next/appeal_lodged")
    look_on_the_narrowest(walk.small)
    keep(walk.small, "appeal")


def test_a_panel_decides_on_an_appeal(walk):
    walk.play(
        "appeal/rejected",
        looked=("appoint_panel", "original_body_statement", "record_votes", "write_decision"),
        spoken=("register_appeal",),
        by_hand=("register_appeal", "appoint_panel", "write_decision"),
        glances={"start": the_refused},
    )
    walk.small.become("", cases=(walk.player.case_id,))
    walk.small.open(f"/follow/{walk.number()}")
    assert "Appeal rejected" in walk.small.page.locator("main").inner_text()
