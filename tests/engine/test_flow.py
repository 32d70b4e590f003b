"""Tasks, gateways, ends: what a token does on its way."""

from __future__ import annotations

import pytest

from workflow_app.engine import NotWaiting, StepFailed, complete


@pytest.mark.bpmn("user task", "runs")
def test_a_user_task_writes_answers_and_an_exclusive_gateway_chooses(bpmn, play):
    case = play(
        bpmn.process("p", "start:s user:A xor:G user:B end:e", "s>A A>G G>A[=again] G>B! B>e")
    ).start()
    case.complete("A", again=True).complete("A", again=False)
    assert case.tasks == ["B"]
    assert case.flows == ["f1", "f2", "f3", "f2", "f4"]
    case.complete("B", x=1)
    assert case.step.finished
    assert case.step.state is None
    assert case.step.end == "e"
    assert case.data == {"again": False, "x": 1}


@pytest.mark.parametrize("name", ["Start", "End", "Root", "root", "p.EndJoin"])
def test_ids_that_spiffworkflow_keeps_for_itself_run(bpmn, play, name):
    case = play(bpmn.process("p", f"start:s user:{name} end:e", f"s>{name} {name}>e")).start()
    case.complete(name)
    assert case.step.end == "e"


@pytest.mark.parametrize("value", [None, "yes", 1, []])
def test_a_condition_that_is_no_boolean_stops_the_step_and_names_the_flow(bpmn, play, value):
    case = play(
        bpmn.process("p", "start:s user:A xor:G end:e end:z", "s>A A>G G>e[=x] G>z!")
    ).start()
    before = case.state
    with pytest.raises(StepFailed) as failed:
        case.complete("A", x=value)
    assert failed.value.element == "G"
    assert "f3" in failed.value.reason
    assert case.state == before
    assert case.complete("A", x=True).step.end == "e"


def test_no_true_condition_and_no_default_stops_the_step(bpmn, play):
    case = play(
        bpmn.process("p", "start:s user:A xor:G end:e end:z", "s>A A>G G>e[=x = 1] G>z[=x = 2]")
    )
    case.start()
    with pytest.raises(StepFailed, match="no condition is true"):
        case.complete("A", x=3)


def test_a_task_cannot_be_completed_twice(bpmn, play):
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>B B>e")).start()
    task_id = next(iter(case.open))
    case.complete("A")
    with pytest.raises(NotWaiting):
        complete(case.program, case.state, task_id, {}, case.env)


@pytest.mark.bpmn("parallel gateway, diverging", "runs")
@pytest.mark.bpmn("parallel gateway, converging", "runs")
def test_parallel_branches_join_once_and_both_write(bpmn, play):
    case = play(
        bpmn.process(
            "p", "start:s and:P user:A user:B and:Q user:C end:e", "s>P P>A P>B A>Q B>Q Q>C C>e"
        )
    ).start()
    assert case.tasks == ["A", "B"]
    case.complete("A", a=1)
    assert case.tasks == ["B"]
    case.complete("B", b=2)
    assert case.tasks == ["C"]
    assert case.sees("C") == {"a": 1, "b": 2}
    assert case.complete("C").step.finished


def test_a_parallel_join_in_a_loop_waits_for_both_on_every_pass(bpmn, play):
    case = play(
        bpmn.process(
            "p",
            "start:s xor:M and:P user:A user:B and:Q user:C xor:G end:e",
            "s>M M>P P>A P>B A>Q B>Q Q>C C>G G>M[=again] G>e!",
        )
    ).start()
    for _ in range(3):
        case.complete("B")
        assert case.tasks == ["A"]
        case.complete("A").complete("C", again=True)
    case.complete("A").complete("B").complete("C", again=False)
    assert case.step.finished


def test_a_parallel_gateway_may_be_the_target_of_its_own_loop(bpmn, play):
    case = play(
        bpmn.process(
            "p",
            "start:s and:P user:A user:B and:Q xor:G end:e",
            "s>P P>A P>B A>Q B>Q Q>G G>P[=again] G>e!",
        )
    ).start()
    case.complete("A").complete("B", again=True)
    assert case.tasks == ["A", "B"]
    case.complete("A").complete("B", again=False)
    assert case.step.finished


def test_a_token_too_many_waits_at_a_parallel_join(bpmn, play):
    case = play(
        bpmn.process(
            "p",
            "start:s and:P user:A user:B user:C xor:M and:Q user:D end:e",
            "s>P P>A P>B P>C A>M B>M M>Q C>Q Q>D D>e",
        )
    ).start()
    case.complete("A").complete("B").complete("C")
    assert case.tasks == ["D"]
    case.complete("D")
    assert not case.step.finished


@pytest.mark.bpmn("inclusive gateway, diverging", "runs")
@pytest.mark.bpmn("inclusive gateway, converging", "runs")
def test_an_inclusive_join_waits_only_for_what_can_come(bpmn, play):
    case = play(
        bpmn.process(
            "p",
            "start:s or:I user:A user:B user:N or:J user:C end:e",
            "s>I I>A[=a] I>B[=b] I>N! A>J B>J N>J J>C C>e",
        )
    )
    case.start({"a": True, "b": True}).complete("A")
    assert case.tasks == ["B"]
    assert case.complete("B").tasks == ["C"]
    assert case.complete("C").step.finished
    assert play_again(case, {"a": True, "b": False}).complete("A").tasks == ["C"]
    assert play_again(case, {"a": False, "b": False}).complete("N").tasks == ["C"]


def play_again(case, data):
    return type(case)(case.program).start(data)


def test_several_flows_out_of_a_task_run_side_by_side(bpmn, play):
    case = play(bpmn.process("p", "start:s user:A user:B user:C", "s>A A>B A>C")).start()
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("B").complete("C").step.finished


@pytest.mark.parametrize(("x", "taken"), [(1, ["B"]), (2, ["B", "C"]), (0, ["D"])])
def test_conditional_flows_out_of_a_task_with_a_default(bpmn, play, x, taken):
    drawing = bpmn.process(
        "p", "start:s user:A user:B user:C user:D", "s>A A>B[x >= 1] A>C[=x >= 2] A>D!"
    )
    assert play(drawing).start().complete("A", x=x).tasks == taken


def test_a_process_without_start_event_begins_where_nothing_leads(bpmn, play):
    assert play(bpmn.process("p", "user:A user:B user:C", "A>C")).start().tasks == ["A", "B"]


def test_terminate_ends_everything_in_its_scope(bpmn, play):
    raw = '<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    case = play(bpmn.process("p", "start:s and:P user:A user:B", "s>P P>A P>B A>stop", raw)).start()
    case.complete("A")
    assert case.step.finished
    assert case.step.end == "stop"
    assert [(closed.element, closed.why) for closed in case.closed] == [
        ("A", "completed"),
        ("B", "cancelled"),
    ]


def test_terminate_inside_a_sub_process_leaves_the_rest(bpmn, play):
    raw = '<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    inner = bpmn.sub("S", "start:ss and:P user:A user:B", "ss>P P>A P>B A>stop", raw)
    case = play(bpmn.process("p", "start:s user:C end:e", "s>S S>C C>e", inner)).start()
    assert case.complete("A").tasks == ["C"]


def test_link_events_are_a_flow_that_is_not_drawn(bpmn, play):
    raw = (
        '<bpmn:intermediateThrowEvent id="out"><bpmn:linkEventDefinition name="l"/>'
        "</bpmn:intermediateThrowEvent>"
        '<bpmn:intermediateCatchEvent id="in"><bpmn:linkEventDefinition name="l"/>'
        "</bpmn:intermediateCatchEvent>"
    )
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>out in>B B>e", raw)).start()
    assert case.complete("A").tasks == ["B"]


def test_a_circle_without_a_wait_is_stopped(bpmn, play):
    case = play(bpmn.process("p", "start:s task:T task:U", "s>T T>U U>T"))
    with pytest.raises(StepFailed, match="circle"):
        case.start()


def test_a_long_straight_chain_runs(bpmn, play):
    chain = " ".join(f"task:t{number}" for number in range(2000))
    links = " ".join(f"t{number}>t{number + 1}" for number in range(1999))
    case = play(bpmn.process("p", f"start:s {chain} user:A", f"s>t0 {links} t1999>A")).start()
    assert case.tasks == ["A"]


@pytest.mark.parametrize(("notes", "taken"), [("A>B A>C!", ["B"]), ("A>C!", ["C"])])
def test_a_default_flow_is_taken_only_where_no_other_is(bpmn, play, notes, taken):
    case = play(bpmn.process("p", "start:s user:A user:B user:C", f"s>A {notes}")).start()
    assert case.complete("A").tasks == taken
