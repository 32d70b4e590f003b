"""A supervisor tries again, corrects data, moves or ends a case: with a reason, in the history."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.services.drawing import KEY, START, begin, diagram, publish, two_steps, user_task
from tests.services.test_requests import answer, asking, draw, storm
from tests.support.answers import case_row, open_item
from workflow_app.adapters.http import MemoryHttp
from workflow_app.adapters.mailer import MailRefused, MailUnavailable
from workflow_app.cli.cases import cases as commands
from workflow_app.domain.errors import Conflict, NotAllowed, NotFound
from workflow_app.domain.states import OutboxKind
from workflow_app.engine import NotWaiting
from workflow_app.engine.mending import CannotMend
from workflow_app.models.case import Case, History, HistoryPayload, Incident
from workflow_app.models.catalogue import Setting
from workflow_app.models.work import Outbox, WorkItem
from workflow_app.queries.incidents import incidents_page, open_incidents
from workflow_app.queries.pages import read_cursor
from workflow_app.services.auditing import verify_all
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.reading import readable_case
from workflow_app.services.rescuing import (
    Correction,
    cancel_case,
    correct_data,
    correctable,
    digest_of,
    move_token,
    standing,
)
from workflow_app.services.retrying import retry_incident
from workflow_app.services.stuck import CaseStuck, record_incident
from workflow_app.services.tasks import complete_task

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
END = '<bpmn:endEvent id="done"/>'


def decided():
    """Return a diagram whose gateway goes nowhere unless the amount is 1."""
    flows = (
        '<bpmn:sequenceFlow id="c" sourceRef="G" targetRef="second">'
        "<bpmn:conditionExpression>=amount = 1</bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "G": '<bpmn:exclusiveGateway id="G"/>',
        "second": user_task("second"),
        "done": END,
    }
    return diagram(nodes, "begin>first first>G second>done").replace(
        "</bpmn:process>", f"{flows}</bpmn:process>"
    )


@pytest.fixture
def running(office):
    publish(office, decided())
    return begin(office)


def fail(office, case_id, **answers):
    """Complete the first task so that the step fails, as the web edge does."""
    ctx = office.world.context(office.person("registrar"))
    with pytest.raises(CaseStuck) as caught:
        complete_task(ctx, open_item(office, case_id, "first"), answers)
    ctx.session.rollback()
    record_incident(ctx, caught.value)
    ctx.session.commit()
    ctx.session.close()


def number(office, case_id):
    return case_row(office, case_id).number


def correction(office, case_id, reason="typed wrong", **changes):
    with office.acting("supervisor") as ctx:
        scope = correctable(ctx, readable_case(ctx, number(office, case_id)))[0]
    return Correction(scope=scope.id, changes=changes, seen=digest_of(scope.data), reason=reason)


def correct(office, case_id, wanted, who="supervisor"):
    with office.acting(who) as ctx:
        correct_data(ctx, number(office, case_id), wanted)


def told(office, case_id, kind):
    both = (History.case_id == HistoryPayload.case_id) & (History.seq == HistoryPayload.seq)
    query = select(History.actor, HistoryPayload.payload).join(HistoryPayload, both)
    query = query.where(History.case_id == case_id, History.kind == kind)
    rows = office.read(lambda s: s.execute(query).all())
    return [(row.actor, json.loads(row.payload)) for row in rows]


def incidents(office, case_id):
    return office.read(lambda s: open_incidents(s, case_id))


@BOTH
def test_data_is_corrected_with_a_reason_and_without_telling_the_values(office, running):
    correct(office, running, correction(office, running, amount=1))
    ((actor, payload),) = told(office, running, "corrected")
    assert actor == "supervisor"
    assert payload["reason"] == "typed wrong"
    assert payload["names"]["amount"] == {"old": digest_of(None), "new": digest_of(1)}
    with office.acting("supervisor") as ctx:
        (scope,) = correctable(ctx, readable_case(ctx, number(office, running)))
    assert scope.data["amount"] == 1
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(office, running):
    first, second = (correction(office, running, amount=value) for value in (1, 2))
    correct(office, running, first)
    with pytest.raises(Conflict):
        correct(office, running, second)
    assert len(told(office, running, "corrected")) == 1


def test_a_name_that_the_process_does_not_know_is_refused(office, running):
    with pytest.raises(CannotMend, match="amuont"):
        correct(office, running, correction(office, running, amuont=1))


def test_what_the_service_keeps_is_neither_shown_nor_changed(office, running):
    with office.acting("supervisor") as ctx:
        loaded = readable_case(ctx, number(office, running))
        shown = json.dumps([scope.data for scope in correctable(ctx, loaded)])
    assert case_row(office, running).secret not in shown
    with pytest.raises(CannotMend, match="service itself"):
        correct(office, running, correction(office, running, case={}))


@BOTH
def test_a_stuck_case_goes_on_once_its_data_is_right(office, running):
    fail(office, running, amount=5)
    (incident,) = incidents(office, running)
    assert incident.why == "no condition is true and no default flow is drawn"
    fail(office, running, amount=5)
    (incident,) = incidents(office, running)
    assert incident.tries == 2
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, running, "first"), {"amount": 1})
    assert incidents(office, running) == []
    assert open_item(office, running, "second")


@BOTH
def test_a_case_is_moved_with_a_reason(office, running):
    fail(office, running, amount=5)
    with office.acting("supervisor") as ctx:
        (stand,) = standing(readable_case(ctx, number(office, running)))
        assert stand.targets == ("first", "G", "second", "done")
        move_token(ctx, number(office, running), stand.task_id, "second", "the amount is right")
    assert open_item(office, running, "second")
    assert incidents(office, running) == []
    assert case_row(office, running).phase == "open"
    ((actor, payload),) = told(office, running, "moved")
    assert (actor, payload) == ("supervisor", {"reason": "the amount is right", "to": "second"})
    with pytest.raises(NotWaiting), office.acting("supervisor") as ctx:
        move_token(ctx, number(office, running), stand.task_id, "second", "again")


@BOTH
def test_a_case_is_cancelled_with_a_reason(office, running):
    fail(office, running, amount=5)
    with office.acting("supervisor") as ctx:
        cancel_case(ctx, number(office, running), "withdrawn by phone")
    row = case_row(office, running)
    assert (row.phase, row.outcome, row.state) == ("finished", "cancelled", None)
    assert incidents(office, running) == []
    assert told(office, running, "given_up") == [("supervisor", {"reason": "withdrawn by phone"})]
    with pytest.raises(Conflict), office.acting("supervisor") as ctx:
        cancel_case(ctx, number(office, running), "again")


@pytest.mark.parametrize(
    ("who", "error"), [("registrar", NotAllowed), ("monitor", NotFound), ("applicant", NotFound)]
)
def test_only_a_supervisor_of_the_territory_may(office, running, who, error):
    fail(office, running, amount=5)
    found = number(office, running)
    wanted = correction(office, running, amount=1)
    with pytest.raises(error), office.acting(who) as ctx:
        retry_incident(ctx, found)
    with pytest.raises(error), office.acting(who) as ctx:
        correct_data(ctx, found, wanted)
    with pytest.raises(error), office.acting(who) as ctx:
        move_token(ctx, found, "x", "second", "")
    with pytest.raises(error), office.acting(who) as ctx:
        cancel_case(ctx, found, "")
    with office.acting(who) as ctx:
        assert incidents_page(ctx.session, ctx.actor, None).rows == []


def test_the_worklist_has_the_supervisors_cases_a_page_at_a_time(office, monkeypatch):
    monkeypatch.setattr("workflow_app.queries.incidents.PAGE_SIZE", 2)
    monkeypatch.setattr("workflow_app.queries.pages.make_page.__defaults__", (2,))
    publish(office, decided())
    cases = [begin(office) for _ in range(3)]
    for case_id in cases:
        fail(office, case_id, amount=5)
    abroad = begin(office)
    fail(office, abroad, amount=5)
    with office.acting() as ctx:
        ctx.session.get(Case, abroad).territory_path = "GE/TB"
    with office.acting("supervisor") as ctx:
        page = incidents_page(ctx.session, ctx.actor, None)
        rest = incidents_page(ctx.session, ctx.actor, read_cursor(page.next, int))
        back = incidents_page(ctx.session, ctx.actor, read_cursor(rest.previous, int))
    listed = [row.number for row in (*page.rows, *rest.rows)]
    assert listed == [number(office, case_id) for case_id in reversed(cases)]
    assert [row.id for row in back.rows] == [row.id for row in page.rows]
    assert rest.next is None


@pytest.fixture
def other(office):
    fake = MemoryHttp(storm)
    parts = office.app.extensions["platform"]
    office.app.extensions["platform"] = replace(parts, http=fake)
    return fake


def wear_out(office, times=4):
    for _ in range(times):
        office.clock.moment += timedelta(days=1)
        office.settle()


@BOTH
def test_a_request_that_failed_is_made_again(office, other):
    publish(office, draw(asking()))
    case_id = begin(office)
    wear_out(office)
    assert case_row(office, case_id).phase == "stuck"
    other.answer = answer({"rate": 7})
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number(office, case_id), reason="the other side is back")
    assert case_row(office, case_id).phase == "open"
    with pytest.raises(Conflict), office.acting("supervisor") as ctx:
        retry_incident(ctx, number(office, case_id), reason="twice")
    office.settle()
    assert open_item(office, case_id, "first")
    assert incidents(office, case_id) == []
    ((actor, payload),) = told(office, case_id, "retried")
    assert (actor, payload["reason"]) == ("supervisor", "the other side is back")


def test_a_request_that_fails_again_counts_anew_and_is_told_again(office, other):
    publish(office, draw(asking()))
    case_id = begin(office)
    wear_out(office)
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number(office, case_id))
    wear_out(office)
    assert len(other.sent) == 6
    assert [one.tries for one in incidents(office, case_id)] == [3]


def test_an_answer_that_broke_the_step_is_brought_again_not_asked_again(office, other):
    other.answer = answer({"rate": 7})
    task = asking().replace('source="=body.rate"', 'source="=setting(&#34;test.rate&#34;)"')
    publish(office, draw(task))
    case_id = begin(office)
    office.settle()
    (incident,) = incidents(office, case_id)
    assert "test.rate" in incident.reason
    with office.acting() as ctx:
        ctx.session.add(Setting(key="test.rate", territory_code="AM", value={"value": 2}))
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number(office, case_id))
    office.settle()
    assert open_item(office, case_id, "first")
    assert len(other.sent) == 1


def test_a_case_that_is_moved_on_needs_no_answer_any_more(office, other):
    publish(office, draw(asking()))
    case_id = begin(office)
    wear_out(office)
    with office.acting("supervisor") as ctx:
        (stand,) = standing(readable_case(ctx, number(office, case_id)))
        move_token(ctx, number(office, case_id), stand.task_id, "first", "asked by phone")
    assert incidents(office, case_id) == []
    assert case_row(office, case_id).phase == "open"


def put_mail(office, case_id):
    payload = {"to": "a@example.org", "subject": "Hello", "text": "Text", "language": "en"}
    with office.acting() as ctx:
        values = outbox_values(OutboxKind.MAIL, payload, ctx.now)
        ctx.session.execute(outbox.insert().values(case_id=case_id, **values))


@BOTH
def test_a_mail_that_cannot_leave_is_an_incident_that_holds_nobody_up(office, mailer):
    publish(office, two_steps())
    case_id = begin(office)
    mailer.failure = MailUnavailable("the server sleeps")
    put_mail(office, case_id)
    wear_out(office, 7)
    assert incidents(office, case_id) == []
    wear_out(office, 3)
    (incident,) = incidents(office, case_id)
    assert (incident.why, incident.details) == (
        "The mail to %(to)s could not be sent: %(reason)s",
        {"to": "a@example.org", "reason": "the server sleeps"},
    )
    assert (incident.tries, incident.kind) == (8, "outgoing")
    assert case_row(office, case_id).phase == "open"
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case_id, "first"), {})
        complete_task(ctx, open_item_in(ctx, case_id), {})
    assert case_row(office, case_id).phase == "finished"
    assert len(incidents(office, case_id)) == 1
    mailer.failure = None
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number(office, case_id), incident.id, "the server is back")
    office.settle()
    assert [mail.to for mail in mailer.sent if mail.subject == "Hello"] == ["a@example.org"]
    assert incidents(office, case_id) == []


def open_item_in(ctx, case_id):
    return ctx.session.scalar(
        select(WorkItem.id).where(WorkItem.case_id == case_id, WorkItem.state == "open")
    )


def test_a_mail_that_is_refused_is_an_incident_at_once(office, mailer):
    publish(office, two_steps())
    case_id = begin(office)
    mailer.failure = MailRefused("no such person")
    put_mail(office, case_id)
    office.settle()
    (incident,) = incidents(office, case_id)
    assert (incident.tries, "no such person" in incident.reason) == (1, True)


def test_the_diagram_says_how_often_a_mail_is_tried(office, mailer):
    publish(office, two_steps())
    case_id = begin(office)
    mailer.failure = MailUnavailable("the server sleeps")
    put_mail(office, case_id)
    with office.acting() as ctx:
        row = ctx.session.scalars(select(Outbox).where(Outbox.kind == "mail")).all()[-1]
        row.tries, row.pause = 2, 10
    office.settle()
    office.clock.moment += timedelta(seconds=11)
    office.settle()
    assert [one.tries for one in incidents(office, case_id)] == [2]


def test_several_incidents_are_kept_apart(office, mailer, running):
    mailer.failure = MailRefused("no such person")
    put_mail(office, running)
    office.settle()
    fail(office, running, amount=5)
    kinds = [one.kind for one in incidents(office, running)]
    assert kinds == ["complete", "outgoing"]
    mailer.failure = None
    with office.acting("supervisor") as ctx:
        retry_incident(ctx, number(office, running), incidents(office, running)[1].id)
    office.settle()
    assert [one.kind for one in incidents(office, running)] == ["complete"]
    assert case_row(office, running).phase == "stuck"
    assert office.read(
        lambda s: s.scalars(select(Incident.resolved_by).where(Incident.kind == "outgoing")).all()
    ) == ["supervisor"]
    assert KEY in incidents(office, running)[0].element


def test_a_mail_that_belongs_to_no_case_is_sent_again_from_the_terminal(office, mailer):
    mailer.failure = MailRefused("no such person")
    put_mail(office, None)
    office.settle()
    mailer.failure = None
    run = office.app.test_cli_runner().invoke(commands, ["send-again"])
    assert "1 put back in line" in run.output
    office.settle()
    assert [mail.to for mail in mailer.sent] == ["a@example.org"]
    assert "0 put" in office.app.test_cli_runner().invoke(commands, ["send-again"]).output
