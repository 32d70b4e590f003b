"""Token quantities (BPMN 2.0.2 table 10.3) and standard loops (§13.3.6)."""

from __future__ import annotations

import pytest

from workflow_app.engine import StepFailed, lint
from workflow_app.engine.contract import Source

TAKES = pytest.mark.bpmn("startQuantity", "runs")
GIVES = pytest.mark.bpmn("completionQuantity", "runs")
AFTER = pytest.mark.bpmn("standard loop, tested after", "runs")
BEFORE = pytest.mark.bpmn("standard loop, tested before", "runs")
MAXIMUM = pytest.mark.bpmn("standard loop with loopMaximum", "runs")


@GIVES
def test_an_activity_sends_several_tokens_along_each_flow(bpmn, play):
    raw = bpmn.extended("userTask", "A", attributes='completionQuantity="3"')
    case = play(bpmn.process("p", "start:s user:B end:e", "s>A A>B B>e", raw)).start()
    assert case.complete("A").tasks == ["B", "B", "B"]
    for left in (2, 1, 0):
        assert len(case.complete("B").tasks) == left
    assert case.step.finished


@GIVES
def test_conditions_still_choose_the_flows(bpmn, play):
    raw = bpmn.extended("userTask", "A", attributes='completionQuantity="2"')
    shape = bpmn.process("p", "start:s user:B user:C", "s>A A>B[=x > 1] A>C!", raw)
    assert play(shape).start().complete("A", x=2).tasks == ["B", "B"]


@TAKES
def test_an_activity_waits_for_as_many_tokens_as_it_needs(bpmn, play):
    raw = bpmn.extended("userTask", "C", attributes='startQuantity="2"')
    shape = bpmn.process("p", "start:s and:P user:A user:B end:e", "s>P P>A P>B A>C B>C C>e", raw)
    case = play(shape).start()
    assert case.complete("A").tasks == ["B"]
    assert case.complete("B").tasks == ["C"]
    assert case.complete("C").step.finished


@TAKES
@GIVES
def test_both_together(bpmn, play):
    raw = bpmn.extended("userTask", "A", attributes='completionQuantity="4"')
    raw += bpmn.extended("userTask", "B", attributes='startQuantity="2" completionQuantity="3"')
    case = play(bpmn.process("p", "start:s user:C end:e", "s>A A>B B>C C>e", raw)).start()
    assert case.complete("A").tasks == ["B", "B"]
    assert case.complete("B").tasks == ["B", "C", "C", "C"]


@TAKES
def test_a_token_too_few_keeps_the_case_open(bpmn, play):
    raw = bpmn.extended("userTask", "A", attributes='completionQuantity="3"')
    raw += bpmn.extended("userTask", "B", attributes='startQuantity="2"')
    shape = bpmn.process("p", "start:s and:P user:X end:e", "s>P P>A P>X A>B B>e X>e", raw)
    case = play(shape).start().complete("A").complete("B")
    assert case.tasks == ["X"]
    assert not case.complete("X").step.finished


@TAKES
@pytest.mark.parametrize("tag", ["receiveTask", "scriptTask", "subProcess"])
def test_every_kind_of_activity_gathers(bpmn, play, tag):
    inside = {
        "receiveTask": "",
        "scriptTask": "",
        "subProcess": '<bpmn:startEvent id="cs"/><bpmn:userTask id="D"/>'
        '<bpmn:sequenceFlow id="cf" sourceRef="cs" targetRef="D"/>',
    }[tag]
    extension = '<zeebe:script expression="=1" resultVariable="x"/>' if tag == "scriptTask" else ""
    attributes = 'startQuantity="2"' + (' messageRef="m"' if tag == "receiveTask" else "")
    raw = bpmn.extended(tag, "C", extension, inside, attributes)
    shape = bpmn.process(
        "p",
        "start:s and:P user:A user:B user:E",
        "s>P P>A P>B A>C B>C C>E",
        raw,
        bpmn.message("m"),
    )
    case = play(shape).start().complete("A")
    assert (case.tasks, case.messages, case.data) == (["B"], [], {})
    case.complete("B")
    found = {"receiveTask": case.messages == ["m"], "scriptTask": case.tasks == ["E"]}
    assert found.get(tag, case.tasks == ["D"])


@TAKES
@GIVES
def test_a_repeated_activity_gathers_and_sends_once_as_a_whole(bpmn, play):
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    attributes = 'startQuantity="2" completionQuantity="2"'
    raw = bpmn.extended("userTask", "M", "", loop, attributes)
    shape = bpmn.process("p", "start:s and:P user:A user:B user:C", "s>P P>A P>B A>M B>M M>C", raw)
    case = play(shape).start().complete("A").complete("B")
    assert case.tasks == ["M", "M"]
    assert case.complete("M").complete("M").tasks == ["C", "C"]


@TAKES
def test_a_join_behind_takes_each_of_several_tokens(bpmn, play):
    raw = bpmn.extended("userTask", "A", attributes='completionQuantity="2"')
    shape = bpmn.process("p", "start:s and:P user:B and:J user:C", "s>P P>A P>B A>J B>J J>C", raw)
    case = play(shape).start().complete("A").complete("B")
    assert case.tasks == ["C"]


@TAKES
def test_what_is_interrupted_while_it_gathers_was_never_open(bpmn, play):
    raw = bpmn.extended("userTask", "C", attributes='startQuantity="2"')
    part = bpmn.sub("S", "start:ss and:P user:A user:B", "ss>P P>A P>B A>C B>C", raw)
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="S"'
    )
    shape = bpmn.process("p", "start:s user:X user:Y", "s>S S>X L>Y", part + late)
    case = play(shape).start().complete("A").later(hours=2)
    assert case.tasks == ["Y"]
    assert [closed.element for closed in case.closed] == ["A", "B"]
    assert "C" not in [event.element for event in case.history]


@pytest.mark.parametrize("quantity", ["0", "-1", "many"])
def test_a_quantity_that_is_none_is_refused(bpmn, quantity):
    raw = bpmn.extended("userTask", "A", attributes=f'startQuantity="{quantity}"')
    shape = bpmn.process("p", "start:s end:e", "s>A A>e", raw)
    found = lint(Source("p", {"processes/p/p.bpmn": shape}))
    assert "A" in {finding.element for finding in found if finding.severity == "error"}


# -- standard loops --------------------------------------------------------------------------


def loop(condition="", attributes=""):
    inside = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    return (
        f"<bpmn:standardLoopCharacteristics {attributes}>{inside}"
        "</bpmn:standardLoopCharacteristics>"
    )


def looped(bpmn, drawn):
    return bpmn.process("p", "start:s user:B", "s>M M>B", bpmn.extended("userTask", "M", "", drawn))


@AFTER
def test_tested_after_it_runs_at_least_once(bpmn, play):
    case = play(looped(bpmn, loop("=more"))).start({"more": False})
    assert case.tasks == ["M"]
    assert case.complete("M", more=False).tasks == ["B"]


@BEFORE
def test_tested_before_it_may_not_run_at_all(bpmn, play):
    shape = looped(bpmn, loop("=more", 'testBefore="true"'))
    assert play(shape).start({"more": False}).tasks == ["B"]
    case = play(shape).start({"more": True}).complete("M", more=True)
    assert case.tasks == ["M"]
    assert case.complete("M", more=False).tasks == ["B"]


@MAXIMUM
@pytest.mark.parametrize("before", ["true", "false"])
@pytest.mark.parametrize("condition", ["=true", ""])
def test_the_maximum_ends_it_whatever_the_condition(bpmn, play, before, condition):
    attributes = f'loopMaximum="2" testBefore="{before}"'
    case = play(looped(bpmn, loop(condition, attributes))).start()
    assert case.complete("M").tasks == ["M"]
    assert case.complete("M").tasks == ["B"]


@AFTER
@BEFORE
@pytest.mark.parametrize(("before", "turns"), [("true", 3), ("false", 3)])
def test_the_number_of_the_turn_can_be_read_and_what_it_writes_stays(bpmn, play, before, turns):
    shape = looped(bpmn, loop("=loopCounter &lt; 3", f'testBefore="{before}"'))
    case = play(shape).start()
    for turn in range(1, turns + 1):
        assert case.sees("M")["loopCounter"] == turn
        case.complete("M", last=turn)
    assert case.tasks == ["B"]
    assert case.data == {"last": 3}


@AFTER
def test_a_sub_process_can_be_looped(bpmn, play):
    part = bpmn.sub("M", "start:ms user:A end:me", "ms>A A>me", loop("=more"))
    case = play(bpmn.process("p", "start:s user:B", "s>M M>B", part)).start()
    case.complete("A", more=True)
    assert case.tasks == ["A"]
    assert case.complete("A", more=False).tasks == ["B"]


def test_a_loop_that_never_waits_and_never_ends_is_stopped(bpmn, play):
    shape = bpmn.process(
        "p", "start:s user:B", "s>M M>B", bpmn.extended("task", "M", "", loop("=true"))
    )
    with pytest.raises(StepFailed, match="circle"):
        play(shape).start()


@pytest.mark.parametrize(
    ("drawn", "code"),
    [(loop(), "endless-loop"), (loop("=true", 'loopMaximum="-1"'), "repetitions")],
)
def test_a_loop_without_an_end_is_refused(bpmn, drawn, code):
    found = lint(Source("p", {"processes/p/p.bpmn": looped(bpmn, drawn)}))
    assert (code, "M") in {(finding.code, finding.element) for finding in found}
