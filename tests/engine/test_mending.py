"""A person corrects data, moves a token or ends the case; everything else stays as it is."""

from __future__ import annotations

import pytest

from workflow_app.engine import NotWaiting, Pending
from workflow_app.engine.mending import (
    CannotMend,
    cancel,
    change_data,
    data_scopes,
    move,
    stands,
)

LINE = ("start:s user:A xor:G user:B user:C end:e", "s>A A>G G>B[=amount > 10] G>C! B>e C>e")


@pytest.fixture
def line(bpmn, play):
    return play(bpmn.process("p", *LINE)).start({"amount": 5, "kept": 1})


def mend(player, verb, *args, **named):
    return player._took(verb(player.program, player.state, *args, player.env, **named))


def stand(player, element):
    found = stands(player.program, player.state)
    return next(one for one in found if one.element == element)


def test_corrected_data_decides_the_way(line):
    mend(line, change_data, {"amount": 50})
    assert line.tasks == ["A"]
    assert line.complete("A").tasks == ["B"]
    assert line.data == {"amount": 50, "kept": 1}


def test_a_name_that_exists_or_is_read_may_be_set(line):
    mend(line, change_data, {"kept": {"deep": [1, None]}})
    assert line.data["kept"] == {"deep": [1, None]}
    with pytest.raises(CannotMend, match="amuont"):
        mend(line, change_data, {"amuont": 1})


def test_a_condition_is_looked_at_again(bpmn, play):
    raw = bpmn.event(
        "boundaryEvent",
        "c",
        "conditional",
        "<bpmn:condition>=ready = true</bpmn:condition>",
        'attachedToRef="A"',
    )
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>e c>B B>e", raw))
    mend(case.start({"ready": False}), change_data, {"ready": True})
    assert case.tasks == ["B"]


def test_a_called_process_and_a_turn_have_data_of_their_own(bpmn, play):
    loop = bpmn.many('inputCollection="=list" inputElement="n"')
    call = bpmn.extended("callActivity", "Call", '<zeebe:calledElement processId="q"/>', loop)
    case = play(
        bpmn.process("p", "start:s end:e", "s>Call Call>e", call),
        bpmn.process("q", "start:s user:Q end:e", "s>Q Q>e"),
    ).start({"list": [1, 2]})
    found = {scope.id: scope for scope in data_scopes(case.program, case.state)}
    turns = [scope for scope in found.values() if scope.data.get("n")]
    assert [(scope.process, scope.element) for scope in turns] == [("p", "Call"), ("p", "Call")]
    mend(case, change_data, {"n": 9}, scope=turns[0].id)
    seen = sorted(case.sees("Q", turn)["n"] for turn in (0, 1))
    assert seen == [2, 9]
    inner = next(key for key in found if key.endswith("/"))
    mend(case, change_data, {"list": []}, scope=inner)
    assert case.data["list"] == [1, 2]
    with pytest.raises(NotWaiting):
        mend(case, change_data, {"list": []}, scope="gone/")


def test_a_token_moves_to_another_element_of_its_scope(line):
    task_id = next(iter(line.open))
    assert stand(line, "A").targets == ("A", "G", "B", "C", "e")
    mend(line, move, task_id, "C")
    assert line.tasks == ["C"]
    assert [(one.element, one.why) for one in line.closed] == [("A", "cancelled")]
    assert line.complete("C").step.finished


def test_a_move_back_begins_the_step_anew(line):
    line.complete("A")
    mend(line, move, next(iter(line.open)), "A")
    assert line.tasks == ["A"]


def test_a_move_to_a_gateway_decides_by_the_data(line):
    mend(line, change_data, {"amount": 50})
    mend(line, move, next(iter(line.open)), "G")
    assert line.tasks == ["B"]


def test_a_move_to_the_end_ends_the_case(line):
    assert mend(line, move, next(iter(line.open)), "e").step.finished


def test_other_tokens_stay(bpmn, play):
    text = bpmn.process("p", "start:s and:P user:A user:B user:C end:e", "s>P P>A P>B A>C B>e C>e")
    case = play(text).start({})
    task_id = next(key for key, task in case.open.items() if task.element == "A")
    mend(case, move, task_id, "C")
    assert case.tasks == ["B", "C"]


def test_what_hangs_on_a_step_goes_with_it(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "t", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="A"'
    )
    case = play(bpmn.process("p", "start:s user:A user:B end:e", "s>A A>B B>e t>e", late))
    case.start({})
    border = case.step.timers[0].task_id
    with pytest.raises(CannotMend, match="border"):
        mend(case, move, border, "B")
    mend(case, move, next(iter(case.open)), "B")
    assert (case.tasks, case.timers) == (["B"], [])


@pytest.mark.parametrize("kind", ["timer", "message"])
def test_a_waiting_event_can_be_left(bpmn, play, kind):
    inside = "M" if kind == "message" else bpmn.timer("timeDuration", "P9D")
    raw = bpmn.event("intermediateCatchEvent", "W", kind, inside)
    text = bpmn.process("p", "start:s user:B end:e", "s>W W>B B>e", raw, beside=bpmn.message("M"))
    case = play(text).start({})
    mend(case, move, stand(case, "W").task_id, "B")
    assert (case.tasks, case.timers, case.messages) == (["B"], [], [])


def test_an_event_gateway_moves_as_a_whole(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "P9D"))
    raw += bpmn.event("intermediateCatchEvent", "M", "message", "m")
    text = bpmn.process(
        "p",
        "start:s events:G user:B end:e",
        "s>G G>T G>M T>B M>B B>e",
        raw,
        beside=bpmn.message("m"),
    )
    case = play(text).start({})
    assert [one.element for one in stands(case.program, case.state)] == ["G"]
    with pytest.raises(CannotMend, match="belongs to another"):
        mend(case, move, case.step.timers[0].task_id, "B")
    mend(case, move, stand(case, "G").task_id, "B")
    assert (case.tasks, case.timers, case.messages) == (["B"], [], [])


def test_an_operation_that_waits_can_be_left(bpmn, play):
    class Far:
        def call(self, *_given):
            return Pending({})

    job = bpmn.extended("serviceTask", "J", '<zeebe:taskDefinition type="far"/>')
    text = bpmn.process("p", "start:s user:B end:e", "s>J J>B B>e", job)
    case = play(text, operations=Far()).start({})
    mend(case, move, stand(case, "J").task_id, "B")
    assert case.tasks == ["B"]


INNER = ("start:is user:IA user:IB end:ie", "is>IA IA>IB IB>ie")


def test_inside_a_sub_process_a_token_stays_inside(bpmn, play):
    text = bpmn.process("p", "start:s user:B end:e", "s>S S>B B>e", bpmn.sub("S", *INNER))
    case = play(text).start({})
    task_id = next(iter(case.open))
    with pytest.raises(CannotMend, match="another process or sub-process"):
        mend(case, move, task_id, "B")
    with pytest.raises(CannotMend, match="no step"):
        mend(case, move, task_id, "nowhere")
    mend(case, move, task_id, "IB")
    assert case.tasks == ["IB"]
    mend(case, move, stand(case, "S").task_id, "B")
    assert case.tasks == ["B"]


def test_one_turn_of_a_repeated_step_cannot_move_but_the_whole_can(bpmn, play):
    loop = bpmn.many('inputCollection="=list" inputElement="n"')
    raw = bpmn.extended("userTask", "A", "<zeebe:userTask/>", loop)
    case = play(bpmn.process("p", "start:s user:B end:e", "s>A A>B B>e", raw))
    case.start({"list": [1, 2, 3]})
    with pytest.raises(CannotMend, match="turn"):
        mend(case, move, next(iter(case.open)), "B")
    with pytest.raises(CannotMend):
        mend(case, move, stand(case, "A").task_id, "A#")
    mend(case, move, stand(case, "A").task_id, "B")
    assert case.tasks == ["B"]


def test_a_join_a_border_and_a_start_are_no_places_to_begin(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "t", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="A"'
    )
    text = bpmn.process(
        "p", "start:s and:P user:A user:B and:J end:e", "s>P P>A P>B A>J B>J J>e t>e", late
    )
    case = play(text).start({})
    task_id = next(iter(case.open))
    for target in ("J", "t", "s"):
        with pytest.raises(CannotMend):
            mend(case, move, task_id, target)


def test_a_task_that_is_gone_cannot_be_moved(line):
    task_id = next(iter(line.open))
    line.complete("A")
    with pytest.raises(NotWaiting):
        mend(line, move, task_id, "B")


def test_a_case_can_be_ended_where_it_stands(bpmn, play):
    inner = bpmn.sub("S", *INNER)
    listen = bpmn.event("boundaryEvent", "m", "message", "M", 'attachedToRef="S"')
    text = bpmn.process(
        "p",
        "start:s and:P user:B end:e",
        "s>P P>S P>B S>e B>e m>e",
        inner + listen,
        beside=bpmn.message("M"),
    )
    case = mend(play(text).start({}), cancel)
    assert case.step.finished
    assert case.step.state is None
    assert (case.step.timers, case.step.subscriptions, case.tasks) == ((), (), [])
    assert {one.why for one in case.closed} == {"cancelled"}
