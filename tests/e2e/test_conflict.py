"""Acceptance scenario 2 in browsers, up to the score of the reviewer who replaces another."""

from __future__ import annotations

import pytest

from tests.support.answers import case_row

pytestmark = pytest.mark.e2e


def test_a_reviewer_with_an_interest_is_replaced_and_the_other_one_scores(served, person):
    player = served.play("accreditation/conflict", until="declare_interest")
    case_id = player.case_id
    people = {name: person(name) for name in ("reviewer2", "chair", "reviewer3")}
    last = [m.task for m in player.scenario.steps].index("plan_visit")
    for number, move in enumerate(player.scenario.steps[2:last], 3):
        if move.by in people:
            people[move.by].complete(case_id, move)
        else:
            player._move(f"step {number}", move)
        if move.expect is not None:
            player._look(f"step {number}", move.expect, final=False)
        assert player.problems == []
    assert case_row(served, case_id).status == "site_visit"
    barred = people["reviewer2"]
    barred.open("/inbox")
    assert barred.page.locator(".app-tasks").count() == 0
