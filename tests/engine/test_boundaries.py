"""Boundary events thrown from deep inside, links, terminations, signals, messages, flows."""

from __future__ import annotations

import pytest

from workflow_app.engine import InvalidSource

BESIDE = (
    '<bpmn:signal id="sig" name="alarm"/><bpmn:error id="err" errorCode="BAD"/>'
    '<bpmn:escalation id="esc" escalationCode="HELP"/>'
)


def beside(bpmn):
    return BESIDE + bpmn.message("m", "=k") + bpmn.message("n", "=k")


def drawn(bpmn, raw, short, flows):
    return bpmn.process("p", short, flows, raw, beside(bpmn))


def boundary(bpmn, key, on, kind, inside, *, stops=True):
    attributes = f'attachedToRef="{on}" cancelActivity="{str(stops).lower()}"'
    return bpmn.event("boundaryEvent", key, kind, inside, attributes)


def condition(text):
    return f"<bpmn:condition>={text}</bpmn:condition>"


def call(bpmn, key="C"):
    return bpmn.extended("callActivity", key, '<zeebe:calledElement processId="q"/>')


def holding(bpmn, kind, body, raw=""):
    """Activity S holding A and `body` behind it: a sub-process, or a call of process q."""
    if kind == "sub-process":
        return bpmn.sub("S", "start:ss and:P user:A user:W", f"ss>P P>A P>W {body}", raw), []
    text = bpmn.process("q", "start:ss and:P user:A user:W", f"ss>P P>A P>W {body}", raw, BESIDE)
    return call(bpmn, "S"), [text]


@pytest.mark.bpmn("signal boundary event, interrupting", "runs")
@pytest.mark.bpmn("signal end event", "runs")
@pytest.mark.bpmn("signal throw event", "runs")
@pytest.mark.parametrize("kind", ["sub-process", "call"])
@pytest.mark.parametrize("tag", ["endEvent", "intermediateThrowEvent"])
def test_a_signal_from_inside_interrupts_the_activity_around(bpmn, play, kind, tag):
    body, others = holding(bpmn, kind, "A>T", bpmn.event(tag, "T", "signal", "sig"))
    raw = body + boundary(bpmn, "X", "S", "signal", "sig")
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D"), *others).start()
    assert case.complete("A").tasks == ["D"]


@pytest.mark.bpmn("message boundary event, interrupting", "runs")
def test_a_message_from_inside_interrupts_the_activity_around(bpmn, play):
    throw = bpmn.event("endEvent", "T", "message", "m")
    body, _ = holding(bpmn, "sub-process", "A>T", throw)
    raw = body + boundary(bpmn, "X", "S", "message", "m")
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D")).start({"k": 1})
    assert case.complete("A").tasks == ["D"]
    assert case.thrown == []


@pytest.mark.bpmn("escalation boundary event, not interrupting", "runs")
@pytest.mark.bpmn("escalation throw event", "runs")
@pytest.mark.parametrize("kind", ["sub-process", "call"])
def test_an_escalation_may_be_thrown_many_times(bpmn, play, kind):
    throw = bpmn.event("intermediateThrowEvent", "T", "escalation", "esc")
    again = '<bpmn:exclusiveGateway id="M"/><bpmn:exclusiveGateway id="Q" default="dq"/>'
    again += '<bpmn:sequenceFlow id="dq" sourceRef="Q" targetRef="M"/>'
    ways = "M>A A>T T>Q Q>E[done]"
    parts = f'{throw}{again}<bpmn:endEvent id="E"/>'
    text = "start:ss user:A", f"ss>M {ways}"
    if kind == "call":
        body, others = call(bpmn, "S"), [bpmn.process("q", *text, parts, BESIDE)]
    else:
        body, others = bpmn.sub("S", *text, parts), []
    raw = body + boundary(bpmn, "X", "S", "escalation", "esc", stops=False)
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D"), *others).start()
    for turn in range(1, 4):
        assert case.complete("A", done=turn == 3).tasks.count("D") == turn
    assert case.tasks == ["B", "D", "D", "D"]


@pytest.mark.bpmn("escalation end event", "runs")
@pytest.mark.bpmn("escalation", "runs")
def test_the_nearest_of_nested_activities_catches(bpmn, play):
    throw = bpmn.event("endEvent", "T", "escalation", "esc")
    inner = bpmn.sub("I", "start:is user:A", "is>A A>T", throw)
    catch = boundary(bpmn, "Y", "I", "escalation", "esc")
    outer = bpmn.sub("S", "start:ss user:W", "ss>I Y>W", inner + catch)
    raw = outer + boundary(bpmn, "X", "S", "escalation", "esc")
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D")).start()
    assert case.complete("A").tasks == ["W"]
    assert case.complete("W").tasks == ["B"]


@pytest.mark.bpmn("conditional boundary event, interrupting", "runs")
@pytest.mark.bpmn("conditional boundary event, not interrupting", "runs")
@pytest.mark.bpmn("timer boundary event, interrupting", "runs")
@pytest.mark.bpmn("timer boundary event, not interrupting", "runs")
@pytest.mark.bpmn("message boundary event, not interrupting", "runs")
@pytest.mark.bpmn("signal boundary event, not interrupting", "runs")
def test_several_boundary_events_on_one_activity_are_each_their_own(bpmn, play):
    raw = "".join(
        [
            boundary(bpmn, "T1", "A", "timer", bpmn.timer("timeDuration", "PT1H"), stops=False),
            boundary(bpmn, "T2", "A", "timer", bpmn.timer("timeDuration", "PT3H")),
            boundary(bpmn, "M", "A", "message", "m", stops=False),
            boundary(bpmn, "S", "A", "signal", "sig", stops=False),
            boundary(bpmn, "C1", "A", "conditional", condition("x > 5"), stops=False),
            boundary(bpmn, "C2", "A", "conditional", condition("x > 9")),
        ]
    )
    keys = ("T1", "T2", "M", "S", "C1", "C2")
    ways = " ".join(f"{key}>on{key}" for key in keys)
    short = "start:s and:P user:Z user:A " + " ".join(f"user:on{key}" for key in keys)
    drawing = drawn(
        bpmn, raw + '<bpmn:exclusiveGateway id="L"/>', short, f"s>P P>A P>L L>Z Z>L {ways}"
    )
    case = play(drawing).start({"x": 0, "k": 1})
    case.later(hours=1).deliver("m").deliver("alarm")
    assert case.tasks == ["A", "Z", "onM", "onS", "onT1"]
    for x in (7, 8, 3, 7):  # fires when the condition becomes true, not while it stays so
        case.complete("Z", x=x)
    assert case.tasks == ["A", "Z", "onC1", "onC1", "onM", "onS", "onT1"]
    case.complete("Z", x=10)
    assert "A" not in case.tasks
    assert "onC2" in case.tasks
    assert (case.timers, case.messages) == ([], [])
    other = type(case)(case.program).start({"x": 0, "k": 1}).later(hours=3)
    assert other.tasks == ["Z", "onT1", "onT2"]


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_boundary_on_a_loop_interrupts_all_turns(bpmn, play, sequential):
    loop = bpmn.many(
        'inputCollection="=[1, 2, 3]" inputElement="n"', f'isSequential="{sequential}"'
    )
    raw = bpmn.extended("userTask", "A", "", loop)
    raw += boundary(bpmn, "T", "A", "timer", bpmn.timer("timeDuration", "PT1H"))
    raw += boundary(bpmn, "N", "A", "message", "m", stops=False)
    case = play(drawn(bpmn, raw, "start:s user:B user:D user:R", "s>A A>B T>D N>R")).start({"k": 1})
    case.complete("A").deliver("m").deliver("m")
    assert case.tasks.count("R") == 2
    assert case.tasks.count("A") == (1 if sequential == "true" else 2)
    assert case.later(hours=1).tasks == ["D", "R", "R"]


@pytest.mark.bpmn("error boundary event, interrupting", "runs")
@pytest.mark.bpmn("error end event", "runs")
@pytest.mark.bpmn("error", "runs")
def test_an_error_in_one_turn_interrupts_the_whole_loop(bpmn, play):
    fail = bpmn.event("endEvent", "fail", "error", "err")
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    body = bpmn.sub("S", "start:ss user:A", "ss>A A>fail", fail + loop)
    raw = body + boundary(bpmn, "X", "S", "error", "err")
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D")).start()
    assert case.tasks == ["A", "A"]
    assert case.complete("A").tasks == ["D"]


TERMINATE = '<bpmn:endEvent id="stop"><bpmn:terminateEventDefinition/></bpmn:endEvent>'


@pytest.mark.bpmn("terminate end event", "runs")
@pytest.mark.parametrize("kind", ["sub-process", "call"])
def test_a_terminate_end_ends_its_own_scope_only(bpmn, play, kind):
    body, others = holding(bpmn, kind, "A>stop", TERMINATE)
    drawing = drawn(bpmn, body, "start:s and:Q user:B user:Z", "s>Q Q>S Q>Z S>B")
    case = play(drawing, *others).start()
    assert case.tasks == ["A", "W", "Z"]
    assert case.complete("A").tasks == ["B", "Z"]


@pytest.mark.bpmn("terminate end event", "runs")
def test_a_terminate_end_of_the_process_ends_everything(bpmn, play):
    body = bpmn.sub("S", "start:ss user:A", "ss>A")
    case = play(drawn(bpmn, body + TERMINATE, "start:s and:Q user:Z", "s>Q Q>S Q>Z Z>stop")).start()
    assert case.complete("Z").step.finished
    assert case.step.end == "stop"
    assert [closed.why for closed in case.closed] == ["completed", "cancelled"]


@pytest.mark.bpmn("terminate end event", "runs")
@pytest.mark.parametrize("kind", ["sub-process", "call"])
def test_a_terminate_end_in_a_turn_of_a_loop_ends_that_turn(bpmn, play, kind):
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    body, others = holding(bpmn, kind, "A>stop", TERMINATE)
    closing = "</bpmn:subProcess>" if kind == "sub-process" else "</bpmn:callActivity>"
    body = body.replace(closing, loop + closing)
    case = play(drawn(bpmn, body, "start:s user:B", "s>S S>B"), *others).start()
    assert case.tasks == ["A", "A", "W", "W"]
    assert case.complete("A").tasks == ["A", "W"]
    assert case.complete("A").tasks == ["B"]


@pytest.mark.bpmn("terminate end event", "runs")
def test_a_terminate_end_in_an_event_sub_process_ends_that_only(bpmn, play):
    start = bpmn.event("startEvent", "hs", "message", "m", 'isInterrupting="false"')
    handler = bpmn.sub(
        "E",
        "and:Q user:H user:I",
        "hs>Q Q>H Q>I H>stop",
        start + TERMINATE,
        'triggeredByEvent="true"',
    )
    case = play(drawn(bpmn, handler, "start:s user:A", "s>A")).start({"k": 1}).deliver("m")
    assert case.tasks == ["A", "H", "I"]
    assert case.complete("H").tasks == ["A"]


def link(tag, key, name="l"):
    return f'<bpmn:{tag} id="{key}"><bpmn:linkEventDefinition name="{name}"/></bpmn:{tag}>'


@pytest.mark.bpmn("link throw event", "runs")
@pytest.mark.bpmn("link catch event", "runs")
@pytest.mark.parametrize("nested", [True, False])
def test_several_links_lead_to_one_place_on_the_same_level(bpmn, play, nested):
    raw = link("intermediateThrowEvent", "t1") + link("intermediateThrowEvent", "t2")
    raw += link("intermediateCatchEvent", "c")
    short, flows = "start:ss and:P user:A user:B user:C", "ss>P P>A P>B A>t1 B>t2 c>C"
    if nested:  # the same names stand outside too, and lead elsewhere
        other = link("intermediateThrowEvent", "t3") + link("intermediateCatchEvent", "c2")
        body = bpmn.sub("S", short, flows, raw)
        drawing = drawn(bpmn, body + other, "start:s user:D", "s>S S>t3 c2>D")
    else:
        drawing = drawn(bpmn, raw, short, flows)
    case = play(drawing).start()
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("B").tasks == ["C", "C"]
    case.complete("C").complete("C")
    assert case.tasks == (["D"] if nested else [])


@pytest.mark.bpmn("link throw event", "runs")
def test_a_link_back_makes_a_loop(bpmn, play):
    raw = link("intermediateThrowEvent", "t") + link("intermediateCatchEvent", "c")
    drawing = drawn(
        bpmn, raw, "start:s xor:M user:A xor:X end:e", "s>M c>M M>A A>X X>t[again] X>e!"
    )
    case = play(drawing).start()
    for _ in range(3):
        assert case.complete("A", again=True).tasks == ["A"]
    assert case.complete("A", again=False).step.finished


@pytest.mark.bpmn("signal catch event", "runs")
@pytest.mark.bpmn("signal", "runs")
def test_a_signal_reaches_every_scope_of_the_case(bpmn, play):
    """Catch event in a sub-process, boundary in a called process, handler at the top."""
    wait = bpmn.event("intermediateCatchEvent", "W", "signal", "sig")
    body = bpmn.sub("S", "start:ss user:inS", "ss>W W>inS", wait)
    start = bpmn.event("startEvent", "hs", "signal", "sig", 'isInterrupting="false"')
    handler = bpmn.sub("E", "user:H", "hs>H", start, 'triggeredByEvent="true"')
    throw = bpmn.event("intermediateThrowEvent", "T", "signal", "sig")
    top = drawn(
        bpmn,
        body + handler + call(bpmn) + throw,
        "start:s and:P user:Z user:B",
        "s>P P>S P>C P>Z Z>T T>B",
    )
    catch = boundary(bpmn, "X", "Q", "signal", "sig")
    child = bpmn.process("q", "start:qs user:Q user:R", "qs>Q X>R", catch, BESIDE)
    case = play(top, child).start().complete("Z")
    assert case.tasks == ["B", "H", "R", "inS"]
    assert [thrown.kind for thrown in case.thrown] == ["signal"]


@pytest.mark.bpmn("message end event", "runs")
@pytest.mark.bpmn("message throw event", "runs")
@pytest.mark.bpmn("message", "runs")
@pytest.mark.parametrize("tag", ["endEvent", "intermediateThrowEvent"])
def test_a_message_that_nobody_here_waits_for_leaves_the_case(bpmn, play, tag):
    raw = bpmn.event(tag, "T", "message", "m")
    case = play(drawn(bpmn, raw, "start:s user:A", "s>A A>T")).start().complete("A", k=7)
    assert [(t.kind, t.name, t.correlation) for t in case.thrown] == [("message", "m", 7)]
    assert case.step.finished


@pytest.mark.bpmn("message catch event", "runs")
@pytest.mark.bpmn("timer catch event", "runs")
@pytest.mark.bpmn("conditional catch event", "runs")
def test_catch_events_wait_one_after_the_other(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "M", "message", "m")
    raw += bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "PT1H"))
    raw += bpmn.event("intermediateCatchEvent", "C", "conditional", condition("y"))
    drawing = drawn(bpmn, raw, "start:s and:P user:Z user:B", "s>P P>Z P>M M>T T>C C>B")
    case = play(drawing).start({"k": 1, "y": False}).deliver("m")
    assert (case.messages, case.timers) == ([], ["T"])
    assert case.later(hours=1).tasks == ["Z"]
    assert case.complete("Z", y=True).tasks == ["B"]


@pytest.mark.bpmn("conditional flow out of an activity", "runs")
@pytest.mark.bpmn("default flow out of an activity", "runs")
@pytest.mark.bpmn("several flows out of an activity", "runs")
@pytest.mark.parametrize(
    ("data", "tasks"),
    [({"x": 1}, ["D", "P"]), ({"x": 5}, ["C", "P"]), ({"x": 9}, ["B", "C", "P"])],
)
def test_conditional_default_and_plain_flows_out_of_a_task(bpmn, play, data, tasks):
    """The default is taken only if no condition holds; the plain flow always."""
    flows = "s>A A>B[=x > 6] A>C[=x > 3] A>D! A>P"
    case = play(drawn(bpmn, "", "start:s user:A user:B user:C user:D user:P", flows)).start()
    assert case.complete("A", **data).tasks == tasks


@pytest.mark.bpmn("several flows into an activity", "runs")
def test_what_merges_without_a_gateway_runs_once_a_token(bpmn, play):
    case = play(
        drawn(bpmn, "", "start:s and:P user:A user:B user:C", "s>P P>A P>B A>C B>C")
    ).start()
    assert case.complete("A").tasks == ["B", "C"]
    assert case.complete("B").tasks == ["C", "C"]


@pytest.mark.bpmn("event defined elsewhere (eventDefinitionRef)", "runs")
def test_two_events_may_share_a_definition(bpmn, play):
    shared = (
        '<bpmn:timerEventDefinition id="soon"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>"
    )
    reference = "<bpmn:eventDefinitionRef>soon</bpmn:eventDefinitionRef>"
    raw = f'<bpmn:intermediateCatchEvent id="W">{reference}</bpmn:intermediateCatchEvent>'
    raw += f'<bpmn:boundaryEvent id="X" attachedToRef="A">{reference}</bpmn:boundaryEvent>'
    drawing = bpmn.process("p", "start:s user:A user:B", "s>W W>A X>B", raw, shared)
    case = play(drawing).start()
    assert case.later(hours=1).tasks == ["A"]
    assert case.later(hours=1).tasks == ["B"]


@pytest.mark.parametrize(
    ("kind", "reference"),
    [
        *((kind, "gone") for kind in ("message", "signal", "error", "escalation")),
        *((kind, "") for kind in ("message", "signal", "error")),
    ],
)
def test_a_reference_to_nothing_is_refused(bpmn, play, kind, reference):
    tag = "endEvent" if kind in {"error", "escalation"} else "intermediateThrowEvent"
    raw = bpmn.event(tag, "x", kind, reference)
    with pytest.raises(InvalidSource):
        play(bpmn.process("p", "start:s user:A", "s>A A>x", raw))


@pytest.mark.parametrize("on", ["userTask", "subProcess", "many", "loop", "receiveTask"])
def test_a_condition_that_holds_already_ends_the_activity_at_once(bpmn, play, on):
    loop = bpmn.many('inputCollection="=[1, 2]" inputElement="n"')
    again = '<bpmn:standardLoopCharacteristics loopMaximum="3"/>'
    activities = {
        "userTask": '<bpmn:userTask id="S"/>',
        "subProcess": bpmn.sub("S", "start:ss user:A", "ss>A"),
        "many": bpmn.extended("userTask", "S", "", loop),
        "loop": bpmn.extended("userTask", "S", "", again),
        "receiveTask": '<bpmn:receiveTask id="S" messageRef="m"/>',
    }
    raw = activities[on] + boundary(bpmn, "X", "S", "conditional", condition("yes"))
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D")).start({"yes": True})
    assert (case.tasks, case.messages) == (["D"], [])
    assert case.complete("D").step.finished


@pytest.mark.parametrize("level", ["process", "sub-process"])
def test_an_event_sub_process_whose_condition_holds_already_begins_instead(bpmn, play, level):
    start = bpmn.event("startEvent", "hs", "conditional", condition("yes"))
    handler = bpmn.sub("E", "user:H", "hs>H", start, 'triggeredByEvent="true"')
    if level == "process":
        drawing = drawn(bpmn, handler, "start:s user:A", "s>A")
    else:
        body = bpmn.sub("S", "start:ss user:A", "ss>A", handler)
        drawing = drawn(bpmn, body, "start:s user:B", "s>S S>B")
    case = play(drawing).start({"yes": True})
    assert case.tasks == ["H"]
    assert case.complete("H").tasks == ([] if level == "process" else ["B"])


@pytest.mark.parametrize("kind", ["error", "escalation"])
@pytest.mark.parametrize("called", [False, True])
def test_what_is_mapped_into_an_event_goes_with_it_to_who_catches(bpmn, play, kind, called):
    reference = {"error": "err", "escalation": "esc"}[kind]
    mapping = '<zeebe:ioMapping><zeebe:input source="=seen + 1" target="alarm"/></zeebe:ioMapping>'
    definition = f'<bpmn:{kind}EventDefinition {kind}Ref="{reference}"/>'
    thrower = bpmn.extended("endEvent", "T", mapping, definition)
    inside = "start:ss user:A", "ss>A A>T"
    if called:
        body, others = call(bpmn, "S"), [bpmn.process("q", *inside, thrower, BESIDE)]
    else:
        body, others = bpmn.sub("S", *inside, thrower), []
    raw = body + boundary(bpmn, "X", "S", kind, reference)
    case = play(drawn(bpmn, raw, "start:s user:B user:D", "s>S S>B X>D"), *others).start()
    assert case.complete("A", seen=6).tasks == ["D"]
    assert case.data["alarm"] == 7
    assert kind in case.data
