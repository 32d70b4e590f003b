"""Sub-processes, call activities, event sub-processes, data between them."""

from __future__ import annotations

import pytest

from workflow_app.engine import NotWaiting, StepFailed

IO = "<zeebe:ioMapping>{}</zeebe:ioMapping>"


def called(process, mapping=""):
    held = IO.format(mapping) if mapping else ""
    return f'<zeebe:calledElement processId="{process}"/>{held}'


def caller(bpmn, mapping="", raw="", flows="s>A A>C C>B", beside=""):
    call = bpmn.extended("callActivity", "C", called("q", mapping))
    return bpmn.process("p", "start:s user:A user:B", flows, call + raw, beside)


def event_sub(bpmn, key, trigger, flows_in, short="user:H", *, stops=True):
    """An event sub-process whose start is `trigger`."""
    start = trigger.replace(
        "<bpmn:startEvent", f'<bpmn:startEvent isInterrupting="{str(stops).lower()}"', 1
    )
    return bpmn.sub(key, short, flows_in, start, 'triggeredByEvent="true"')


def test_an_embedded_sub_process_shares_the_data(bpmn, play):
    inner = bpmn.sub("S", "start:ss user:A end:se", "ss>A A>se")
    case = play(bpmn.process("p", "start:s user:B", "s>S S>B", inner)).start({"x": 1})
    assert case.step.opened[0].path == ("S",)
    case.complete("A", x=2, y=3)
    assert case.data == {"x": 2, "y": 3}


def test_mapped_inputs_of_a_sub_process_stay_inside(bpmn, play):
    mapping = IO.format(
        '<zeebe:input source="=x + 1" target="inside"/>'
        '<zeebe:output source="=inside * 10" target="out"/>'
    )
    inner = bpmn.sub("S", "start:ss user:A end:se", "ss>A A>se", extension=mapping)
    case = play(bpmn.process("p", "start:s user:B", "s>S S>B", inner)).start({"x": 1})
    assert case.sees("A") == {"x": 1, "inside": 2}
    case.complete("A", inside=5)
    assert case.data == {"x": 1, "out": 50}


def test_a_called_process_sees_the_callers_data_and_leaves_what_it_wrote(bpmn, play):
    child = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe")
    case = play(caller(bpmn), child).start().complete("A", a=1)
    assert case.sees("Q") == {"a": 1}
    assert case.step.opened[0].path == ("C",)
    assert case.step.opened[0].process == "q"
    case.complete("Q", b=2)
    assert case.tasks == ["B"]
    assert case.data == {"a": 1, "b": 2}


def test_a_call_with_outputs_writes_only_those(bpmn, play):
    mapping = (
        '<zeebe:input source="=a * 2" target="n"/>'
        '<zeebe:output source="=b + n" target="result.sum"/>'
    )
    child = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe")
    case = play(caller(bpmn, mapping), child).start().complete("A", a=2)
    assert case.sees("Q") == {"a": 2, "n": 4}
    case.complete("Q", b=1, c=9)
    assert case.data == {"a": 2, "result": {"sum": 5}}


def test_a_called_process_inherits_the_lane(bpmn, play):
    lanes = (
        '<bpmn:laneSet><bpmn:lane id="l" name="registrar"><bpmn:flowNodeRef>A</bpmn:flowNodeRef>'
        "<bpmn:flowNodeRef>C</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    child = bpmn.process("q", "start:qs user:Q user:R", "qs>Q Q>R").replace(
        'isExecutable="true">',
        'isExecutable="true"><bpmn:laneSet><bpmn:lane id="m" name="head"><bpmn:flowNodeRef>R'
        "</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>",
    )
    top = caller(bpmn).replace('isExecutable="true">', f'isExecutable="true">{lanes}')
    case = play(top, child).start().complete("A")
    assert (case.step.opened[0].lane, case.step.opened[0].groups) == ("registrar", ("registrar",))
    assert case.complete("Q").step.opened[0].lane == "head"


def test_recursion_without_end_is_stopped(bpmn, play):
    call = bpmn.extended("callActivity", "C", called("p"))
    with pytest.raises(StepFailed, match="too deeply"):
        play(bpmn.process("p", "start:s", "s>C", call)).start()


ERRORS = '<bpmn:error id="err" errorCode="BAD"/>'
ESCALATIONS = '<bpmn:escalation id="esc" escalationCode="HELP"/>'


def attached(bpmn, key, on, kind, inside, stops="true"):
    return bpmn.event(
        "boundaryEvent", key, kind, inside, f'attachedToRef="{on}" cancelActivity="{stops}"'
    )


def test_an_error_end_of_a_called_process_is_caught_by_the_calls_boundary(bpmn, play):
    raw = bpmn.event("endEvent", "fail", "error", "err")
    child = bpmn.process("q", "start:qs and:P user:Q user:R", "qs>P P>Q P>R Q>fail", raw, ERRORS)
    catch = attached(bpmn, "X", "C", "error", "err")
    top = caller(
        bpmn, raw=catch + '<bpmn:userTask id="D"/>', flows="s>A A>C C>B X>D", beside=ERRORS
    )
    case = play(top, child).start().complete("A").complete("Q")
    assert case.tasks == ["D"]


@pytest.mark.parametrize(("stops", "left"), [("true", ["D"]), ("false", ["B", "D"])])
def test_an_escalation_end_of_a_called_process(bpmn, play, stops, left):
    raw = bpmn.event("endEvent", "fail", "escalation", "esc")
    child = bpmn.process("q", "start:qs user:Q", "qs>Q Q>fail", raw, ESCALATIONS)
    catch = attached(bpmn, "X", "C", "escalation", "esc", stops)
    top = caller(
        bpmn, raw=catch + '<bpmn:userTask id="D"/>', flows="s>A A>C C>B X>D", beside=ESCALATIONS
    )
    assert play(top, child).start().complete("A").complete("Q").tasks == left


def starts(bpmn):
    """Triggers of event sub-processes by kind, with what must stand beside the process."""
    return {
        "message": (bpmn.event("startEvent", "hs", "message", "m"), bpmn.message("m", "=1")),
        "timer": (
            bpmn.event("startEvent", "hs", "timer", bpmn.timer("timeDuration", "PT1H")),
            "",
        ),
        "signal": (
            bpmn.event("startEvent", "hs", "signal", "sig"),
            '<bpmn:signal id="sig" name="sig"/>',
        ),
        "conditional": (
            bpmn.event(
                "startEvent", "hs", "conditional", "<bpmn:condition>=go = true</bpmn:condition>"
            ),
            "",
        ),
    }


def trigger(case, kind):
    if kind == "timer":
        return case.later(hours=1)
    if kind == "conditional":
        return case.complete("Z", go=True)
    return case.deliver({"message": "m", "signal": "sig"}[kind], told=1)


@pytest.mark.parametrize("kind", ["message", "timer", "signal", "conditional"])
@pytest.mark.parametrize("stops", [True, False])
def test_an_event_sub_process_at_process_level_while_inside_a_call(bpmn, play, kind, stops):
    start, beside = starts(bpmn)[kind]
    handler = event_sub(bpmn, "E", start, "hs>H", stops=stops)
    call = bpmn.extended("callActivity", "C", called("q"))
    top = bpmn.process(
        "p", "start:s and:P user:Z user:B", "s>P P>Z P>C C>B", call + handler, beside
    )
    child = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe")
    case = play(top, child).start()
    assert case.tasks == ["Q", "Z"]
    trigger(case, kind)
    if stops:
        assert case.tasks == ["H"]
        assert case.messages == case.timers == []
        assert case.complete("H").step.finished
    else:
        assert "Q" in case.tasks
        assert "H" in case.tasks
        case.complete("H")
        assert case.complete("Q").tasks[0] == "B"


@pytest.mark.parametrize("kind", ["message", "timer", "signal"])
@pytest.mark.parametrize("stops", [True, False])
def test_an_event_sub_process_inside_a_called_process(bpmn, play, kind, stops):
    start, beside = starts(bpmn)[kind]
    handler = event_sub(bpmn, "E", start, "hs>H", stops=stops)
    child = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe", handler, beside)
    case = play(caller(bpmn), child).start().complete("A")
    trigger(case, kind)
    assert case.tasks == (["H"] if stops else ["H", "Q"])
    case.complete("H")
    assert case.tasks == (["B"] if stops else ["Q"])


def test_a_non_interrupting_message_can_come_several_times(bpmn, play):
    start, beside = starts(bpmn)["message"]
    handler = event_sub(bpmn, "E", start, "hs>H", stops=False)
    case = play(bpmn.process("p", "start:s user:A", "s>A", handler, beside)).start()
    case.deliver("m").deliver("m").deliver("m")
    assert case.tasks == ["A", "H", "H", "H"]
    case.complete("A")
    assert case.messages == ["m"]
    case.complete("H").complete("H").complete("H")
    assert case.step.finished


def test_waiting_event_sub_processes_do_not_keep_a_case_alive(bpmn, play):
    start, beside = starts(bpmn)["message"]
    handler = event_sub(bpmn, "E", start, "hs>H", stops=False)
    case = play(bpmn.process("p", "start:s user:A", "s>A", handler, beside)).start().complete("A")
    assert case.step.finished
    assert case.step.subscriptions == ()


@pytest.mark.parametrize("stops", [True, False])
def test_an_escalation_wakes_the_event_sub_process_beside_it(bpmn, play, stops):
    start = bpmn.event("startEvent", "hs", "escalation", "esc")
    handler = event_sub(bpmn, "E", start, "hs>H", stops=stops)
    thrower = bpmn.event("intermediateThrowEvent", "T", "escalation", "esc")
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B user:C",
        "s>P P>A P>B A>T T>C",
        handler + thrower,
        ESCALATIONS,
    )
    case = play(drawing).start().complete("A")
    assert case.tasks == (["H"] if stops else ["B", "C", "H"])


def test_an_error_wakes_the_event_sub_process_of_the_innermost_scope(bpmn, play):
    start = bpmn.event("startEvent", "hs", "error", "err")
    handler = event_sub(bpmn, "E", start, "hs>H")
    fail = bpmn.event("endEvent", "fail", "error", "err")
    child = bpmn.process(
        "q", "start:qs and:P user:Q user:R", "qs>P P>Q P>R Q>fail", handler + fail, ERRORS
    )
    case = play(caller(bpmn), child).start().complete("A").complete("Q")
    assert case.tasks == ["H"]
    assert case.complete("H").tasks == ["B"]


def test_an_error_inside_an_error_handler_goes_further_out(bpmn, play):
    start = bpmn.event("startEvent", "hs", "error", "err")
    again = bpmn.event("endEvent", "again", "error", "err")
    handler = bpmn.sub("E", "user:H", "hs>H H>again", start + again, 'triggeredByEvent="true"')
    fail = bpmn.event("endEvent", "fail", "error", "err")
    child = bpmn.process("q", "start:qs user:Q", "qs>Q Q>fail", handler + fail, ERRORS)
    catch = attached(bpmn, "X", "C", "error", "err") + '<bpmn:userTask id="D"/>'
    top = caller(bpmn, raw=catch, flows="s>A A>C C>B X>D", beside=ERRORS)
    case = play(top, child).start().complete("A").complete("Q")
    assert case.tasks == ["H"]
    assert case.complete("H").tasks == ["D"]


def test_an_event_sub_process_inside_a_sub_process(bpmn, play):
    start, beside = starts(bpmn)["message"]
    handler = event_sub(bpmn, "E", start, "hs>H")
    inner = bpmn.sub("S", "start:ss user:A", "ss>A", handler)
    case = play(bpmn.process("p", "start:s user:B", "s>S S>B", inner, beside)).start()
    assert case.deliver("m").tasks == ["H"]
    assert case.complete("H").tasks == ["B"]
    assert case.messages == []


def test_a_boundary_timer_of_a_call_activity_cancels_all_inside(bpmn, play):
    catch = attached(bpmn, "T", "C", "timer", bpmn.timer("timeDuration", "PT1H"))
    top = caller(bpmn, raw=catch + '<bpmn:userTask id="D"/>', flows="s>A A>C C>B T>D")
    inner = bpmn.sub("S", "start:ss user:Q", "ss>Q")
    child = bpmn.process("q", "start:qs", "qs>S", inner)
    case = play(top, child).start().complete("A").later(hours=1)
    assert case.tasks == ["D"]
    assert case.timers == []


def test_a_key_that_is_not_known_yet_is_worked_out_later(bpmn, play):
    start = bpmn.event("startEvent", "hs", "message", "m")
    handler = event_sub(bpmn, "E", start, "hs>H", stops=False)
    drawing = bpmn.process(
        "p", "start:s user:A user:B", "s>A A>B", handler, bpmn.message("m", "=case.number")
    )
    case = play(drawing).start({"case": {"number": None}})
    assert case.step.subscriptions[0].correlation is None
    case.complete("A", case={"number": "N1"})
    assert case.step.subscriptions[0].correlation == "N1"


def test_a_called_process_begins_at_its_plain_start(bpmn, play):
    raw = bpmn.event("startEvent", "other", "message", "m")
    child = bpmn.process("q", "start:qs user:Q user:R", "qs>Q other>R", raw, bpmn.message("m"))
    assert play(caller(bpmn), child).start().complete("A").tasks == ["Q"]


def test_an_unknown_start_is_refused(bpmn, play):
    with pytest.raises(NotWaiting):
        play(bpmn.process("p", "start:s user:A", "s>A")).start(at="nowhere")
