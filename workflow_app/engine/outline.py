"""A diagram as an ordered list of steps in words, for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.domain.text import N_
from workflow_app.engine.reader import read_diagram

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.model import Graph, Node
    from workflow_app.engine.program import Program

WORDS = {
    "startEvent": N_("Start"),
    "endEvent": N_("End"),
    "task": N_("Step"),
    "manualTask": N_("Step"),
    "userTask": N_("Task for a person"),
    "scriptTask": N_("Calculation"),
    "businessRuleTask": N_("Decision table"),
    "serviceTask": N_("Done by the system"),
    "sendTask": N_("Message sent"),
    "receiveTask": N_("Wait for a message"),
    "callActivity": N_("Process called"),
    "subProcess": N_("Group of steps"),
    "transaction": N_("Steps that are done together or undone"),
    "adHocSubProcess": N_("Steps in any order"),
    "exclusiveGateway": N_("Choice: one way"),
    "inclusiveGateway": N_("Choice: one way or several"),
    "parallelGateway": N_("All ways at once"),
    "eventBasedGateway": N_("Whatever happens first"),
    "complexGateway": N_("Choice by a rule of its own"),
    "boundaryEvent": N_("If something happens meanwhile"),
    "intermediateCatchEvent": N_("Wait"),
    "intermediateThrowEvent": N_("Event"),
}
WAITS = {
    "timer": N_("Wait until a time"),
    "message": N_("Wait for a message"),
    "signal": N_("Wait for a signal"),
    "any": N_("Wait for any of several things"),
    "all": N_("Wait until all of several things have happened"),
    "conditional": N_("Wait for a condition"),
}
MEANWHILE = {
    "timer": N_("If the time runs out meanwhile"),
    "message": N_("If a message comes meanwhile"),
    "signal": N_("If a signal comes meanwhile"),
    "any": N_("If any of several things happens meanwhile"),
    "all": N_("If all of several things happen meanwhile"),
    "error": N_("If it fails"),
    "cancel": N_("If it is cancelled"),
    "compensate": N_("How it is undone"),
    "escalation": N_("If help is asked for"),
    "conditional": N_("If a condition becomes true meanwhile"),
}
THROWN = {
    "compensate": N_("Undo what was done"),
    "cancel": N_("Cancel and undo all of it"),
}
UNDOING = N_("If it is to be undone later")
BY_EVENT = N_("Whenever it happens")
MERGE = N_("Ways come together")


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Where a flow leads; `when` is the words on the flow."""

    flow: str
    when: str
    element: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineStep:
    """One element; `kind` is its kind in words (a msgid), `tag` the BPMN one.

    `steps` are those inside it, `process` the process it calls, `attached_to` the activity that a
    boundary event sits on.
    """

    element: str
    name: str
    kind: str
    tag: str
    lane: str | None
    next: tuple[NextStep, ...]
    steps: tuple[OutlineStep, ...]
    process: str | None
    attached_to: str | None


def outline(program: Program, process: str | None = None) -> tuple[OutlineStep, ...]:
    """Return the steps of one of the program's processes, the main one unless named."""
    graph = program.processes.get(process or program.main)
    return outline_of_graph(graph) if graph is not None else ()


def outline_of_xml(file: str, text: str) -> dict[str, tuple[OutlineStep, ...]]:
    """Return the steps of each process of a file, runnable or not. Raises UnreadableXml."""
    diagram = read_diagram(file, text)
    return {graph.id: outline_of_graph(graph) for graph in diagram.processes}


def outline_of_graph(graph: Graph) -> tuple[OutlineStep, ...]:
    """Return a graph's steps in the order in which a reader would follow them."""
    return tuple(_step(graph, node) for node in _in_order(graph))


def _in_order(graph: Graph) -> list[Node]:
    """Return what leads before what it leads to, one way after the other, loops back left out."""
    entries = [node.id for node in graph.entries()]
    starts = entries + [node for node in graph.nodes if node not in entries]
    forward = _forward_edges(graph, starts)
    open_ways = dict.fromkeys(graph.nodes, 0)
    for targets in forward.values():
        for target in targets:
            open_ways[target] += 1
    todo = [node for node in reversed(starts) if open_ways[node] == 0]
    ordered = []
    while todo:
        node = todo.pop()
        ordered.append(graph.nodes[node])
        for target in reversed(forward[node]):
            open_ways[target] -= 1
            if open_ways[target] == 0:
                todo.append(target)
    return ordered


def _forward_edges(graph: Graph, starts: list[str]) -> dict[str, list[str]]:
    """Return node → where it leads, without the edges that close a loop."""
    forward: dict[str, list[str]] = {}
    under_way: set[str] = set()
    for start in starts:
        path = [(start, _after(graph, start))] if start not in forward else []
        forward.setdefault(start, [])
        while path:
            node, following = path[-1]
            under_way.add(node)
            target = next(following, None)
            if target is None:
                under_way.discard(path.pop()[0])
            elif target not in under_way:
                forward[node].append(target)
                if target not in forward:
                    forward[target] = []
                    path.append((target, _after(graph, target)))
    return forward


def _after(graph: Graph, node: str) -> Iterator[str]:
    """Yield where a token can go next: events on the border first, then flows as drawn."""
    for other in graph.boundaries(node):
        yield other.id
        if other.handler is not None:
            yield other.handler
    yield from (flow.target for flow in graph.outgoing(node) if flow.target in graph.nodes)


def _step(graph: Graph, node: Node) -> OutlineStep:
    return OutlineStep(
        element=node.id,
        name=node.name,
        kind=words_for(graph, node),
        tag=node.kind,
        lane=node.lane,
        next=tuple(_next(graph, node)),
        steps=outline_of_graph(node.graph) if node.graph is not None else (),
        process=node.extensions.process,
        attached_to=node.attached_to,
    )


def _next(graph: Graph, node: Node) -> Iterator[NextStep]:
    handler = graph.nodes.get(node.handler or "")
    if handler is not None:
        yield NextStep(flow="", when="", element=handler.id, name=handler.name)
    for flow in graph.outgoing(node.id):
        target = graph.nodes.get(flow.target)
        yield NextStep(
            flow=flow.id,
            when=flow.name,
            element=flow.target,
            name=target.name if target is not None else "",
        )


def _by_event(node: Node) -> str:
    starts = node.graph.entries() if node.graph is not None else []
    undoing = any(start.trigger.kind == "compensate" for start in starts)
    return UNDOING if undoing else BY_EVENT


def _awaited(node: Node) -> str:
    """Return what an event waits for: one kind of thing, or any or all of several."""
    several = len(node.triggers) > 1
    return ("all" if node.together else "any") if several else node.trigger.kind


def words_for(graph: Graph, node: Node) -> str:
    """Return the kind of an element in words, as a msgid."""
    plain = WORDS.get(node.kind, node.kind)
    if node.by_event:
        return _by_event(node)
    if node.kind in {"intermediateThrowEvent", "endEvent"}:
        return THROWN.get(node.trigger.kind, plain)
    if node.kind == "boundaryEvent":
        return MEANWHILE.get(_awaited(node), plain)
    if node.kind in {"intermediateCatchEvent", "receiveTask"}:
        return WAITS.get(_awaited(node), plain)
    merges = node.kind.endswith("Gateway") and len(graph.outgoing(node.id)) == 1
    return MERGE if merges and len(graph.incoming(node.id)) > 1 else plain
