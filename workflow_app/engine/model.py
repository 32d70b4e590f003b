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
class InstanceEvent:
    """What is thrown when an instance completes, and when (None: always)."""

    trigger: Trigger
    condition: str | None = None


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
    test_before: bool = False
    behaviour: str = "All"
    events: tuple[InstanceEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdHoc:
    """How an ad-hoc sub-process runs: FEEL for when it is enough and for what is to be done."""

    sequential: bool
    condition: str | None
    cancels: bool
    active: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What an event waits for or throws.

    `kind` is the BPMN definition without its ending (“message”, “timer”, … or “none”); `name` is
    the message, signal or link name; `code` an error's or escalation's code; `form` of a timer is
    “date”, “duration” or “cycle” and `text` its text, or a condition's; `activity` is what a
    compensation is for, and `waits` whether the event waits until it is done.
    """

    kind: str
    name: str = ""
    code: str | None = None
    correlation: str | None = None
    form: str = ""
    text: str = ""
    missing: str | None = None
    activity: str | None = None
    waits: bool = True
    line: int = 0


NO_TRIGGER = Trigger(kind="none")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataItem:
    """A data object, data store, property, data input or output: a variable by its name.

    `kind` is “object”, “store”, “property”, “input” or “output”; of a store, `register` is the
    register behind it and `key` the FEEL text that picks one entry.
    """

    id: str
    kind: str
    name: str
    collection: bool = False
    register: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """A data association of a node (BPMN 2.0.2 §10.4.2); what is no more than drawn has no items.

    `missing` is a reference that leads nowhere although something is to be carried along it.
    """

    incoming: bool
    sources: tuple[DataItem, ...]
    target: DataItem | None
    transformation: str | None
    assignments: tuple[Assignment, ...]
    key: str | None
    missing: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """The `zeebe:` elements of one flow node.

    `tags` has the version tag to which “process”, “form” or “decision” is bound, if any.
    """

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
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node; `kind` is its BPMN tag, `graph` what a sub-process holds.

    `together`: all of several events are needed (parallel multiple, parallel event gateway);
    `instantiates`: a gateway or receive task that starts a process; `activation`: a complex
    gateway's condition; `handler`: what a compensation boundary event points to; `takes`, `gives`:
    startQuantity and completionQuantity; `compensates`: isForCompensation.
    """

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
    handler: str | None = None
    takes: int = 1
    gives: int = 1
    ad_hoc: AdHoc | None = None
    together: bool = False
    instantiates: bool = False
    activation: str | None = None
    documentation: str = ""
    data: tuple[DataItem, ...] = ()
    associations: tuple[Association, ...] = ()

    @property
    def trigger(self) -> Trigger:
        """The only trigger, or none."""
        return self.triggers[0] if self.triggers else NO_TRIGGER

    def waits_for(self, kind: str) -> bool:
        """Say whether a kind is among the triggers."""
        return any(trigger.kind == kind for trigger in self.triggers)


@dataclass(frozen=True, slots=True)
class Opening:
    """One way to begin a process: the trigger of an event, behind a gateway or not.

    `key` is the event's id, with “#” and a number where it has several triggers; `entry` is where
    the token begins.
    """

    key: str
    entry: Node
    node: Node
    trigger: Trigger


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The flow nodes and flows of one process or sub-process."""

    id: str
    name: str
    line: int
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    executable: bool = True
    data: tuple[DataItem, ...] = ()
    version_tag: str | None = None

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
        starts = [node for node in self.nodes.values() if self.starts_case(node)]
        return starts or [node for node in self.nodes.values() if self._begins(node)]

    def openings(self) -> Iterator[Opening]:
        """Yield every way to begin a process that the graph draws."""
        for entry in self.entries():
            if not self.starts_case(entry):
                yield Opening(entry.id, entry, entry, NO_TRIGGER)
                continue
            ends = [entry]
            if entry.instantiates and entry.kind == "eventBasedGateway":
                ends = [self.nodes[flow.target] for flow in self.outgoing(entry.id)]
            for node in ends:
                yield from _openings(entry, node)

    def starts_case(self, node: Node) -> bool:
        """Say whether the node is drawn to begin a process (BPMN 2.0.2 §13.2)."""
        return node.kind == "startEvent" or (node.instantiates and not self.incoming(node.id))

    def _begins(self, node: Node) -> bool:
        outside = node.by_event or node.compensates or node.attached_to is not None
        return not outside and node.trigger.kind != "link" and not self.incoming(node.id)

    def walk(self) -> Iterator[tuple[Graph, Node]]:
        """Yield every node with the graph it stands in, sub-processes included."""
        for node in self.nodes.values():
            yield self, node
            if node.graph is not None:
                yield from node.graph.walk()


def _openings(entry: Node, node: Node) -> Iterator[Opening]:
    if len(node.triggers) < 2:
        yield Opening(node.id, entry, node, node.trigger)
        return
    for number, trigger in enumerate(node.triggers):
        yield Opening(f"{node.id}#{number}", entry, node, trigger)


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
    tasks: tuple[Graph, ...] = ()

    @property
    def callable(self) -> tuple[Graph, ...]:
        """What a call activity can call: the processes, and the global tasks as graphs of one."""
        return (*self.processes, *self.tasks)
