"""Exclusive, parallel and inclusive gateways, plain events, flows (BPMN 2.0.2 §13.2 to §13.4)."""

from __future__ import annotations

import pytest

from workflow_app.engine import StepFailed


def mark(name):
    return pytest.mark.bpmn(name, "runs")


@mark("exclusive gateway, diverging")
@mark("conditional flow out of a gateway")
@mark("default flow out of a gateway")
@pytest.mark.parametrize(("x", "tasks"), [(1, ["A"]), (5, ["B"]), (9, ["B"]), (0, ["C"])])
def test_an_exclusive_gateway_takes_the_first_true_flow_else_the_default(bpmn, play, x, tasks):
    flows = "s>G G>B[=x > 3] G>A[=x > 0] G>C!"
    drawing = bpmn.process("p", "start:s xor:G user:A user:B user:C", flows)
    assert play(drawing).start({"x": x}).tasks == tasks


@mark("exclusive gateway, converging")
def test_an_exclusive_merge_lets_every_token_through(bpmn, play):
    drawing = bpmn.process(
        "p", "start:s and:P user:A user:B xor:M user:C end:e", "s>P P>A P>B A>M B>M M>C C>e"
    )
    case = play(drawing).start()
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("B").tasks == ["C", "C"]
    assert case.complete("C").complete("C").step.finished


@mark("parallel gateway, diverging")
@mark("parallel gateway, converging")
def test_a_parallel_join_waits_for_a_token_on_every_flow(bpmn, play):
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B user:C and:Q user:D end:e",
        "s>P P>A P>B P>C A>Q B>Q C>Q Q>D D>e",
    )
    case = play(drawing).start()
    assert case.complete("B").tasks == ["A", "C"]
    assert case.complete("C").tasks == ["A"]
    assert case.complete("A").tasks == ["D"]
    assert case.complete("D").step.finished


@mark("inclusive gateway, diverging")
@pytest.mark.parametrize(
    ("data", "tasks"),
    [({"a": 1, "b": 1}, ["A", "B"]), ({"a": 1, "b": 0}, ["A"]), ({"a": 0, "b": 0}, ["C"])],
)
def test_an_inclusive_gateway_takes_every_true_flow_else_the_default(bpmn, play, data, tasks):
    flows = "s>G G>A[=a = 1] G>B[=b = 1] G>C!"
    drawing = bpmn.process("p", "start:s or:G user:A user:B user:C", flows)
    assert play(drawing).start(data).tasks == tasks


@mark("inclusive gateway, diverging")
def test_an_inclusive_gateway_without_a_way_stops_the_step(bpmn, play):
    drawing = bpmn.process("p", "start:s or:G user:A user:B", "s>G G>A[=a = 1] G>B[=a = 2]")
    with pytest.raises(StepFailed, match="no condition is true") as failed:
        play(drawing).start({"a": 3})
    assert failed.value.element == "G"


@mark("inclusive gateway, converging")
def test_an_inclusive_join_waits_for_what_can_still_come_in_every_round(bpmn, play):
    drawing = bpmn.process(
        "p",
        "start:s xor:M or:G user:A user:B or:J user:C xor:X end:e",
        "s>M M>G G>A[=a = 1] G>B[=b = 1] A>J B>J J>C C>X X>M[=again] X>e!",
    )
    case = play(drawing).start({"a": 1, "b": 1})
    assert case.complete("A").tasks == ["B"]
    assert case.complete("B").tasks == ["C"]
    case.complete("C", again=True, a=0)
    assert case.tasks == ["B"]
    assert case.complete("B").tasks == ["C"]
    assert case.complete("C", again=False).step.finished


@mark("inclusive gateway, converging")
def test_an_inclusive_join_does_not_wait_for_what_was_interrupted(bpmn, play):
    raw = bpmn.event(
        "boundaryEvent",
        "T",
        "timer",
        bpmn.timer("timeDuration", "PT1H"),
        'attachedToRef="B"',
    )
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B or:J user:C user:D",
        "s>P P>A P>B A>J B>J J>C T>D",
        raw,
    )
    case = play(drawing).start().complete("A")
    assert case.tasks == ["B"]
    assert case.later(hours=1).tasks == ["C", "D"]


@mark("mixed gateway")
@pytest.mark.parametrize(
    ("kind", "after_one", "after_two"),
    [
        ("xor", ["B", "C"], ["C", "C"]),
        ("and", ["B"], ["C", "D"]),
        ("or", ["B"], ["C"]),
    ],
)
def test_a_gateway_may_join_and_split_at_once(bpmn, play, kind, after_one, after_two):
    ways = "G>C G>D" if kind == "and" else "G>C[=x = 1] G>D!"
    drawing = bpmn.process(
        "p",
        f"start:s and:P user:A user:B {kind}:G user:C user:D",
        f"s>P P>A P>B A>G B>G {ways}",
    )
    case = play(drawing).start({"x": 1})
    assert case.complete("A").tasks == after_one
    assert case.complete("B").tasks == after_two


@mark("none start event")
@mark("none throw event")
@mark("none end event")
@mark("sequence flow")
@mark("several end events")
@mark("start event with several outgoing flows")
@mark("activity without an outgoing flow")
def test_a_case_ends_when_its_last_token_does(bpmn, play):
    """Two flows out of the start, a throw event without a thing, two ends and a task as an end."""
    raw = '<bpmn:intermediateThrowEvent id="T"/>'
    drawing = bpmn.process(
        "p",
        "start:s user:A user:B user:C end:e end:f",
        "s>A s>B s>C A>T T>e B>f",
        raw,
    )
    case = play(drawing).start()
    assert case.tasks == ["A", "B", "C"]
    assert [line.kind for line in case.complete("A").step.history if line.element == "T"] == [
        "completed"
    ]
    assert not case.complete("C").step.finished
    assert case.complete("B").step.finished
    assert case.step.end == "f"
