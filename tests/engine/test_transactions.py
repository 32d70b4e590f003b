"""Transactions as BPMN 2.0.2 §10.3.5 and §13.3.4 tell it: success, cancelling, hazard."""

from __future__ import annotations

import pytest

from tests.support.compensating import compensated, compensator, done, throws, undone
from workflow_app.engine import lint
from workflow_app.engine.contract import Source

RUNS = pytest.mark.bpmn("transaction", "runs")
CANCEL_END = pytest.mark.bpmn("cancel end event", "runs")
CANCEL = pytest.mark.bpmn("cancel boundary event, interrupting", "runs")
ERROR = '<bpmn:error id="err" errorCode="E"/>'
EACH = 'inputCollection="=[1, 2]" inputElement="n"'


def transaction(bpmn, short, flows, raw="", key="T"):
    inside = bpmn.sub(key, short, flows, raw).replace("<bpmn:subProcess", "<bpmn:transaction", 1)
    return inside[: inside.rindex("</bpmn:subProcess>")] + "</bpmn:transaction>"


def booking(bpmn, raw="", flows="ts>A A>B B>D D>te[=good] D>tc!", short=""):
    """A and B, then success or the cancel end event tc."""
    body = (
        undone("A", "undoA", "userTask")
        + undone("B", "undoB", "userTask")
        + bpmn.event("endEvent", "tc", "cancel")
    )
    notes = f"start:ts user:A user:B xor:D end:te {short}"
    return transaction(bpmn, notes, flows, body + raw)


def around(bpmn, body, raw="", flows="s>T T>ok cT>off hT>oops"):
    """The transaction with a cancel and an error event on its border."""
    border = bpmn.event("boundaryEvent", "cT", "cancel", "", 'attachedToRef="T"')
    border += bpmn.event("boundaryEvent", "hT", "error", "err", 'attachedToRef="T"')
    short = "start:s user:ok user:off user:oops"
    return bpmn.process("p", short, flows, body + border + raw, ERROR)


@RUNS
def test_a_transaction_that_succeeds_goes_on_like_any_sub_process(bpmn, play):
    case = play(around(bpmn, booking(bpmn))).start().complete("A").complete("B", good=True)
    assert case.tasks == ["ok"]
    assert compensated(case) == []


@RUNS
@CANCEL_END
@CANCEL
def test_cancelling_undoes_what_completed_then_leaves_by_the_border(bpmn, play):
    case = play(around(bpmn, booking(bpmn))).start().complete("A").complete("B", good=False)
    assert case.tasks == ["undoB"]
    assert case.complete("undoB").tasks == ["undoA"]
    assert case.complete("undoA").tasks == ["off"]
    assert compensated(case) == ["B", "A"]
    kinds = [event.kind for event in case.history if event.element == "T"]
    assert kinds == ["entered", "cancelled"]


@RUNS
def test_an_error_is_a_hazard_that_undoes_nothing(bpmn, play):
    fail = bpmn.event("endEvent", "tf", "error", "err")
    body = booking(bpmn, fail, "ts>A A>B B>D D>tc[=false] D>tf!", "").replace("end:te", "")
    case = play(around(bpmn, body.replace('<bpmn:endEvent id="te"/>', ""))).start()
    assert case.complete("A").complete("B").tasks == ["oops"]
    assert compensated(case) == []


@CANCEL_END
def test_cancelling_stops_what_is_still_running(bpmn, play):
    body = booking(bpmn, "", "ts>P P>A P>B A>D D>te[=good] D>tc! B>te", "and:P")
    case = play(around(bpmn, body)).start().complete("A", good=False)
    assert case.tasks == ["undoA"]
    assert case.complete("undoA").tasks == ["off"]
    assert compensated(case) == ["A"]


@CANCEL_END
def test_cancelling_undoes_the_finished_parts_of_what_was_still_running(bpmn, play):
    part = bpmn.sub(
        "S", "start:ss user:C user:E end:se", "ss>C C>E E>se", undone("C", "undoC", "userTask")
    )
    body = booking(bpmn, part, "ts>P P>A P>S A>D D>te[=good] D>tc! S>B B>te", "and:P")
    case = play(around(bpmn, body)).start().complete("C").complete("A", good=False)
    assert case.tasks == ["undoC"]
    assert case.complete("undoC").complete("undoA").tasks == ["off"]
    assert compensated(case) == ["C", "S", "A"]


def test_cancelling_from_a_sub_process_inside_cancels_the_transaction(bpmn, play):
    part = bpmn.sub(
        "S",
        "start:ss user:C",
        "ss>C C>sc",
        undone("C", "undoC") + bpmn.event("endEvent", "sc", "cancel"),
    )
    body = transaction(bpmn, "start:ts user:A end:te", "ts>A A>S S>te", part + undone("A", "undoA"))
    case = play(around(bpmn, body)).start().complete("A").complete("C")
    assert case.tasks == ["off"]
    assert compensated(case) == ["C", "S", "A"]


def test_handlers_of_a_cancelled_transaction_are_not_interrupted_by_its_timer(bpmn, play):
    late = bpmn.event(
        "boundaryEvent", "late", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="T"'
    )
    shape = around(bpmn, booking(bpmn), late, "s>T T>ok cT>off hT>oops late>oops")
    case = play(shape).start()
    assert case.timers == ["late"]
    case.complete("A").complete("B", good=False)
    assert case.timers == []
    assert case.later(hours=2).tasks == ["undoB"]


def test_an_error_in_a_handler_of_a_cancelled_transaction_is_a_hazard(bpmn, play):
    broken = bpmn.sub(
        "undoA",
        "start:us",
        "us>uf",
        bpmn.event("endEvent", "uf", "error", "err"),
        'isForCompensation="true"',
    )
    body = transaction(
        bpmn,
        "start:ts user:A",
        "ts>A A>tc",
        undone("A", "undoA").replace(
            '<bpmn:task id="undoA" isForCompensation="true"></bpmn:task>', broken
        )
        + bpmn.event("endEvent", "tc", "cancel"),
    )
    case = play(around(bpmn, body)).start().complete("A")
    assert case.tasks == ["oops"]
    assert compensated(case) == []


def test_a_completed_transaction_can_be_compensated_later(bpmn, play):
    body = booking(bpmn)
    raw = bpmn.event("boundaryEvent", "cT", "cancel", "", 'attachedToRef="T"')
    shape = bpmn.process(
        "p", "start:s user:X end:e", "s>T T>X X>U U>e cT>e", body + raw + throws("U", "T")
    )
    case = play(shape).start().complete("A").complete("B", good=True).complete("X")
    assert case.complete("undoB").complete("undoA").step.finished
    assert compensated(case) == ["B", "A", "T"]


def test_sub_processes_called_processes_and_instances_inside_are_undone_in_turn(bpmn, play):
    loop = bpmn.many(EACH)
    rooms = bpmn.sub(
        "S", "start:ss user:C end:se", "ss>C C>se", undone("C", "undoC", "userTask") + loop
    )
    call = bpmn.extended("callActivity", "K", '<zeebe:calledElement processId="q"/>')
    body = booking(bpmn, rooms + call, "ts>A A>S S>K K>B B>D D>te[=good] D>tc!")
    called = bpmn.process(
        "q", "start:qs user:Q end:qe", "qs>Q Q>qe", undone("Q", "undoQ", "userTask")
    )
    case = play(around(bpmn, body), called).start().complete("A").complete("C").complete("C")
    case.complete("Q").complete("B", good=False)
    for element in ("undoB", "undoQ", "undoC", "undoC", "undoA"):
        assert case.tasks == [element]
        case.complete(element)
    assert case.tasks == ["off"]
    assert compensated(case) == ["B", "Q", "K", "C", "S", "C", "S", "A"]


def test_the_compensation_event_sub_process_of_an_inner_sub_process_is_used(bpmn, play):
    own = compensator(bpmn, "M", "user:mend end:me", "cM>mend mend>me")
    part = bpmn.sub("S", "start:ss user:C end:se", "ss>C C>se", undone("C", "undoC") + own)
    body = booking(bpmn, part, "ts>A A>S S>B B>D D>te[=good] D>tc!")
    case = play(around(bpmn, body)).start().complete("A").complete("C").complete("B", good=False)
    assert case.complete("undoB").tasks == ["mend"]
    assert case.complete("mend").tasks == ["undoA"]
    assert done(case, "undoC") == []


def test_one_of_several_instances_cancelled_leaves_by_the_border_of_all(bpmn, play):
    body = booking(bpmn, bpmn.many(EACH))
    case = play(around(bpmn, body)).start().complete("A", 1).complete("B", good=False)
    assert case.tasks == ["A", "undoB"]
    assert case.complete("undoB").complete("undoA").tasks == ["off"]


@pytest.mark.parametrize("good", [True, False])
def test_one_event_may_wait_for_the_cancelling_and_an_error(bpmn, play, good):
    fail = bpmn.event("endEvent", "tf", "error", "err")
    body = booking(bpmn, fail, "ts>A A>B B>D D>tf[=good] D>tc!").replace(
        '<bpmn:endEvent id="te"/>', ""
    )
    raw = (
        '<bpmn:boundaryEvent id="both" attachedToRef="T"><bpmn:errorEventDefinition errorRef="err"'
        "/><bpmn:cancelEventDefinition/></bpmn:boundaryEvent>"
    )
    shape = bpmn.process("p", "start:s user:ok user:off", "s>T T>ok both>off", body + raw, ERROR)
    case = play(shape).start().complete("A").complete("B", good=good)
    assert case.tasks == (["off"] if good else ["undoB"])
    if not good:
        assert case.complete("undoB").complete("undoA").tasks == ["off"]


def codes(text):
    found = lint(Source("p", {"processes/p/p.bpmn": text}))
    return {(finding.code, finding.element) for finding in found if finding.severity == "error"}


def test_a_cancel_end_event_outside_a_transaction_is_refused(bpmn):
    shape = bpmn.process("p", "start:s", "s>tc", bpmn.event("endEvent", "tc", "cancel"))
    assert ("cancel-outside", "tc") in codes(shape)


def test_a_cancel_event_on_another_activity_is_refused(bpmn):
    raw = bpmn.event("boundaryEvent", "cA", "cancel", "", 'attachedToRef="A"')
    shape = bpmn.process("p", "start:s user:A end:e", "s>A A>e cA>e", raw)
    assert ("cancel-boundary", "cA") in codes(shape)


def test_a_transaction_that_nobody_can_leave_cancelled_is_refused(bpmn):
    shape = bpmn.process("p", "start:s end:e", "s>T T>e", booking(bpmn))
    assert ("cancel-uncaught", "T") in codes(shape)
    assert codes(around(bpmn, booking(bpmn))) == set()
