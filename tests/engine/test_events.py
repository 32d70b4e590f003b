"""Timers, messages, signals, boundary events, event gateways, conditions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from workflow_app.engine import StepFailed

HOUR = timedelta(hours=1)


def boundary(bpmn, key, on, kind, inside, *, stops=True):
    attributes = f'attachedToRef="{on}" cancelActivity="{str(stops).lower()}"'
    return bpmn.event("boundaryEvent", key, kind, inside, attributes)


@pytest.mark.parametrize(
    ("form", "text", "after"),
    [
        ("timeDuration", "PT1H", 1),
        ("timeDuration", '="PT" + string(n) + "H"', 2),
        ("timeDuration", '=duration("PT3H")', 3),
        ("timeDate", "2026-11-23T16:00:00Z", 4),
        ("timeDate", '=date and time("2026-11-23T17:00:00Z")', 5),
        ("timeDate", '=now() + duration("PT6H")', 6),
        ("timeDate", "=date(later)", 12),
        ("timeDuration", "=working days(1)", 24),
    ],
)
def test_a_timer_fires_at_its_time_on_the_injected_clock(bpmn, play, form, text, after):
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer(form, text))
    case = play(bpmn.process("p", "start:s user:A end:e", "s>T T>A A>e", raw))
    case.functions = {
        "working days": lambda days: case.now + timedelta(days=int(days)),
    }
    case.start({"n": 2, "later": "2026-11-24"})
    assert [wait.due_at - case.now for wait in case.step.timers] == [after * HOUR]
    assert case.later(hours=after - 0.1).tasks == []
    assert case.later(hours=0.1).tasks == ["A"]
    assert "timer" in [event.kind for event in case.history]


def test_a_timer_without_a_readable_time_stops_the_step(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDate", "=x"))
    case = play(bpmn.process("p", "start:s end:e", "s>T T>e", raw))
    with pytest.raises(StepFailed) as failed:
        case.start({"x": "some day"})
    assert failed.value.element == "T"


def test_two_timers_and_a_message_behind_one_gateway_each_keep_their_own(bpmn, play):
    raw = "".join(
        [
            bpmn.event("intermediateCatchEvent", "T1", "timer", bpmn.timer("timeDuration", "PT1H")),
            bpmn.event("intermediateCatchEvent", "T2", "timer", bpmn.timer("timeDuration", "PT5S")),
            bpmn.event("intermediateCatchEvent", "M", "message", "m"),
        ]
    )
    drawing = bpmn.process(
        "p",
        "start:s events:G user:A user:B user:C",
        "s>G G>T1 G>T2 G>M T1>A T2>B M>C",
        raw,
        bpmn.message("m", "=case.number"),
    )
    case = play(drawing).start({"case": {"number": "N1"}})
    assert case.timers == ["T1", "T2"]
    assert case.step.subscriptions[0].correlation == "N1"
    case.later(seconds=6)
    assert case.tasks == ["B"]
    assert case.timers == case.messages == []
    assert case.flows == ["f1", "f3", "f6"]
    other = type(case)(case.program).start({"case": {"number": "N1"}}).deliver("m", got=1)
    assert other.tasks == ["C"]
    assert other.data["got"] == 1


def test_a_receive_task_and_its_boundary_timer(bpmn, play):
    raw = '<bpmn:receiveTask id="R" messageRef="m"/>' + boundary(
        bpmn, "T", "R", "timer", bpmn.timer("timeDuration", "PT1H")
    )
    drawing = bpmn.process(
        "p", "start:s user:A user:B", "s>R R>A T>B", raw, bpmn.message("m", "key")
    )
    case = play(drawing).start()
    assert (case.messages, case.timers) == (["m"], ["T"])
    assert case.step.subscriptions[0].correlation == "key"
    assert case.deliver("m").tasks == ["A"]
    assert case.timers == []
    assert type(case)(case.program).start().later(hours=1).tasks == ["B"]


def test_an_interrupting_boundary_timer_cancels_the_task(bpmn, play):
    raw = boundary(bpmn, "T", "A", "timer", bpmn.timer("timeDuration", "PT1H"))
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>e T>B", raw)).start()
    case.later(hours=2)
    assert case.tasks == ["B"]
    assert [(closed.element, closed.why) for closed in case.closed] == [("A", "cancelled")]
    assert "cancelled" in [event.kind for event in case.history if event.element == "A"]


def test_a_non_interrupting_cycle_fires_again_and_ends_with_the_task(bpmn, play):
    raw = boundary(bpmn, "T", "A", "timer", bpmn.timer("timeCycle", "R3/PT1H"), stops=False)
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>e T>B", raw)).start()
    for turn in range(1, 4):
        assert case.timers == ["T"]
        case.later(hours=1)
        assert case.tasks == ["A"] + ["B"] * turn
    assert case.timers == []
    case.complete("A")
    assert case.tasks == ["B", "B", "B"]


def test_a_cycle_skips_what_it_missed(bpmn, play):
    raw = boundary(bpmn, "T", "A", "timer", bpmn.timer("timeCycle", "R/PT1H"), stops=False)
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>e T>B", raw)).start()
    assert case.later(hours=5.5).tasks == ["A", "B"]
    assert case.step.timers[0].due_at == case.now + timedelta(hours=0.5)


def test_boundary_messages_interrupting_and_not(bpmn, play):
    raw = boundary(bpmn, "M", "A", "message", "m") + boundary(
        bpmn, "N", "A", "message", "n", stops=False
    )
    beside = bpmn.message("m", "=k") + bpmn.message("n", "=k")
    drawing = bpmn.process("p", "start:s user:A user:B user:C", "s>A M>B N>C", raw, beside)
    case = play(drawing).start({"k": 1})
    case.deliver("n", x=1).deliver("n", x=2)
    assert case.tasks == ["A", "C", "C"]
    case.deliver("m", y=1)
    assert case.tasks == ["B", "C", "C"]
    assert case.messages == []
    assert case.data == {"k": 1, "x": 2, "y": 1}


ERRORS = '<bpmn:error id="err" name="Bad" errorCode="BAD"/>'
ESCALATIONS = '<bpmn:escalation id="esc" name="Help" escalationCode="HELP"/>'


def inside(bpmn, end):
    """A sub-process with a user task beside what is thrown after A."""
    return bpmn.sub(
        "S", "start:ss and:P user:A user:B", f"ss>P P>A P>B A>{end}", raw_end(bpmn, end)
    )


def raw_end(bpmn, end):
    kinds = {
        "fail": ("endEvent", "error", "err"),
        "call": ("intermediateThrowEvent", "escalation", "esc"),
    }
    tag, kind, reference = kinds[end]
    return bpmn.event(tag, end, kind, reference)


@pytest.mark.bpmn("error", "runs")
@pytest.mark.parametrize("reference", ["err", ""])
def test_an_error_thrown_inside_a_sub_process_interrupts_it(bpmn, play, reference):
    raw = inside(bpmn, "fail") + boundary(bpmn, "X", "S", "error", reference)
    case = play(bpmn.process("p", "start:s user:C user:D", "s>S S>C X>D", raw, ERRORS)).start()
    case.complete("A")
    assert case.tasks == ["D"]
    assert case.data["error"] == {"code": "BAD", "text": "Bad"}
    assert ("B", "cancelled") in [(closed.element, closed.why) for closed in case.closed]


@pytest.mark.bpmn("escalation", "runs")
@pytest.mark.parametrize(("stops", "open_after"), [(True, ["D"]), (False, ["B", "D"])])
def test_an_escalation_thrown_inside_a_sub_process(bpmn, play, stops, open_after):
    raw = inside(bpmn, "call") + boundary(bpmn, "X", "S", "escalation", "esc", stops=stops)
    drawing = bpmn.process("p", "start:s user:C user:D", "s>S S>C X>D", raw, ESCALATIONS)
    case = play(drawing).start().complete("A")
    assert case.tasks == open_after
    if not stops:
        assert case.complete("B").tasks == ["C", "D"]


def test_an_escalation_that_nobody_catches_leaves_the_case(bpmn, play):
    raw = inside(bpmn, "call")
    case = play(bpmn.process("p", "start:s user:C", "s>S S>C", raw, ESCALATIONS)).start()
    case.complete("A")
    assert [(thrown.kind, thrown.name) for thrown in case.thrown] == [("escalation", "HELP")]
    assert case.tasks == ["B"]


def test_an_error_that_nobody_catches_ends_the_case_or_stops_the_step(bpmn, play):
    at_top = bpmn.process(
        "p", "start:s and:P user:A user:B", "s>P P>A P>B A>fail", raw_end(bpmn, "fail"), ERRORS
    )
    case = play(at_top).start().complete("A")
    assert case.step.finished
    assert [(thrown.kind, thrown.name) for thrown in case.thrown] == [("error", "BAD")]
    nested = bpmn.process("p", "start:s user:C", "s>S S>C", inside(bpmn, "fail"), ERRORS)
    with pytest.raises(StepFailed, match="nobody catches the error BAD"):
        play(nested).start().complete("A")


SIGNALS = '<bpmn:signal id="sig" name="alarm"/>'


@pytest.mark.parametrize("tag", ["endEvent", "intermediateThrowEvent"])
def test_a_signal_reaches_everybody_who_waits_and_leaves_the_case(bpmn, play, tag):
    raw = (
        boundary(bpmn, "X", "A", "signal", "sig")
        + bpmn.event("intermediateCatchEvent", "W", "signal", "sig")
        + bpmn.event(tag, "throw", "signal", "sig")
    )
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B user:C user:D",
        "s>P P>A P>B P>W B>throw X>C W>D",
        raw,
        SIGNALS,
    )
    case = play(drawing).start().complete("B")
    assert case.tasks == ["C", "D"]
    assert [thrown.name for thrown in case.thrown] == ["alarm"]


def test_a_thrown_message_finds_its_catcher_inside_by_key_or_leaves(bpmn, play):
    thrower = bpmn.event("intermediateThrowEvent", "T", "message", "m")
    raw = thrower + bpmn.event("intermediateCatchEvent", "W", "message", "m")
    drawing = bpmn.process(
        "p", "start:s and:P user:A user:B", "s>P P>A P>W A>T W>B", raw, bpmn.message("m", "=k")
    )
    case = play(drawing).start({"k": 1})
    assert case.complete("A").tasks == ["B"]
    assert case.thrown == []
    other = type(case)(case.program).start({"k": 1}).complete("A", k=2)
    assert [(thrown.name, thrown.correlation) for thrown in other.thrown] == [("m", 2)]
    assert other.tasks == []


def test_a_message_carries_what_its_inputs_name(bpmn, play):
    mapping = (
        '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=a + 1" target="b"/>'
        "</zeebe:ioMapping></bpmn:extensionElements>"
    )
    raw = f'<bpmn:sendTask id="T" messageRef="m">{mapping}</bpmn:sendTask>'
    case = play(
        bpmn.process("p", "start:s user:A end:e", "s>A A>T T>e", raw, bpmn.message("m", "=a"))
    )
    case.start().complete("A", a=1)
    assert case.thrown[0].payload == {"b": 2}
    assert case.step.finished


def test_a_conditional_event_fires_when_data_makes_it_true(bpmn, play):
    raw = bpmn.event(
        "intermediateCatchEvent", "W", "conditional", "<bpmn:condition>=x &gt; 5</bpmn:condition>"
    )
    case = play(
        bpmn.process("p", "start:s and:P user:A xor:M user:B", "s>P P>M M>A A>M P>W W>B", raw)
    )
    case.start({"x": 1})
    assert case.complete("A", x=3).tasks == ["A"]
    assert case.complete("A", x=9).tasks == ["A", "B"]


def test_message_and_timer_starts_are_told(bpmn, play):
    raw = bpmn.event("startEvent", "by_message", "message", "m") + bpmn.event(
        "startEvent", "by_timer", "timer", bpmn.timer("timeCycle", "R/P1D")
    )
    case = play(
        bpmn.process(
            "p", "start:s user:A user:B", "s>A by_message>B by_timer>A", raw, bpmn.message("m")
        )
    )
    starts = case.program.starts
    assert (starts["by_message"].message, starts["by_timer"].timer) == ("m", "R/P1D")
    assert case.start().tasks == ["A"]
    assert type(case)(case.program).start(at="by_message").tasks == ["B"]
