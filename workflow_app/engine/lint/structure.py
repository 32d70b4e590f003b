"""Checks of shape: kinds that do not run, flows that lead nowhere, nodes nobody reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.lint.report import Place, Report, places
from workflow_app.engine.lint.rules.events import (
    BEHIND_EVENTS,
    LINK,
    POINTLESS,
    REFERENCE,
    SEVERAL,
)
from workflow_app.engine.lint.rules.files import (
    DOUBLE,
    IGNORED,
    NEVER_BEGUN,
    NO_PROCESS,
    UNREADABLE,
)
from workflow_app.engine.lint.rules.shape import (
    DETACHED,
    EMPTY,
    INNER_START,
    NO_ACTIVATION,
    STARTS,
    TOP_START,
    UNREACHABLE,
)
from workflow_app.engine.reach import forward
from workflow_app.engine.reader import ACTIVITIES

if TYPE_CHECKING:
    from workflow_app.engine.model import Diagram, Graph, Node


TOGETHER = frozenset(
    {"message", "timer", "signal", "conditional", "escalation", "error", "terminate"}
)
FROM_INSIDE = frozenset({"error", "compensate"})
EVENTS_BEHIND = frozenset({"intermediateCatchEvent", "receiveTask"})
AUTOMATIC = frozenset(
    {"task", "manualTask", "scriptTask", "businessRuleTask", "serviceTask", "sendTask"}
)
TOP_STARTS = frozenset({"none", "message", "signal", "timer", "conditional"})


def check_structure(report: Report) -> None:
    """Run the checks of shape over every diagram."""
    library = report.library
    for broken in library.broken:
        report.add(UNREADABLE, broken.file, broken.element, broken.line, reason=broken.reason)
    if library.main() is None and not report.shelf:
        report.add(NO_PROCESS, library.source.key, None, None, key=library.source.key)
    for diagram in library.diagrams:
        _check_diagram(report, diagram)
    _check_idle(report)
    for diagram, process in library.running():
        _check_process(report, diagram, process)
    for place in places(library):
        _check_kind(report, place)
        _check_links(report, place)
        _check_boundary(report, place)
        _check_triggers(report, place)


def _check_diagram(report: Report, diagram: Diagram) -> None:
    for element, line in diagram.doubles:
        report.add(DOUBLE, diagram.file, element, line, id=element)


def _check_idle(report: Report) -> None:
    """Warn of executable processes of the folder that are not its own and that nobody calls."""
    found, own = report.library.main(), report.library.source.key
    called = {place.node.extensions.process for place in places(report.library)}
    for diagram, process in report.library.running():
        idle = diagram.folder == own and process.id not in called
        if found is not None and idle and process is not found[1]:
            told = {"name": process.name or process.id, "main": found[1].name or found[1].id}
            report.add(NEVER_BEGUN, diagram.file, process.id, process.line, **told)


def _check_process(report: Report, diagram: Diagram, process: Graph) -> None:
    graphs = [process, *(node.graph for _, node in process.walk() if node.graph is not None)]
    for graph in graphs:
        _check_graph(report, diagram, graph)
    for node in process.nodes.values():
        for trigger in node.triggers if node.kind == "startEvent" else ():
            if trigger.kind not in TOP_STARTS:
                report.node(TOP_START, diagram, node, kind=trigger.kind)


def _check_graph(report: Report, diagram: Diagram, graph: Graph) -> None:
    begun = [*graph.entries(), *(node for node in graph.nodes.values() if _begins(node))]
    reached = forward(graph, [node.id for node in begun])
    for node in graph.nodes.values():
        if node.id not in reached:
            report.node(UNREACHABLE, diagram, node)


def _begins(node: Node) -> bool:
    starts = node.kind == "startEvent" or node.instantiates
    return starts or node.by_event or node.compensates


def _check_kind(report: Report, place: Place) -> None:
    node, diagram = place.node, place.diagram
    joins = node.kind == "complexGateway" and len(place.graph.incoming(node.id)) > 1
    if joins and not node.activation:
        report.node(NO_ACTIVATION, diagram, node)
    for kind in node.extensions.unknown:
        report.node(IGNORED, diagram, node, kind=kind)
    if node.graph is not None:
        _check_inside(report, diagram, node, node.graph)


def _check_inside(report: Report, diagram: Diagram, node: Node, graph: Graph) -> None:
    starts = [inner for inner in graph.nodes.values() if inner.kind == "startEvent"]
    if node.by_event:
        if len(starts) != 1 or starts[0].trigger.kind == "none":
            report.node(STARTS, diagram, node)
        return
    if not graph.entries():
        report.node(EMPTY, diagram, node)
    for start in starts:
        if start.trigger.kind != "none":
            report.node(INNER_START, diagram, start)


def _check_links(report: Report, place: Place) -> None:
    node, graph = place.node, place.graph
    if node.kind == "intermediateThrowEvent" and node.trigger.kind == "link":
        targets = [other for other in graph.nodes.values() if _catches_link(other, node)]
        if len(targets) != 1:
            report.node(LINK, place.diagram, node, name=node.trigger.name or node.id)
    if node.kind == "eventBasedGateway":
        for flow in graph.outgoing(node.id):
            target = graph.nodes.get(flow.target)
            if target is not None and target.kind not in EVENTS_BEHIND:
                report.node(BEHIND_EVENTS, place.diagram, target)


def _catches_link(other: Node, node: Node) -> bool:
    catching = other.kind == "intermediateCatchEvent" and other.trigger.kind == "link"
    return catching and other.trigger.name == node.trigger.name


def _check_boundary(report: Report, place: Place) -> None:
    node = place.node
    if node.kind != "boundaryEvent":
        return
    host = place.graph.nodes.get(node.attached_to or "")
    if host is None or host.kind not in ACTIVITIES or host.by_event or not node.triggers:
        report.node(DETACHED, place.diagram, node)
    elif host.kind in AUTOMATIC and node.trigger.kind not in FROM_INSIDE:
        report.node(POINTLESS, place.diagram, node)


def _may_be_one(node: Node) -> bool:
    """Say whether the things an event waits for or throws may stand in one event.

    After an error nothing is left that could wait for the rest of a parallel multiple event.
    """
    kinds = {trigger.kind for trigger in node.triggers}
    if node.kind == "boundaryEvent" and not node.together:
        kinds = kinds - {"cancel", "compensate"}
    return kinds <= TOGETHER and not (node.together and "error" in kinds)


def _check_triggers(report: Report, place: Place) -> None:
    node = place.node
    if len(node.triggers) > 1 and not _may_be_one(node):
        report.node(SEVERAL, place.diagram, node)
    for trigger in node.triggers:
        if trigger.missing is not None:
            said = {"kind": trigger.kind, "reference": trigger.missing}
            report.node(REFERENCE, place.diagram, node, **said)
    for one in node.associations:
        if one.missing is not None:
            said = {"kind": "data", "reference": one.missing}
            report.node(REFERENCE, place.diagram, node, **said)
