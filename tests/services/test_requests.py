"""A task asks another system: after the commit, once, patiently, at last with an incident."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from tests.services.drawing import KEY, START, begin, diagram, publish, user_task
from tests.support.answers import case_row, open_item
from workflow_app.adapters.http import HttpAnswer, HttpUnavailable, MemoryHttp
from workflow_app.models.case import Case, Incident
from workflow_app.models.work import Outbox
from workflow_app.services import deliveries
from workflow_app.services.background import do_due_work

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
URL = "https://rates.example/today"


def asking(*, headers="", inputs="", retries="3", loop=""):
    pairs = "".join(
        f'<zeebe:header key="{key}" value="{text}"/>'
        for key, text in (pair.split("=", 1) for pair in headers.split("|") if pair)
    )
    given = "".join(
        f'<zeebe:input source="{text}" target="{key}"/>'
        for key, text in (pair.split(":", 1) for pair in inputs.split("|") if pair)
    )
    return (
        '<bpmn:serviceTask id="ask" name="Ask"><bpmn:extensionElements>'
        f'<zeebe:taskDefinition type="http.request" retries="{retries}"/>'
        f'<zeebe:ioMapping><zeebe:input source="={chr(38)}#34;{URL}{chr(38)}#34;" target="url"/>'
        f'{given}<zeebe:output source="=body.rate" target="rate"/>'
        '<zeebe:output source="=status" target="status"/></zeebe:ioMapping>'
        f"<zeebe:taskHeaders>{pairs}</zeebe:taskHeaders></bpmn:extensionElements>{loop}"
        "</bpmn:serviceTask>"
    )


END = '<bpmn:endEvent id="done"/>'


def draw(task, *, more=None, flows="begin>ask ask>first first>done", head=""):
    nodes = {"begin": START, "ask": task, "first": user_task("first"), "done": END}
    return diagram({**nodes, **(more or {})}, flows, head=head)


def answer(body, status=200):
    return lambda _request: HttpAnswer(status, "application/json", json.dumps(body).encode())


def storm(_request):
    raise HttpUnavailable(host="rates.example", reason="storm")


@pytest.fixture
def other(office):
    """Return the other system, which answers as it is told."""
    fake = MemoryHttp(answer({"rate": 7}))
    parts = office.app.extensions["platform"]
    office.app.extensions["platform"] = replace(parts, http=fake)
    return fake


def item(office):
    return office.read(lambda s: s.scalars(select(Outbox).where(Outbox.kind == "operation")).one())


def incidents(office):
    query = select(Incident).where(Incident.resolved_at.is_(None))
    return office.read(lambda s: s.scalars(query).all())


def later(office, **delta):
    office.clock.moment += deliveries.timedelta(**delta)
    office.settle()


@BOTH
def test_the_answer_comes_into_the_case_after_the_commit(office, other):
    publish(office, draw(asking(inputs="body:={n: 1}|headers:={token: &#34;t&#34;}")))
    case_id = begin(office)
    assert other.sent == []
    with pytest.raises(AssertionError):
        open_item(office, case_id, "first")
    office.settle()
    office.settle()
    (sent,) = other.sent
    assert (sent.method, sent.url, sent.body) == ("POST", URL, b'{"n": 1}')
    assert sent.headers["token"] == "t"
    assert sent.headers["Idempotency-Key"].endswith(f"/{item(office).id}")
    assert item(office).state == "done"
    assert open_item(office, case_id, "first")


def test_what_fails_is_tried_with_growing_pauses_and_the_same_key(office, other):
    other.answer = storm
    publish(office, draw(asking(headers="retryBackoff=PT10S")))
    begin(office)
    began = office.clock.now()
    tried = []
    for second in range(0, 61, 5):
        office.clock.moment = began + deliveries.timedelta(seconds=second)
        before = len(other.sent)
        office.settle()
        tried += [second] * (len(other.sent) - before)
    assert tried == [0, 10, 50]
    assert len({one.headers["Idempotency-Key"] for one in other.sent}) == 1


def test_after_the_last_try_the_case_has_an_incident_with_its_reason(office, other):
    other.answer = storm
    publish(office, draw(asking()))
    case_id = begin(office)
    for _ in range(4):
        later(office, hours=12)
    assert len(other.sent) == 3
    (incident,) = incidents(office)
    assert (incident.case_id, incident.element, incident.tries) == (case_id, f"{KEY}/ask", 3)
    assert incident.why == "The other system could not be asked: %(reason)s"
    assert incident.details["reason"] == {
        "why": "%(host)s cannot be reached: %(reason)s",
        "details": {"host": "rates.example", "reason": "storm"},
    }
    assert case_row(office, case_id).phase == "stuck"


@pytest.mark.parametrize(("status", "tries"), [(404, 1), (429, 3), (503, 3)])
def test_an_answer_that_was_not_expected_is_a_failure(office, other, status, tries):
    other.answer = answer({"sorry": True}, status)
    publish(office, draw(asking()))
    begin(office)
    for _ in range(4):
        later(office, hours=12)
    assert len(other.sent) == tries
    (incident,) = incidents(office)
    assert incident.details["reason"]["details"]["status"] == status


def test_an_expected_status_of_another_kind_is_an_answer(office, other):
    other.answer = answer({"rate": 0}, 404)
    publish(office, draw(asking(headers="expected=200, 404")))
    case_id = begin(office)
    office.settle()
    assert open_item(office, case_id, "first")


CAUGHT = (
    '<bpmn:boundaryEvent id="none" attachedToRef="ask"><bpmn:errorEventDefinition errorRef="E"/>'
    "</bpmn:boundaryEvent>"
)
ERROR = '<bpmn:error id="E" errorCode="NOT_FOUND"/>'


def test_a_status_may_be_an_error_of_the_diagram(office, other):
    other.answer = answer({"sorry": True}, 404)
    more = {"none": CAUGHT, "second": user_task("second")}
    flows = "begin>ask ask>first first>done none>second second>done"
    task = asking(headers="error=404=NOT_FOUND, 5xx=BROKEN")
    publish(office, draw(task, more=more, flows=flows, head=ERROR))
    case_id = begin(office)
    office.settle()
    assert open_item(office, case_id, "second")
    assert incidents(office) == []


def test_an_error_that_nobody_catches_is_an_incident(office, other):
    other.answer = answer({"sorry": True}, 404)
    publish(office, draw(asking(headers="error=404=NOT_FOUND")))
    case_id = begin(office)
    office.settle()
    (incident,) = incidents(office)
    assert "NOT_FOUND" in incident.reason
    assert item(office).state == "failed"
    assert case_row(office, case_id).phase == "stuck"


LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="ask"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1M</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
)


def late_way(office):
    more = {"late": LATE, "second": user_task("second")}
    flows = "begin>ask ask>first first>done late>second second>done"
    publish(office, draw(asking(), more=more, flows=flows))
    return begin(office)


def test_a_timer_at_the_border_ends_the_trying(office, other):
    other.answer = storm
    case_id = late_way(office)
    office.settle()
    for _ in range(3):
        later(office, hours=12)
    assert len(other.sent) == 1
    assert open_item(office, case_id, "second")
    assert item(office).state == "done"
    assert incidents(office) == []


def test_an_answer_that_comes_while_the_case_goes_another_way_is_dropped(office, other):
    case_id = late_way(office)

    def slow(_request):
        office.clock.moment += deliveries.timedelta(minutes=2)
        office.settle()
        return HttpAnswer(200, "application/json", b'{"rate": 1}')

    other.answer = slow
    office.settle()
    assert open_item(office, case_id, "second")
    assert incidents(office) == []
    assert item(office).state == "done"


def test_a_crash_after_the_answer_asks_nobody_twice(office, other, monkeypatch):
    publish(office, draw(asking()))
    case_id = begin(office)
    handled = deliveries._HANDLERS["operation"]

    def dies(ctx, row):
        if row.answer is not None:
            raise KeyboardInterrupt
        return handled(ctx, row)

    monkeypatch.setitem(deliveries._HANDLERS, "operation", dies)
    with pytest.raises(KeyboardInterrupt):
        do_due_work(office.world.context)
    assert item(office).answer == {"result": {"status": 200, "body": {"rate": 7}}}
    monkeypatch.setitem(deliveries._HANDLERS, "operation", handled)
    later(office, minutes=6)
    assert len(other.sent) == 1
    assert open_item(office, case_id, "first")


def test_every_instance_asks_for_itself(office, other):
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=[1,2,3]" inputElement="n" '
        'outputCollection="rates" outputElement="=rate"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    publish(office, draw(asking(inputs="body:=n", loop=loop)))
    case_id = begin(office)
    office.settle()
    assert sorted(one.body for one in other.sent) == [b"1", b"2", b"3"]
    assert len({one.headers["Idempotency-Key"] for one in other.sent}) == 3
    assert open_item(office, case_id, "first")


def test_an_item_without_its_case_state_is_not_asked(office, other):
    publish(office, draw(asking()))
    case_id = begin(office)
    with office.acting() as ctx:
        ctx.session.execute(
            update(Case).where(Case.id == case_id).values(state=None, phase="finished")
        )
    office.settle()
    assert other.sent == []


@pytest.mark.parametrize(
    "task",
    [
        asking(headers="method=BREW"),
        asking(headers="expected=all"),
        asking(headers="error=404"),
        asking(headers="timeout=soon"),
        asking(headers="retryBackoff=soon"),
        asking(retries="often"),
        asking(inputs="headers:=[1]"),
    ],
)
def test_what_cannot_be_read_fails_the_step_that_asks(office, other, task):
    publish(office, draw(task))
    with pytest.raises(Exception, match="could not run"):
        begin(office)
    assert other.sent == []
