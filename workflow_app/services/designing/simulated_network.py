"""A program as a network of queues: its steps, ways, scopes and joins, without any data.

Nodes are called `<process>/<element>`; what a repeated step does each turn has `#turn` behind it,
and `<process>/<scope>#begin` is where a scope begins. A conditional way is taken as finished cases
took it. What only repairs (compensation) is left out; an ad-hoc group lasts as long as it did.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workflow_app.domain.queueing import Always, Catch, Node, Visit, Way
from workflow_app.engine import Span, UnreadableTimer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflow_app.domain.queueing import Kind, Times
    from workflow_app.engine import Program
    from workflow_app.engine.model import Graph, Trigger
    from workflow_app.engine.model import Node as Step

TURN, BEGIN = "#turn", "#begin"
DAY = 86_400.0
_ONE = frozenset({"exclusiveGateway", "eventBasedGateway"})
_GATHERS = frozenset({"inclusiveGateway", "complexGateway"})
_WAITS = frozenset({"intermediateCatchEvent", "receiveTask"})
_SIMPLE: Mapping[str, Kind] = {
    "userTask": "work",
    "serviceTask": "delay",
    "sendTask": "delay",
    "adHocSubProcess": "delay",
    "intermediateCatchEvent": "delay",
    "receiveTask": "delay",
}
_MEETINGS: Mapping[str, Kind] = {
    **_SIMPLE,
    "parallelGateway": "join",
    "inclusiveGateway": "gather",
    "complexGateway": "gather",
}
_SCOPES = frozenset({"subProcess", "transaction", "callActivity"})
_THROWN = frozenset({"error", "escalation", "cancel"})


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a program with the process and the graph that it stands in."""

    process: str
    graph: Graph
    step: Step

    @property
    def name(self) -> str:
        """Return how the network calls it."""
        return f"{self.process}/{self.step.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known beside the diagram: visits by node, stated times, roles where it names none."""

    past: Mapping[str, Sequence[Visit]] = field(default_factory=dict)
    times: Mapping[str, Times] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)


def places_of(program: Program) -> Iterator[Place]:
    """Yield every step of a program, those of called processes too."""
    for process, whole in program.processes.items():
        for graph, step in whole.walk():
            yield Place(process, graph, step)


def start_of(program: Program) -> str:
    """Return the node at which cases begin that nothing else is known of."""
    main = program.processes[program.main]
    return f"{main.id}/{_entries(main)[0].id}"


def whole_of(program: Program) -> str:
    """Return the name under which is kept what came to whole cases."""
    return f"{program.main}{BEGIN}"


def network_nodes(program: Program, known: Known) -> dict[str, Node]:
    """Return a program's nodes by name."""
    nodes: dict[str, Node] = {}
    for place in places_of(program):
        nodes |= _nodes(program, place, known)
    for process, whole in program.processes.items():
        for graph in {id(one): one for one, _step in whole.walk()}.values():
            ways = tuple(Way(one.id, f"{process}/{one.id}") for one in _entries(graph))
            nodes[f"{process}/{graph.id}{BEGIN}"] = Node(kind="pass", ways=ways)
    return nodes


def role_of(place: Place, known: Known) -> str:
    """Return who does a step: its lane, else who did it."""
    return place.step.lane or known.roles.get(place.name, "")


def is_wait(place: Place) -> bool:
    """Tell whether a step waits for something to happen, on the way."""
    return place.step.kind in _WAITS


def is_choice(place: Place) -> bool:
    """Tell whether one of several ways is taken at a step."""
    return place.step.kind in _ONE and len(place.graph.outgoing(place.step.id)) > 1


def is_work(place: Place) -> bool:
    """Tell whether a person does a step."""
    return place.step.kind == "userTask"


def stated_wait(step: Step) -> float | None:
    """Return the seconds that a timer is drawn to last; None where the diagram does not say."""
    text = step.trigger.text.strip().removeprefix("=").strip()
    if step.trigger.kind != "timer" or step.trigger.form != "duration":
        return None
    quoted = text.removeprefix("duration(").removesuffix(")").strip()
    try:
        span = Span.parse(quoted.strip('"'))
    except UnreadableTimer:
        return None
    return span.months * 30.44 * DAY + span.exact.total_seconds()


def _entries(graph: Graph) -> list[Step]:
    found = [one for one in graph.entries() if not one.by_event]
    plain = [one for one in found if one.trigger.kind == "none"]
    starts = plain[:1] if plain and plain[0].kind == "startEvent" else plain
    return starts or found[:1] or list(graph.nodes.values())[:1]


def _nodes(program: Program, place: Place, known: Known) -> dict[str, Node]:
    """Return the node of a step; of a repeated one the loop and its turn."""
    node = _node(program, place, known)
    loop = place.step.loop
    if loop is None:
        return {place.name: node}
    turn = place.name + TURN
    around = replace(
        node,
        kind="loop",
        times=None,
        inside=turn,
        sequential=loop.sequential or loop.standard,
        past=known.past.get(place.name, ()),
    )
    past = known.past.get(turn, ())
    return {place.name: around, turn: replace(node, ways=(), catches=(), past=past)}


def _node(program: Program, place: Place, known: Known) -> Node:
    step = place.step
    flows = [one for one in place.graph.outgoing(step.id) if one.target in place.graph.nodes]
    ways = tuple(Way(one.id, f"{place.process}/{one.target}") for one in flows)
    conditional = step.kind not in _GATHERS and any(one.condition for one in flows)
    kind = _kind(program, place)
    return Node(
        kind=kind,
        role=role_of(place, known),
        times=_times(place, known),
        ways=ways or _landings(place),
        one=step.kind in _ONE or conditional,
        ways_in=len(place.graph.incoming(step.id)),
        upstream=_upstream(place) if kind == "gather" else frozenset(),
        inside=_inside(program, place),
        catches=_catches(place),
        throws=_throws(step.trigger) if kind == "throw" else None,
        past=known.past.get(place.name, ()),
    )


def _kind(program: Program, place: Place) -> Kind:
    step = place.step
    if step.kind in _SCOPES:
        return "scope" if _inside(program, place) else "delay"
    if step.kind == "endEvent":
        return _ending(step.trigger)
    several = len(place.graph.incoming(step.id)) > 1
    return _MEETINGS.get(step.kind, "pass") if several else _SIMPLE.get(step.kind, "pass")


def _ending(trigger: Trigger) -> Kind:
    if trigger.kind == "terminate":
        return "terminate"
    return "throw" if trigger.kind in _THROWN else "end"


def _inside(program: Program, place: Place) -> str:
    """Return where the scope begins that a step opens; nothing for one that opens none."""
    step = place.step
    if step.kind == "callActivity":
        called = program.processes.get(step.extensions.process or "")
        return f"{step.extensions.process}/{called.id}{BEGIN}" if called is not None else ""
    if step.graph is None or step.kind not in _SCOPES:
        return ""
    return f"{place.process}/{step.graph.id}{BEGIN}"


def _times(place: Place, known: Known) -> Times | None:
    stated = known.times.get(place.name)
    if stated is not None or known.past.get(place.name) or place.step.kind not in _WAITS:
        return stated
    drawn = stated_wait(place.step)
    return Always(drawn) if drawn is not None else None


def _landings(place: Place) -> tuple[Way, ...]:
    """Return where a thrown link lands."""
    step = place.step
    if step.kind != "intermediateThrowEvent" or step.trigger.kind != "link":
        return ()
    return tuple(
        Way(one.id, f"{place.process}/{one.id}")
        for one in place.graph.nodes.values()
        if one.kind == "intermediateCatchEvent" and one.trigger.name == step.trigger.name
    )


def _upstream(place: Place) -> frozenset[str]:
    """Return every node of the graph from which a token can still come to a step."""
    found: set[str] = set()
    todo = [place.step.id]
    while todo:
        for flow in place.graph.incoming(todo.pop()):
            if flow.source not in found and flow.source != place.step.id:
                found.add(flow.source)
                todo.append(flow.source)
    return frozenset(f"{place.process}/{one}" for one in found)


def _catches(place: Place) -> tuple[Catch, ...]:
    return tuple(
        Catch(trigger.kind, trigger.code, f"{place.process}/{border.id}")
        for border in place.graph.boundaries(place.step.id)
        for trigger in border.triggers
        if trigger.kind in _THROWN
    )


def _throws(trigger: Trigger) -> tuple[str, str | None]:
    return trigger.kind, trigger.code
