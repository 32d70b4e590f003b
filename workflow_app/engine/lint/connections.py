"""Checks of flows and events: what may lead where, and which event may stand where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.lint.report import Place, Report, places
from workflow_app.engine.lint.rules.events import (
    ALWAYS,
    KIND,
    LINK_SOURCE,
    NAMELESS,
    REFERENCE,
    SHARED_TARGET,
    WAITS_FOR_NOTHING,
)
from workflow_app.engine.lint.rules.files import TWO_DECISIONS, TWO_PROCESSES
from workflow_app.engine.lint.rules.shape import (
    CROSSING,
    DANGLING,
    DEFAULT_ELSEWHERE,
    DOUBLE_FLOW,
    INTO_START,
    OUT_OF_END,
)

if TYPE_CHECKING:
    from workflow_app.engine.model import Diagram, Flow, Graph, Node, Trigger

#: Where BPMN 2.0.2 allows which triggers (table 10.93); starts of processes have their own rule.
ALLOWED = {
    "intermediateCatchEvent": frozenset({"message", "timer", "conditional", "link", "signal"}),
    "boundaryEvent": frozenset(
        {
            *("message", "timer", "error", "escalation", "cancel", "compensate"),
            *("conditional", "signal"),
        }
    ),
    "intermediateThrowEvent": frozenset({"message", "escalation", "compensate", "link", "signal"}),
    "endEvent": frozenset(
        {"message", "error", "escalation", "cancel", "compensate", "signal", "terminate"}
    ),
    "startEvent": frozenset(
        {"message", "timer", "error", "escalation", "compensate", "conditional", "signal"}
    ),
}
ALWAYS_INTERRUPT = frozenset({"error", "cancel"})
BEHIND_GATEWAY = frozenset({"message", "timer", "signal", "conditional"})
CHOOSING = frozenset({"exclusiveGateway", "eventBasedGateway", "inclusiveGateway"})
NAMED = frozenset({"message", "signal"})


def check_connections(report: Report) -> None:
    """Run the checks over every process that runs."""
    for diagram, process in report.library.running():
        held = {node.id for _, node in process.walk()}
        held |= {node.id for graph in diagram.processes for _, node in graph.walk()}
        for graph in _levels(process):
            for flow in graph.flows.values():
                _check_flow(report, diagram, graph, flow, held)
    for place in places(report.library):
        _check_node(report, place)
        _check_event(report, place)
        for trigger in place.node.triggers:
            _check_trigger(report, place, trigger)
    _check_twice(report)


def _levels(process: Graph) -> list[Graph]:
    inside = [node.graph for _, node in process.walk() if node.graph is not None]
    return [process, *inside]


def _check_flow(report: Report, diagram: Diagram, graph: Graph, flow: Flow, held: set[str]) -> None:
    told = {"source": flow.source, "target": flow.target}
    ends = {flow.source, flow.target}
    if not ends <= graph.nodes.keys():
        if all(ends):  # an attribute that is missing has a finding of its own
            rule = CROSSING if ends <= held else DANGLING
            report.add(rule, diagram.file, flow.id, flow.line, **told)
        return
    source, target = graph.nodes[flow.source], graph.nodes[flow.target]
    if _only_begins(target):
        named = {"name": target.name or target.id}
        report.add(INTO_START, diagram.file, flow.id, flow.line, **named)
    if _only_ends(source):
        named = {"name": source.name or source.id}
        report.add(OUT_OF_END, diagram.file, flow.id, flow.line, **named)
    twins = [other for other in graph.outgoing(source.id) if other.target == target.id]
    plain = not any(other.condition for other in twins) and source.kind not in CHOOSING
    if plain and flow in twins[1:]:
        report.add(DOUBLE_FLOW, diagram.file, flow.id, flow.line, **told)


def _only_begins(node: Node) -> bool:
    link = node.kind == "intermediateCatchEvent" and node.trigger.kind == "link"
    return link or node.by_event or node.kind in {"startEvent", "boundaryEvent"}


def _only_ends(node: Node) -> bool:
    link = node.kind == "intermediateThrowEvent" and node.trigger.kind == "link"
    return link or node.by_event or node.kind == "endEvent"


def _check_node(report: Report, place: Place) -> None:
    node, graph = place.node, place.graph
    own = {flow.id for flow in graph.outgoing(node.id)}
    if node.default is not None and node.default not in own:
        report.node(DEFAULT_ELSEWHERE, place.diagram, node, flow=node.default)
    if node.kind == "eventBasedGateway":
        for flow in graph.outgoing(node.id):
            _check_behind_gateway(report, place, graph.nodes.get(flow.target))


def _check_behind_gateway(report: Report, place: Place, target: Node | None) -> None:
    if target is None:
        return
    gateway = place.node.name or place.node.id
    if len(place.graph.incoming(target.id)) > 1:
        report.node(SHARED_TARGET, place.diagram, target, gateway=gateway)
    for trigger in target.triggers if target.kind == "intermediateCatchEvent" else ():
        if trigger.kind in ALLOWED[target.kind] - BEHIND_GATEWAY:
            report.node(KIND, place.diagram, target, kind=trigger.kind)
    for event in place.graph.boundaries(target.id):  # BPMN 2.0.2 §10.6.6: none on receive tasks
        report.node(KIND, place.diagram, event, kind=event.trigger.kind)


def _check_event(report: Report, place: Place) -> None:
    node = place.node
    waits = node.kind in {"receiveTask", "intermediateCatchEvent"}
    if waits and not node.triggers:
        report.node(WAITS_FOR_NOTHING, place.diagram, node)
    if node.kind == "intermediateCatchEvent" and node.trigger.kind == "link":
        others = place.graph.nodes.values()
        if not any(_throws_link(other, node) for other in others):
            report.node(LINK_SOURCE, place.diagram, node, name=node.trigger.name or node.id)
    beside = node.kind in {"boundaryEvent", "startEvent"} and not node.interrupting
    if beside and node.trigger.kind in ALWAYS_INTERRUPT:
        report.node(ALWAYS, place.diagram, node, kind=node.trigger.kind)


def _throws_link(other: Node, node: Node) -> bool:
    throwing = other.kind == "intermediateThrowEvent" and other.trigger.kind == "link"
    return throwing and other.trigger.name == node.trigger.name


def _check_trigger(report: Report, place: Place, trigger: Trigger) -> None:
    node, diagram = place.node, place.diagram
    if trigger.kind == "definition":
        return  # nobody knows what it is; that it is missing has been said
    if trigger.kind not in ALLOWED.get(node.kind, {trigger.kind}):
        report.node(KIND, diagram, node, kind=trigger.kind)
    elif trigger.kind == "conditional" and not trigger.text:
        report.node(WAITS_FOR_NOTHING, diagram, node)
    elif trigger.kind in NAMED and trigger.missing is None and not trigger.name:
        report.node(NAMELESS, diagram, node, kind=trigger.kind)
    throws_error = node.kind == "endEvent" and trigger.kind == "error"
    if throws_error and trigger.code is None and trigger.missing is None:
        report.node(REFERENCE, diagram, node, kind="error", reference="")


def _check_twice(report: Report) -> None:
    """Report a process or decision whose id another file has too; the first file stands."""
    seen: dict[str, str] = {}
    for diagram, process in report.library.running():
        other = seen.setdefault(process.id, diagram.file)
        if other != diagram.file:
            told = {"id": process.id, "other": other}
            report.add(TWO_PROCESSES, diagram.file, process.id, process.line, **told)
    homes: dict[tuple[str, str], str] = {}
    for file, model in report.library.tables.items():
        for decision in model.decisions:
            folder = file.rpartition("/")[0]
            other = homes.setdefault((folder, decision), file)
            if other != file:
                told = {"id": decision, "other": other}
                report.add(TWO_DECISIONS, file, decision, None, **told)
