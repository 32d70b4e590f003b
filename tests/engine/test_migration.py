"""Running cases change to another version: what stays, what begins, what stands in the way."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from workflow_app.engine import Pending, Source, finish, load_program
from workflow_app.engine.migration import CannotMigrate, migrate, plan, restore


@pytest.fixture
def to(bpmn):
    """Return a function: process texts → a program, the first text is the main process."""

    def program(*texts):
        found = bpmn.files(*texts)
        return load_program(Source(next(iter(found)).split("/")[1], found))

    return program


def verdict(case, new, **mapping):
    found = plan(case.program, new, case.state, mapping)
    return found.verdict, [(one.element, one.candidates) for one in found.obstacles]


def moved(case, new, **mapping):
    """Move the case; it goes on in the new version."""
    found = migrate(case.program, new, case.state, mapping, case.env)
    case._took(found.step)
    case.program = new
    return found


OLD = ("start:s user:A user:B end:e", "s>A A>B B>e")


def test_a_task_that_stays_keeps_its_id_and_goes_on_in_the_new_version(bpmn, play, to):
    case = play(bpmn.process("p", *OLD)).start({"x": 1})
    new = to(bpmn.process("p", "start:s user:A user:New end:e", "s>A A>New New>e"))
    before = dict(case.open)
    assert verdict(case, new) == ("moves", [])
    found = moved(case, new)
    assert [task.task_id for task in found.kept] == list(before)
    assert found.step.opened == found.step.closed == ()
    assert case.complete("A", y=2).tasks == ["New"]
    assert case.data == {"x": 1, "y": 2}


def test_what_is_gone_needs_a_mapping_of_the_same_kind(bpmn, play, to):
    case = play(bpmn.process("p", *OLD)).start({})
    new = to(bpmn.process("p", "start:s user:C user:B end:e", "s>C C>B B>e"))
    assert verdict(case, new) == ("mapping", [("A", ("B", "C"))])
    with pytest.raises(CannotMigrate, match="“A”, where the case waits"):
        moved(case, new)
    found = moved(case, new, A="C")
    assert [task.element for task in found.kept] == ["C"]
    assert case._took(found.step).step.history == ()
    case.open = {task.task_id: task for task in found.kept}
    assert case.complete("C").tasks == ["B"]


def test_an_id_that_two_processes_use_is_mapped_by_both_names(bpmn, play, to):
    call = bpmn.extended("callActivity", "Call", '<zeebe:calledElement processId="q"/>')
    outer = bpmn.process("p", "start:s and:P user:A end:e", "s>P P>Call P>A Call>e A>e", call)
    case = play(outer, bpmn.process("q", "start:s user:A end:e", "s>A A>e")).start({})
    new = to(outer, bpmn.process("q", "start:s user:Z end:e", "s>Z Z>e"))
    assert verdict(case, new)[0] == "mapping"
    found = migrate(case.program, new, case.state, {"q/A": "Z"}, case.env)
    assert sorted(task.element for task in found.kept) == ["A", "Z"]


@pytest.mark.parametrize(
    "other",
    [
        '<bpmn:receiveTask id="A" messageRef="M"/>',
        (
            '<bpmn:serviceTask id="A"><bpmn:extensionElements><zeebe:taskDefinition type="x"/>'
            "</bpmn:extensionElements></bpmn:serviceTask>"
        ),
        (
            '<bpmn:userTask id="A"><bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>'
            '<zeebe:loopCharacteristics inputCollection="=[1]" inputElement="n"/>'
            "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
        ),
    ],
)
def test_another_kind_of_step_stands_in_the_way(bpmn, play, to, other):
    case = play(bpmn.process("p", *OLD)).start({})
    text = bpmn.process("p", "start:s end:e", "s>A A>e", other, beside=bpmn.message("M"))
    assert verdict(case, to(text)) == ("cannot", [("A", ())])


def test_a_scope_drawn_around_the_task_stands_in_the_way(bpmn, play, to):
    case = play(bpmn.process("p", *OLD)).start({})
    inner = bpmn.sub("S", "start:is user:A end:ie", "is>A A>ie")
    new = to(bpmn.process("p", "start:s user:B end:e", "s>S S>B B>e", inner))
    assert verdict(case, new) == ("cannot", [("A", ())])


def test_a_token_inside_a_sub_process_moves_with_it(bpmn, play, to):
    def text(more=""):
        flows = "is>A A>B B>ie" if more else "is>A A>ie"
        inner = bpmn.sub("S", f"start:is user:A {more} end:ie", flows)
        return bpmn.process("p", "start:s end:e", "s>S S>e", inner)

    case = play(text()).start({})
    moved(case, to(text("user:B")))
    assert case.complete("A").tasks == ["B"]


def border(bpmn, text, key="t", at="A", more=""):
    attributes = f'attachedToRef="{at}" {more}'
    return bpmn.event("boundaryEvent", key, "timer", bpmn.timer("timeDuration", text), attributes)


WITH_C = ("start:s user:A user:B user:C end:e", "s>A A>B B>e t>C C>e")


def test_due_times_stay_whatever_the_new_version_says(bpmn, play, to):
    case = play(bpmn.process("p", *WITH_C, border(bpmn, "PT1H"))).start({})
    due = case.step.timers
    case.now += timedelta(minutes=30)
    moved(case, to(bpmn.process("p", *WITH_C, border(bpmn, "P9D"))))
    assert case.step.timers == due
    assert case.later(minutes=40).tasks == ["C"]


def test_a_new_border_event_begins_to_wait_and_a_removed_one_stops(bpmn, play, to):
    plain, timed = bpmn.process("p", *OLD), bpmn.process("p", *WITH_C, border(bpmn, "PT1H"))
    case = play(plain).start({})
    case.now += timedelta(minutes=30)
    moved(case, to(timed))
    assert [wait.due_at for wait in case.step.timers] == [case.now + timedelta(hours=1)]
    moved(case, to(plain))
    assert case.step.timers == ()
    assert case.tasks == ["A"]


def test_a_border_event_that_fired_already_does_not_wait_again(bpmn, play, to):
    text = bpmn.process("p", *WITH_C, border(bpmn, "PT1H", more='cancelActivity="false"'))
    case = play(text).start({}).later(hours=2)
    assert case.tasks == ["A", "C"]
    moved(case, to(text))
    assert case.step.timers == ()


def test_a_border_event_drawn_elsewhere_goes_there(bpmn, play, to):
    short, flow_notes = "start:s and:P user:A user:B user:C end:e", "s>P P>A P>B A>e B>e t>C C>e"
    case = play(bpmn.process("p", short, flow_notes, border(bpmn, "PT1H"))).start({})
    old = case.step.timers[0]
    moved(case, to(bpmn.process("p", short, flow_notes, border(bpmn, "PT2H", at="B"))))
    (new,) = case.step.timers
    assert new.task_id != old.task_id
    assert case.later(hours=3).tasks == ["A", "C"]


def test_a_new_event_sub_process_begins_to_wait_and_a_removed_one_stops(bpmn, play, to):
    inside = (
        bpmn.event("startEvent", "on", "message", "M")
        + '<bpmn:userTask id="H"/><bpmn:endEvent id="he"/>'
        + '<bpmn:sequenceFlow id="h1" sourceRef="on" targetRef="H"/>'
        + '<bpmn:sequenceFlow id="h2" sourceRef="H" targetRef="he"/>'
    )
    side = f'<bpmn:subProcess id="ES" triggeredByEvent="true">{inside}</bpmn:subProcess>'
    plain = bpmn.process("p", *OLD)
    listening = bpmn.process("p", *OLD, side, beside=bpmn.message("M"))
    case = play(plain).start({})
    moved(case, to(listening))
    assert case.messages == ["M"]
    moved(case, to(plain))
    assert case.messages == []
    moved(case, to(listening))
    case.deliver("M")
    assert case.tasks == ["H"]


def test_a_correlation_key_stays(bpmn, play, to):
    def text(flows="s>W W>e"):
        raw = bpmn.event("intermediateCatchEvent", "W", "message", "M")
        return bpmn.process("p", "start:s end:e", flows, raw, beside=bpmn.message("M", "=key"))

    case = play(text()).start({"key": "K1"})
    before = case.step.subscriptions
    moved(case, to(text()))
    assert case.step.subscriptions == before
    assert before[0].correlation == "K1"


def test_an_event_that_waits_for_something_else_stands_in_the_way(bpmn, play, to):
    flows = ("start:s end:e", "s>W W>e")
    first = bpmn.event("intermediateCatchEvent", "W", "message", "M")
    other = bpmn.event("intermediateCatchEvent", "W", "timer", bpmn.timer("timeDuration", "PT1H"))
    case = play(bpmn.process("p", *flows, first, beside=bpmn.message("M"))).start({})
    assert verdict(case, to(bpmn.process("p", *flows, other))) == ("cannot", [("W", ())])


JOIN = "start:s and:P user:A user:B and:J user:C end:e"


def test_a_join_keeps_what_it_counted(bpmn, play, to):
    case = play(bpmn.process("p", JOIN, "s>P P>A P>B A>J B>J J>C C>e")).start({}).complete("A")
    moved(case, to(bpmn.process("p", JOIN, "s>P P>A P>B A>J B>J J>C C>e")))
    assert case.complete("B").tasks == ["C"]


def test_a_join_that_counted_on_a_removed_flow_stands_in_the_way(bpmn, play, to):
    case = play(bpmn.process("p", JOIN, "s>P P>A P>B A>J B>J J>C C>e")).start({}).complete("A")
    without = "start:s and:P user:A user:B user:D and:J user:C end:e"
    flows = "s>P P>A P>B A>D D>e B>J s>J J>C C>e"
    new = to(bpmn.process("p", without, flows).replace('id="f5"', 'id="other"'))
    found, obstacles = verdict(case, new)
    assert (found, obstacles) == ("cannot", [("J", ())])


def test_an_event_gateway_that_leads_elsewhere_stands_in_the_way(bpmn, play, to):
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"))
    raw += bpmn.event("intermediateCatchEvent", "M", "message", "m")
    short, beside = "start:s events:G task:X end:e", bpmn.message("m")
    case = play(bpmn.process("p", short, "s>G G>T G>M T>X M>X X>e", raw, beside=beside))
    case.start({})
    new = to(bpmn.process("p", short, "s>G G>T T>X M>X X>e X>M", raw, beside=beside))
    assert verdict(case, new) == ("cannot", [("M", ())])


def test_instances_move_and_the_way_they_follow_each_other_must_stay(bpmn, play, to):
    def text(how, more="A>e"):
        loop = bpmn.many('inputCollection="=list" inputElement="n"', how)
        raw = bpmn.extended("userTask", "A", "<zeebe:userTask/>", loop)
        return bpmn.process("p", "start:s user:B end:e", f"s>A {more} B>e", raw)

    case = play(text("")).start({"list": [1, 2]}).complete("A")
    assert verdict(case, to(text('isSequential="true"')))[0] == "cannot"
    moved(case, to(text("", "A>B")))
    assert case.complete("A").tasks == ["B"]


def test_an_operation_goes_on_waiting_for_the_same_answer(bpmn, play, to):
    class Far:
        def call(self, *_given):
            return Pending({})

    def text(kind, flows="s>J J>e"):
        job = bpmn.extended("serviceTask", "J", f'<zeebe:taskDefinition type="{kind}"/>')
        return bpmn.process("p", "start:s user:B end:e", f"{flows} B>e", job)

    case = play(text("far"), operations=Far()).start({})
    assert verdict(case, to(text("near"))) == ("cannot", [("J", ())])
    task_id = case.step.requested[0].task_id
    moved(case, to(text("far", "s>J J>B")))
    assert case.step.requested == ()
    case._took(finish(case.program, case.state, task_id, {"a": 1}, case.env))
    assert case.tasks == ["B"]


def undoable(bpmn, handler=True):
    raw = '<bpmn:boundaryEvent id="c" attachedToRef="A"><bpmn:compensateEventDefinition/>'
    raw += "</bpmn:boundaryEvent>"
    raw += '<bpmn:userTask id="Undo" isForCompensation="true"/>'
    raw += '<bpmn:association id="as" associationDirection="One" sourceRef="c" targetRef="Undo"/>'
    throw = '<bpmn:endEvent id="x"><bpmn:compensateEventDefinition/></bpmn:endEvent>'
    return bpmn.process(
        "p", "start:s user:A user:B", "s>A A>B B>x", (raw if handler else "") + throw
    )


def test_what_was_done_must_still_be_undone_in_the_same_way(bpmn, play, to):
    case = play(undoable(bpmn)).start({}).complete("A")
    assert verdict(case, to(undoable(bpmn, handler=False))) == ("cannot", [("A", ())])
    moved(case, to(undoable(bpmn)))
    assert case.complete("B").tasks == ["Undo"]
    assert verdict(case, to(undoable(bpmn)))[0] == "cannot"


def test_the_state_of_before_can_be_taken_up_again(bpmn, play, to):
    text = bpmn.process("p", *WITH_C, border(bpmn, "PT1H"))
    case = play(text).start({})
    state, timers, program = case.state, case.step.timers, case.program
    moved(case, to(bpmn.process("p", *OLD)))
    found = restore(program, state, case.env)
    assert found.step.state == state
    assert found.step.timers == timers
    assert [task.element for task in found.kept] == ["A"]


@pytest.mark.parametrize("seed", range(30))
def test_moving_to_the_same_version_changes_nothing_at_any_moment(bpmn, play, to, seed):
    chance = random.Random(seed)  # noqa: S311 - a walk, no secret
    late = border(bpmn, "PT1H", at="S", more='cancelActivity="false"')
    inner = bpmn.sub("S", "start:is and:P user:A user:B and:J end:ie", "is>P P>A P>B A>J B>J J>ie")
    loop = bpmn.many('inputCollection="=[1,2]" inputElement="n"')
    repeated = bpmn.extended("userTask", "M", "<zeebe:userTask/>", loop)
    text = bpmn.process(
        "p",
        "start:s or:O user:C xor:G or:Q end:e end:e2",
        "s>O O>S[=true] O>M[=many] O>C! S>Q M>Q C>Q Q>G G>s2[=again] G>e! t>e2",
        inner + late + repeated + '<bpmn:task id="s2"/>'
        '<bpmn:sequenceFlow id="back" sourceRef="s2" targetRef="O"/>',
    )
    case = play(text).start({"many": chance.random() < 0.7, "again": True})
    for _ in range(25):
        if case.step.finished:
            break
        other = to(text)
        found = migrate(case.program, other, case.state, {}, case.env)
        assert found.step.state == case.state
        assert found.step.timers == case.step.timers
        assert (found.step.opened, found.step.closed, found.step.history) == ((), (), ())
        assert {task.task_id for task in found.kept} == set(case.open)
        case.program = other
        if chance.random() < 0.2:
            case.later(minutes=45)
        elif case.open:
            turn = chance.randrange(len(case.open))
            case.complete_nth(turn, {"again": chance.random() < 0.6})
