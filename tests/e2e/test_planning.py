"""Planning with residents in browsers: its pages as those who work on them see them."""

from __future__ import annotations

import pytest

from tests.e2e.walking import SMALL, Walk, keep, look_on_the_narrowest

pytestmark = pytest.mark.e2e
AT_WORK = False


@pytest.fixture
def walk(served, person):
    """Return a walk on a phone, whose forms are sent by a browser without scripts."""
    return Walk(served, person(**SMALL), person(java_script_enabled=False))


def test_a_body_is_nominated_and_chosen(walk):
    walk.play(
        "pssp_cycle/new_body",
        looked=("confirm_mandate", "call_for_members", "select_members", "draft_statute"),
        spoken=("nominations",),
        by_hand=("confirm_mandate", "select_members"),
        until="schedule_session",
    )
    walk.small.become("supervisor")
    walk.small.open("/board/pssp_cycle")
    assert "Tegh" in walk.small.page.locator("main").inner_text()


def room(walk, move):
    """Look at the wall of the room and at the cards with codes, before anybody is in."""
    number = walk.number(move.case)
    walk.small.become("")
    walk.small.open(f"/collect/{number}/scores/room")
    keep(walk.small, "room")
    assert "0 of 8 are in" in walk.small.page.locator("main").inner_text()
    walk.small.become("goris_coordinator")
    walk.small.open(f"/cases/{number}/collections/scores/seats")
    look_on_the_narrowest(walk.small)


def names_of_rows(walk, _move):
    """Check at the desk that a table of numbers says what each of them is of."""
    names = walk.plain.page.locator("#main-form th[scope=row]").all_inner_texts()
    assert [name for name in names if name.strip().isdigit()] == []


def test_needs_are_scored_on_phones_and_ranked(walk):
    walk.play(
        "prioritisation_workshop/straight",
        looked=("set_criteria", "workshop_setup", "gather_scores", "cut_line"),
        spoken=("scores", "discuss_and_adjust"),
        by_hand=("set_criteria", "discuss_and_adjust"),
        glances={"scores": room, "workshop_setup": names_of_rows},
        until="redact",
    )


def test_residents_read_the_draft_and_comment_before_the_councils_vote(walk):
    walk.play(
        "strategy_and_action_plan/update",
        looked=(
            *("draft_strategy", "finance_opinion", "publish_draft", "public_hearing"),
            *("answers of comments", "answer_comments", "record_attendance", "record_votes"),
        ),
        spoken=("draft_action_plan", "comments"),
        by_hand=("finance_opinion", "record_votes"),
        until="record_outcome",
    )


def test_a_quarter_is_reported_and_reviewed(walk):
    walk.play(
        "plan_monitoring/to_the_end",
        looked=("report_line", "quarter_review", "annual_report"),
        by_hand=("report_line", "quarter_review"),
        until="schedule_session",
    )
