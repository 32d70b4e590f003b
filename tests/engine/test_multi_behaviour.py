"""What a multi-instance activity throws as its instances complete (BPMN 2.0.2 table 10.31)."""

from __future__ import annotations

import pytest

from workflow_app.engine import StepFailed, lint
from workflow_app.engine.contract import Source

NONE = pytest.mark.bpmn("multi-instance behavior None", "runs")
ONE = pytest.mark.bpmn("multi-instance behavior One", "runs")
ALL = pytest.mark.bpmn("multi-instance behavior All", "runs")
COMPLEX = pytest.mark.bpmn("multi-instance behavior Complex", "runs")
REFERENCE = pytest.mark.bpmn("multi-instance over loopDataInputRef", "runs")
CARDINALITY = pytest.mark.bpmn("multi-instance with loopCardinality", "runs")
ENDS = pytest.mark.bpmn("multi-instance completionCondition", "runs")
BESIDE = (
    '<bpmn:signal id="sig" name="sig"/><bpmn:signal id="other" name="other"/>'
    '<bpmn:signalEventDefinition id="thrown" signalRef="sig"/>'
)


def many(behaviour, inside="", attributes="", count="3"):
    return (
        f'<bpmn:multiInstanceLoopCharacteristics behavior="{behaviour}" {attributes}>'
        f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>{inside}"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def complex_(condition, definition):
    return (
        f"<bpmn:complexBehaviorDefinition><bpmn:condition>{condition}</bpmn:condition>"
        f'<bpmn:event id="e{len(condition)}">{definition}</bpmn:event>'
        "</bpmn:complexBehaviorDefinition>"
    )


def drawn(bpmn, loop, kind="signal", reference="sig", stops="false", beside=BESIDE):
    """M with an event on its border that leads to user task C; after M comes B."""
    raw = bpmn.extended("userTask", "M", "", loop)
    attributes = f'attachedToRef="M" cancelActivity="{stops}"'
    raw += bpmn.event("boundaryEvent", "X", kind, reference, attributes)
    return bpmn.process("p", "start:s user:B user:C", "s>M M>B X>C", raw, beside)


@NONE
@pytest.mark.parametrize("sequential", ["true", "false"])
def test_none_throws_for_each_instance(bpmn, play, sequential):
    attributes = f'noneBehaviorEventRef="thrown" isSequential="{sequential}"'
    case = play(drawn(bpmn, many("None", "", attributes))).start()
    assert case.complete("M").tasks.count("C") == 1
    assert case.complete("M").tasks.count("C") == 2
    assert case.complete("M").tasks == ["B", "C", "C", "C"]


@NONE
def test_without_a_reference_the_default_signal_is_caught_by_any_signal_event(bpmn, play):
    case = play(drawn(bpmn, many("None"), reference="other")).start().complete("M")
    assert case.tasks == ["C", "M", "M"]


@NONE
@pytest.mark.parametrize("sequential", ["true", "false"])
def test_an_event_that_interrupts_makes_the_first_instance_win(bpmn, play, sequential):
    attributes = f'noneBehaviorEventRef="thrown" isSequential="{sequential}"'
    case = play(drawn(bpmn, many("None", "", attributes), stops="true")).start().complete("M")
    assert case.tasks == ["C"]
    assert [event.kind for event in case.history if event.element == "M"][-1] == "cancelled"


@ONE
def test_one_throws_for_the_first_only(bpmn, play):
    case = play(drawn(bpmn, many("One", "", 'oneBehaviorEventRef="thrown"'))).start()
    assert case.complete("M").tasks == ["C", "M", "M"]
    assert case.complete("M").complete("M").tasks == ["B", "C"]


@ALL
def test_all_throws_nothing(bpmn, play):
    case = play(drawn(bpmn, many("All"))).start()
    assert case.complete("M").complete("M").complete("M").tasks == ["B"]


@COMPLEX
def test_complex_throws_what_its_conditions_say(bpmn, play):
    second = complex_(
        "=numberOfCompletedInstances = 2", '<bpmn:signalEventDefinition signalRef="sig"/>'
    )
    case = play(drawn(bpmn, many("Complex", second))).start()
    assert case.complete("M").tasks == ["M", "M"]
    assert case.complete("M").tasks == ["C", "M"]
    assert case.complete("M").tasks == ["B", "C"]


@COMPLEX
def test_a_condition_reads_what_the_instance_wrote(bpmn, play):
    urgent = complex_("=urgent = true", '<bpmn:signalEventDefinition signalRef="sig"/>')
    case = play(drawn(bpmn, many("Complex", urgent))).start()
    assert case.complete("M", urgent=False).tasks == ["M", "M"]
    assert case.complete("M", urgent=True).tasks == ["C", "M"]


@COMPLEX
def test_of_several_complex_behaviours_each_has_its_event(bpmn, play):
    twice = complex_(
        "=numberOfActiveInstances = 1", '<bpmn:signalEventDefinition signalRef="sig"/>'
    )
    twice += complex_("=true", '<bpmn:signalEventDefinition signalRef="other"/>')
    attributes = 'attachedToRef="M" cancelActivity="false"'
    raw = bpmn.event("boundaryEvent", "Y", "signal", "other", attributes)
    raw += '<bpmn:userTask id="D"/><bpmn:sequenceFlow id="fy" sourceRef="Y" targetRef="D"/>'
    first = "<bpmn:sequenceFlow"
    shape = drawn(bpmn, many("Complex", twice)).replace(first, raw + first, 1)
    case = play(shape).start().complete("M").complete("M")
    assert case.tasks == ["C", "D", "D", "M"]


@ONE
@pytest.mark.parametrize("kind", ["message", "escalation", "error"])
def test_other_events_can_be_thrown_too(bpmn, play, kind):
    beside = (
        f'<bpmn:{kind} id="x" name="x" /><bpmn:{kind}EventDefinition id="thrown" {kind}Ref="x"/>'
    )
    loop = many("One", "", 'oneBehaviorEventRef="thrown"')
    case = play(drawn(bpmn, loop, kind, "x", "true", beside)).start().complete("M")
    assert case.tasks == ["C"]


@ONE
def test_an_escalation_that_nobody_catches_leaves_the_case(bpmn, play):
    beside = (
        '<bpmn:escalation id="x" name="x" escalationCode="E"/>'
        '<bpmn:escalationEventDefinition id="thrown" escalationRef="x"/>'
    ) + BESIDE.partition("<bpmn:signalEvent")[0]
    loop = many("One", "", 'oneBehaviorEventRef="thrown"')
    case = play(drawn(bpmn, loop, beside=beside)).start().complete("M").complete("M")
    assert [thrown.name for thrown in case.thrown] == ["E"]


@NONE
def test_a_signal_of_an_instance_stays_with_the_activity(bpmn, play):
    case = play(drawn(bpmn, many("None", "", 'noneBehaviorEventRef="thrown"'))).start()
    assert case.complete("M").thrown == []


@NONE
def test_sub_processes_throw_as_well(bpmn, play):
    loop = many("None", "", 'noneBehaviorEventRef="thrown"', "2")
    part = bpmn.sub("M", "start:ms user:A end:me", "ms>A A>me", loop)
    raw = bpmn.event(
        "boundaryEvent", "X", "signal", "sig", 'attachedToRef="M" cancelActivity="false"'
    )
    shape = bpmn.process("p", "start:s user:B user:C", "s>M M>B X>C", part + raw, BESIDE)
    case = play(shape).start().complete("A")
    assert case.tasks == ["A", "C"]
    assert case.complete("A").tasks == ["B", "C", "C"]


@NONE
def test_history_and_the_event_tell_how_many_completed(bpmn, play):
    case = play(drawn(bpmn, many("None", "", 'noneBehaviorEventRef="thrown"'))).start()
    case.complete("M").complete("M")
    assert case.data["numberOfCompletedInstances"] == 2
    assert case.data["numberOfActiveInstances"] == 1
    assert [event.data["event"] for event in case.history if event.kind == "thrown"] == [
        "signal"
    ] * 2


@ENDS
@pytest.mark.parametrize(("sequential", "cut"), [("true", None), ("false", 3)])
def test_history_tells_how_many_were_cut_off(bpmn, play, sequential, cut):
    until = "<bpmn:completionCondition>=numberOfCompletedInstances = 2</bpmn:completionCondition>"
    loop = many("All", until, f'isSequential="{sequential}"', "5")
    case = play(drawn(bpmn, loop)).start().complete("M").complete("M")
    assert case.tasks == ["B"]
    told = [event for event in case.history if (event.kind, event.element) == ("completed", "M")]
    whole = [event.data for event in told if "loopCounter" not in (event.data or {})]
    assert whole == [cut and {"completed": 2, "terminated": cut}]


# -- over data drawn as BPMN says ------------------------------------------------------------


def by_reference(bpmn, reference, sequential="false"):
    """M over the data object “people”, by its own id or through a data input of the task."""
    inputs = (
        '<bpmn:ioSpecification><bpmn:dataInput id="in" name="list"/><bpmn:dataOutput id="out"/>'
        "<bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>"
        '<bpmn:dataInputAssociation id="ia"><bpmn:sourceRef>ref</bpmn:sourceRef>'
        "<bpmn:targetRef>in</bpmn:targetRef></bpmn:dataInputAssociation>"
        '<bpmn:dataOutputAssociation id="oa"><bpmn:sourceRef>out</bpmn:sourceRef>'
        "<bpmn:targetRef>votes</bpmn:targetRef></bpmn:dataOutputAssociation>"
    )
    into, out_of = ("in", "out") if reference == "in" else ("ref", "votes")
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}">'
        f"<bpmn:loopDataInputRef>{into}</bpmn:loopDataInputRef>"
        f"<bpmn:loopDataOutputRef>{out_of}</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="each" name="person"/><bpmn:outputDataItem id="got" name="vote"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    objects = (
        '<bpmn:dataObject id="people" name="people" isCollection="true"/>'
        '<bpmn:dataObjectReference id="ref" dataObjectRef="people"/>'
        '<bpmn:dataObject id="votes" name="votes" isCollection="true"/>'
    )
    raw = bpmn.extended("userTask", "M", "", (inputs if reference == "in" else "") + loop)
    return bpmn.process("p", "start:s user:B", "s>M M>B", raw + objects)


@REFERENCE
@pytest.mark.parametrize("reference", ["in", "ref"])
@pytest.mark.parametrize("sequential", ["true", "false"])
def test_the_collection_may_be_a_data_object(bpmn, play, reference, sequential):
    case = play(by_reference(bpmn, reference, sequential)).start({"people": ["a", "b"]})
    assert case.sees("M")["person"] == "a"
    case.complete("M", vote=1)
    assert case.sees("M")["person"] == "b"
    assert case.complete("M", vote=2).tasks == ["B"]
    assert case.data["votes"] == [1, 2]


@CARDINALITY
@pytest.mark.parametrize(
    ("count", "said"),
    [("=n - 5", "less than none"), ('="two"', "no whole number"), ("=n / 2", "no whole")],
)
def test_a_number_that_is_none_stops_the_step(bpmn, play, count, said):
    with pytest.raises(StepFailed, match=said):
        play(drawn(bpmn, many("All", count=count))).start({"n": 1})


@CARDINALITY
def test_none_at_all_is_a_number_too(bpmn, play):
    assert play(drawn(bpmn, many("All", count="=n"))).start({"n": 0}).tasks == ["B"]


def codes(text):
    found = lint(Source("p", {"processes/p/p.bpmn": text}))
    return {(finding.code, finding.element) for finding in found if finding.severity == "error"}


@pytest.mark.parametrize(
    ("loop", "code"),
    [
        (many("All", count="-1"), "repetitions"),
        (many("One", "", 'oneBehaviorEventRef="gone"'), "instance-event"),
        (many("Complex"), "instance-event"),
        (
            many("Complex", complex_("", '<bpmn:signalEventDefinition signalRef="sig"/>')),
            "instance-event",
        ),
        (many("Complex", complex_("=true", "<bpmn:terminateEventDefinition/>")), "instance-event"),
        (many("Some"), "unknown-element"),
    ],
)
def test_wrong_use_is_refused(bpmn, loop, code):
    assert (code, "M") in codes(drawn(bpmn, loop))
