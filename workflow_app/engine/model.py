"""A diagram as plain values, read from BPMN 2.0.2 with the Camunda 8 vocabulary (design.md §2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """One `zeebe:input` or `zeebe:output`: a FEEL source and the name it is written to."""

    source: str
    target: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """How often an activity runs: multi-instance over a collection, or a standard loop."""

    sequential: bool
    collection: str | None
    element: str | None
    out_collection: str | None
    out_element: str | None
    completion: str | None
    cardinality: str | None
    standard: bool
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What an event waits for or throws.

    `kind` is the BPMN definition without its ending (“message”, “timer”, … or “none”); `name` is
    the message, signal or link name; `code` an error's or escalation's code; `form` of a timer is
    “date”, “duration” or “cycle” and `text` its text, or a condition's.
    """

    kind: str
    name: str = ""
    code: str | None = None
    correlation: str | None = None
    form: str = ""
    text: str = ""
    missing: str | None = None
    line: int = 0


NO_TRIGGER = Trigger(kind="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """The `zeebe:` elements of one flow node."""

    form: str | None = None
    assignee: str | None = None
    groups: str | None = None
    users: str | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    script: str | None = None
    decision: str | None = None
    result: str | None = None
    operation: str | None = None
    retries: str | None = None
    process: str | None = None
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node; `kind` is its BPMN tag, `graph` what a sub-process holds."""

    id: str
    kind: str
    name: str
    line: int
    lane: str | None
    extensions: Extensions
    triggers: tuple[Trigger, ...] = ()
    default: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    by_event: bool = False
    loop: Loop | None = None
    graph: Graph | None = None
    compensates: bool = False
    documentation: str = ""

    @property
    def trigger(self) -> Trigger:
        """The only trigger, or none."""
        return self.triggers[0] if self.triggers else NO_TRIGGER


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The flow nodes and flows of one process or sub-process."""

    id: str
    name: str
    line: int
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    executable: bool = True

    @cached_property
    def _leaving(self) -> Mapping[str, list[Flow]]:
        return _grouped(self.flows.values(), lambda flow: flow.source)

    @cached_property
    def _arriving(self) -> Mapping[str, list[Flow]]:
        return _grouped(self.flows.values(), lambda flow: flow.target)

    @cached_property
    def _attached(self) -> Mapping[str, list[Node]]:
        return _grouped(self.nodes.values(), lambda node: node.attached_to or "")

    def outgoing(self, node: str) -> list[Flow]:
        """Return the flows that leave a node, in document order."""
        return self._leaving.get(node, [])

    def incoming(self, node: str) -> list[Flow]:
        """Return the flows that reach a node, in document order."""
        return self._arriving.get(node, [])

    def boundaries(self, node: str) -> list[Node]:
        """Return the boundary events attached to a node."""
        return self._attached.get(node, [])

    def entries(self) -> list[Node]:
        """Return where a token starts: start events, else nodes that nothing leads to."""
        starts = [node for node in self.nodes.values() if node.kind == "startEvent"]
        return starts or [node for node in self.nodes.values() if self._begins(node)]

    def _begins(self, node: Node) -> bool:
        outside = node.by_event or node.compensates or node.attached_to is not None
        return not outside and node.trigger.kind != "link" and not self.incoming(node.id)

    def walk(self) -> Iterator[tuple[Graph, Node]]:
        """Yield every node with the graph it stands in, sub-processes included."""
        for node in self.nodes.values():
            yield self, node
            if node.graph is not None:
                yield from node.graph.walk()


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """One BPMN file: its processes, the folder's key and forms that stand inside it."""

    file: str
    folder: str
    processes: tuple[Graph, ...]
    forms: Mapping[str, str]
    unknown: tuple[tuple[str, str | None, int], ...] = ()
    doubles: tuple[tuple[str, int], ...] = ()
    messages: Mapping[str, str] = field(default_factory=dict)
