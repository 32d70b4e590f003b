"""Checks that errors thrown by end events are caught somewhere further out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.engine.lint.rules.events import UNCAUGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.model import Diagram, Graph, Node


@dataclass(frozen=True, slots=True)
class Level:
    """A graph and the node that holds it (None for a process)."""

    graph: Graph
    host: Node | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A node and the levels it stands in, the innermost first."""

    diagram: Diagram
    node: Node
    levels: tuple[Level, ...]


def check_errors(report: Report) -> None:
    """Warn of error end events whose error would stop the case."""
    library = report.library
    main = library.main()
    standing = [one for pair in library.running() for one in _standing(*pair)]
    for one in standing:
        trigger = one.node.trigger
        ends = one.node.kind == "endEvent" and trigger.kind == "error"
        if ends and not _is_caught(one, trigger.code, standing, main[1] if main else None):
            report.node(UNCAUGHT, one.diagram, one.node, error=trigger.code or trigger.name)


def _standing(diagram: Diagram, process: Graph) -> Iterator[Standing]:
    todo: list[tuple[Level, ...]] = [(Level(process, None),)]
    while todo:
        levels = todo.pop()
        for node in levels[0].graph.nodes.values():
            yield Standing(diagram, node, levels)
            if node.graph is not None:
                todo.append((Level(node.graph, node), *levels))


def _is_caught(
    one: Standing, code: str | None, standing: list[Standing], main: Graph | None
) -> bool:
    """Look outwards, then at every call of the process; the main process may end by an error."""
    if len(one.levels) == 1 and one.levels[0].graph is main:
        return True
    seen: set[str] = set()
    todo = [one]
    while todo:
        here = todo.pop()
        process = here.levels[-1].graph
        if _is_caught_inside(here, code):
            return True
        if process.id not in seen:
            seen.add(process.id)
            todo += [call for call in standing if call.node.extensions.process == process.id]
    return False


def _is_caught_inside(here: Standing, code: str | None) -> bool:
    node: Node | None = here.node
    for level in here.levels:
        if node is not None and _has_boundary(level.graph, node, code):
            return True
        if any(_handles(other, code) for other in _asked(level.graph, node)):
            return True
        node = level.host
    return False


def _asked(graph: Graph, node: Node | None) -> list[Node]:
    """Return what is asked beside a node: nothing beside what has interrupted the level."""
    if node is None or not node.by_event:
        return list(graph.nodes.values())
    inside = node.graph.entries() if node.graph is not None else []
    if any(start.interrupting for start in inside):
        return []
    return [other for other in graph.nodes.values() if other.id != node.id]


def _has_boundary(graph: Graph, node: Node, code: str | None) -> bool:
    return any(_catches(event, code) for event in graph.boundaries(node.id))


def _handles(node: Node, code: str | None) -> bool:
    inside = node.graph.entries() if node.by_event and node.graph is not None else []
    return any(_catches(start, code) for start in inside)


def _catches(event: Node, code: str | None) -> bool:
    return event.trigger.kind == "error" and event.trigger.code in (None, code)
