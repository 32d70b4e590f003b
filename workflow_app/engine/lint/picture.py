"""Checks of what is seen: lanes, pools, message flows, shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import BPMN, children, line_of, read_xml, text_of
from workflow_app.engine.lint.rules.files import DRAWN_ONLY, NOT_DRAWN
from workflow_app.engine.lint.rules.shape import (
    LANE_REFERENCE,
    MESSAGE_FLOW,
    MESSAGE_FLOW_END,
    POOL_REFERENCE,
    TWO_LANES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.model import Diagram, Flow, Graph, Node

INTERCHANGE = "http://www.omg.org/spec/BPMN/20100524/DI"


def check_picture(report: Report) -> None:
    """Run the checks over every diagram that holds a process that runs."""
    for diagram in (one for one in report.library.diagrams if report.is_asked(one.file)):
        graphs = [graph for held, graph in report.library.running() if held is diagram]
        if graphs:
            root = read_xml(report.library.source.files[diagram.file])
            ids = {str(e.get("id")) for e in root.iter(f"{{{BPMN}}}*") if e.get("id")}
            for process in children(root, "process"):
                _check_lanes(report, diagram, process)
            _check_pools(report, diagram, root, ids)
            _check_shapes(report, diagram, root, graphs, ids)


def _check_lanes(report: Report, diagram: Diagram, process: etree._Element) -> None:
    """Look whether each node is listed by one lane, and perhaps by those around that lane."""
    seen: dict[str, etree._Element] = {}
    held = {element.get("id") for element in process.iter(f"{{{BPMN}}}*")}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for reference in children(lane, "flowNodeRef"):
            node = text_of(reference)
            before = seen.setdefault(node, lane)
            if lane not in {before, *before.iterdescendants()}:
                one, other = _name(before), _name(lane)
                told = {"name": node, "one": one, "other": other}
                report.add(TWO_LANES, diagram.file, node, line_of(reference), **told)
            if node not in held:
                told = {"lane": _name(lane), "node": node}
                report.add(LANE_REFERENCE, diagram.file, lane.get("id"), line_of(reference), **told)


def _name(element: etree._Element) -> str:
    return element.get("name") or element.get("id") or ""


def _check_pools(report: Report, diagram: Diagram, root: etree._Element, ids: set[str]) -> None:
    homes = _homes(root)
    for pool in root.iter(f"{{{BPMN}}}participant"):
        process = pool.get("processRef")
        if process and process.rpartition(":")[2] not in ids:
            told = {"name": _name(pool), "process": process}
            report.add(POOL_REFERENCE, diagram.file, pool.get("id"), line_of(pool), **told)
    for flow in root.iter(f"{{{BPMN}}}messageFlow"):
        source, target = (flow.get(end, "").rpartition(":")[2] for end in ENDS)
        told = {"source": source, "target": target}
        if not {source, target} <= ids:
            report.add(MESSAGE_FLOW_END, diagram.file, flow.get("id"), line_of(flow), **told)
        elif homes.get(source) is not None and homes.get(source) == homes.get(target):
            report.add(MESSAGE_FLOW, diagram.file, flow.get("id"), line_of(flow), **told)


def _homes(root: etree._Element) -> dict[str, str]:
    """Return element or pool id → the process it belongs to."""
    homes = {
        str(element.get("id")): process.get("id", "")
        for process in children(root, "process")
        for element in process.iter(f"{{{BPMN}}}*")
    }
    for pool in root.iter(f"{{{BPMN}}}participant"):
        homes[pool.get("id", "")] = pool.get("processRef", "").rpartition(":")[2] or pool.get(
            "id", ""
        )
    return homes


def _check_shapes(
    report: Report, diagram: Diagram, root: etree._Element, graphs: list[Graph], ids: set[str]
) -> None:
    drawn = {}
    for shape in root.iter(f"{{{INTERCHANGE}}}BPMNShape", f"{{{INTERCHANGE}}}BPMNEdge"):
        drawn[shape.get("bpmnElement", "").rpartition(":")[2]] = shape
    for key, shape in drawn.items():
        if key not in ids:
            report.add(DRAWN_ONLY, diagram.file, key, line_of(shape), id=key)
    for graph in _levels(graphs):
        parts: dict[str, Node | Flow] = {**graph.nodes, **graph.flows}
        # What is folded up has no shapes at all; a drawn neighbour makes a missing one a mistake.
        if drawn.keys() & parts.keys():
            for key in parts.keys() - drawn.keys():
                named = parts[key].name or key
                report.add(NOT_DRAWN, diagram.file, key, parts[key].line, name=named)


def _levels(graphs: list[Graph]) -> Iterator[Graph]:
    for graph in graphs:
        yield graph
        yield from (node.graph for _, node in graph.walk() if node.graph is not None)


ENDS = ("sourceRef", "targetRef")
