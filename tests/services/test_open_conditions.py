"""Evidence from outside for one of several open conditions reaches that one and no other."""

from __future__ import annotations

from sqlalchemy import select

from tests.support.answers import case_row, open_item
from workflow_app.engine import current_scope
from workflow_app.models.work import Subscription
from workflow_app.services.case_store import load_by_work_item
from workflow_app.services.messages import send_message

SHOWN = {"evidence": "All users were asked in spring.", "evidence_files": []}


def waits(office, case_id):
    query = select(Subscription.correlation).where(
        Subscription.case_id == case_id, Subscription.message == "condition_evidence"
    )
    return sorted(office.read(lambda session: session.scalars(query).all()))


def test_each_condition_waits_under_its_own_number(office):
    played = office.play("accreditation_conditions/all_met", until=lambda move: bool(move.message))
    number = case_row(office, played.case_id).number
    assert waits(office, played.case_id) == [f"{number} 1", f"{number} 2"]


def test_evidence_for_the_second_condition_leaves_the_first_open(office):
    played = office.play("accreditation_conditions/all_met", until=lambda move: bool(move.message))
    number = case_row(office, played.case_id).number
    with office.acting() as ctx:
        assert send_message(ctx, "condition_evidence", f"{number} 2", SHOWN) is not None
        assert send_message(ctx, "condition_evidence", f"{number} 3", SHOWN) is None
    assert waits(office, played.case_id) == [f"{number} 1"]
    item = open_item(office, played.case_id, "verify_condition")
    with office.acting("officer") as ctx:
        loaded = load_by_work_item(ctx, item)
        data = current_scope(loaded.published.program, loaded.state, loaded.row.task_id)
    assert data["condition"]["no"] == 2
    assert data["evidence"] == SHOWN["evidence"]
