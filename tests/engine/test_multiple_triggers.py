"""Events with several triggers: multiple (any is enough) and parallel multiple (all are needed).

BPMN 2.0.2 §10.5.2 to §10.5.4 and table 10.93.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from workflow_app.engine import InvalidSource

BESIDE = (
    '<bpmn:signal id="sig" name="alarm"/><bpmn:error id="err" errorCode="BAD"/>'
    '<bpmn:escalation id="esc" escalationCode="HELP"/>'
)


def refers(kind: str, reference: str) -> str:
    return f'<bpmn:{kind}EventDefinition {kind}Ref="{reference}"/>'


def hour(text: str = "PT1H", form: str = "timeDuration") -> str:
    return (
        f"<bpmn:timerEventDefinition><bpmn:{form}>{text}</bpmn:{form}></bpmn:timerEventDefinition>"
    )


M, N, SIG = refers("message", "m"), refers("message", "n"), refers("signal", "sig")
IF_GO = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>=go = true</bpmn:condition>"
    "</bpmn:conditionalEventDefinition>"
)


def several(tag: str, key: str, *definitions: str, attributes: str = "", all_of: bool = False):
    together = 'parallelMultiple="true"' if all_of else ""
    return f'<bpmn:{tag} id="{key}" {attributes} {together}>{"".join(definitions)}</bpmn:{tag}>'


def beside(bpmn) -> str:
    return BESIDE + bpmn.message("m", "=1") + bpmn.message("n", "=1")


def catching(bpmn, *definitions, all_of=False, flows="s>P P>Z P>W W>A Z>e"):
    raw = several("intermediateCatchEvent", "W", *definitions, all_of=all_of)
    return bpmn.process("p", "start:s and:P user:Z user:A end:e", flows, raw, beside(bpmn))


@pytest.mark.bpmn("multiple catch event", "runs")
@pytest.mark.parametrize("come", ["m", "alarm", "later", "go"])
def test_any_of_several_is_enough_and_the_others_are_given_up(bpmn, play, come):
    case = play(catching(bpmn, M, hour(), SIG, IF_GO)).start()
    assert (case.messages, case.timers) == (["alarm", "m"], ["W"])
    happen(case, come)
    assert "A" in case.tasks
    assert (case.messages, case.timers) == ([], [])
    told = {"m": "message", "alarm": "signal", "later": "timer", "go": "conditional"}[come]
    assert [line.kind for line in case.history if line.element == "W"] == [
        "entered",
        told,
        "completed",
    ]


def happen(case, come):
    if come == "later":
        return case.later(hours=1)
    if come == "go":
        return case.complete("Z", go=True)
    return case.deliver(come, told=come)


@pytest.mark.bpmn("parallel multiple catch event", "runs")
@pytest.mark.parametrize("order", [("m", "alarm", "later", "go"), ("go", "later", "alarm", "m")])
def test_all_of_several_are_needed_in_any_order(bpmn, play, order):
    case = play(catching(bpmn, M, hour(), SIG, IF_GO, all_of=True)).start()
    for come in order:
        assert "A" not in case.tasks
        happen(case, come)
    assert "A" in case.tasks
    assert case.data["told"] == "alarm"  # what came is merged in the order drawn
    assert (case.messages, case.timers) == ([], [])


def test_what_came_is_not_waited_for_again(bpmn, play):
    case = play(catching(bpmn, M, N, all_of=True)).start().deliver("m", a=1)
    assert case.messages == ["n"]
    assert case.deliver("n", b=2).data == {"a": 1, "b": 2}


def bounded(bpmn, *definitions, stops, all_of=False):
    attributes = f'attachedToRef="A" cancelActivity="{str(stops).lower()}"'
    raw = several("boundaryEvent", "X", *definitions, attributes=attributes, all_of=all_of)
    return bpmn.process("p", "start:s user:A user:B end:e", "s>A A>e X>B", raw, beside(bpmn))


@pytest.mark.bpmn("multiple boundary event, interrupting", "runs")
@pytest.mark.parametrize("come", ["m", "alarm", "later"])
def test_a_boundary_of_several_interrupts_with_the_first(bpmn, play, come):
    case = play(bounded(bpmn, M, SIG, hour(), stops=True)).start()
    assert happen(case, come).tasks == ["B"]
    assert (case.messages, case.timers) == ([], [])


@pytest.mark.bpmn("multiple boundary event, not interrupting", "runs")
def test_a_boundary_of_several_beside_its_task_fires_each_time(bpmn, play):
    case = play(bounded(bpmn, M, SIG, hour("R2/PT1H", "timeCycle"), stops=False)).start()
    case.deliver("m").deliver("m").deliver("alarm")
    assert case.tasks == ["A", "B", "B", "B"]
    assert case.step.timers[0].due_at - case.now == timedelta(hours=1)  # the clock ran on
    case.later(hours=1).later(hours=1)
    assert case.tasks == ["A", "B", "B", "B", "B", "B"]
    assert case.timers == []
    case.complete("A")
    assert case.messages == []


@pytest.mark.bpmn("parallel multiple boundary event, interrupting", "runs")
def test_a_boundary_that_needs_all_interrupts_with_the_last(bpmn, play):
    case = play(bounded(bpmn, M, SIG, stops=True, all_of=True)).start()
    assert case.deliver("alarm").tasks == ["A"]
    assert case.deliver("m").tasks == ["B"]


@pytest.mark.bpmn("parallel multiple boundary event, not interrupting", "runs")
def test_a_boundary_that_needs_all_begins_a_new_round(bpmn, play):
    case = play(bounded(bpmn, M, SIG, stops=False, all_of=True)).start()
    for turn in (1, 2):
        case.deliver("m")
        assert case.messages == ["alarm"]
        case.deliver("alarm")
        assert case.tasks == ["A"] + ["B"] * turn
        assert case.messages == ["alarm", "m"]
    assert case.complete("A").messages == []


@pytest.mark.parametrize("come", ["m", "fail"])
def test_an_error_or_a_message_on_one_border(bpmn, play, come):
    inner = bpmn.sub(
        "S", "start:ss user:A", "ss>A A>fail", bpmn.event("endEvent", "fail", "error", "err")
    )
    catch = several("boundaryEvent", "X", refers("error", "err"), M, attributes='attachedToRef="S"')
    drawing = bpmn.process("p", "start:s user:B", "s>S X>B", inner + catch, beside(bpmn))
    case = play(drawing).start()
    assert case.messages == ["m"]
    case.deliver("m") if come == "m" else case.complete("A")
    assert (case.tasks, case.messages) == (["B"], [])


@pytest.mark.parametrize("all_of", [True, False])
def test_an_escalation_among_several_beside_an_activity(bpmn, play, all_of):
    again = '<bpmn:exclusiveGateway id="M"/>' + bpmn.event(
        "intermediateThrowEvent", "T", "escalation", "esc"
    )
    inner = bpmn.sub("S", "start:ss user:A", "ss>M M>A A>T T>M", again)
    catch = several(
        "boundaryEvent",
        "X",
        refers("escalation", "esc"),
        M,
        attributes='attachedToRef="S" cancelActivity="false"',
        all_of=all_of,
    )
    drawing = bpmn.process("p", "start:s user:B", "s>S X>B", inner + catch, beside(bpmn))
    case = play(drawing).start().complete("A")
    assert case.tasks == (["A"] if all_of else ["A", "B"])
    case.complete("A")  # already noted for this round: nobody catches it twice
    assert case.tasks == (["A"] if all_of else ["A", "B", "B"])
    assert case.deliver("m").tasks == (["A", "B"] if all_of else ["A", "B", "B", "B"])


def handled(bpmn, *definitions, stops, all_of=False):
    attributes = f'isInterrupting="{str(stops).lower()}"'
    start = several("startEvent", "hs", *definitions, attributes=attributes, all_of=all_of)
    handler = bpmn.sub("E", "user:H", "hs>H", start, 'triggeredByEvent="true"')
    return bpmn.process("p", "start:s user:A end:e", "s>A A>e", handler, beside(bpmn))


@pytest.mark.bpmn("multiple start of an event sub-process, interrupting", "runs")
@pytest.mark.bpmn("multiple start of an event sub-process, not interrupting", "runs")
@pytest.mark.parametrize("come", ["m", "alarm", "later"])
@pytest.mark.parametrize("stops", [True, False])
def test_an_event_sub_process_begins_with_any(bpmn, play, come, stops):
    case = play(handled(bpmn, M, SIG, hour(), stops=stops)).start()
    assert happen(case, come).tasks == (["H"] if stops else ["A", "H"])
    if stops:
        assert (case.messages, case.timers) == ([], [])
        assert case.complete("H").step.finished
        return
    assert case.deliver("m").tasks == ["A", "H", "H"]
    case.complete("A").complete("H")
    assert not case.step.finished
    assert case.complete("H").step.finished


@pytest.mark.bpmn("parallel multiple start of an event sub-process, interrupting", "runs")
@pytest.mark.bpmn("parallel multiple start of an event sub-process, not interrupting", "runs")
@pytest.mark.parametrize("stops", [True, False])
def test_an_event_sub_process_that_needs_all(bpmn, play, stops):
    case = play(handled(bpmn, M, SIG, stops=stops, all_of=True)).start()
    assert case.deliver("m").tasks == ["A"]
    assert case.deliver("alarm").tasks == (["H"] if stops else ["A", "H"])
    if not stops:
        assert case.deliver("alarm").deliver("m").tasks == ["A", "H", "H"]


def test_half_of_what_is_needed_keeps_no_case_open(bpmn, play):
    case = play(handled(bpmn, M, SIG, stops=False, all_of=True)).start().deliver("m")
    assert case.complete("A").step.finished


@pytest.mark.bpmn("multiple throw event", "runs")
@pytest.mark.bpmn("multiple end event", "runs")
@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_everything_drawn_is_thrown(bpmn, play, tag):
    raw = several(tag, "T", M, SIG, refers("escalation", "esc"))
    case = play(bpmn.process("p", "start:s user:A", "s>A A>T", raw, beside(bpmn)))
    case.start().complete("A")
    assert [(thrown.kind, thrown.name) for thrown in case.thrown] == [
        ("message", "m"),
        ("signal", "alarm"),
        ("escalation", "HELP"),
    ]
    assert case.step.finished


def test_an_end_that_fails_throws_the_rest_first(bpmn, play):
    fail = several("endEvent", "fail", refers("error", "err"), M)
    inner = bpmn.sub("S", "start:ss", "ss>fail", fail)
    catch = bpmn.event("boundaryEvent", "X", "error", "err", 'attachedToRef="S"')
    drawing = bpmn.process("p", "start:s user:A user:B", "s>S S>A X>B", inner + catch, beside(bpmn))
    case = play(drawing).start()
    assert case.tasks == ["B"]
    assert [thrown.name for thrown in case.thrown] == ["m"]


def started(bpmn, *definitions, all_of=False):
    raw = several("startEvent", "s", *definitions, all_of=all_of)
    return bpmn.process("p", "user:A end:e", "s>A A>e", raw, beside(bpmn))


@pytest.mark.bpmn("multiple start event", "runs")
@pytest.mark.parametrize("number", [0, 1, 2])
def test_each_trigger_of_a_start_event_starts_a_case(bpmn, play, number):
    case = play(started(bpmn, M, SIG, hour("R/P1D", "timeCycle")))
    starts = list(case.program.starts.values())
    assert [(one.kind, one.message, one.timer) for one in starts] == [
        ("message", "m", None),
        ("signal", "alarm", None),
        ("timer", None, "R/P1D"),
    ]
    assert case.start({"x": 1}, at=starts[number].element).tasks == ["A"]
    assert case.messages == []


@pytest.mark.bpmn("parallel multiple start event", "runs")
@pytest.mark.parametrize("number", [0, 1])
def test_a_start_event_that_needs_all_waits_for_the_rest(bpmn, play, number):
    case = play(started(bpmn, M, N, all_of=True))
    first = list(case.program.starts.values())[number]
    case.start({"x": 1}, at=first.element)
    assert (case.tasks, case.messages) == ([], ["nm"[number]])
    assert case.deliver("nm"[number], y=2).tasks == ["A"]
    assert case.data == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    ("tag", "definitions", "all_of"),
    [
        ("intermediateCatchEvent", (M, '<bpmn:linkEventDefinition name="l"/>'), False),
        ("endEvent", (M, "<bpmn:compensateEventDefinition/>"), False),
        ("boundaryEvent", (M, refers("error", "err")), True),
    ],
)
def test_what_cannot_stand_in_one_event_is_refused(bpmn, play, tag, definitions, all_of):
    attributes = 'attachedToRef="A"' if tag == "boundaryEvent" else ""
    raw = several(tag, "x", *definitions, attributes=attributes, all_of=all_of)
    with pytest.raises(InvalidSource) as refused:
        play(bpmn.process("p", "start:s user:A end:e", "s>A A>x A>e x>e", raw, beside(bpmn)))
    assert "several-triggers" in {found.code for found in refused.value.findings}
