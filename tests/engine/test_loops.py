"""Multi-instance and standard loops."""

from __future__ import annotations

import pytest

from workflow_app.engine import StepFailed, codec
from workflow_app.engine.run import Run
from workflow_app.engine.steps import conclude

EACH = 'inputCollection="=people" inputElement="person"'
GIVES = f'{EACH} outputCollection="votes" outputElement="={{who: person, vote: vote}}"'


def user(bpmn, loop):
    return bpmn.extended("userTask", "M", "", loop)


def drawing(bpmn, loop, flows="s>M M>B", raw=""):
    return bpmn.process("p", "start:s user:B", flows, user(bpmn, loop) + raw)


@pytest.mark.bpmn("multi-instance over a collection (zeebe)", "runs")
def test_parallel_instances_give_their_results_in_the_order_of_the_input(bpmn, play):
    case = play(drawing(bpmn, bpmn.many(GIVES))).start({"people": ["a", "b", "c"]})
    assert [case.sees("M", turn)["person"] for turn in range(3)] == ["a", "b", "c"]
    case.complete("M", 2, vote=3).complete("M", 0, vote=1)
    assert case.tasks == ["M"]
    case.complete("M", vote=2)
    assert case.tasks == ["B"]
    assert [vote["vote"] for vote in case.data["votes"]] == [1, 2, 3]
    assert set(case.data) == {"people", "votes"}


@pytest.mark.bpmn("multi-instance, sequential", "runs")
def test_sequential_instances_come_one_after_the_other(bpmn, play):
    case = play(drawing(bpmn, bpmn.many(GIVES, 'isSequential="true"')))
    case.start({"people": ["a", "b"]})
    assert case.tasks == ["M"]
    case.complete("M", vote=1)
    assert case.sees("M")["person"] == "b"
    assert case.complete("M", vote=2).data["votes"] == [
        {"who": "a", "vote": 1},
        {"who": "b", "vote": 2},
    ]


def test_nobody_to_ask_means_nothing_to_wait_for(bpmn, play):
    case = play(drawing(bpmn, bpmn.many(GIVES))).start({"people": []})
    assert case.tasks == ["B"]
    assert case.data["votes"] == []


def test_a_collection_that_is_no_list_stops_the_step(bpmn, play):
    with pytest.raises(StepFailed, match="no list"):
        play(drawing(bpmn, bpmn.many(GIVES))).start({"people": "a"})


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_the_completion_condition_ends_the_others(bpmn, play, sequential):
    loop = bpmn.many(
        GIVES,
        f'isSequential="{sequential}"',
        "=numberOfCompletedInstances >= 2 and count(votes) = 2",
    )
    case = play(drawing(bpmn, loop)).start({"people": ["a", "b", "c"]})
    case.complete("M", vote=1).complete("M", vote=1)
    assert case.tasks == ["B"]
    assert len(case.data["votes"]) == 2


def test_without_an_output_collection_the_data_is_merged(bpmn, play):
    case = play(drawing(bpmn, bpmn.many(EACH))).start({"people": ["a", "b"]})
    case.complete("M", x=1).complete("M", y=2)
    assert case.data == {"people": ["a", "b"], "x": 1, "y": 2}


def test_a_boundary_timer_ends_the_whole_multi_instance(bpmn, play):
    raw = bpmn.event(
        "boundaryEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="M"'
    )
    shape = drawing(bpmn, bpmn.many(GIVES), "s>M M>B T>C", raw + '<bpmn:userTask id="C"/>')
    case = play(shape).start({"people": ["a", "b"]}).complete("M", vote=1)
    assert case.timers == ["T"]
    assert case.later(hours=1).tasks == ["C"]


def review(bpmn, sequential="false"):
    """A sub-process an instance: score within an hour, else timed out."""
    raw = bpmn.event(
        "boundaryEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="V"'
    )
    late = bpmn.extended(
        "scriptTask", "late", '<zeebe:script expression="=true" resultVariable="late"/>'
    )
    loop = bpmn.many(
        f'{EACH} outputCollection="results" '
        'outputElement="={who: person, score: score, late: late}"',
        f'isSequential="{sequential}"',
    )
    return bpmn.sub(
        "S", "start:ss user:D user:V end:se", "ss>D D>V V>se T>late late>se", raw + late + loop
    )


def test_instances_of_a_sub_process_keep_their_data_apart_and_time_out_one_by_one(bpmn, play):
    case = play(bpmn.process("p", "start:s user:B", "s>S S>B", review(bpmn)))
    case.start({"people": ["a", "b", "c"]})
    case.complete("D", 1).complete("D", 0)
    assert case.tasks == ["D", "V", "V"]
    assert sorted(case.sees("V", turn)["person"] for turn in range(2)) == ["a", "b"]
    case.later(minutes=30).complete("V", score=5)
    case.later(minutes=40)
    assert case.tasks == ["D"]
    case.complete("D").complete("V", score=1)
    assert case.tasks == ["B"]
    assert case.data["results"] == [
        {"who": "a", "score": None, "late": True},
        {"who": "b", "score": 5, "late": None},
        {"who": "c", "score": 1, "late": None},
    ]
    assert "score" not in case.data


def test_sequential_instances_of_a_sub_process(bpmn, play):
    case = play(bpmn.process("p", "start:s user:B", "s>S S>B", review(bpmn, "true")))
    case.start({"people": ["a", "b"]})
    for score in (1, 2):
        assert case.tasks == ["D"]
        case.complete("D").complete("V", score=score)
    assert [result["score"] for result in case.data["results"]] == [1, 2]


def test_instances_of_a_call_activity(bpmn, play):
    loop = bpmn.many(f'{EACH} outputCollection="results" outputElement="=score"')
    call = bpmn.extended("callActivity", "C", '<zeebe:calledElement processId="q"/>', loop)
    child = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe")
    case = play(bpmn.process("p", "start:s user:B", "s>C C>B", call), child)
    case.start({"people": ["a", "b"]})
    case.complete("Q", 1, score=2).complete("Q", score=1)
    assert case.data == {"people": ["a", "b"], "results": [1, 2]}


def test_an_error_in_one_instance_is_caught_at_the_whole_activity(bpmn, play):
    fail = bpmn.event("endEvent", "fail", "error", "err")
    inner = bpmn.sub("S", "start:ss user:A", "ss>A A>fail", fail + bpmn.many(EACH))
    catch = bpmn.event("boundaryEvent", "X", "error", "err", 'attachedToRef="S"')
    drawn = bpmn.process(
        "p",
        "start:s user:B user:C",
        "s>S S>B X>C",
        inner + catch,
        '<bpmn:error id="err" errorCode="E"/>',
    )
    case = play(drawn).start({"people": ["a", "b", "c"]}).complete("A", 1)
    assert case.tasks == ["C"]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_an_instance_that_was_given_up_counts_as_terminated(bpmn, play, sequential):
    until = "=numberOfTerminatedInstances = 1 and numberOfCompletedInstances = 1"
    loop = bpmn.many(GIVES, f'isSequential="{sequential}"', until)
    case = play(drawing(bpmn, loop)).start({"people": ["a", "b", "c", "d"]})
    given_up(case)
    assert case.sees("M")["person"] == "b"
    assert case.complete("M", vote=1).tasks == ["B"]
    assert case.data["votes"] == [{"who": "b", "vote": 1}]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_when_every_instance_was_given_up_the_case_goes_on(bpmn, play, sequential):
    loop = bpmn.many(GIVES, f'isSequential="{sequential}"')
    case = play(drawing(bpmn, loop)).start({"people": ["a", "b"]})
    given_up(case)
    given_up(case)
    assert case.tasks == ["B"]
    assert case.data["votes"] == []


def test_a_turn_that_was_given_up_is_followed_by_the_next(bpmn, play):
    loop = '<bpmn:standardLoopCharacteristics loopMaximum="2"/>'
    case = play(drawing(bpmn, loop)).start()
    given_up(case)
    assert case.sees("M")["loopCounter"] == 2
    assert case.complete("M").tasks == ["B"]


def given_up(case):
    """Cancel the first open instance, as somebody who mends a case would."""
    run = Run(codec.load(case.program, case.state), case.env)
    run.case.find(next(iter(case.open))).cancel()
    case._took(conclude(case.program, run))


def test_a_multi_instance_in_a_loop_starts_anew(bpmn, play):
    shape = bpmn.process(
        "p",
        "start:s xor:J user:B xor:G end:e",
        "s>J J>M M>B B>G G>J[=again] G>e!",
        user(bpmn, bpmn.many(GIVES)),
    )
    case = play(shape).start({"people": ["a", "b"]})
    case.complete("M", vote=1).complete("M", vote=1).complete("B", again=True, people=["c"])
    case.complete("M", vote=7).complete("B", again=False)
    assert case.data["votes"] == [{"who": "c", "vote": 7}]
    assert case.step.finished


def test_a_standard_loop_repeats_while_its_condition_holds(bpmn, play):
    loop = (
        '<bpmn:standardLoopCharacteristics loopMaximum="5"><bpmn:loopCondition>=more'
        "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )
    case = play(drawing(bpmn, loop)).start()
    case.complete("M", more=True).complete("M", more=True)
    assert case.complete("M", more=False).tasks == ["B"]


@pytest.mark.parametrize("count", ["=1000000000", "=6000"])
def test_too_many_repetitions_are_refused_before_they_cost_anything(bpmn, play, count):
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics>"
        f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    with pytest.raises(StepFailed, match="more than 5000"):
        play(drawing(bpmn, loop)).start()


def test_a_fixed_number_of_repetitions(bpmn, play):
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    assert play(drawing(bpmn, loop)).start().tasks == ["M", "M"]
