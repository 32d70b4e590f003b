"""Event-based gateways (BPMN 2.0.2 §10.6.6 and §13.4.4) and the ways a process begins (§13.2)."""

from __future__ import annotations

import pytest

from workflow_app.engine import NotWaiting, StepFailed

BEHIND = pytest.mark.bpmn("event-based gateway", "runs")
SIGNALS = '<bpmn:signal id="sig" name="alarm"/>'


def catch(bpmn, key, kind, inside):
    return bpmn.event("intermediateCatchEvent", key, kind, inside)


def hours(bpmn, key, text):
    return catch(bpmn, key, "timer", bpmn.timer("timeDuration", text))


def condition(bpmn, key, text):
    return catch(bpmn, key, "conditional", f"<bpmn:condition>={text}</bpmn:condition>")


def behind_gateway(bpmn):
    """One event of each kind behind one gateway, beside task Z."""
    raw = "".join(
        [
            hours(bpmn, "T1", "PT1H"),
            hours(bpmn, "T2", "PT5S"),
            catch(bpmn, "M", "message", "m"),
            catch(bpmn, "S", "signal", "sig"),
            condition(bpmn, "C", "go"),
            '<bpmn:receiveTask id="R" messageRef="n"/>',
        ]
    )
    targets = ("T1", "T2", "M", "S", "C", "R")
    ways = " ".join(f"G>{key} {key}>after_{key}" for key in targets)
    tasks = " ".join(f"user:after_{key}" for key in targets)
    beside = bpmn.message("m", "=1") + bpmn.message("n", "=1") + SIGNALS
    return bpmn.process(
        "p", f"start:s and:P user:Z events:G {tasks}", f"s>P P>Z P>G {ways}", raw, beside
    )


@BEHIND
@pytest.mark.bpmn("receive task", "runs")
@pytest.mark.parametrize(
    ("happen", "task"),
    [
        (lambda case: case.later(seconds=5), "after_T2"),
        pytest.param(lambda case: case.later(hours=2), "after_T2", id="both-times-over"),
        (lambda case: case.deliver("m"), "after_M"),
        (lambda case: case.deliver("alarm"), "after_S"),
        (lambda case: case.deliver("n"), "after_R"),
        (lambda case: case.complete("Z", go=True), "after_C"),
    ],
)
def test_whatever_happens_first_wins_and_the_others_are_given_up(bpmn, play, happen, task):
    case = play(behind_gateway(bpmn)).start({"go": False})
    assert (case.timers, case.messages) == (["T1", "T2"], ["alarm", "m", "n"])
    happen(case)
    assert [one for one in case.tasks if one != "Z"] == [task]
    assert (case.timers, case.messages) == ([], [])


@BEHIND
def test_a_condition_that_holds_already_wins_at_once(bpmn, play):
    case = play(behind_gateway(bpmn)).start({"go": True})
    assert case.tasks == ["Z", "after_C"]
    assert case.timers == []


@BEHIND
def test_two_events_at_once_are_still_one_way(bpmn, play):
    raw = catch(bpmn, "S1", "signal", "sig") + catch(bpmn, "S2", "signal", "sig")
    raw += bpmn.event("intermediateThrowEvent", "T", "signal", "sig")
    drawing = bpmn.process(
        "p",
        "start:s and:P user:Z events:G user:A user:B",
        "s>P P>Z P>G G>S1 G>S2 S1>A S2>B Z>T",
        raw,
        SIGNALS,
    )
    assert play(drawing).start().complete("Z").tasks == ["A"]


@BEHIND
def test_a_gateway_in_a_loop_waits_anew_each_time(bpmn, play):
    raw = catch(bpmn, "M", "message", "m") + hours(bpmn, "T", "PT1H")
    drawing = bpmn.process(
        "p",
        "start:s xor:X events:G user:A user:B",
        "s>X X>G G>M G>T M>A A>X T>B",
        raw,
        bpmn.message("m", "=1"),
    )
    case = play(drawing).start()
    for _ in range(3):
        assert (case.messages, case.timers) == (["m"], ["T"])
        assert case.step.timers[0].due_at > case.now
        assert case.deliver("m").tasks == ["A"]
        assert case.timers == []
        case.complete("A")
    assert case.later(hours=1).tasks == ["B"]


@BEHIND
def test_a_multiple_event_may_stand_behind_a_gateway(bpmn, play):
    definitions = (
        '<bpmn:messageEventDefinition messageRef="m"/><bpmn:signalEventDefinition signalRef="sig"/>'
    )
    raw = f'<bpmn:intermediateCatchEvent id="W">{definitions}</bpmn:intermediateCatchEvent>'
    raw += hours(bpmn, "T", "PT1H")
    drawing = bpmn.process(
        "p",
        "start:s events:G user:A user:B",
        "s>G G>W G>T W>A T>B",
        raw,
        bpmn.message("m") + SIGNALS,
    )
    case = play(drawing).start()
    assert case.deliver("alarm").tasks == ["A"]
    assert (case.messages, case.timers) == ([], [])


def starting(bpmn, kind):
    """A process that only an event gateway begins: message m, message n or a signal."""
    gate = f'<bpmn:eventBasedGateway id="G" instantiate="true" eventGatewayType="{kind}"/>'
    raw = gate + catch(bpmn, "M", "message", "m") + catch(bpmn, "N", "message", "n")
    raw += catch(bpmn, "S", "signal", "sig")
    return bpmn.process(
        "p",
        "user:A user:B user:C",
        "G>M G>N G>S M>A N>B S>C",
        raw,
        bpmn.message("m") + bpmn.message("n") + SIGNALS,
    )


@pytest.mark.bpmn("event-based gateway that starts a process, exclusive", "runs")
@pytest.mark.parametrize(("key", "tasks"), [("M", ["A"]), ("N", ["B"]), ("S", ["C"])])
def test_one_event_of_a_starting_gateway_is_enough(bpmn, play, key, tasks):
    case = play(starting(bpmn, "Exclusive"))
    kinds = {start.element: (start.kind, start.message) for start in case.program.starts.values()}
    assert kinds == {"M": ("message", "m"), "N": ("message", "n"), "S": ("signal", "alarm")}
    case.start({"x": 1}, at=key)
    assert (case.tasks, case.messages) == (tasks, [])
    assert case.flows[0] == {"M": "f1", "N": "f2", "S": "f3"}[key]
    assert case.complete(tasks[0]).step.finished


@pytest.mark.bpmn("event-based gateway that starts a process, parallel", "runs")
def test_a_parallel_starting_gateway_needs_all_its_events(bpmn, play):
    case = play(starting(bpmn, "Parallel")).start(at="N")
    assert (case.tasks, case.messages) == (["B"], ["alarm", "m"])
    case.complete("B")
    assert not case.step.finished
    assert case.deliver("alarm").tasks == ["C"]
    assert case.deliver("m").tasks == ["A", "C"]
    case.complete("A").complete("C")
    assert case.step.finished
    assert sorted(case.flows[:3]) == ["f1", "f2", "f3"]


@pytest.mark.bpmn("receive task that starts a process", "runs")
def test_a_receive_task_may_start_a_process(bpmn, play):
    raw = '<bpmn:receiveTask id="R" messageRef="m" instantiate="true"/>'
    drawing = bpmn.process("p", "user:A", "R>A", raw, bpmn.message("m"))
    case = play(drawing)
    assert case.program.starts["R"].message == "m"
    assert case.start({"x": 1}, at="R").tasks == ["A"]
    assert case.messages == []


@pytest.mark.bpmn("several start events", "runs")
@pytest.mark.bpmn("message start event", "runs")
@pytest.mark.bpmn("timer start event", "runs")
@pytest.mark.bpmn("signal start event", "runs")
def test_each_start_event_begins_its_own_way(bpmn, play):
    raw = "".join(
        [
            bpmn.event("startEvent", "sm", "message", "m"),
            bpmn.event("startEvent", "st", "timer", bpmn.timer("timeCycle", "R/P1D")),
            bpmn.event("startEvent", "ss", "signal", "sig"),
        ]
    )
    drawing = bpmn.process(
        "p",
        "start:s user:A user:B user:C user:D",
        "s>A sm>B st>C ss>D",
        raw,
        bpmn.message("m") + SIGNALS,
    )
    case = play(drawing)
    found = {}
    for key in case.program.starts:
        found[key] = type(case)(case.program).start({"k": 1}, at=key).tasks
    assert found == {"s": ["A"], "sm": ["B"], "st": ["C"], "ss": ["D"]}
    assert case.start().tasks == ["A"]
    with pytest.raises(NotWaiting):
        type(case)(case.program).start(at="nobody")


def conditional(bpmn, key, text):
    return bpmn.event("startEvent", key, "conditional", f"<bpmn:condition>={text}</bpmn:condition>")


@pytest.mark.bpmn("conditional start event", "runs")
@pytest.mark.parametrize(
    ("data", "tasks"), [({"n": 1}, ["A"]), ({"n": 7}, ["A", "B"]), ({"n": 20}, ["A", "B", "C"])]
)
def test_conditional_starts_are_asked_with_the_data_given(bpmn, play, data, tasks):
    raw = conditional(bpmn, "c1", "n > 5") + conditional(bpmn, "c2", "n > 10")
    drawing = bpmn.process("p", "start:s user:A user:B user:C", "s>A c1>B c2>C", raw)
    assert play(drawing).start(data).tasks == tasks


@pytest.mark.bpmn("conditional start event", "runs")
def test_a_case_whose_conditions_all_fail_does_not_begin(bpmn, play):
    raw = conditional(bpmn, "c1", "n > 5")
    case = play(bpmn.process("p", "user:B", "c1>B", raw))
    with pytest.raises(StepFailed, match="no condition holds"):
        case.start({"n": 1})
    assert case.start({"n": 6}).tasks == ["B"]


@pytest.mark.bpmn("parallel start events (none)", "runs")
@pytest.mark.bpmn("activity without an incoming flow", "runs")
def test_what_nothing_leads_to_begins_with_the_case(bpmn, play):
    assert play(bpmn.process("p", "start:s start:t user:A user:B", "s>A t>B")).start().tasks == [
        "A",
        "B",
    ]
    raw = '<bpmn:receiveTask id="R" messageRef="m"/>'
    case = play(bpmn.process("p", "user:A", "", raw, bpmn.message("m", "=1"))).start()
    assert (case.tasks, case.messages) == (["A"], ["m"])
    assert case.deliver("m").tasks == ["A"]


def test_the_ways_of_a_parallel_starting_gateway_may_meet_in_a_join(bpmn, play):
    gate = '<bpmn:eventBasedGateway id="G" instantiate="true" eventGatewayType="Parallel"/>'
    raw = gate + catch(bpmn, "M", "message", "m") + catch(bpmn, "N", "message", "n")
    beside = bpmn.message("m") + bpmn.message("n")
    drawing = bpmn.process("p", "and:J user:A", "G>M G>N M>J N>J J>A", raw, beside)
    case = play(drawing).start(at="N")
    assert case.tasks == []
    assert case.deliver("m").tasks == ["A"]
