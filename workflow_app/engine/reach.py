"""Who can reach whom in a graph, boundary events and links included."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow_app.engine.model import Flow, Graph


def predecessors(graph: Graph, node: str) -> list[str]:
    """Return the nodes a token can come from directly."""
    found = [flow.source for flow in graph.incoming(node)]
    here = graph.nodes.get(node)
    if here is None:
        return found
    if here.attached_to:
        found.append(here.attached_to)
    if here.trigger.kind == "link" and here.kind == "intermediateCatchEvent":
        found += [
            other.id
            for other in graph.nodes.values()
            if other.kind == "intermediateThrowEvent" and other.trigger.name == here.trigger.name
        ]
    return found


def backward(graph: Graph, flow: Flow, stop: str) -> set[str]:
    """Return the nodes from which a flow can be reached without passing `stop`."""
    seen: set[str] = set()
    todo = [flow.source]
    while todo:
        node = todo.pop()
        if node not in seen and node != stop:
            seen.add(node)
            todo += predecessors(graph, node)
    return seen


def loop_groups(graph: Graph, join: str) -> tuple[frozenset[str], ...]:
    """Split a join's flows into those that lead in from a start and those of its own loops."""
    entries = {node.id for node in graph.entries()}
    flows = graph.incoming(join)
    outer = frozenset(flow.id for flow in flows if backward(graph, flow, join) & entries)
    inner = frozenset(flow.id for flow in flows) - outer
    return tuple(group for group in (outer, inner) if group)


def forward(graph: Graph, starts: list[str]) -> set[str]:
    """Return every node that a token can come to from the starts."""
    following: dict[str, list[str]] = {}
    for node in graph.nodes:
        for before in predecessors(graph, node):
            following.setdefault(before, []).append(node)
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += following.get(node, [])
    return seen
