"""Messages that are heard for a while only, and timers that follow the clock of the case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from workflow_app.engine import NotWaiting, deliver, go_on, rest

HEARD = (
    '<zeebe:properties><zeebe:property name="heard_while" value="open = true"/></zeebe:properties>'
)
RESTS = '<zeebe:properties><zeebe:property name="rests" value="true"/></zeebe:properties>'


@pytest.fixture
def listening(bpmn, play):
    """Return a player of a case with a message that is heard while `open` is true."""
    start = bpmn.extended(
        "startEvent", "sX", HEARD, '<bpmn:messageEventDefinition messageRef="m"/>'
    )
    beside = bpmn.sub("X", "user:x", "sX>x", start, 'triggeredByEvent="true"')
    text = bpmn.process(
        "p", "start:s user:A user:B end:e", "s>A A>B B>e", beside, bpmn.message("m", "=1")
    )
    return play(text)


def test_a_message_is_heard_while_its_condition_holds(listening):
    listening.start({"open": False})
    assert listening.messages == []
    listening.complete("A", open=True)
    assert listening.messages == ["m"]
    assert listening.deliver("m").tasks == ["x"]


def test_a_message_for_a_wait_that_hears_nothing_is_refused(listening):
    listening.start({"open": True})
    wait = listening.step.subscriptions[0].task_id
    listening.complete("A", open=False)
    assert listening.messages == []
    with pytest.raises(NotWaiting):
        deliver(listening.program, listening.state, wait, {}, listening.env)


@pytest.fixture
def timed(bpmn, play):
    """Return a case with two timers of two hours, of which one follows the clock."""
    timer = bpmn.timer("timeDuration", "PT2H")
    held = f"<bpmn:timerEventDefinition>{timer}</bpmn:timerEventDefinition>"
    raw = bpmn.extended("boundaryEvent", "late", RESTS, held, 'attachedToRef="A"')
    plain = 'cancelActivity="false" attachedToRef="A"'
    raw += bpmn.event("boundaryEvent", "plain", "timer", timer, plain)
    text = bpmn.process("p", "start:s user:A user:B user:C end:e", "s>A A>e late>B plain>C", raw)
    return play(text).start()


def test_a_timer_rests_while_the_clock_stands_and_is_due_later(timed):
    timed._took(rest(timed.program, timed.step))
    assert timed.timers == ["plain"]
    assert timed.later(hours=3).tasks == ["A", "C"]
    timed._took(go_on(timed.program, timed.step, lambda due: due + timedelta(hours=3)))
    assert timed.timers == ["late"]
    assert timed.later(hours=1).tasks == ["A", "C"]
    assert timed.later(hours=1).tasks == ["B", "C"]


def test_a_timer_that_did_not_rest_stays_where_it_was(timed):
    before = timed.step.timers
    after = go_on(timed.program, timed.step, lambda due: due + timedelta(hours=3))
    assert after.timers == before
