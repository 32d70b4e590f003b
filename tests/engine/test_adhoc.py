"""Ad-hoc sub-processes as BPMN 2.0.2 §10.3.5 and §13.3.5 tell it, and a list of what to do."""

from __future__ import annotations

import pytest

from tests.support.compensating import compensated, throws, undone
from workflow_app.engine import StepFailed, lint
from workflow_app.engine.contract import Source

PARALLEL = pytest.mark.bpmn("ad-hoc sub-process, parallel", "runs")
SEQUENTIAL = pytest.mark.bpmn("ad-hoc sub-process, sequential", "runs")
CONDITION = pytest.mark.bpmn("ad-hoc completion condition", "runs")
REMAINING = pytest.mark.bpmn("ad-hoc cancelRemainingInstances", "runs")


def ad_hoc(bpmn, short, flows="", raw="", attributes="", **said):
    """An ad-hoc sub-process H; `condition` and `active` are FEEL."""
    condition, active = said.get("condition"), said.get("active")
    listed = f'<zeebe:adHoc activeElementsCollection="={active}"/>' if active else ""
    if condition:
        raw += f"<bpmn:completionCondition>={condition}</bpmn:completionCondition>"
    inside = bpmn.sub("H", short, flows, raw, attributes, listed)
    inside = inside.replace("<bpmn:subProcess", "<bpmn:adHocSubProcess", 1)
    return inside[: inside.rindex("</bpmn:subProcess>")] + "</bpmn:adHocSubProcess>"


def drawn(bpmn, *args, **more):
    return bpmn.process("p", "start:s user:X", "s>H H>X", ad_hoc(bpmn, *args, **more))


@PARALLEL
def test_everything_can_be_done_in_any_order_and_ends_when_all_is_done(bpmn, play):
    case = play(drawn(bpmn, "user:A user:B user:C")).start()
    assert case.tasks == ["A", "B", "C"]
    assert case.step.opened[0].path == ("H",)
    assert case.complete("C").tasks == ["A", "B"]
    assert case.complete("A").complete("B").tasks == ["X"]


@PARALLEL
def test_what_flows_lead_to_waits_for_what_leads_to_it(bpmn, play):
    case = play(drawn(bpmn, "user:A user:B user:C", "A>B")).start()
    assert case.tasks == ["A", "C"]
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("B").complete("C").tasks == ["X"]


@SEQUENTIAL
def test_one_at_a_time(bpmn, play):
    case = play(drawn(bpmn, "user:A user:B user:C", attributes='ordering="Sequential"')).start()
    assert case.tasks == ["A"]
    assert case.complete("A").tasks == ["B"]
    assert case.complete("B").tasks == ["C"]
    assert case.complete("C").tasks == ["X"]


@SEQUENTIAL
def test_one_at_a_time_also_behind_a_fork(bpmn, play):
    flows = "A>P P>B P>C B>J C>J J>D"
    short = "user:A user:B user:C user:D and:P and:J"
    case = play(drawn(bpmn, short, flows, attributes='ordering="Sequential"')).start()
    for element in ("A", "B", "C", "D"):
        assert case.tasks == [element]
        case.complete(element)
    assert case.tasks == ["X"]


@CONDITION
@REMAINING
def test_the_condition_ends_it_and_cancels_what_remains(bpmn, play):
    case = play(drawn(bpmn, "user:A user:B user:C", "A>C", condition="done = true")).start()
    case.complete("B", done=False)
    assert case.tasks == ["A"]
    case.complete("A", done=True)
    assert case.tasks == ["X"]
    assert "C" not in [event.element for event in case.history]


@REMAINING
@pytest.mark.parametrize(("cancels", "left"), [("true", ["X"]), ("false", ["B"])])
def test_what_remains_is_cancelled_or_waited_for(bpmn, play, cancels, left):
    attributes = f'cancelRemainingInstances="{cancels}"'
    shape = drawn(bpmn, "user:A user:B user:C", "B>C", attributes=attributes, condition="done")
    case = play(shape).start().complete("A", done=True)
    assert case.tasks == left
    if cancels == "false":
        assert case.complete("B").tasks == ["X"]


@CONDITION
@SEQUENTIAL
def test_the_condition_ends_a_sequence(bpmn, play):
    attributes = 'ordering="Sequential"'
    case = play(drawn(bpmn, "user:A user:B", attributes=attributes, condition="done")).start()
    assert case.complete("A", done=True).tasks == ["X"]


@CONDITION
@pytest.mark.parametrize("ordering", ["Sequential", "Parallel"])
def test_while_the_condition_is_false_everything_may_be_done_again(bpmn, play, ordering):
    attributes = f'ordering="{ordering}"'
    case = play(drawn(bpmn, "user:A user:B", attributes=attributes, condition="done")).start()
    case.complete("A", done=False).complete("B", done=False)
    assert "A" in case.tasks
    assert case.complete("A", done=True).tasks == ["X"]


@PARALLEL
def test_a_list_says_what_is_to_be_done(bpmn, play):
    shape = drawn(bpmn, "user:A user:B user:C", active="wanted")
    case = play(shape).start({"wanted": ["C", "A"]})
    assert case.tasks == ["A", "C"]
    assert case.complete("A").complete("C").tasks == ["X"]


@SEQUENTIAL
def test_a_list_says_in_which_order(bpmn, play):
    shape = drawn(bpmn, "user:A user:B", attributes='ordering="Sequential"', active="wanted")
    case = play(shape).start({"wanted": ["B", "A", "B"]})
    for element in ("B", "A", "B"):
        assert case.tasks == [element]
        case.complete(element)
    assert case.tasks == ["X"]


def test_nothing_to_do_is_done_at_once(bpmn, play):
    case = play(drawn(bpmn, "user:A", active="wanted")).start({"wanted": []})
    assert case.tasks == ["X"]


@CONDITION
def test_the_list_is_asked_again_while_the_condition_is_false(bpmn, play):
    shape = drawn(bpmn, "user:A user:B", condition="done", active="next")
    case = play(shape).start({"next": ["A"]}).complete("A", next=["B"], done=False)
    assert case.tasks == ["B"]
    assert case.complete("B", next=[], done=False).tasks == ["X"]


@pytest.mark.parametrize(("wanted", "said"), [("A", "no list"), (["B"], "B"), (["Z"], "Z")])
def test_what_cannot_be_begun_stops_the_step(bpmn, play, wanted, said):
    shape = drawn(bpmn, "user:A user:B", "A>B", active="wanted")
    with pytest.raises(StepFailed, match=said):
        play(shape).start({"wanted": wanted})


def test_an_event_inside_is_waited_for(bpmn, play):
    wait = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"))
    case = play(drawn(bpmn, "user:A user:B", "T>B", wait)).start()
    assert (case.tasks, case.timers) == (["A"], ["T"])
    case.complete("A").later(hours=1)
    assert case.tasks == ["B"]
    assert case.complete("B").tasks == ["X"]


@REMAINING
def test_an_event_is_not_waited_for_once_it_is_enough(bpmn, play):
    wait = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"))
    shape = drawn(
        bpmn, "user:A user:B", "", wait, 'cancelRemainingInstances="false"', condition="done"
    )
    case = play(shape).start().complete("A", done=True)
    assert (case.tasks, case.timers) == (["B"], ["T"])
    case.complete("B")
    assert (case.tasks, case.timers) == (["X"], [])


def test_a_timer_on_the_border_ends_all_of_it(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="H"'
    )
    shape = bpmn.process(
        "p", "start:s user:X user:Y", "s>H H>X L>Y", ad_hoc(bpmn, "user:A user:B") + late
    )
    assert play(shape).start().complete("A").later(hours=1).tasks == ["Y"]


@PARALLEL
def test_repeated_activities_inside_count_once(bpmn, play):
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    raw = bpmn.extended("userTask", "M", "", loop)
    shape = drawn(bpmn, "user:A", "", raw, condition="done", attributes='ordering="Sequential"')
    case = play(shape).start().complete("A").complete("M", done=True)
    assert case.tasks == ["M"]
    assert case.complete("M").tasks == ["X"]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_an_ad_hoc_sub_process_can_be_repeated_itself(bpmn, play, sequential):
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"', f'isSequential="{sequential}"')
    case = play(drawn(bpmn, "user:A user:B", "", loop)).start()
    for _ in range(2):
        case.complete("A").complete("B")
    assert case.tasks == ["X"]


def test_what_was_done_can_be_compensated(bpmn, play):
    body = undone("A", "undoA") + undone("B", "undoB")
    shape = bpmn.process(
        "p",
        "start:s user:X end:e",
        "s>H H>X X>T T>e",
        ad_hoc(bpmn, "user:A user:B", "", body) + throws("T"),
    )
    case = play(shape).start().complete("B").complete("A").complete("X")
    assert compensated(case) == ["A", "B", "H"]
    assert case.step.finished


def test_compensating_inside_begins_nothing_new(bpmn, play):
    body = undone("A", "undoA", "userTask") + throws("T", "A")
    case = play(drawn(bpmn, "user:A user:C", "A>T", body)).start().complete("A")
    assert case.tasks == ["C", "undoA"]
    assert case.complete("undoA").complete("C").tasks == ["X"]


@pytest.mark.parametrize("kind", ["start", "end"])
def test_start_and_end_events_are_refused(bpmn, kind):
    shape = drawn(bpmn, f"user:A {kind}:ae", "ae>A" if kind == "start" else "A>ae")
    found = lint(Source("p", {"processes/p/p.bpmn": shape}))
    assert ("ad-hoc-event", "ae") in {(finding.code, finding.element) for finding in found}
