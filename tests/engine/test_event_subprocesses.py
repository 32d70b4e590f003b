"""Event sub-processes of every start, nested and side by side (BPMN 2.0.2 §10.3.4, §13.5.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from workflow_app.engine import StepFailed

BESIDE = (
    '<bpmn:signal id="sig" name="alarm"/><bpmn:error id="err" errorCode="BAD"/>'
    '<bpmn:error id="other" errorCode="OTHER"/>'
    '<bpmn:escalation id="esc" escalationCode="HELP"/>'
)
NESTED = pytest.mark.bpmn("nested event sub-process", "runs")


def handler(bpmn, key, kind, inside, held=("", "", ""), *, stops=True):
    """An event sub-process whose task is named after it; `held`: flows, nodes, raw elements."""
    flows, short, raw = held
    attributes = f'isInterrupting="{str(stops).lower()}"'
    start = bpmn.event("startEvent", f"s{key}", kind, inside, attributes)
    notes, ways = short or f"user:{key.lower()}", flows or f"s{key}>{key.lower()}"
    return bpmn.sub(key, notes, ways, start + raw, 'triggeredByEvent="true"')


def beside(bpmn):
    return BESIDE + bpmn.message("m", "=1") + bpmn.message("n", "=1")


def drawn(bpmn, raw, short="start:s user:A user:B end:e", flows="s>A A>B B>e"):
    return bpmn.process("p", short, flows, raw, beside(bpmn))


def inside(bpmn):
    """Kind → what an event of the kind holds."""
    return {
        "message": "m",
        "signal": "sig",
        "timer": bpmn.timer("timeDuration", "PT1H"),
        "conditional": "<bpmn:condition>=go = true</bpmn:condition>",
        "error": "err",
        "escalation": "esc",
    }


def happen(case, kind):
    """Make it happen; errors and escalations are thrown behind task T."""
    if kind == "timer":
        return case.later(hours=1)
    if kind in {"error", "escalation"}:
        return case.complete("T")
    if kind == "conditional":
        return case.complete("Z", go=True)
    return case.deliver({"message": "m", "signal": "alarm"}[kind])


def thrower(bpmn, kind):
    kind = kind if kind in {"error", "escalation"} else "escalation"
    return bpmn.event("endEvent", "end", kind, inside(bpmn)[kind])


KINDS = [
    pytest.param(
        kind,
        stops,
        marks=pytest.mark.bpmn(
            f"{kind} start of an event sub-process, {'' if stops else 'not '}interrupting", "runs"
        ),
    )
    for kind in ("message", "signal", "timer", "conditional", "error", "escalation")
    for stops in (True, False)
    if stops or kind != "error"
]


@pytest.mark.bpmn("event sub-process", "runs")
@pytest.mark.parametrize(("kind", "stops"), KINDS)
@pytest.mark.parametrize("level", ["process", "sub-process", "called", "event sub-process"])
def test_every_start_at_every_level(bpmn, play, kind, stops, level):
    """The scope holds T (which may throw), Z and W; afterwards task `after` is open."""
    held = handler(bpmn, "H", kind, inside(bpmn)[kind], stops=stops) + thrower(bpmn, kind)
    short, flows = "and:P user:T user:Z user:W", "P>T P>Z P>W T>end"
    texts = around(bpmn, level, held, short, flows)
    case = play(*texts).start({"go": False})
    if level == "event sub-process":
        case.deliver("n")
    assert case.tasks == ["T", "W", "Z"]
    happen(case, kind)
    gone = {"error": "T", "escalation": "T", "conditional": "Z"}.get(kind, "")
    left = [] if stops else [task for task in ("T", "W", "Z") if task != gone]
    assert case.tasks == sorted(["h", *left])
    for task in case.tasks:
        case.complete(task)
    assert case.tasks == [] if level in {"process", "event sub-process"} else ["after"]


def around(bpmn, level, held, short, flows):
    """The texts of a case whose scope of the level holds what is given."""
    if level == "process":
        return [bpmn.process("p", f"start:s {short}", f"s>P {flows}", held, beside(bpmn))]
    if level == "event sub-process":
        outer = handler(bpmn, "O", "message", "n", (f"sO>P {flows}", short, held))
        return [bpmn.process("p", "start:s user:A", "s>A", outer, beside(bpmn))]
    if level == "sub-process":
        inner = bpmn.sub("S", f"start:ss {short}", f"ss>P {flows}", held)
        return [bpmn.process("p", "start:s user:after", "s>S S>after", inner, beside(bpmn))]
    call = bpmn.extended("callActivity", "S", '<zeebe:calledElement processId="q"/>')
    return [
        bpmn.process("p", "start:s user:after", "s>S S>after", call),
        bpmn.process("q", f"start:ss {short}", f"ss>P {flows}", held, beside(bpmn)),
    ]


@NESTED
def test_an_event_sub_process_inside_another_waits_only_while_that_runs(bpmn, play):
    inner = handler(bpmn, "I", "message", "m", stops=False)
    outer = handler(bpmn, "O", "message", "n", ("", "", inner), stops=False)
    case = play(drawn(bpmn, outer)).start()
    assert case.messages == ["n"]
    case.deliver("n")
    assert (case.tasks, case.messages) == (["A", "o"], ["m", "n"])
    case.deliver("m")
    assert case.tasks == ["A", "i", "o"]
    case.complete("o").complete("i")
    assert (case.tasks, case.messages) == (["A"], ["n"])


@NESTED
def test_a_running_event_sub_process_twice_at_once_keeps_two_scopes(bpmn, play):
    inner = handler(bpmn, "I", "message", "m")
    outer = handler(bpmn, "O", "message", "n", ("", "", inner), stops=False)
    case = play(drawn(bpmn, outer)).start().deliver("n").deliver("n")
    assert case.tasks == ["A", "o", "o"]
    assert case.messages == ["m", "m", "n"]
    assert case.deliver("m").tasks == ["A", "i", "o"]
    case.complete("o").complete("i").complete("A").complete("B")
    assert case.step.finished


def test_several_wait_at_once_and_an_interruption_ends_all_others(bpmn, play):
    raw = handler(bpmn, "H", "message", "m", stops=False)
    raw += handler(bpmn, "J", "timer", bpmn.timer("timeDuration", "PT2H"), stops=False)
    raw += handler(bpmn, "K", "signal", "sig")
    case = play(drawn(bpmn, raw)).start().deliver("m")
    assert (case.tasks, case.timers) == (["A", "h"], ["sJ"])
    assert case.deliver("alarm").tasks == ["k"]
    assert (case.messages, case.timers) == ([], [])
    assert case.complete("k").step.finished


@pytest.mark.parametrize(("text", "times"), [("R3/PT1H", 3), ("R/PT1H", 5)])
def test_a_cycle_begins_again_and_again(bpmn, play, text, times):
    raw = handler(bpmn, "H", "timer", bpmn.timer("timeCycle", text), stops=False)
    case = play(drawn(bpmn, raw)).start()
    for turn in range(1, times + 1):
        assert case.step.timers[0].due_at - case.now == timedelta(hours=1)
        assert case.later(hours=1).tasks == ["A"] + ["h"] * turn
    assert case.timers == ([] if text.startswith("R3") else ["sH"])
    case.complete("A").complete("B")
    for _ in range(times):
        assert not case.step.finished
        case.complete("h")
    assert case.step.finished


def test_interrupting_while_inside_calls_and_sub_processes_ends_them_all(bpmn, play):
    call = bpmn.extended("callActivity", "C", '<zeebe:calledElement processId="q"/>')
    inner = bpmn.sub("S", "start:ss", "ss>C", call)
    raw = handler(bpmn, "H", "message", "m") + inner
    deep = bpmn.sub("D", "start:ds user:Q", "ds>Q")
    top = drawn(bpmn, raw, "start:s and:P user:A end:e", "s>P P>A P>S S>e")
    case = play(top, bpmn.process("q", "start:qs", "qs>D", deep)).start()
    assert case.tasks == ["A", "Q"]
    assert case.deliver("m").tasks == ["h"]
    assert case.complete("h").step.finished


def test_an_error_in_one_beside_is_caught_by_another(bpmn, play):
    """Not interrupted, the scope still runs, so its other handlers may be asked."""
    fail = bpmn.event("endEvent", "fail", "error", "err")
    raw = handler(bpmn, "O", "message", "m", ("sO>o o>fail", "user:o", fail), stops=False)
    raw += handler(bpmn, "H", "error", "err")
    case = play(drawn(bpmn, raw)).start().deliver("m")
    assert case.complete("o").tasks == ["h"]
    assert case.complete("h").step.finished


def test_an_error_in_an_interrupting_one_goes_further_out(bpmn, play):
    fail = bpmn.event("endEvent", "fail", "error", "other")
    inner = handler(bpmn, "O", "error", "err", ("sO>o o>fail", "user:o", fail))
    inner += handler(bpmn, "H", "error", "other")
    inner += bpmn.event("endEvent", "first", "error", "err")
    body = bpmn.sub("S", "start:ss user:A", "ss>A A>first", inner)
    catch = bpmn.event("boundaryEvent", "X", "error", "other", 'attachedToRef="S"')
    drawing = drawn(bpmn, body + catch, "start:s user:B user:C", "s>S S>B X>C")
    case = play(drawing).start().complete("A")
    assert case.tasks == ["o"]
    assert case.complete("o").tasks == ["C"]


def test_an_error_inside_with_nobody_outside_stops_the_step(bpmn, play):
    fail = bpmn.event("endEvent", "fail", "error", "err")
    raw = handler(bpmn, "O", "message", "m", ("sO>o o>fail", "user:o", fail), stops=False)
    case = play(drawn(bpmn, raw)).start().deliver("m")
    with pytest.raises(StepFailed, match="nobody catches the error BAD"):
        case.complete("o")


def test_one_that_escalates_never_wakes_itself(bpmn, play):
    throw = bpmn.event("intermediateThrowEvent", "T", "escalation", "esc")
    raw = handler(bpmn, "O", "escalation", "esc", ("sO>o o>T", "user:o", throw), stops=False)
    raw += bpmn.event("intermediateThrowEvent", "U", "escalation", "esc")
    drawing = drawn(bpmn, raw, flows="s>A A>U U>B B>e")
    case = play(drawing).start().complete("A")
    assert case.tasks == ["B", "o"]
    assert case.complete("o").tasks == ["B"]
    assert [thrown.kind for thrown in case.thrown] == ["escalation"]


def test_the_boundary_of_the_activity_is_asked_before_its_surroundings(bpmn, play):
    """Nearest first: boundary of the inner sub-process, not the handler of the process."""
    fail = bpmn.event("endEvent", "fail", "error", "err")
    body = bpmn.sub("S", "start:ss user:A", "ss>A A>fail", fail)
    catch = bpmn.event("boundaryEvent", "X", "error", "", 'attachedToRef="S"')
    raw = body + catch + handler(bpmn, "H", "error", "err")
    case = play(drawn(bpmn, raw, "start:s user:B user:C", "s>S S>B X>C")).start()
    assert case.complete("A").tasks == ["C"]


@pytest.mark.parametrize(("code", "task"), [("err", "h"), ("other", "j")])
def test_the_code_chooses_among_handlers(bpmn, play, code, task):
    fail = bpmn.event("endEvent", "fail", "error", code)
    raw = handler(bpmn, "J", "error", "") + handler(bpmn, "H", "error", "err") + fail
    case = play(drawn(bpmn, raw, "start:s user:A", "s>A A>fail")).start().complete("A")
    assert case.tasks == [task]


def test_each_instance_of_a_loop_has_handlers_of_its_own(bpmn, play):
    raw = handler(bpmn, "H", "escalation", "esc") + bpmn.event(
        "endEvent", "up", "escalation", "esc"
    )
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    body = bpmn.sub("S", "start:ss user:A", "ss>A A>up", raw + loop)
    case = play(drawn(bpmn, body, "start:s user:B", "s>S S>B")).start()
    assert case.complete("A").tasks == ["A", "h"]
    assert case.complete("A").tasks == ["h", "h"]
    assert case.complete("h").tasks == ["h"]
    assert case.complete("h").tasks == ["B"]
