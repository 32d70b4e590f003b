"""Compensation as BPMN 2.0.2 §10.7 and §13.5.5 tell it; every step is stored and loaded."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.compensating import compensated, compensator, done, throws, undone
from workflow_app.engine import StepFailed, lint
from workflow_app.engine.contract import Source

BOUNDARY = pytest.mark.bpmn("compensation boundary event, interrupting", "runs")
THROW = pytest.mark.bpmn("compensation throw event", "runs")
END = pytest.mark.bpmn("compensation end event", "runs")
SUB = pytest.mark.bpmn("compensation start of an event sub-process, interrupting", "runs")
HANDLER = pytest.mark.bpmn("isForCompensation", "runs")
LINE = pytest.mark.bpmn("compensation association", "runs")


def booked(bpmn, raw="", flows="s>A A>B B>X T>e", short="start:s user:A user:B user:X end:e"):
    """A and B can be undone, X cannot; then T compensates everything."""
    body = undone("A", "undoA") + undone("B", "undoB") + raw
    return bpmn.process("p", short, flows, body)


@BOUNDARY
@THROW
@HANDLER
@LINE
def test_all_that_completed_is_undone_the_latest_first(bpmn, play):
    case = play(booked(bpmn, throws("T"), "s>A A>B B>X X>T T>e")).start()
    case.complete("A").complete("B")
    assert done(case, "undoA", "undoB") == []
    case.complete("X")
    assert done(case, "undoA", "undoB", "T", "e") == ["undoB", "undoA", "T", "e"]
    assert compensated(case) == ["B", "A"]
    assert case.step.finished
    assert case.step.end == "e"


@END
def test_an_end_event_compensates_too_and_the_case_ends_there(bpmn, play):
    drawn = booked(bpmn, throws("T", end=True), "s>A A>B B>X X>T", "start:s user:A user:B user:X")
    case = play(drawn).start().complete("A").complete("B").complete("X")
    assert done(case, "undoA", "undoB", "T") == ["undoB", "undoA", "T"]
    assert case.step.end == "T"


@THROW
def test_one_activity_can_be_named(bpmn, play):
    case = play(booked(bpmn, throws("T", "A"), "s>A A>B B>X X>T T>e")).start()
    case.complete("A").complete("B").complete("X")
    assert compensated(case) == ["A"]


def test_what_never_completed_is_not_undone(bpmn, play):
    flows = "s>P P>A P>B P>X X>T A>e B>e T>e"
    short = "start:s and:P user:A user:B user:X end:e"
    case = play(booked(bpmn, throws("T"), flows, short)).start().complete("A").complete("X")
    assert compensated(case) == ["A"]
    assert case.tasks == ["B"]


def test_each_completion_is_undone_once_however_often_it_is_asked(bpmn, play):
    raw = throws("T") + throws("U", "A") + throws("V")
    case = play(booked(bpmn, raw, "s>A A>B B>T T>U U>X X>V V>e")).start()
    case.complete("A").complete("B").complete("X")
    assert compensated(case) == ["B", "A"]
    assert case.step.finished


def test_an_activity_that_ran_twice_is_undone_twice(bpmn, play):
    flows = "s>J J>A A>G G>J[=again] G>T! T>e"
    drawn = bpmn.process(
        "p",
        "start:s xor:J user:A xor:G end:e",
        flows,
        undone("A", "undoA", "userTask") + throws("T"),
    )
    case = play(drawn).start().complete("A", again=True).complete("A", again=False)
    case.complete("undoA")
    assert case.tasks == ["undoA"]
    assert case.complete("undoA").step.finished
    assert compensated(case) == ["A", "A"]


def test_handlers_run_one_at_a_time_and_the_throwing_token_waits(bpmn, play):
    raw = undone("A", "undoA", "userTask") + undone("B", "undoB", "userTask") + throws("T")
    drawn = bpmn.process("p", "start:s user:A user:B user:X", "s>A A>B B>T T>X", raw)
    case = play(drawn).start().complete("A").complete("B")
    assert case.tasks == ["undoB"]
    assert case.complete("undoB").tasks == ["undoA"]
    assert case.complete("undoA").tasks == ["X"]


def test_an_event_that_does_not_wait_goes_on_at_once(bpmn, play):
    raw = undone("A", "undoA", "userTask") + throws("T", waits=False)
    drawn = bpmn.process("p", "start:s user:A user:X end:e", "s>A A>T T>X X>e", raw)
    case = play(drawn).start().complete("A")
    assert case.tasks == ["X", "undoA"]
    assert not case.complete("X").step.finished
    assert case.complete("undoA").step.finished
    assert case.step.end == "T"


def test_a_handler_sees_what_was_local_to_the_activity_and_the_case_as_it_is_now(bpmn, play):
    mapping = '<zeebe:ioMapping><zeebe:input source="=price * 2" target="paid"/></zeebe:ioMapping>'
    raw = bpmn.extended("userTask", "A", mapping) + undone("A", "undoA", "userTask") + throws("T")
    drawn = bpmn.process("p", "start:s user:X end:e", "s>A A>X X>T T>e", raw)
    case = play(drawn).start({"price": 2}).complete("A").complete("X", price=9)
    assert case.sees("undoA") == {"price": 9, "paid": 4}
    assert case.complete("undoA", refunded=4).data == {"price": 9, "refunded": 4}


def test_a_handler_may_be_a_sub_process(bpmn, play):
    handler = bpmn.sub(
        "H", "start:hs user:h1 user:h2 end:he", "hs>h1 h1>h2 h2>he", "", 'isForCompensation="true"'
    )
    raw = undone("A", "H").replace('<bpmn:task id="H" isForCompensation="true"></bpmn:task>', "")
    drawn = bpmn.process("p", "start:s user:A end:e", "s>A A>T T>e", raw + handler + throws("T"))
    case = play(drawn).start().complete("A").complete("h1")
    assert case.tasks == ["h2"]
    assert case.complete("h2").step.finished
    assert compensated(case) == ["A"]


def test_a_handler_may_be_a_called_process_or_an_operation(bpmn, play):
    class Asked:
        def __init__(self):
            self.calls = []

        def call(self, kind, inputs, headers, data):
            self.calls.append((kind, data))
            return {"refund": True}

    call = '<bpmn:extensionElements><zeebe:calledElement processId="q"/></bpmn:extensionElements>'
    ask = '<bpmn:extensionElements><zeebe:taskDefinition type="refund"/></bpmn:extensionElements>'
    raw = undone("A", "HA", "callActivity", call) + undone("B", "HB", "serviceTask", ask)
    drawn = bpmn.process("p", "start:s user:A user:B end:e", "s>A A>B B>T T>e", raw + throws("T"))
    asked = Asked()
    called = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe")
    case = play(drawn, called, operations=asked).start({"n": 1}).complete("A").complete("B")
    assert asked.calls == [("refund", {"n": 1})]
    assert case.tasks == ["Q"]
    assert case.complete("Q").data == {"n": 1, "refund": True}


# -- sub-processes ---------------------------------------------------------------------------


def inner(bpmn, raw="", extension="", key="S", attributes=""):
    """A sub-process in which A and B complete."""
    body = undone("A", "undoA", "userTask") + undone("B", "undoB", "userTask") + raw
    return bpmn.sub(
        key, "start:ss user:A user:B end:se", "ss>A A>B B>se", body, attributes, extension
    )


def outer(bpmn, body, activity="", short="start:s user:X end:e", flows="s>S S>X X>T T>e", **more):
    return bpmn.process("p", short, flows, body + throws("T", activity), **more)


@pytest.mark.parametrize("activity", ["", "S"])
def test_a_sub_process_without_a_handler_undoes_what_completed_inside(bpmn, play, activity):
    case = play(outer(bpmn, inner(bpmn), activity)).start()
    case.complete("A").complete("B").complete("X")
    assert case.tasks == ["undoB"]
    assert case.step.opened[0].path == ("S",)
    assert case.complete("undoB").tasks == ["undoA"]
    assert case.complete("undoA").step.finished
    assert compensated(case) == ["B", "A", "S"]


def test_a_handler_on_the_border_replaces_what_is_inside(bpmn, play):
    drawn = outer(bpmn, inner(bpmn) + undone("S", "undoS"), "S")
    case = play(drawn).start().complete("A").complete("B").complete("X")
    assert done(case, "undoS", "undoA", "undoB") == ["undoS"]
    assert compensated(case) == ["S"]


@SUB
def test_a_compensation_event_sub_process_undoes_its_sub_process(bpmn, play):
    own = compensator(bpmn, "C", "user:mend end:ce", "cC>mend mend>ce")
    case = play(outer(bpmn, inner(bpmn, own), "S")).start().complete("A").complete("B")
    assert case.tasks == ["X"]
    assert case.complete("X").tasks == ["mend"]
    assert case.complete("mend").step.finished
    assert done(case, "undoA", "undoB") == []


@SUB
@THROW
def test_a_compensation_event_sub_process_may_ask_for_what_is_around_it(bpmn, play):
    own = compensator(bpmn, "C", "user:mend end:ce", "cC>U U>mend mend>ce", throws("U", "A"))
    case = play(outer(bpmn, inner(bpmn, own), "S")).start()
    case.complete("A").complete("B").complete("X")
    assert case.tasks == ["undoA"]
    assert case.complete("undoA").tasks == ["mend"]
    assert case.complete("mend").step.finished
    assert compensated(case) == ["A", "S"]


def test_a_sub_process_is_undone_with_the_data_it_ended_with(bpmn, play):
    mapping = '<zeebe:ioMapping><zeebe:input source="=price" target="paid"/></zeebe:ioMapping>'
    case = play(outer(bpmn, inner(bpmn, extension=mapping))).start({"price": 5})
    case.complete("A", paid=6).complete("B").complete("X", price=100)
    assert case.sees("undoB") == {"price": 100, "paid": 6}
    case.complete("undoB", paid=0, told=True)
    assert case.sees("undoA") == {"price": 100, "paid": 0, "told": True}
    assert case.complete("undoA").data == {"price": 100, "told": True}


def test_what_was_interrupted_is_not_undone(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="S"'
    )
    drawn = outer(bpmn, inner(bpmn) + late, flows="s>S S>e L>X X>T T>e")
    case = play(drawn).start().complete("A").later(hours=2).complete("X")
    assert compensated(case) == []
    assert case.step.finished


def test_an_error_handler_inside_undoes_what_completed_around_it(bpmn, play):
    fail = bpmn.event("endEvent", "fail", "error", "err")
    catch = bpmn.event("startEvent", "hs", "error", "err")
    handler = bpmn.sub("H", "end:he", "hs>U U>he", catch + throws("U"), 'triggeredByEvent="true"')
    body = undone("A", "undoA", "userTask") + fail + handler
    part = bpmn.sub("S", "start:ss user:A user:B", "ss>A A>B B>fail", body)
    drawn = bpmn.process(
        "p", "start:s user:X", "s>S S>X", part, '<bpmn:error id="err" errorCode="E"/>'
    )
    case = play(drawn).start().complete("A").complete("B")
    assert case.tasks == ["undoA"]
    assert case.complete("undoA").tasks == ["X"]


def test_a_called_process_is_undone_with_its_own_data(bpmn, play):
    call = bpmn.extended(
        "callActivity",
        "S",
        '<zeebe:calledElement processId="q"/><zeebe:ioMapping>'
        '<zeebe:output source="=ref" target="got"/></zeebe:ioMapping>',
    )
    called = bpmn.process(
        "q", "start:qs user:A end:qe", "qs>A A>qe", undone("A", "undoA", "userTask")
    )
    case = play(outer(bpmn, call), called).start().complete("A", ref=7).complete("X", ref=8)
    assert case.sees("undoA") == {"got": 7, "ref": 7}
    case.complete("undoA", ref=0)
    assert case.data == {"got": 7, "ref": 8}
    assert case.step.finished


def test_three_levels_are_undone_from_the_inside(bpmn, play):
    deep = bpmn.sub("D", "start:ds user:A end:de", "ds>A A>de", undone("A", "undoA"))
    middle = bpmn.sub("S", "start:ss user:B end:se", "ss>D D>B B>se", deep + undone("B", "undoB"))
    case = play(outer(bpmn, middle)).start().complete("A").complete("B").complete("X")
    assert compensated(case) == ["B", "A", "D", "S"]


# -- repeated activities ---------------------------------------------------------------------

EACH = 'inputCollection="=[1, 2, 3]" inputElement="n"'


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_every_instance_is_undone_with_its_own_item(bpmn, play, sequential):
    loop = bpmn.many(EACH, f'isSequential="{sequential}"')
    raw = bpmn.extended("userTask", "A", "", loop) + undone("A", "undoA", "userTask")
    case = play(outer(bpmn, raw, flows="s>A A>X X>T T>e")).start()
    for _ in range(3):
        case.complete("A")
    case.complete("X")
    seen = []
    for _ in range(3):
        seen.append(case.sees("undoA")["n"])
        case.complete("undoA", last=seen[-1])
    assert seen == [3, 2, 1]
    assert case.data["last"] == 1
    assert case.step.finished


def test_only_the_instances_that_completed_are_undone(bpmn, play):
    loop = bpmn.many(EACH, "", "=numberOfCompletedInstances = 2")
    raw = bpmn.extended("userTask", "A", "", loop) + undone("A", "undoA")
    case = play(outer(bpmn, raw, flows="s>A A>X X>T T>e")).start()
    case.complete("A").complete("A").complete("X")
    assert compensated(case) == ["A", "A"]


def test_instances_of_a_sub_process_are_undone_each_with_its_snapshot(bpmn, play):
    loop = bpmn.many(EACH + ' outputCollection="got" outputElement="=room"')
    part = bpmn.sub(
        "S", "start:ss user:A end:se", "ss>A A>se", undone("A", "undoA", "userTask") + loop
    )
    case = play(outer(bpmn, part)).start()
    for room in ("a", "b", "c"):
        case.complete("A", room=room)
    case.complete("X")
    seen = []
    for _ in range(3):
        seen.append((case.sees("undoA")["n"], case.sees("undoA")["room"]))
        case.complete("undoA")
    assert seen == [(3, "c"), (2, "b"), (1, "a")]
    assert case.data["got"] == ["a", "b", "c"]
    assert compensated(case) == ["A", "S"] * 3


def test_every_turn_of_a_loop_is_undone(bpmn, play):
    loop = (
        "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>=more</bpmn:loopCondition>"
        "</bpmn:standardLoopCharacteristics>"
    )
    raw = bpmn.extended("userTask", "A", "", loop) + undone("A", "undoA")
    case = play(outer(bpmn, raw, flows="s>A A>X X>T T>e")).start()
    case.complete("A", more=True).complete("A", more=False).complete("X")
    assert compensated(case) == ["A", "A"]


# -- trouble ---------------------------------------------------------------------------------


def failing(bpmn, catcher):
    """B's handler fails, A's is still to come; the error is caught where `catcher` says."""
    broken = bpmn.sub(
        "undoB",
        "start:us",
        "us>fail",
        bpmn.event("endEvent", "fail", "error", "err"),
        'isForCompensation="true"',
    )
    raw = undone("A", "undoA", "userTask") + undone("B", "undoB").replace(
        '<bpmn:task id="undoB" isForCompensation="true"></bpmn:task>', broken
    )
    part = bpmn.sub(
        "S", "start:ss user:A user:B end:se", "ss>A A>B B>T T>se", raw + throws("T") + catcher
    )
    boundary = bpmn.event("boundaryEvent", "C", "error", "err", 'attachedToRef="S"')
    return bpmn.process(
        "p",
        "start:s user:X user:Y",
        "s>S S>X" + ("" if catcher else " C>Y"),
        part + ("" if catcher else boundary),
        '<bpmn:error id="err" errorCode="E"/>',
    )


def test_an_error_in_a_handler_leaves_the_scope_like_any_other(bpmn, play):
    case = play(failing(bpmn, "")).start().complete("A").complete("B")
    assert case.tasks == ["Y"]
    assert compensated(case) == []


def test_who_catches_a_handlers_error_may_undo_the_rest(bpmn, play):
    catch = bpmn.event("startEvent", "hs", "error", "err")
    handler = bpmn.sub("H", "end:he", "hs>U U>he", catch + throws("U"), 'triggeredByEvent="true"')
    case = play(failing(bpmn, handler)).start().complete("A").complete("B")
    assert case.tasks == ["undoA"]
    assert case.complete("undoA").tasks == ["X"]
    assert compensated(case) == ["A"]


def test_a_handler_that_cannot_run_leaves_the_case_where_it_was(bpmn, play):
    ask = '<bpmn:extensionElements><zeebe:taskDefinition type="refund"/></bpmn:extensionElements>'
    raw = undone("A", "undoA", "serviceTask", ask) + throws("T")
    case = play(bpmn.process("p", "start:s user:A end:e", "s>A A>T T>e", raw)).start()
    with pytest.raises(StepFailed, match="undoA"):
        case.complete("A")
    assert case.tasks == ["A"]


def test_a_handler_that_is_interrupted_makes_way_for_the_next(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="undoB"'
    )
    raw = undone("A", "undoA", "userTask") + undone("B", "undoB", "userTask") + throws("T") + late
    drawn = bpmn.process("p", "start:s user:A user:B user:X user:Y", "s>A A>B B>T T>X L>Y", raw)
    case = play(drawn).start().complete("A").complete("B")
    assert (case.tasks, case.timers) == (["undoB"], ["L"])
    assert case.later(hours=1).tasks == ["Y", "undoA"]
    assert case.complete("undoA").tasks == ["X", "Y"]
    assert compensated(case) == ["A"]


def test_terminating_stops_handlers_that_wait(bpmn, play):
    stop = bpmn.event("endEvent", "stop", "terminate")
    raw = undone("A", "undoA", "userTask") + throws("T") + stop
    drawn = bpmn.process(
        "p", "start:s and:P user:A user:Y end:e", "s>P P>A P>Y A>T T>e Y>stop", raw
    )
    case = play(drawn).start().complete("A")
    assert case.tasks == ["Y", "undoA"]
    assert case.complete("Y").step.finished
    assert case.tasks == []


def test_a_case_without_compensation_keeps_no_books(bpmn, play):
    part = bpmn.sub("S", "start:ss user:A end:se", "ss>A A>se")
    case = play(bpmn.process("p", "start:s user:X", "s>S S>X", part)).start().complete("A")
    rows = msgspec.msgpack.decode(case.state)[1]
    assert [row[3] for row in rows] == [None]


# -- what is refused -------------------------------------------------------------------------


def codes(text):
    return {
        finding.code
        for finding in lint(Source("p", {"processes/p/p.bpmn": text}))
        if finding.severity == "error" or finding.code == "handler-unused"
    }


@pytest.mark.parametrize(
    ("raw", "flows", "code"),
    [
        (undone("A", "undoA").replace("<bpmn:association", "<bpmn:group"), "s>A A>e", "no-handler"),
        (undone("A", "undoA"), "s>A A>undoA undoA>e", "handler-in-flow"),
        (undone("A", "undoA"), "s>A A>e cA>e", "compensation-flow"),
        (throws("T", "Z"), "s>A A>T T>e", "compensates-nothing"),
        (throws("T", "undoA") + undone("A", "undoA"), "s>A A>T T>e", "compensates-nothing"),
    ],
)
def test_wrong_use_is_refused(bpmn, raw, flows, code):
    assert code in codes(bpmn.process("p", "start:s user:A end:e", flows, raw))


def test_a_process_cannot_begin_with_a_compensation_start_event(bpmn):
    start = bpmn.event("startEvent", "s", "compensate")
    assert "start-kind" in codes(bpmn.process("p", "user:A end:e", "s>A A>e", start))


@BOUNDARY
def test_one_event_may_wait_for_compensation_and_a_timer(bpmn, play):
    late = bpmn.timer("timeDuration", "PT1H")
    raw = undone("A", "undoA").replace(
        '<bpmn:compensateEventDefinition id="dA"/>',
        '<bpmn:compensateEventDefinition id="dA"/>'
        f"<bpmn:timerEventDefinition>{late}</bpmn:timerEventDefinition>",
    )
    drawn = bpmn.process("p", "start:s user:A user:Y end:e", "s>A A>T T>e cA>Y", raw + throws("T"))
    assert play(drawn).start().later(hours=1).tasks == ["Y"]
    case = play(drawn).start().complete("A")
    assert compensated(case) == ["A"]
    assert case.step.finished


@pytest.mark.parametrize("tag", ["endEvent", "intermediateThrowEvent"])
def test_compensating_and_throwing_something_else_in_one_event_is_refused(bpmn, tag):
    both = "<bpmn:compensateEventDefinition/><bpmn:terminateEventDefinition/>"
    raw = f'<bpmn:{tag} id="T">{both}</bpmn:{tag}>'
    assert "several-triggers" in codes(bpmn.process("p", "start:s user:A", "s>A A>T", raw))


def test_a_handler_that_nothing_points_to_is_told(bpmn):
    raw = '<bpmn:task id="H" isForCompensation="true"/>'
    assert codes(bpmn.process("p", "start:s user:A end:e", "s>A A>e", raw)) == {"handler-unused"}


def test_right_use_is_not_refused(bpmn):
    own = compensator(bpmn, "C", "user:mend end:ce", "cC>U U>mend mend>ce", throws("U", "A"))
    assert codes(outer(bpmn, inner(bpmn, own), "S")) == set()
