"""Plain elements that run, each for itself: what is not proved beside something harder."""

from __future__ import annotations

import pytest

from workflow_app.engine import Source, load_program

RUNS = "runs"
LANES = (
    '<bpmn:laneSet id="ls"><bpmn:lane id="outer" name="office">'
    "<bpmn:flowNodeRef>A</bpmn:flowNodeRef><bpmn:flowNodeRef>B</bpmn:flowNodeRef>"
    '<bpmn:childLaneSet id="inner"><bpmn:lane id="l" name="clerk">'
    "<bpmn:flowNodeRef>B</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>"
    "</bpmn:lane></bpmn:laneSet>"
)


class Recorder:
    def __init__(self):
        self.calls = []

    def call(self, kind, inputs, headers, data, /, *_more):
        self.calls.append(kind)


@pytest.mark.bpmn("task", RUNS)
@pytest.mark.bpmn("manual task", RUNS)
@pytest.mark.bpmn("none throw event", RUNS)
@pytest.mark.bpmn("sequence flow", RUNS)
@pytest.mark.bpmn("none start event", RUNS)
@pytest.mark.bpmn("none end event", RUNS)
@pytest.mark.bpmn("executable process", RUNS)
@pytest.mark.parametrize("tag", ["task", "manualTask", "intermediateThrowEvent"])
def test_what_does_nothing_is_passed(bpmn, play, tag):
    case = play(bpmn.process("p", "start:s end:e", "s>X X>e", f'<bpmn:{tag} id="X"/>')).start()
    assert case.step.end == "e"
    assert case.flows == ["f1", "f2"]
    assert "X" in [event.element for event in case.history if event.kind == "completed"]


@pytest.mark.bpmn("send task", RUNS)
@pytest.mark.bpmn("service task", RUNS)
@pytest.mark.parametrize("tag", ["sendTask", "serviceTask"])
def test_an_operation_is_done(bpmn, play, tag):
    recorder = Recorder()
    task = bpmn.extended(tag, "X", '<zeebe:taskDefinition type="notify"/>')
    case = play(bpmn.process("p", "start:s end:e", "s>X X>e", task), operations=recorder).start()
    assert recorder.calls == ["notify"]
    assert case.step.end == "e"


@pytest.mark.bpmn("start event with several outgoing flows", RUNS)
@pytest.mark.bpmn("several end events", RUNS)
@pytest.mark.bpmn("activity without an outgoing flow", RUNS)
def test_a_case_ends_when_its_last_way_has_ended(bpmn, play):
    case = play(bpmn.process("p", "start:s user:A user:B user:C end:e", "s>A s>B s>C A>e")).start()
    assert case.tasks == ["A", "B", "C"]
    case.complete("A").complete("B")
    assert not case.step.finished
    assert case.complete("C").step.finished


@pytest.mark.bpmn("exclusive gateway, converging", RUNS)
@pytest.mark.bpmn("exclusive gateway, diverging", RUNS)
@pytest.mark.bpmn("conditional flow out of a gateway", RUNS)
@pytest.mark.bpmn("default flow out of a gateway", RUNS)
@pytest.mark.bpmn("formal expression in FEEL", RUNS)
@pytest.mark.parametrize(("x", "way"), [(1, ["f1", "f2", "f4"]), (2, ["f1", "f3", "f5"])])
def test_an_exclusive_gateway_takes_one_way_and_passes_each_on(bpmn, play, x, way):
    short = "start:s xor:G task:A task:B xor:M user:C end:e"
    case = play(bpmn.process("p", short, "s>G G>A[=x = 1] G>B! A>M B>M M>C C>e"))
    case.start({"x": x})
    assert case.flows == [*way, "f6"]
    assert case.tasks == ["C"]


@pytest.mark.bpmn("mixed gateway", RUNS)
def test_a_gateway_may_bring_ways_together_and_part_them(bpmn, play):
    short = "start:s xor:F task:A task:B xor:G user:C user:D"
    case = play(bpmn.process("p", short, "s>F F>A[=x] F>B! A>G B>G G>C[=x] G>D!"))
    assert case.start({"x": True}).tasks == ["C"]
    short = "start:s and:F user:A user:B and:G user:C user:D"
    case = play(bpmn.process("p", short, "s>F F>A F>B A>G B>G G>C G>D")).start()
    assert case.complete("A").tasks == ["B"]
    assert case.complete("B").tasks == ["C", "D"]


@pytest.mark.bpmn("lane", RUNS)
@pytest.mark.bpmn("nested lane", RUNS)
def test_the_innermost_lane_is_the_role(bpmn, play):
    text = bpmn.process("p", "start:s user:A user:B end:e", "s>A s>B A>e B>e", before=LANES)
    case = play(text).start()
    assert {task.element: task.lane for task in case.open.values()} == {"A": "office", "B": "clerk"}


@pytest.mark.bpmn("several pools that run", RUNS)
def test_each_pool_that_is_executable_is_a_process_of_its_own(bpmn, play):
    other = '<bpmn:process id="q" isExecutable="true"><bpmn:startEvent id="qs"/>{}</bpmn:process>'
    pools = (
        '<bpmn:collaboration id="co"><bpmn:participant id="P1" processRef="p"/>'
        '<bpmn:participant id="P2" processRef="q"/></bpmn:collaboration>'
    )
    text = bpmn.process("p", "start:s user:A end:e", "s>A A>e")
    behind = other.format('<bpmn:userTask id="Q"/>') + pools + "</bpmn:definitions>"
    text = text.replace("</bpmn:definitions>", behind)
    program = load_program(Source("p", bpmn.files(text)))
    assert program.main == "p"
    assert play(text).start().tasks == ["A"]


@pytest.mark.parametrize(("yes", "no"), [("true", "false"), ("1", "0"), (" true ", " 0 ")])
def test_a_boolean_may_be_a_word_or_a_digit(bpmn, play, yes, no):
    """The schema's booleans are true, false, 1 and 0."""
    soon, late = (bpmn.timer("timeDuration", text) for text in ("PT1H", "PT2H"))
    host = f'attachedToRef="A" cancelActivity="{no}"'
    beside = bpmn.event("boundaryEvent", "T", "timer", soon, host)
    start = bpmn.event("startEvent", "H", "timer", late)
    handler = bpmn.sub("E", "user:C", "H>C", start, f'triggeredByEvent="{yes}"')
    text = bpmn.process("p", "start:s user:A user:B end:e", "s>A A>e T>B", beside + handler)
    case = play(text.replace('isExecutable="true"', f'isExecutable="{yes}"')).start()
    assert case.later(minutes=61).tasks == ["A", "B"]
    assert case.later(minutes=61).tasks == ["C"]


def test_a_sub_process_may_have_lanes_of_its_own(bpmn, play):
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="clerk">'
        "<bpmn:flowNodeRef>A</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    inner = bpmn.sub("S", "start:i user:A", "i>A").replace(
        "<bpmn:startEvent", f"{lanes}<bpmn:startEvent", 1
    )
    case = play(bpmn.process("p", "start:s end:e", "s>S S>e", inner)).start()
    assert [task.lane for task in case.open.values()] == ["clerk"]
