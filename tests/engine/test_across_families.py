"""Combinations of elements that no single family's tests draw; stored and loaded at every step."""

from __future__ import annotations

import pytest

from tests.engine.conftest import NOON
from tests.support.compensating import done, throws, undone
from workflow_app.engine import Source, StepFailed, UnreadableTimer, first_due, lint
from workflow_app.engine.migration import migrate, plan

CANCELLED = (
    '<bpmn:boundaryEvent id="bc" attachedToRef="T"><bpmn:cancelEventDefinition/>'
    "</bpmn:boundaryEvent>"
)
CANCEL = '<bpmn:endEvent id="ce"><bpmn:cancelEventDefinition/></bpmn:endEvent>'
BY_EVENT = 'triggeredByEvent="true"'
HANDLER = 'isForCompensation="true"'
SIGNAL = '<bpmn:signal id="sig" name="sig"/>'


def as_kind(drawn, kind):
    """A sub-process drawn as another kind of scope."""
    whole = drawn.replace("<bpmn:subProcess", f"<bpmn:{kind}", 1)
    return whole[: whole.rindex("</bpmn:subProcess>")] + f"</bpmn:{kind}>"


def transacted(bpmn, notes, flows, raw):
    """A process around a transaction T; its cancelling leads to Z."""
    drawn = as_kind(bpmn.sub("T", notes, flows, raw + CANCEL), "transaction")
    return bpmn.process("p", "start:s end:e user:Z", "s>T T>e bc>Z Z>e", drawn + CANCELLED)


def handled(host, handler, drawn):
    """A compensation boundary event whose handler is drawn as a sub-process."""
    plain = f'<bpmn:task id="{handler}" {HANDLER}></bpmn:task>'
    return undone(host, handler).replace(plain, drawn)


def ad_hoc(bpmn, ordering, listener, condition=""):
    """A process around an ad-hoc sub-process with A and B."""
    if condition:
        listener += f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>"
    inside = bpmn.sub("H", "user:A user:B", "", listener, f'ordering="{ordering}"')
    drawn = as_kind(inside, "adHocSubProcess")
    return bpmn.process("p", "start:s end:e", "s>H H>e", drawn, beside=SIGNAL)


def listening(bpmn, attributes=""):
    """An event sub-process L that a signal begins."""
    start = bpmn.event("startEvent", "ls", "signal", "sig", attributes)
    return bpmn.sub("L", "user:LX end:le", "ls>LX LX>le", start, BY_EVENT)


def test_cancelling_does_not_undo_with_the_handler_of_an_unfinished_sub_process(bpmn, play):
    """The sub-process did not complete, so only what completed inside it is undone."""
    inner = bpmn.sub("S", "start:ss user:A user:X end:se", "ss>A A>X X>se", undone("A", "undoA"))
    raw = inner + undone("S", "undoS")
    drawn = transacted(bpmn, "start:ts and:P user:C end:te", "ts>P P>S P>C S>te C>ce", raw)
    case = play(drawn).start().complete("A").complete("C")
    assert done(case, "undoA", "undoS") == ["undoA"]
    assert case.tasks == ["Z"]


def test_cancelling_while_a_handler_is_under_way_does_not_undo_the_handler(bpmn, play):
    flows = "hs>B B>X X>he"
    handler = bpmn.sub("H", "start:hs user:B user:X end:he", flows, undone("B", "undoB"), HANDLER)
    raw = handled("A", "H", handler) + throws("K")
    flows = "ts>A A>P P>K P>C K>te C>ce"
    drawn = transacted(bpmn, "start:ts user:A and:P user:C end:te", flows, raw)
    case = play(drawn).start().complete("A").complete("B").complete("C")
    assert done(case, "undoB") == []
    assert case.tasks == ["Z"]


def test_an_event_sub_process_does_not_wait_for_its_turn_in_a_row(bpmn, play):
    drawn = ad_hoc(bpmn, "Sequential", listening(bpmn, 'isInterrupting="false"'))
    case = play(drawn).start()
    assert case.tasks == ["A"]
    assert case.deliver("sig").tasks == ["A", "LX"]
    assert case.complete("A").tasks == ["B", "LX"]
    assert case.complete("LX").tasks == ["B"]
    assert case.complete("B").step.finished


@pytest.mark.parametrize("ordering", ["Sequential", "Parallel"])
@pytest.mark.parametrize("condition", ["", "=enough = true"])
def test_what_an_event_sub_process_interrupted_is_not_begun_again(bpmn, play, ordering, condition):
    case = play(ad_hoc(bpmn, ordering, listening(bpmn), condition)).start()
    assert case.deliver("sig").tasks == ["LX"]
    assert case.complete("LX").step.finished


def test_a_priority_that_no_database_holds_is_refused(bpmn, play):
    said = '<zeebe:priorityDefinition priority="=10**40"/>'
    drawn = bpmn.process("p", "start:s end:e", "s>A A>e", bpmn.extended("userTask", "A", said))
    with pytest.raises(StepFailed, match="no number"):
        play(drawn).start()


def test_quantities_do_not_multiply_beyond_memory(bpmn, play):
    much = 'completionQuantity="9999"'
    tasks = "".join(bpmn.extended("task", f"t{n}", "", "", much) for n in range(3))
    with pytest.raises(StepFailed, match="more than 50000"):
        play(bpmn.process("p", "start:s user:U", "s>t0 t0>t1 t1>t2 t2>U", tasks)).start()


def test_loops_inside_loops_do_not_multiply_beyond_memory(bpmn, play):
    inner = bpmn.extended("userTask", "U", "", bpmn.many('inputCollection="=xs"'))
    raw = inner + bpmn.many('inputCollection="=xs"')
    outer = bpmn.sub("S", "start:ss end:se", "ss>U U>se", raw)
    with pytest.raises(StepFailed, match="more than 50000"):
        play(bpmn.process("p", "start:s end:e", "s>S S>e", outer)).start({"xs": [1] * 5000})


DEEP: dict = {}
for _ in range(3000):
    DEEP = {"x": DEEP}


@pytest.mark.parametrize("n", [10**30, "\ud800", DEEP], ids=["large", "no text", "deep"])
def test_what_cannot_be_stored_is_refused(bpmn, play, n):
    case = play(bpmn.process("p", "start:s user:A user:B", "s>A A>B", "")).start()
    with pytest.raises(StepFailed, match="cannot be stored"):
        case.complete("A", n=n)
    assert case.complete("A", n=1).tasks == ["B"]


def row(bpmn, notes, flows=""):
    """A process around an ad-hoc sub-process that does one thing after the other."""
    drawn = as_kind(bpmn.sub("H", notes, flows, "", 'ordering="Sequential"'), "adHocSubProcess")
    return bpmn.process("p", "start:s end:e", "s>H H>e", drawn)


def moved(old, new, mapping):
    """The case of one player taken on by another, which has the new version."""
    new.open = dict(old.open)
    return new._took(migrate(old.program, new.program, old.state, mapping, old.env).step)


def test_what_a_row_has_still_to_begin_moves_with_the_case(bpmn, play):
    old, new = play(row(bpmn, "user:A user:B user:C")).start(), play(row(bpmn, "user:A user:D"))
    found = plan(old.program, new.program, old.state, {"B": "D"})
    assert [(one.element, one.candidates) for one in found.obstacles] == [("C", ("A", "D"))]
    assert found.verdict == "mapping"
    new = play(row(bpmn, "user:A user:D user:C"))
    assert moved(old, new, {"B": "D"}).complete("A").tasks == ["D"]
    assert new.complete("D").complete("C").step.finished


def test_what_a_row_was_led_to_moves_with_the_case(bpmn, play):
    old = play(row(bpmn, "user:A user:B and:P user:C", "A>P P>B P>C")).start().complete("A")
    assert old.tasks == ["B"]
    new = play(row(bpmn, "user:A user:B", "A>B"))
    assert [one.element for one in plan(old.program, new.program, old.state, {}).obstacles] == ["C"]
    new = play(row(bpmn, "user:A user:B and:P user:D", "A>P P>B P>D"))
    assert moved(old, new, {"C": "D"}).complete("B").tasks == ["D"]
    assert new.complete("D").step.finished


def test_a_join_that_a_row_was_led_to_wants_its_flow(bpmn, play):
    notes = "user:A user:B and:P and:J user:C"
    old = play(row(bpmn, notes, "A>P P>B P>J B>J J>C")).start().complete("A")
    new = play(row(bpmn, f"{notes} and:Q", "A>P P>B B>Q P>Q Q>J B>J J>C"))
    found = plan(old.program, new.program, old.state, {})
    assert [(one.element, "flow" in one.why) for one in found.obstacles] == [("J", True)]


def test_what_came_of_several_events_moves_with_them(bpmn, play):
    def both(key):
        parts = "".join(f'<bpmn:signalEventDefinition signalRef="{s}"/>' for s in ("sig", "sog"))
        event = bpmn.extended("intermediateCatchEvent", key, "", parts, 'parallelMultiple="true"')
        beside = SIGNAL + SIGNAL.replace("sig", "sog")
        return play(bpmn.process("p", "start:s end:e", f"s>{key} {key}>e", event, beside=beside))

    case = moved(both("M").start().deliver("sig"), both("N"), {"M": "N"})
    assert case.messages == ["sog"]
    assert case.deliver("sog").step.finished


@pytest.mark.parametrize("key", ["a#0", "a:b", "a@b", "a~", "a b", "1a"])
def test_an_id_that_is_none_is_refused(bpmn, key):
    drawn = bpmn.process("p", "start:s end:e", "s>e", f'<bpmn:task id="{key}"/>')
    found = [one for one in lint(Source("p", bpmn.files(drawn))) if one.code == "bad-value"]
    assert [(one.element, one.params["part"]) for one in found] == [(key, "id")]


@pytest.mark.parametrize("key", ["__class__", "__init__", "_parent", "é.1-a", "None", "e.EndJoin"])
def test_any_name_may_be_an_id(bpmn, play, key):
    loop = bpmn.many('inputCollection="=[1, 2]"')
    drawn = bpmn.process(
        "p", "start:s end:e", f"s>{key} {key}>e", bpmn.extended("userTask", key, "", loop)
    )
    case = play(drawn).start()
    assert case.complete(key).complete(key).step.finished


def test_a_receive_task_behind_an_event_gateway_has_no_events_on_its_border(bpmn):
    timer = bpmn.event(
        "boundaryEvent", "B", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="R"'
    )
    raw = '<bpmn:receiveTask id="R" messageRef="m"/>' + timer
    drawn = bpmn.process("p", "start:s events:G end:e", "s>G G>R R>e B>e", raw, bpmn.message("m"))
    found = [one for one in lint(Source("p", bpmn.files(drawn))) if one.code == "event-kind"]
    assert [one.element for one in found] == ["B"]


def test_xml_that_nests_without_end_is_refused(bpmn):
    deep = "<bpmn:subProcess>" * 10_000 + "</bpmn:subProcess>" * 10_000
    found = lint(Source("p", bpmn.files(bpmn.process("p", "start:s", "", deep))))
    assert "unreadable" in {one.code for one in found}


def test_sub_processes_as_deep_as_xml_may_be_are_checked_and_stopped(bpmn, play):
    raw = bpmn.sub("d0", "user:U", "")
    for depth in range(1, 200):
        raw = bpmn.sub(f"d{depth}", "", "", raw)
    player = play(bpmn.process("p", "start:s", "s>d199", raw))
    with pytest.raises(StepFailed, match="too deeply"):
        player.start()


@pytest.mark.parametrize(
    "text", ["R" + "9" * 5000 + "/PT1H", "P" + "9" * 400 + "Y", "PT" + "9" * 5000 + "S", "P٣D"]
)
def test_times_without_measure_are_refused(text):
    with pytest.raises(UnreadableTimer):
        first_due("cycle", text, NOON)
