"""Many hands at once: no lock error, no lost step, no number given twice, nothing handled twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import case_row, open_item, wait_for
from workflow_app.domain.errors import AlreadyCompleted, Conflict
from workflow_app.domain.states import OutboxKind, OutboxState
from workflow_app.engine import StepFailed
from workflow_app.models.case import Answer, Case, Draft, Incident
from workflow_app.models.work import Outbox, WorkItem
from workflow_app.services.auditing import verify_all
from workflow_app.services.case_store import LostRace
from workflow_app.services.context import Posted
from workflow_app.services.deliveries import claim_item, deliver_item
from workflow_app.services.drafts import find_draft, save_draft
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.holding import claim_task
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.stuck import Attempt, CaseStuck, record_incident
from workflow_app.services.tasks import complete_task, save_task_draft

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
THREADS = 8
CASES = 20
NUMBER = (
    '<bpmn:serviceTask id="number"><bpmn:extensionElements>'
    '<zeebe:taskDefinition type="case.number"/></bpmn:extensionElements></bpmn:serviceTask>'
)


def numbered():
    nodes = {
        "begin": START,
        "number": NUMBER,
        "first": user_task("first"),
        "second": user_task("second"),
        "done": '<bpmn:endEvent id="done"/>',
    }
    return diagram(nodes, "begin>number number>first first>second second>done")


def in_threads(work, count):
    with ThreadPoolExecutor(THREADS) as pool:
        return [f.result(timeout=60) for f in [pool.submit(work, n) for n in range(count)]]


@BOTH
def test_eight_at_once_start_claim_draft_and_complete_without_losing_a_step(office):
    publish(office, numbered())
    cases = in_threads(lambda _n: begin(office), CASES)

    def work_through(number):
        for task in ("first", "second"):
            item = open_item(office, cases[number], task)
            with office.acting("registrar") as ctx:
                claim_task(ctx, item)
            with office.acting("registrar") as ctx:
                save_task_draft(ctx, item, Posted())
            with office.acting("registrar") as ctx:
                complete_task(ctx, item, {"amount": number})

    in_threads(work_through, CASES)
    numbers = office.read(lambda s: s.scalars(select(Case.number)).all())
    assert sorted(int(one.rsplit("-", 1)[1]) for one in numbers) == list(range(1, CASES + 1))
    assert office.read(lambda s: set(s.scalars(select(Case.phase)))) == {"finished"}
    assert office.read(lambda s: set(s.scalars(select(WorkItem.state)))) == {"completed"}
    with office.acting() as ctx:
        assert verify_all(ctx) == (CASES, [])


@BOTH
def test_eight_at_one_task_complete_it_once_and_are_told(office):
    publish(office, numbered())
    case_id = begin(office)
    item = open_item(office, case_id, "first")

    def attempt(_number):
        try:
            with office.acting("registrar") as ctx:
                complete_task(ctx, item, {})
        except Conflict as told:
            return type(told)
        return None

    outcomes = in_threads(attempt, THREADS)
    assert outcomes.count(None) == 1
    assert set(outcomes) == {None, AlreadyCompleted}
    given = office.read(lambda s: s.scalars(select(Answer.id).where(Answer.element != "")).all())
    assert len(given) == 2


@BOTH
def test_a_draft_saved_by_many_at_once_is_one_draft(office):
    def save(number):
        with office.acting("registrar") as ctx:
            save_draft(ctx, "user:registrar", "task:1", {"n": [str(number)]})

    in_threads(save, 24)
    assert len(office.read(lambda s: s.scalars(select(Draft.id)).all())) == 1
    with office.acting("registrar") as ctx:
        assert find_draft(ctx, "user:registrar", "task:1") is not None


def mail(office, to="somebody@example.org"):
    payload = {"to": to, "subject": "Hello", "text": "Text", "language": "en"}
    return put_out(office, OutboxKind.MAIL, payload)


def put_out(office, kind, payload):
    with office.acting() as ctx:
        row = insert(outbox).values(**outbox_values(kind, payload, ctx.now))
        return ctx.session.execute(row).inserted_primary_key[0]


def state_of(office, item):
    return office.read(lambda s: s.get_one(Outbox, item))


def test_an_item_that_cannot_be_handled_stops_no_other(office, mailer):
    broken = put_out(office, OutboxKind.DOCUMENT, {})
    mail(office)
    office.settle()
    assert [one.subject for one in mailer.sent] == ["Hello"]
    kept = state_of(office, broken)
    assert (kept.state, kept.attempts) == (OutboxState.WAITING, 1)
    assert kept.not_before > office.clock.now()


@BOTH
def test_of_two_workers_one_has_an_item_until_its_lease_ends(office, clock):
    item = mail(office)

    def claim():
        with office.acting() as ctx:
            return claim_item(ctx, item)

    assert (claim(), claim()) == (True, False)
    clock.advance(timedelta(minutes=6))
    assert claim()


def test_what_another_worker_handled_meanwhile_is_rolled_back(office, mailer, monkeypatch):
    item = mail(office)

    def send(_mail):
        with office.acting() as other:
            done = update(outbox).where(outbox.c.id == item).values(state=OutboxState.DONE)
            other.session.execute(done)

    monkeypatch.setattr(type(mailer), "send", lambda _self, one: send(one))
    with pytest.raises(LostRace), office.acting() as ctx:
        deliver_item(ctx, item)


MESSAGE = (
    '<bpmn:message id="m" name="news"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=subject"/></bpmn:extensionElements></bpmn:message>'
)
CATCH = (
    '<bpmn:intermediateCatchEvent id="wait" name="News"><bpmn:extensionElements>'
    '<zeebe:properties><zeebe:property name="form" value="more"/>'
    '<zeebe:property name="by" value="applicant"/></zeebe:properties></bpmn:extensionElements>'
    '<bpmn:messageEventDefinition messageRef="m"/></bpmn:intermediateCatchEvent>'
)


def test_an_answer_sent_twice_says_when_it_was_sent(office):
    nodes = {"begin": START, "wait": CATCH, "first": user_task("first")}
    nodes["done"] = '<bpmn:endEvent id="done"/>'
    publish(office, diagram(nodes, "begin>wait wait>first first>done", head=MESSAGE))
    case_id = begin(office)
    wait = wait_for(office, case_id, "news").task_id

    def send():
        with office.acting(key_holder_actor(case_id)) as ctx:
            deliver_answers(ctx, case_id, wait, {"news": "x"})

    send()
    with pytest.raises(AlreadyCompleted) as told:
        send()
    assert told.value.params["when"] == office.clock.now()
    assert case_row(office, case_id).phase == "open"
    assert open_item(office, case_id, "first")


@BOTH
def test_eight_who_fail_at_the_same_step_leave_one_incident(office):
    publish(office, numbered())
    case_id = begin(office)
    attempt = Attempt(kind="complete", item=open_item(office, case_id, "first"), task_id="t")

    def fail(_number):
        with office.acting("registrar") as ctx:
            record_incident(ctx, CaseStuck(case_id, StepFailed("first", "no"), attempt))

    in_threads(fail, THREADS)
    waiting = select(Incident.id).where(Incident.resolved_at.is_(None))
    assert len(office.read(lambda s: s.scalars(waiting).all())) == 1
