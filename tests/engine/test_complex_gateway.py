"""The complex gateway as BPMN 2.0.2 §13.4.5 has it: a condition, then a reset, in loops too."""

from __future__ import annotations

import pytest

from workflow_app.engine import InvalidSource, StepFailed
from workflow_app.engine.migration import migrate, plan

RUNS = "runs"
CONVERGING = pytest.mark.bpmn("complex gateway, converging", RUNS)
DIVERGING = pytest.mark.bpmn("complex gateway, diverging", RUNS)


def gateway(condition: str = "", key: str = "G") -> str:
    inside = f"<bpmn:activationCondition>{condition}</bpmn:activationCondition>"
    return f'<bpmn:complexGateway id="{key}">{inside if condition else ""}</bpmn:complexGateway>'


def three(bpmn, condition: str, out: str = "G>Z", raw: str = "") -> str:
    """Three tasks at once into the gateway (flows f5, f6, f7), then task Z."""
    return bpmn.process(
        "p",
        "start:s and:P user:A user:B user:C user:Y user:Z end:e",
        f"s>P P>A P>B P>C A>G B>G C>G {out} Z>e Y>e",
        gateway(condition) + raw,
    )


@CONVERGING
def test_two_of_three_are_enough_and_the_third_only_resets(bpmn, play):
    case = play(three(bpmn, "=activationCount &gt;= 2")).start()
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("C").tasks == ["B", "Z"]
    assert case.complete("B").tasks == ["Z"]
    assert case.complete("Z").step.finished


@CONVERGING
def test_the_condition_counts_tokens_by_flow_and_reads_data(bpmn, play):
    case = play(three(bpmn, "=f5 + f6 &gt;= 1 and f7 = 1 or enough")).start({"enough": False})
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("B").tasks == ["C"]
    assert case.complete("C").tasks == ["Z"]
    other = type(case)(case.program).start({"enough": False})
    assert other.complete("B").tasks == ["A", "C"]
    assert other.complete("A", enough=True).tasks == ["C", "Z"]


@CONVERGING
def test_a_written_condition_may_send_the_rest_another_way(bpmn, play):
    out = "G>Z[=waitingForStart] G>Y[=not(waitingForStart)]"
    case = play(three(bpmn, "=activationCount &gt;= 1", out)).start()
    assert case.complete("B").tasks == ["A", "C", "Z"]
    assert case.complete("A").tasks == ["C", "Z"]
    assert case.complete("C").tasks == ["Y", "Z"]  # one token for all that came after the start
    case.complete("Y").complete("Z")
    assert case.step.finished


@CONVERGING
def test_the_gateway_remembers_over_a_stored_state_whom_it_took(bpmn, play):
    case = play(three(bpmn, "=activationCount &gt;= 1")).start().complete("A")
    stored = case.state
    case.complete("B")
    assert case.state != stored
    assert case.complete("C").tasks == ["Z"]


@CONVERGING
def test_the_reset_does_not_wait_for_what_cannot_come(bpmn, play):
    drawing = bpmn.process(
        "p",
        "start:s xor:X user:A user:B user:Q end:e user:Z",
        "s>Q Q>X X>A[=go] X>B! A>G B>G G>Z Z>e",
        gateway("=activationCount &gt;= 1"),
    )
    case = play(drawing).start({"go": True}).complete("Q").complete("A")
    assert case.tasks == ["Z"]
    assert [line.data for line in case.history if line.element == "G"] == [
        {"waitingForStart": True},
        {"waitingForStart": False},
    ]
    assert case.complete("Z").step.finished


@CONVERGING
@pytest.mark.parametrize("late", [True, False])
def test_in_a_loop_each_round_begins_anew(bpmn, play, late):
    """The straggler of one round never counts for the next."""
    drawing = bpmn.process(
        "p",
        "start:s xor:M and:P user:A user:B user:C user:Z xor:X end:e",
        "s>M M>P P>A P>B P>C A>G B>G C>G G>Z Z>X X>M[=again] X>e!",
        gateway("=activationCount &gt;= 2"),
    )
    case = play(drawing).start()
    for again in (True, True, False):
        assert case.tasks == ["A", "B", "C"]
        case.complete("A").complete("B")
        assert case.tasks == ["C", "Z"]
        if late:
            case.complete("C")
        case.complete("Z", again=again)
        if not late:
            case.complete("C")
    assert case.step.finished


@CONVERGING
def test_a_gateway_may_be_the_target_of_its_own_loop(bpmn, play):
    drawing = bpmn.process(
        "p",
        "start:s user:A xor:X end:e",
        "s>G G>A A>X X>G[=again] X>e!",
        gateway("=activationCount &gt;= 1"),
    )
    case = play(drawing).start()
    for _ in range(3):
        assert case.complete("A", again=True).tasks == ["A"]
    assert case.complete("A", again=False).step.finished


@CONVERGING
def test_what_comes_too_often_waits_for_the_next_start(bpmn, play):
    """Two tokens on one flow: the second begins another round once the first is reset."""
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B user:C xor:M user:Z end:e",
        "s>P P>A P>B P>C A>M B>M M>G C>G G>Z Z>e",
        gateway("=activationCount &gt;= 1"),
    )
    case = play(drawing).start()
    assert case.complete("A").tasks == ["B", "C", "Z"]
    assert case.complete("B").tasks == ["C", "Z"]
    assert case.complete("C").tasks == ["Z", "Z"]
    case.complete("Z").complete("Z")
    assert case.step.finished


@CONVERGING
def test_a_condition_that_never_holds_blocks(bpmn, play):
    case = play(three(bpmn, "=activationCount &gt;= 4")).start()
    case.complete("A").complete("B").complete("C")
    assert (case.tasks, case.step.finished) == ([], False)


@DIVERGING
@pytest.mark.parametrize(
    ("data", "tasks"),
    [({"x": 1}, ["A"]), ({"x": 5}, ["A", "B"]), ({"x": 0}, ["C"])],
)
def test_splitting_takes_every_true_flow_else_the_default(bpmn, play, data, tasks):
    drawing = bpmn.process(
        "p",
        "start:s user:A user:B user:C end:e",
        "s>G G>A[=x > 0] G>B[=x > 3] G>C! A>e B>e C>e",
        '<bpmn:complexGateway id="G"/>',
    )
    assert play(drawing).start(data).tasks == tasks


@DIVERGING
def test_splitting_with_no_way_stops_the_step(bpmn, play):
    drawing = bpmn.process(
        "p", "start:s user:A", "s>G G>A[=x > 0]", '<bpmn:complexGateway id="G"/>'
    )
    with pytest.raises(StepFailed) as failed:
        play(drawing).start({"x": 0})
    assert failed.value.element == "G"


@DIVERGING
def test_an_inclusive_join_does_not_wait_for_a_gateway_that_only_resets(bpmn, play):
    drawing = bpmn.process(
        "p",
        "start:s and:P user:A user:B user:C or:J user:Z end:e",
        "s>P P>A P>B P>C A>G B>G G>J C>J J>Z Z>e",
        gateway("=activationCount &gt;= 1"),
    )
    case = play(drawing).start().complete("A").complete("C")
    assert case.tasks == ["B", "Z"]


@pytest.mark.parametrize("ids", [("way-1", "way.2")])
def test_flows_with_odd_ids_can_be_counted(bpmn, play, ids):
    drawing = three(bpmn, f"={ids[0]} + {ids[1]} &gt;= 2")
    for number, key in enumerate(ids, 5):
        drawing = drawing.replace(f'"f{number}"', f'"{key}"')
    case = play(drawing).start().complete("C").complete("A")
    assert case.tasks == ["B"]
    assert case.complete("B").tasks == ["Z"]


def test_a_join_without_a_condition_is_refused(bpmn, play):
    with pytest.raises(InvalidSource, match="goes on"):
        play(three(bpmn, ""))


def test_a_case_moves_only_where_the_flows_it_remembers_are_drawn(bpmn, play):
    drawing = three(bpmn, "=activationCount &gt;= 1")
    case = play(drawing).start().complete("A")
    moved = migrate(case.program, play(drawing).program, case.state, {}, case.env)
    assert [task.element for task in moved.kept] == ["B", "C", "Z"]
    other = play(drawing.replace('id="f5"', 'id="f55"')).program
    assert plan(case.program, other, case.state, {}).verdict == "cannot"
