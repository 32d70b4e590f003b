"""Taking a completed task back: the case stands as before, and what was entered is a draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.drawing import START, begin, diagram, publish, two_steps, user_task
from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.models.case import Answer, Case, Draft, History
from workflow_app.models.work import WorkItem, WorkOffer
from workflow_app.services.auditing import verify_all
from workflow_app.services.case_store import load_case
from workflow_app.services.drafts import save_draft, subject_of, user_owner
from workflow_app.services.holding import claim_task
from workflow_app.services.tasks import complete_task
from workflow_app.services.undoing import undo_offer, undo_task

STATUS = (
    '<bpmn:serviceTask id="work" name="Mark it"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="{kind}"/><zeebe:taskHeaders>{headers}</zeebe:taskHeaders>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
)
FINAL = '<zeebe:properties><zeebe:property name="final" value="true"/></zeebe:properties>'


def drawn(kind, **headers):
    """Draw a service task between the two tasks."""
    lines = "".join(f'<zeebe:header key="{k}" value="{v}"/>' for k, v in headers.items())
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "work": STATUS.format(kind=kind, headers=lines),
        "second": user_task("second"),
        "done": '<bpmn:endEvent id="done" name="Done"/>',
    }
    return diagram(nodes, "begin>first first>work work>second second>done")


class Work:
    """A case whose first task somebody has completed."""

    def __init__(self, office, bpmn, *, terms='first = "=working days(5)"'):
        self.office = office
        publish(office, bpmn, terms=terms)
        self.case_id = begin(office)
        self.item = self.items()[0].id
        self.before = self.case()
        self.do(lambda ctx: complete_task(ctx, self.item, {"amount": 12}))

    def do(self, what, who="registrar"):
        with self.office.acting(who) as ctx:
            return what(ctx)

    def items(self):
        query = select(WorkItem).where(WorkItem.case_id == self.case_id).order_by(WorkItem.id)
        return self.office.read(lambda s: s.scalars(query).all())

    def case(self):
        return self.office.read(lambda s: s.get(Case, self.case_id))

    def rows(self, model):
        query = select(model).where(model.case_id == self.case_id)
        return self.office.read(lambda s: s.scalars(query).all())

    def undo(self, who="registrar"):
        return self.do(lambda ctx: undo_task(ctx, self.item), who)

    def offer(self, who="registrar"):
        return self.do(lambda ctx: undo_offer(ctx, load_case(ctx, self.case_id)), who)

    def wait(self, minutes):
        self.office.clock.moment += timedelta(minutes=minutes)


def test_the_case_stands_as_before_and_what_was_entered_is_a_draft(office):
    work = Work(office, drawn("case.status", status="submitted", outcome="good"))
    assert (work.case().status, work.case().outcome) == ("submitted", "good")
    offer = work.offer()
    assert (offer.item_id, offer.name) == (work.item, "First step")
    work.undo()
    first, second = work.items()
    assert (first.state, first.assignee, first.closed_at) == ("open", "registrar", None)
    assert second.state == "cancelled"
    case = work.case()
    assert (case.state, case.waits) == (work.before.state, work.before.waits)
    assert (case.status, case.outcome) == (work.before.status, work.before.outcome)
    assert work.rows(Answer)[1:] == []
    (draft,) = work.office.read(
        lambda s: s.scalars(select(Draft).where(Draft.subject == subject_of(work.item))).all()
    )
    assert draft.raw["amount"] == ["12"]
    kinds = [row.kind for row in work.rows(History)]
    assert kinds.index("completed") < kinds.index("undone")
    lists = work.office.read(lambda s: s.scalars(select(WorkOffer.audience)).all())
    assert lists == ["held:registrar"]
    assert work.do(verify_all)[1] == []


def test_a_step_that_was_taken_back_can_be_done_again(office):
    work = Work(office, two_steps(between="=amount * 2"))
    work.undo()
    work.do(lambda ctx: complete_task(ctx, work.item, {"amount": 7}))
    second = next(item for item in work.items() if item.state == "open")
    work.do(lambda ctx: complete_task(ctx, second.id, {"remark": "seven"}))
    assert work.case().phase == "finished"
    assert [row.data.get("amount") for row in work.rows(Answer)][1:] == [7, None]
    assert work.offer() is None


def test_it_is_offered_for_ten_minutes_to_who_did_it(office):
    work = Work(office, two_steps())
    assert work.offer("supervisor") is None
    with pytest.raises(NotFound):
        work.undo("supervisor")
    work.wait(10)
    assert work.offer() is not None
    work.wait(1)
    assert work.offer() is None
    with pytest.raises(Conflict, match="for 10 minutes only"):
        work.undo()


def test_who_begins_the_next_step_ends_it(office):
    work = Work(office, two_steps())
    second = work.items()[1].id
    work.do(lambda ctx: claim_task(ctx, second))
    assert work.offer() is None
    with pytest.raises(Conflict, match="somebody has begun the next one"):
        work.undo()


def test_a_draft_of_the_next_step_is_a_beginning_too(office):
    work = Work(office, two_steps())
    second = subject_of(work.items()[1].id)
    work.do(lambda ctx: save_draft(ctx, user_owner("deputy"), second, {"remark": ["so"]}))
    with pytest.raises(Conflict, match="somebody has begun the next one"):
        work.undo()


@pytest.mark.parametrize(
    "bpmn",
    [
        pytest.param(
            two_steps().replace('formId="first"/>', f'formId="first"/>{FINAL}'), id="final"
        ),
        pytest.param(drawn("number.next", series="X"), id="number"),
        pytest.param(drawn("message.send", message="m", correlation="c"), id="message"),
        pytest.param(drawn("clock.pause", reason="missing"), id="clock"),
    ],
)
def test_what_has_left_or_is_final_cannot_be_taken_back(office, bpmn):
    work = Work(office, bpmn)
    assert work.case().undo is None
    with pytest.raises(Conflict, match="cannot be taken back any more"):
        work.undo()
    assert [item.state for item in work.items()] == ["completed", "open"]


def test_a_second_try_finds_nothing_to_take_back(office):
    work = Work(office, two_steps())
    work.undo()
    with pytest.raises(NotFound):
        work.undo()
