"""Events of several kinds and starting gateways through the services; times on the case's clock."""

from __future__ import annotations

from datetime import UTC

import pytest
from sqlalchemy import select

from tests.services.several import begin, cases_of, data_of, drawn, message, phases, publish, task
from tests.support.answers import open_item
from workflow_app.models.work import DueTimer
from workflow_app.services.kept import Sent
from workflow_app.services.messages import send

HEAD = message("order", "=number") + message("paid", "=number")
EITHER = "".join(
    f'<bpmn:messageEventDefinition messageRef="{name}"/>' for name in ("order", "paid")
)


def tell(office, name, **fields):
    with office.acting() as ctx:
        send(ctx, Sent(message=name, correlation="N1", payload={"number": "N1", **fields}))
    office.settle()


@pytest.mark.parametrize("name", ["order", "paid"])
def test_any_message_of_a_start_event_starts_a_case(office, name):
    start = f'<bpmn:startEvent id="came">{EITHER}</bpmn:startEvent>'
    publish(office, drawn("shop", "came>first first>done", start, task("first"), head=HEAD))
    tell(office, name)
    (case,) = cases_of(office, "shop")
    assert open_item(office, case.id, "first")


@pytest.mark.parametrize("drawing", ["all", "gateway"])
def test_a_start_that_needs_two_messages_takes_the_second_into_the_running_case(office, drawing):
    if drawing == "all":
        start = f'<bpmn:startEvent id="came" parallelMultiple="true">{EITHER}</bpmn:startEvent>'
        parts, flows = [start], "came>first first>done"
    else:
        gate = '<bpmn:eventBasedGateway id="came" instantiate="true" eventGatewayType="Parallel"/>'
        catches = [
            f'<bpmn:intermediateCatchEvent id="on{name}"><bpmn:messageEventDefinition '
            f'messageRef="{name}"/></bpmn:intermediateCatchEvent>'
            for name in ("order", "paid")
        ]
        join = '<bpmn:parallelGateway id="join"/>'
        parts = [gate, *catches, join]
        flows = "came>onorder came>onpaid onorder>join onpaid>join join>first first>done"
    publish(office, drawn("shop", flows, *parts, task("first"), head=HEAD))
    tell(office, "order", a=1)
    assert len(phases(office, "shop")) == 1
    tell(office, "paid", b=2)
    (case,) = cases_of(office, "shop")
    assert open_item(office, case.id, "first")
    assert data_of(office, case)["number"] == "N1"


def test_a_date_without_a_time_is_midnight_on_the_cases_clock(office):
    wait = (
        '<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition><bpmn:timeDate>'
        "2031-02-01</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    publish(office, drawn("shop", "begin>wait wait>first first>done", wait, task("first")))
    case = begin(office, "shop")
    due = office.read(lambda s: s.scalar(select(DueTimer.due_at).where(DueTimer.case_id == case)))
    assert due.astimezone(UTC).isoformat() == "2031-01-31T20:00:00+00:00"  # Yerevan, UTC+4
