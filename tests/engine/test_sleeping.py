"""A step of a case with many open scopes touches the scope it moves, and nothing is forgotten."""

from __future__ import annotations

import pytest

from workflow_app.engine import codec
from workflow_app.engine.steps import case_data
from workflow_app.engine.tokens import Scope

MANY = 'inputCollection="=for i in 1..30 return i" inputElement="n"'


def rooms(bpmn, raw="", loop="", flows="s>S S>B", notes="start:s user:B"):
    """Thirty sub-processes, each with one more inside."""
    deep = bpmn.sub("D", "start:ds user:A user:C end:de", "ds>A A>C C>de")
    loop = bpmn.many(MANY + ' outputCollection="got" outputElement="=x"', "", loop)
    part = bpmn.sub("S", "start:ss end:se", "ss>D D>se", deep + loop)
    return bpmn.process("p", notes, flows, part + raw)


@pytest.fixture
def opened(monkeypatch):
    """The scopes that come to life."""
    found = []
    begin = Scope.__init__

    def counted(scope, spec, owner):
        found.append(spec.name)
        begin(scope, spec, owner)

    monkeypatch.setattr(Scope, "__init__", counted)
    return found


def test_a_step_wakes_the_scope_it_moves_and_those_around_it(bpmn, play, opened):
    case = play(rooms(bpmn)).start()
    assert len(opened) == 60
    opened.clear()
    case.complete("A", 7, x=1)
    assert sorted(opened) == ["p:S", "p:S:D"]
    opened.clear()
    assert case.sees("A", 20)["n"] == 22
    assert sorted(opened) == ["p:S", "p:S:D"]


def test_what_sleeps_is_stored_as_it_was(bpmn, play):
    case = play(rooms(bpmn)).start().complete("A", 3, x=1)
    loaded = codec.load(case.program, case.state)
    assert len(loaded.subprocesses.sleeping()) == 60
    again = codec.load(case.program, codec.dump(loaded))
    assert len(again.workflows()) == 61
    assert again.subprocesses.sleeping() == []
    assert codec.dump(again) == codec.dump(codec.load(case.program, case.state))


def test_every_instance_comes_to_its_end(bpmn, play):
    case = play(rooms(bpmn)).start()
    for turn in range(30):
        case.complete("A", 0, x=turn)
        case.complete("C", 0, x=turn)
    assert case.tasks == ["B"]
    assert len(case.data["got"]) == 30


def test_what_ends_all_of_them_wakes_all_of_them(bpmn, play):
    case = play(rooms(bpmn, loop="=numberOfCompletedInstances = 1")).start()
    case.complete("A", 0, x=1).complete("C", 0)
    assert case.tasks == ["B"]
    assert len([closed for closed in case.closed if closed.why == "cancelled"]) == 29


def test_a_timer_on_the_border_ends_all_of_them(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="S"'
    )
    shape = rooms(bpmn, late, flows="s>S S>B L>Y", notes="start:s user:B user:Y")
    assert play(shape).start().complete("A", 3).later(hours=2).tasks == ["Y"]


def test_a_scope_in_which_something_waits_stays_awake(bpmn, play, opened):
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="A"'
    )
    loop = bpmn.many('inputCollection="=[1, 2, 3]" inputElement="n"')
    part = bpmn.sub("S", "start:ss user:A end:se user:L2", "ss>A A>se L>L2 L2>se", late + loop)
    case = play(bpmn.process("p", "start:s user:B", "s>S S>B", part)).start()
    opened.clear()
    case.complete("A")
    assert len(opened) == 3
    assert case.later(hours=1).tasks == ["L2", "L2"]
    assert case.complete("L2").complete("L2").tasks == ["B"]


def test_looking_at_a_case_sees_what_sleeps(bpmn, play):
    mapping = '<zeebe:ioMapping><zeebe:input source="=1" target="inside"/></zeebe:ioMapping>'
    call = bpmn.extended("callActivity", "K", f'<zeebe:calledElement processId="q"/>{mapping}')
    called = bpmn.process("q", "start:qs user:Q user:R", "qs>Q Q>R")
    drawn = bpmn.process("p", "start:s user:B and:P", "s>P P>K P>B", call)
    case = play(drawn, called).start().complete("Q", y=2).complete("B", z=3)
    assert case_data(case.program, case.state) == {"z": 3, "y": 2}
