"""Checks of activities: compensation, transactions, ad-hoc sub-processes, repetition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.engine.lint.report import Place, Report
from workflow_app.engine.lint.rules.activities import (
    AD_HOC_EVENT,
    BEHAVIOUR,
    CANCEL_BOUNDARY,
    CANCEL_OUTSIDE,
    CANCEL_UNCAUGHT,
    COMPENSATES_NOTHING,
    COMPENSATION_FLOW,
    COUNT,
    ENDLESS_LOOP,
    HANDLER_IN_FLOW,
    HANDLER_UNUSED,
    NO_HANDLER,
    TWO_COMPENSATORS,
)
from workflow_app.engine.reader import THROWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.model import Diagram, Graph, Node

SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess", "callActivity"})
THROWN = frozenset({"signal", "message", "escalation", "error"})
WHOLE = re.compile(r"\d{1,9}", re.ASCII)
NEGATIVE = re.compile(r"=?\s*-\s*\d+\s*")
Levels = tuple[tuple["Graph", "Node | None"], ...]


def check_activities(report: Report) -> None:
    """Run the checks over every process that runs."""
    for diagram, process in report.library.running():
        _check_level(report, diagram, ((process, None),))


def _check_level(report: Report, diagram: Diagram, levels: Levels) -> None:
    """Check one graph; `levels` are the graphs from here outwards, each with what holds it."""
    graph = levels[0][0]
    compensators = [node for node in graph.nodes.values() if _compensates_scope(node)]
    for node in compensators[1:]:
        report.node(TWO_COMPENSATORS, diagram, node)
    for node in graph.nodes.values():
        place = Place(diagram, graph, node)
        _check_handler(report, place)
        _check_boundary(report, place)
        _check_throw(report, place, levels)
        _check_ad_hoc(report, place)
        _check_repetition(report, place)
        if node.graph is not None:
            _check_level(report, diagram, ((node.graph, node), *levels))


def _compensates_scope(node: Node) -> bool:
    starts = node.graph.entries() if node.by_event and node.graph is not None else []
    return any(start.trigger.kind == "compensate" for start in starts)


def _check_handler(report: Report, place: Place) -> None:
    node, graph = place.node, place.graph
    if not node.compensates:
        return
    if graph.incoming(node.id) or graph.outgoing(node.id):
        report.node(HANDLER_IN_FLOW, place.diagram, node)
    if all(other.handler != node.id for other in graph.nodes.values()):
        report.node(HANDLER_UNUSED, place.diagram, node)


def _check_boundary(report: Report, place: Place) -> None:
    node, graph = place.node, place.graph
    if node.kind != "boundaryEvent":
        return
    if node.waits_for("compensate"):
        if node.handler is None:
            report.node(NO_HANDLER, place.diagram, node)
        if graph.outgoing(node.id) and len(node.triggers) == 1:
            report.node(COMPENSATION_FLOW, place.diagram, node)
    host = graph.nodes.get(node.attached_to or "")
    if node.waits_for("cancel") and (host is None or host.kind != "transaction"):
        report.node(CANCEL_BOUNDARY, place.diagram, node)


def _check_throw(report: Report, place: Place, levels: Levels) -> None:
    node = place.node
    if node.kind not in THROWS:
        return
    if node.trigger.kind == "cancel":
        _check_cancel(report, place, levels)
    activity = node.trigger.activity
    if node.trigger.kind == "compensate" and activity and not _can_undo(activity, levels):
        report.node(COMPENSATES_NOTHING, place.diagram, node, activity=activity)


def _check_cancel(report: Report, place: Place, levels: Levels) -> None:
    around = [host for _, host in levels if host is not None and host.kind == "transaction"]
    if not around:
        report.node(CANCEL_OUTSIDE, place.diagram, place.node)
        return
    outer = next(graph for graph, _ in levels if around[0].id in graph.nodes)
    if not any(event.waits_for("cancel") for event in outer.boundaries(around[0].id)):
        report.node(CANCEL_UNCAUGHT, place.diagram, around[0])


def _can_undo(activity: str, levels: Levels) -> bool:
    """Say whether an activity is seen from a level and has something to be undone with."""
    for graph, host in _seen(levels):
        if host is not None and host.id == activity:
            return True
        node = graph.nodes.get(activity)
        if node is not None:
            handled = any(event.handler for event in graph.boundaries(activity))
            return not node.compensates and (handled or node.kind in SCOPES)
    return False


def _seen(levels: Levels) -> Iterator[tuple[Graph, Node | None]]:
    """Yield a level, and those around it as long as they are event sub-processes."""
    for level in levels:
        yield level
        if level[1] is None or not level[1].by_event:
            return


def _check_ad_hoc(report: Report, place: Place) -> None:
    inside = place.node.graph if place.node.ad_hoc is not None else None
    for node in inside.nodes.values() if inside is not None else ():
        if node.kind in {"startEvent", "endEvent"}:
            report.node(AD_HOC_EVENT, place.diagram, node)


def _check_repetition(report: Report, place: Place) -> None:
    node, loop = place.node, place.node.loop
    if loop is None:
        return
    count = (loop.cardinality or "").strip()
    if NEGATIVE.fullmatch(count) or (loop.standard and count and not WHOLE.fullmatch(count)):
        report.node(COUNT, place.diagram, node, count=count)
    if loop.standard and not loop.completion and not count:
        report.node(ENDLESS_LOOP, place.diagram, node)
    for event in loop.events:
        known = event.trigger.kind in THROWN and event.trigger.missing is None
        asked = loop.behaviour != "Complex" or bool(event.condition)
        if not (known and asked):
            report.node(BEHAVIOUR, place.diagram, node)
    if loop.behaviour == "Complex" and not loop.events:
        report.node(BEHAVIOUR, place.diagram, node)
