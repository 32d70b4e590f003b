"""What comes after a step, by the diagram: ways, what is at once, what is waited for, ends."""

from __future__ import annotations

import pytest

from workflow_app.engine.ahead import ahead

CALL = '<zeebe:calledElement processId="q" propagateAllChildVariables="false"/>'


def told(ways):
    """[[A, B], [end e]] with “+” where something else has to be done first."""
    return [["+" * one.together + one.element.rpartition("/")[2] for one in way] for way in ways]


@pytest.fixture
def after(bpmn, play):
    """Return a function: notes of a process and an element → what follows."""

    def look(element, short, flows, raw="", *others, beside="", callers=()):
        program = play(bpmn.process("p", short, flows, raw, beside), *others).program
        return ahead(program, element if "/" in element else f"p/{element}", callers)

    return look


def test_a_task_leads_to_the_next_one_past_what_the_system_does(after):
    found = after("A", "start:s user:A task:T user:B end:e", "s>A A>T T>B B>e")
    assert told(found) == [["B"]]
    assert (found[0][0].kind, found[0][0].element) == ("task", "p/B")


def test_the_last_task_leads_to_the_end_of_the_case(after):
    [[end]] = after("A", "start:s user:A end:e", "s>A A>e")
    assert (end.kind, end.element) == ("end", "p/e")


def test_a_choice_gives_several_ways_each_once(after):
    found = after(
        "A",
        "start:s user:A xor:G xor:M user:B user:C end:e",
        "s>A A>G G>M[=x] G>B[=y] G>M! M>C B>e C>e",
    )
    assert told(found) == [["C"], ["B"]]


def test_parallel_ways_come_at_once_and_a_join_waits(after):
    notes = "start:s user:A and:F user:B user:C and:J user:D end:e"
    flows = "s>A A>F F>B F>C B>J C>J J>D D>e"
    assert told(after("A", notes, flows)) == [["B", "C"]]
    assert told(after("B", notes, flows)) == [["+D"]]


def test_what_waits_for_a_task_beside_it_is_not_next(after):
    found = after(
        "A",
        "start:s user:A and:F user:B task:T and:J user:D end:e",
        "s>A A>F F>B F>T B>J T>J J>D D>e",
    )
    assert told(found) == [["B"]]


def test_ways_that_only_the_system_takes_come_together_again(after):
    found = after(
        "A",
        "start:s user:A and:F task:S task:T and:J user:D end:e",
        "s>A A>F F>S F>T S>J T>J J>D D>e",
    )
    assert told(found) == [["D"]]


def test_a_loop_ends_the_look_and_the_task_may_come_again(after):
    found = after(
        "A",
        "start:s xor:M user:A xor:G task:T user:B end:e",
        "s>M M>A A>G G>T[=x] T>M G>B! B>e",
    )
    assert told(found) == [["A"], ["B"]]


def test_whatever_happens_first_is_waited_for(after, bpmn):
    raw = bpmn.event("intermediateCatchEvent", "M", "message", "answered") + bpmn.event(
        "intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "P1D")
    )
    found = after(
        "A",
        "start:s user:A events:G user:B end:e",
        "s>A A>G G>M G>T M>B T>e B>e",
        raw,
        beside=bpmn.message("answered", "=x"),
    )
    assert told(found) == [["M"], ["T"]]
    assert [way[0].kind for way in found] == ["wait", "time"]


def test_what_may_come_between_is_left_out(after, bpmn):
    late = bpmn.event(
        "boundaryEvent", "L", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="A"'
    )
    found = after("A", "start:s user:A user:B user:C end:e", "s>A A>B L>C B>e C>e", late)
    assert told(found) == [["B"]]


def test_a_way_beside_the_main_one_only_comes_to_rest(after, bpmn):
    late = bpmn.event(
        "boundaryEvent",
        "L",
        "timer",
        bpmn.timer("timeDuration", "PT1H"),
        'attachedToRef="A" cancelActivity="false"',
    )
    [[rest]] = after("C", "start:s user:A user:C end:e end:f", "s>A A>e L>C C>f", late)
    assert (rest.kind, rest.element) == ("rest", "p/f")


def test_a_called_process_is_entered_and_left(after, bpmn):
    called = bpmn.process("q", "start:qs user:Q user:R end:qe", "qs>Q Q>R R>qe")
    notes, flows = "start:s user:A user:B end:e", "s>A A>K K>B B>e"
    call = bpmn.extended("callActivity", "K", CALL)
    assert told(after("A", notes, flows, call, called)) == [["Q"]]
    assert told(after("q/R", notes, flows, call, called)) == [["B"]]


def test_a_process_called_twice_goes_on_where_it_was_called(after, bpmn):
    called = bpmn.process("q", "start:qs user:Q end:qe", "qs>Q Q>qe")
    calls = bpmn.extended("callActivity", "K", CALL) + bpmn.extended("callActivity", "L", CALL)
    notes, flows = "start:s user:A user:B end:e", "s>K K>A A>L L>B B>e"
    assert told(after("q/Q", notes, flows, calls, called)) == [["A"], ["B"]]
    known = after("q/Q", notes, flows, calls, called, callers=["p/L"])
    assert told(known) == [["B"]]


def test_two_processes_may_use_the_same_id(after, bpmn):
    called = bpmn.process("q", "start:qs user:Q xor:G end:qe end:qf", "qs>Q Q>G G>qe[=x] G>qf!")
    call = bpmn.extended("callActivity", "K", CALL)
    notes, flows = "start:s xor:G user:A user:B end:e", "s>K K>G G>A[=x] G>B! A>e B>e"
    assert told(after("q/Q", notes, flows, call, called)) == [["A"], ["B"]]


def test_a_sub_process_is_entered_and_its_turns_wait_for_each_other(after, bpmn):
    turns = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    inner = bpmn.sub("S", "start:ss user:I end:se", "ss>I I>se", turns)
    found = ("start:s user:A user:B end:e", "s>A A>S S>B B>e", inner)
    assert told(after("A", *found)) == [["I"]]
    assert told(after("I", *found)) == [["+B"]]


def test_an_error_goes_on_where_it_is_caught(after, bpmn):
    inner = bpmn.sub(
        "S", "start:ss user:I", "ss>I I>se", bpmn.event("endEvent", "se", "error", "E")
    )
    caught = bpmn.event("boundaryEvent", "C", "error", "E", 'attachedToRef="S"')
    found = after(
        "I",
        "start:s user:A user:B end:e end:f",
        "s>S S>A C>B A>e B>f",
        inner + caught,
        beside='<bpmn:error id="E" errorCode="BROKEN"/>',
    )
    assert told(found) == [["B"]]


def test_nothing_is_known_of_what_the_version_does_not_have(after):
    assert after("Z", "start:s user:A end:e", "s>A A>e") == ()
    assert after("z/A", "start:s user:A end:e", "s>A A>e") == ()
