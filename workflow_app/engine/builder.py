"""Graph → SpiffWorkflow process specs made of our own task specs.

This is where what SpiffWorkflow misreads becomes an equivalent it runs: ids that collide with its
internal names, links, event sub-processes, several flows out of a task (engine.md §1, §2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.carrying import initial
from workflow_app.engine.expressions import formula
from workflow_app.engine.making import Maker
from workflow_app.engine.reach import backward, loop_groups
from workflow_app.engine.reader import ACTIVITIES
from workflow_app.engine.specs.complex import ComplexGateway
from workflow_app.engine.specs.element import Edge, Element
from workflow_app.engine.specs.events import Start
from workflow_app.engine.specs.gateways import InclusiveGateway, Join, ParallelGateway
from workflow_app.engine.specs.ledger import Undo
from workflow_app.engine.specs.process import ProcessSpec
from workflow_app.engine.specs.scopes import Container
from workflow_app.engine.texts import counted_flows

if TYPE_CHECKING:
    from workflow_app.engine.library import Library
    from workflow_app.engine.model import Diagram, Flow, Graph, Node

INSIDE = frozenset({"error", "escalation"})
RESERVED = frozenset({"Start", "End", "Root", "root"})
CONDITIONAL = "conditional"


class Builder:
    """Builds every process that the main one can reach, each once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.specs: dict[str, ProcessSpec] = {}

    def build(self, diagram: Diagram, graph: Graph) -> ProcessSpec:
        """Return the spec of a process; those it calls are built too."""
        if graph.id not in self.specs:
            self._graph(diagram, graph, graph.id, graph.id, shares=False)
        return self.specs[graph.id]

    def _graph(
        self, diagram: Diagram, graph: Graph, name: str, process: str, *, shares: bool
    ) -> ProcessSpec:
        spec = ProcessSpec(name, process, shares=shares)
        spec.objects = initial(graph.data)
        spec.gives = frozenset(item.name for item in graph.data if item.kind == "output")
        self.specs[name] = spec
        maker = Maker(self.library, diagram, spec, process)
        for node in graph.nodes.values():
            self._node(maker, node)
        maker.undoing(graph)
        for node in graph.nodes.values():
            _connect(spec, graph, node)
            _compensable(maker, graph, node)
        _prepare_entries(spec, graph)
        spec.restless = any(map(_is_restless, spec.task_specs.values()))
        return spec

    def _node(self, maker: Maker, node: Node) -> None:
        name = spec_name(node.id)
        body = f"{name}#" if node.loop is not None else name
        worker = maker.make(node, body)
        if node.loop is not None:
            maker.make_loop(node, name, body)
        if node.graph is not None:
            worker.inner = f"{maker.spec.name}:{node.id}"
            inner = node.graph
            self._graph(maker.diagram, inner, worker.inner, maker.process, shares=True)
            self.specs[worker.inner].ad_hoc = node.ad_hoc is not None
            if node.by_event:
                self._listen(maker, node)
        elif node.kind == "callActivity":
            worker.inner = node.extensions.process or ""
            called = self.library.process(worker.inner)
            if called is not None:
                self.build(*called)

    def _listen(self, maker: Maker, node: Node) -> None:
        """Let the starts of an event sub-process wait in the scope around it."""
        assert node.graph is not None  # noqa: S101 - the caller looked
        for start in node.graph.entries():
            if start.trigger.kind == "none":
                continue
            if start.trigger.kind == "compensate":
                maker.spec.compensator = spec_name(node.id)
                continue
            listener = maker.listener(start, f"{spec_name(start.id)}@{node.id}")
            listener.edges = (Edge("", spec_name(node.id)),)
            worker: Container = maker.spec.task_specs[spec_name(node.id)]
            worker.ends_scope = worker.ends_scope or listener.interrupting
            if listener.trigger.outside:
                maker.spec.listeners.append(listener)
            if any(part.kind in INSIDE for part in listener.trigger.each):
                maker.spec.handlers.append(listener)


def spec_name(element: str) -> str:
    """Return the name of an element's spec; SpiffWorkflow keeps some for itself (gotcha 6)."""
    return f"{element}~" if element in RESERVED or element.endswith(".EndJoin") else element


def _prepare_entries(spec: ProcessSpec, graph: Graph) -> None:
    """Note where tokens begin, by themselves or by a trigger."""
    for node in graph.entries():
        spec.entries[node.id] = spec.task_specs[spec_name(node.id)]
    triggered = (node for node in graph.entries() if graph.starts_case(node))
    spec.waiting_entries = frozenset(
        node.id for node in triggered if node.trigger.kind != "none" or node.instantiates
    )
    if not spec.shares:
        spec.ways = {way.key: spec.entries[way.entry.id] for way in graph.openings()}
        starts = (each for each in spec.entries.values() if isinstance(each, Start))
        spec.asked = tuple(start for start in starts if start.conditions)


def _connect(spec: ProcessSpec, graph: Graph, node: Node) -> None:
    own: Element = spec.task_specs[spec_name(node.id)]
    counted = counted_flows(graph, node)
    edges = {flow.id: _edge(flow, counted) for flow in graph.outgoing(node.id)}
    own.edges = tuple(edges.values())
    own.default = edges.get(node.default or "")
    own.takes, own.gives = node.takes, node.gives
    own.counts = node.kind in ACTIVITIES
    own.boundaries = tuple(spec.task_specs[spec_name(b.id)] for b in graph.boundaries(node.id))
    if node.kind == "intermediateThrowEvent" and node.trigger.kind == "link":
        own.edges = tuple(_link_edges(graph, node))
    if isinstance(own, Join):
        _prepare_join(own, graph, node)


def _compensable(maker: Maker, graph: Graph, node: Node) -> None:
    """Tell an activity's spec how what it did is undone."""
    name = spec_name(node.id)
    worker: Element = maker.spec.task_specs[f"{name}#" if node.loop is not None else name]
    handlers = [other.handler for other in graph.boundaries(node.id) if other.handler]
    handler = spec_name(handlers[0]) if handlers else None
    reopen = maker.reopened(node, worker) if isinstance(worker, Container) else None
    if (handler or reopen) and not node.compensates:
        worker.undo = Undo(handler, reopen)


def _edge(flow: Flow, counted: frozenset[str]) -> Edge:
    condition = formula(flow.condition, counted) if flow.condition else None
    return Edge(flow.id, spec_name(flow.target), condition)


def _link_edges(graph: Graph, node: Node) -> list[Edge]:
    """Return the flows that a pair of links stands for (BPMN 2.0.2 §10.5.5.4)."""
    return [
        Edge("", spec_name(other.id))
        for other in graph.nodes.values()
        if other.kind == "intermediateCatchEvent"
        and (other.trigger.kind, other.trigger.name) == ("link", node.trigger.name)
    ]


def _prepare_join(join: Join, graph: Graph, node: Node) -> None:
    flows = graph.incoming(node.id)
    join.incoming = tuple(flow.id for flow in flows)
    if isinstance(join, ComplexGateway) and node.activation:
        join.activation = formula(node.activation, counted_flows(graph, node))
    if isinstance(join, (ParallelGateway, ComplexGateway)):
        join.groups = loop_groups(graph, node.id)
    if isinstance(join, (InclusiveGateway, ComplexGateway)):
        join.reach = {
            flow.id: frozenset(map(spec_name, backward(graph, flow, node.id))) for flow in flows
        }


def _is_restless(spec: object) -> bool:
    kind = getattr(getattr(spec, "trigger", None), "kind", "")
    return isinstance(spec, (InclusiveGateway, ComplexGateway)) or kind == CONDITIONAL
