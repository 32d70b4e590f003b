"""A transaction that is cancelled, through the services: work items, history, case file."""

from __future__ import annotations

from sqlalchemy import select

from tests.services.several import begin, drawn, phases, publish, task
from tests.support.answers import open_item
from workflow_app.domain.states import WorkState
from workflow_app.models.work import WorkItem
from workflow_app.queries.case_file import timeline
from workflow_app.services.auditing import verify_all
from workflow_app.services.tasks import complete_task


def plain(name):
    """A task that shows the form “more”."""
    return task(name).replace(f'formId="{name}"', 'formId="more"')


def undone_by(host, handler):
    """A boundary event, the dotted line and the handler."""
    marked = plain(handler).replace("<bpmn:userTask", '<bpmn:userTask isForCompensation="true"', 1)
    return (
        f'<bpmn:boundaryEvent id="b{host}" attachedToRef="{host}"><bpmn:compensateEventDefinition '
        f'id="d{host}"/></bpmn:boundaryEvent>{marked}<bpmn:association id="l{host}" '
        f'sourceRef="b{host}" targetRef="{handler}"/>'
    )


def booking():
    """Two rooms are booked; then the transaction is cancelled and the case goes on."""
    inside = "".join((task("first"), undone_by("first", "free"), task("second")))
    inside += undone_by("second", "pay") + (
        '<bpmn:startEvent id="ts"/><bpmn:endEvent id="tc"><bpmn:cancelEventDefinition id="dc"/>'
        '</bpmn:endEvent><bpmn:sequenceFlow id="t1" sourceRef="ts" targetRef="first"/>'
        '<bpmn:sequenceFlow id="t2" sourceRef="first" targetRef="second"/>'
        '<bpmn:sequenceFlow id="t3" sourceRef="second" targetRef="tc"/>'
    )
    border = (
        '<bpmn:boundaryEvent id="off" attachedToRef="T"><bpmn:cancelEventDefinition id="do"/>'
        "</bpmn:boundaryEvent>"
    )
    nodes = (f'<bpmn:transaction id="T">{inside}</bpmn:transaction>', border, plain("told"))
    return drawn("booking", "begin>T T>done off>told told>over", *nodes)


def do(office, case, element):
    with office.acting("registrar") as ctx:
        complete_task(ctx, open_item(office, case, element), {})


def test_people_are_asked_to_undo_one_thing_after_the_other(office):
    publish(office, booking())
    case = begin(office, "booking")
    do(office, case, "first")
    do(office, case, "second")
    opened = select(WorkItem.element).where(WorkItem.state == WorkState.OPEN)
    for element in ("pay", "free", "told"):
        assert office.read(lambda s: s.scalars(opened).all()) == [f"booking/{element}"]
        do(office, case, element)
    assert phases(office, "booking") == ["finished"]
    lines = office.read(lambda s: timeline(s, case))
    undone = [line.element for line in reversed(lines) if line.kind == "compensated"]
    assert undone == ["booking/second", "booking/first"]
    with office.acting() as ctx:
        assert verify_all(ctx) == (1, [])
