"""What can happen on the way: stuck, done twice, piling up, never ending; and what is sound."""

from __future__ import annotations

import time

import pytest

from workflow_app.engine import Source, lint
from workflow_app.engine.library import open_library
from workflow_app.engine.lint.completion import check_states
from workflow_app.engine.lint.net import build_net
from workflow_app.engine.lint.report import Report
from workflow_app.engine.lint.rules.states import NEVER_COMPLETES, NOT_EXPLORED
from workflow_app.engine.lint.states import MAX_STATES, explore
from workflow_app.services.closure import Seeds

OF_STATES = {
    *("exclusive-into-parallel", "join-never-fires", "deadlock", "left-waiting", "done-twice"),
    *("piles-up", "never-ends", "never-completes", "not-explored", "not-followed"),
}


def told(bpmn, short, flows, raw="", beside=""):
    """{(code, element): finding} of those about states."""
    text = bpmn.process("p", short, flows, raw, beside)
    findings = lint(Source("p", bpmn.files(text)))
    return {(one.code, one.element): one for one in findings if one.code in OF_STATES}


UNSOUND = {
    # notes of nodes and flows, what is found about which element
    "exclusive split into parallel join": (
        "start:s xor:G task:A task:B and:J end:e",
        "s>G G>A[=x] G>B! A>J B>J J>e",
        {("exclusive-into-parallel", "J")},
    ),
    "events into a parallel join": (
        "start:s events:G and:J end:e",
        "s>G G>w G>v w>J v>J J>e",
        {("exclusive-into-parallel", "J")},
    ),
    "a join of alternatives of a task": (
        "start:s user:A and:J task:B end:e",
        "s>A A>J b>B B>J J>e",
        {("join-never-fires", "J")},
    ),
    "one of three ways may end": (
        "start:s and:F xor:G task:A task:B and:J end:e end:z",
        "s>F F>G F>B G>A[=x] G>z! A>J B>J J>e",
        {("left-waiting", "J")},
    ),
    "one way may go round the join": (
        "start:s and:F xor:G task:A task:B and:J xor:M end:e",
        "s>F F>G F>B G>A[=x] G>M! A>J B>J J>M M>e",
        {("left-waiting", "J")},
    ),
    "two joins wait for each other": (
        "start:s and:F task:A task:B and:J and:K end:e",
        "s>F F>A F>B A>J B>K K>J J>K J>e",
        {("join-never-fires", "J"), ("join-never-fires", "K")},
    ),
    "parallel split into exclusive join": (
        "start:s and:F task:A task:B xor:M task:C end:e",
        "s>F F>A F>B A>M B>M M>C C>e",
        {("done-twice", "M")},
    ),
    "parallel tasks into one task": (
        "start:s and:F task:A task:B task:C end:e",
        "s>F F>A F>B A>C B>C C>e",
        {("done-twice", "C")},
    ),
    "a loop out of a parallel part": (
        "start:s xor:M and:F task:A xor:G task:B and:J end:e",
        "s>M M>F F>A F>B A>G G>M[=x] G>J! B>J J>e",
        {("piles-up", "B")},
    ),
    "a loop without a way out": (
        "start:s xor:M user:A",
        "s>M M>A A>M",
        {("never-ends", "A")},
    ),
}


def event_pair(bpmn):
    return "".join(
        bpmn.event("intermediateCatchEvent", key, "timer", bpmn.timer("timeDuration", "PT1H"))
        for key in "wv"
    )


@pytest.mark.parametrize("case", UNSOUND)
def test_what_goes_wrong_on_the_way_is_found(bpmn, case):
    short, flows, expected = UNSOUND[case]
    raw = event_pair(bpmn) if "G>w" in flows else ""
    if "b>B" in flows:
        raw = bpmn.event(
            "boundaryEvent", "b", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="A"'
        )
    found = told(bpmn, short, flows, raw)
    assert set(found) == expected


def test_the_shortest_way_into_a_deadlock_is_told(bpmn):
    found = told(bpmn, *UNSOUND["one of three ways may end"][:2])
    finding = found["left-waiting", "J"]
    assert finding.severity == "warning"
    path = str(finding.params["path"]).split(" → ")
    assert path[0] == "s"
    assert set(path) == {"s", "F", "G", "B", "z"}
    assert finding.params["end"] == "z"


def test_the_gateway_that_opens_one_way_only_is_named(bpmn):
    found = told(bpmn, *UNSOUND["exclusive split into parallel join"][:2])
    finding = found["exclusive-into-parallel", "J"]
    assert (finding.severity, finding.params["gateway"]) == ("error", "G")


SOUND = {
    "parallel": ("start:s and:F task:A task:B and:J end:e", "s>F F>A F>B A>J B>J J>e"),
    "exclusive": ("start:s xor:G task:A xor:M end:e", "s>G G>A[=x] G>M! A>M M>e"),
    "inclusive": (
        "start:s or:G task:A task:B or:M task:C end:e",
        "s>G G>A[=x] G>B[=y] G>M! A>M B>M M>C C>e",
    ),
    "a parallel part in a loop": (
        "start:s xor:M and:F task:A task:B and:J xor:G end:e",
        "s>M M>F F>A F>B A>J B>J J>G G>M[=x] G>e!",
    ),
    "an inclusive part in a loop": (
        "start:s xor:M or:F task:A task:B or:J xor:G end:e",
        "s>M M>F F>A[=x] F>B! A>J B>J J>G G>M[=x] G>e!",
    ),
    "several ends": ("start:s and:F task:A task:B end:e end:z", "s>F F>A F>B A>e B>z"),
    "two ways into one end": ("start:s and:F task:A task:B end:e", "s>F F>A F>B A>e B>e"),
    "a join of its own loop": ("start:s and:J task:A xor:G end:e", "s>J J>A A>G G>J[=x] G>e!"),
    "conditional flows out of a task": (
        "start:s user:A task:B or:M task:C end:e",
        "s>A A>B[=x] A>M! B>M M>C C>e",
    ),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_is_sound_is_left_alone(bpmn, case):
    assert told(bpmn, *SOUND[case]) == {}


def test_reminders_beside_a_task_may_come_together(bpmn):
    reminders = "".join(
        bpmn.event(
            "boundaryEvent",
            key,
            "timer",
            bpmn.timer("timeCycle", "R/PT1H"),
            f'attachedToRef="{host}" cancelActivity="false"',
        )
        for key, host in (("r1", "A"), ("r2", "B"))
    )
    flows = "s>A A>B B>G G>A[=x] G>e! r1>N r2>N N>z"
    assert told(bpmn, "start:s user:A user:B xor:G task:N end:e end:z", flows, reminders) == {}


def test_a_reminder_that_joins_the_main_way_does_it_twice(bpmn):
    reminder = bpmn.event(
        "boundaryEvent",
        "r",
        "timer",
        bpmn.timer("timeDuration", "PT1H"),
        'attachedToRef="A" cancelActivity="false"',
    )
    found = told(bpmn, "start:s user:A task:B end:e", "s>A A>B r>B B>e", reminder)
    assert set(found) == {("done-twice", "B")}


def test_links_are_followed(bpmn):
    link = '<bpmn:{} id="{}"><bpmn:linkEventDefinition name="l"/></bpmn:{}>'
    pair = "".join(
        link.format(tag, key, tag)
        for tag, key in (("intermediateThrowEvent", "t"), ("intermediateCatchEvent", "c"))
    )
    assert told(bpmn, "start:s task:A end:e", "s>A A>t c>e", pair) == {}


def test_terminating_leaves_nothing_waiting(bpmn):
    end = "<bpmn:endEvent id='z'><bpmn:terminateEventDefinition/></bpmn:endEvent>"
    short, flows, _ = UNSOUND["one of three ways may end"]
    assert told(bpmn, short.replace(" end:z", ""), flows, end) == {}


def test_what_is_in_a_sub_process_is_played_by_itself(bpmn):
    inner = bpmn.sub("S", "start:i xor:G task:A task:B and:J", "i>G G>A[=x] G>B! A>J B>J")
    found = told(bpmn, "start:s end:e", "s>S S>e", inner)
    assert set(found) == {("exclusive-into-parallel", "J")}


def test_a_sub_process_that_only_fails_leads_nowhere(bpmn):
    fail = bpmn.event("endEvent", "fail", "error", "err")
    error = '<bpmn:error id="err" errorCode="BAD"/>'
    inner = bpmn.sub("S", "start:i", "i>fail", fail)
    catch = bpmn.event("boundaryEvent", "c", "error", "err", 'attachedToRef="S"')
    found = told(bpmn, "start:s end:e end:z", "s>S S>e c>z", inner + catch, error)
    assert set(found) == {(NEVER_COMPLETES.code, "S")}
    assert told(bpmn, "start:s end:z", "s>S c>z", inner + catch, error) == {}


def test_a_loop_that_something_interrupts_may_be_endless(bpmn):
    inner = bpmn.sub("S", "start:i xor:M user:A", "i>M M>A A>M")
    assert set(told(bpmn, "start:s end:e", "s>S S>e", inner)) == {
        ("never-ends", "A"),
        (NEVER_COMPLETES.code, "S"),
    }
    late = bpmn.event(
        "boundaryEvent", "t", "timer", bpmn.timer("timeDuration", "PT1H"), 'attachedToRef="S"'
    )
    assert told(bpmn, "start:s end:e", "s>S t>e", inner + late) == {}


def test_a_gateway_with_a_rule_of_its_own_is_said_not_to_be_followed(bpmn):
    gateway = (
        '<bpmn:complexGateway id="J"><bpmn:activationCondition>=activationCount &gt; 0'
        "</bpmn:activationCondition></bpmn:complexGateway>"
    )
    found = told(bpmn, "start:s and:F task:A task:B end:e", "s>F F>A F>B A>J B>J J>e", gateway)
    assert {(key, one.severity) for key, one in found.items()} == {(("not-followed", "J"), "info")}


def many_ways(bpmn, ways, turns):
    """Parallel ways, each with its own loop over several merges."""
    short, flows = ["start:s and:F and:J end:e"], ["s>F J>e"]
    for way in range(ways):
        before = "F"
        for turn in range(turns):
            merge, task, choice = (f"{letter}{way}_{turn}" for letter in "MTG")
            short.append(f"xor:{merge} user:{task} xor:{choice}")
            flows.append(f"{before}>{merge} {merge}>{task} {task}>{choice} {choice}>{merge}[=x]")
            before = choice
        flows.append(f"{before}>J!")
    return " ".join(short), " ".join(flows)


def test_the_bound_is_said_when_it_is_reached(bpmn):
    found = told(bpmn, *many_ways(bpmn, 9, 3))
    finding = found[NOT_EXPLORED.code, "p"]
    assert (finding.severity, finding.line) == ("info", 3)
    assert int(str(finding.params["seen"])) > MAX_STATES


def test_sixty_parallel_steps_are_a_few_states(bpmn):
    ways = [(f"A{n}", f"B{n}") for n in range(30)]
    short = "start:s and:F and:J end:e " + " ".join(f"task:{a} task:{b}" for a, b in ways)
    flows = "s>F J>e " + " ".join(f"F>{a} {a}>{b} {b}>J" for a, b in ways)
    library = open_library(Source("p", bpmn.files(bpmn.process("p", short, flows))))
    walk = explore(build_net(library.running()[0][1], {}))
    assert walk.completes
    assert not walk.stuck
    assert len(walk.came) < 100


@pytest.mark.parametrize("ways", [2, 4])
def test_states_with_and_without_reduction_tell_the_same(bpmn, ways, monkeypatch):
    short, flows = many_ways(bpmn, ways, 1)
    graph = open_library(Source("p", bpmn.files(bpmn.process("p", short, flows)))).running()[0][1]
    reduced = explore(build_net(graph, {}))
    net = build_net(graph, {})
    net.merges |= {place: node for place, node in net.node_at.items() if place in net.alone}
    every = explore(net)
    assert (reduced.completes, bool(reduced.stuck)) == (every.completes, bool(every.stuck))
    assert len(reduced.came) < len(every.came)


def test_no_process_of_ours_takes_a_tenth_of_a_second(seeds):
    for key in seeds.keys:
        library = open_library(seeds.source(key))
        report = Report(library)
        begun = time.process_time()
        check_states(report)
        assert time.process_time() - begun < 0.1 * len(library.running())
        assert report.findings == []


@pytest.fixture(scope="module")
def seeds(request):
    return Seeds.from_folders(
        request.config.rootpath / "processes", request.config.rootpath / "forms"
    )
