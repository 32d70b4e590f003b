"""BPMN file → `Diagram`: processes, nodes, flows, lanes and what they refer to."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from workflow_app.engine.data_reading import declared, read_associations
from workflow_app.engine.documents import (
    BPMN,
    child,
    children,
    flag,
    line_of,
    read_xml,
    tag_of,
    text_of,
)
from workflow_app.engine.extensions import (
    read_extensions,
    user_task_forms,
    version_tag,
)
from workflow_app.engine.model import Diagram, Flow, Graph, Node
from workflow_app.engine.repeating import BEHAVIOURS, read_ad_hoc, read_loop
from workflow_app.engine.triggers import References, read_triggers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "businessRuleTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "callActivity",
    }
)
CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | CONTAINERS
GATEWAYS = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})
THROWS = frozenset({"intermediateThrowEvent", "endEvent"})
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
NODES = ACTIVITIES | GATEWAYS | CATCHES | THROWS
SILENT = frozenset(
    {
        "sequenceFlow",
        "laneSet",
        "extensionElements",
        "documentation",
        "incoming",
        "outgoing",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "textAnnotation",
        "association",
        "group",
        "property",
        "ioSpecification",
        "dataInputAssociation",
        "dataOutputAssociation",
        "auditing",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "correlationSubscription",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "resourceRole",
        "performer",
        "potentialOwner",
        "humanPerformer",
        "completionCondition",
        "supports",
    }
)


def read_diagram(file: str, text: str) -> Diagram:
    """Read one file; raises UnreadableXml. `folder` is the key its forms and tables stand under."""
    root = read_xml(text)
    references = References.of(root)
    parts = file.split("/")
    found = tuple(_process(element, references) for element in children(root, "process"))
    tasks = children(root, *GLOBAL_TASKS)
    return Diagram(
        file=file,
        folder=parts[-2] if len(parts) > 1 else "",
        processes=found,
        forms=user_task_forms(root),
        unknown=tuple(_unknown(root)),
        doubles=tuple(_doubles(root)),
        messages=references.message_names(),
        tasks=tuple(_global_task(element, references) for element in tasks),
    )


def _global_task(element: etree._Element, references: References) -> Graph:
    """Return a global task as a graph of one node, to be called like a process (§10.3.2)."""
    node = replace(_node(element, references, {}, None), kind=GLOBAL_TASKS[tag_of(element) or ""])
    return Graph(
        id=node.id,
        name=node.name,
        line=node.line,
        nodes={node.id: node},
        flows={},
        executable=False,
    )


def _unknown(root: etree._Element) -> list[tuple[str, str | None, int]]:
    """Flow elements of kinds nobody here knows: (tag, id, line)."""
    holders = root.iter(f"{{{BPMN}}}process", *(f"{{{BPMN}}}{tag}" for tag in CONTAINERS))
    found = []
    for holder in holders:
        for element in holder.iterchildren("*"):
            tag = tag_of(element)
            known = tag is None or tag in NODES or tag in SILENT
            if not known and not str(tag).endswith("EventDefinition"):
                found.append((str(tag), element.get("id"), line_of(element)))
            found += _odd_attributes(element)
    return found


def _odd_attributes(element: etree._Element) -> list[tuple[str, str | None, int]]:
    """Return settings that change the meaning and cannot be read: quantities, loop behaviour."""
    many = child(element, "multiInstanceLoopCharacteristics")
    behaviour = many.get("behavior", "All") if many is not None else "All"
    odd = [
        f"{name}={element.get(name)}"
        for name in ("startQuantity", "completionQuantity")
        if not re.fullmatch(r"0*[1-9]\d{0,3}", element.get(name, "1"), re.ASCII)
    ]
    odd += [f"behavior={behaviour}"] if behaviour not in BEHAVIOURS else []
    return [(name, element.get("id"), line_of(element)) for name in odd]


def _doubles(root: etree._Element) -> list[tuple[str, int]]:
    """Ids that stand more than once among the BPMN elements: (id, line of the later one)."""
    seen: set[str] = set()
    found = []
    for element in root.iter(f"{{{BPMN}}}*"):
        key = element.get("id")
        if key in seen and key:
            found.append((key, line_of(element)))
        seen.add(key or "")
    return found


def _process(element: etree._Element, references: References) -> Graph:
    graph = _graph(element, references, {}, None)
    executable = flag(element, "isExecutable")
    return replace(graph, executable=executable, version_tag=version_tag(element))


def _lanes(element: etree._Element) -> dict[str, str]:
    """Node id → name of the innermost lane it stands in."""
    found: dict[str, str] = {}
    for lane_set in children(element, "laneSet", "childLaneSet"):
        for lane in children(lane_set, "lane"):
            name = (lane.get("name") or "").strip()
            if name:
                found |= {text_of(ref): name for ref in children(lane, "flowNodeRef")}
            found |= _lanes(lane)
    return found


def _graph(
    element: etree._Element, references: References, lanes: dict[str, str], lane: str | None
) -> Graph:
    nodes: dict[str, Node] = {}
    lanes = lanes | _lanes(element)  # a sub-process may have lanes of its own
    for part in element:
        if tag_of(part) in NODES:
            node = _node(part, references, lanes, lane)
            nodes[node.id] = node
    nodes |= {node.id: node for node in _with_handlers(nodes, references)}
    return Graph(
        id=element.get("id", ""),
        name=(element.get("name") or "").strip(),
        line=line_of(element),
        nodes=nodes,
        flows=_flows(element),
        data=declared(element, references.data),
    )


def _with_handlers(nodes: dict[str, Node], references: References) -> Iterator[Node]:
    """Yield the compensation boundary events with the activity that each points to."""
    for node in nodes.values():
        if node.kind == "boundaryEvent" and node.waits_for("compensate"):
            ends = [nodes.get(key) for key in references.associated.get(node.id, ())]
            handlers = [end.id for end in ends if end is not None and end.compensates]
            yield replace(node, handler=handlers[0] if handlers else None)


def _flows(element: etree._Element) -> dict[str, Flow]:
    return {flow.id: flow for flow in map(_flow, children(element, "sequenceFlow"))}


def _flow(element: etree._Element) -> Flow:
    condition = child(element, "conditionExpression")
    return Flow(
        id=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        condition=text_of(condition) if condition is not None else None,
        name=(element.get("name") or "").strip(),
        line=line_of(element),
    )


def _node(
    element: etree._Element, references: References, lanes: dict[str, str], lane: str | None
) -> Node:
    kind = tag_of(element) or ""
    own_lane = lanes.get(element.get("id", ""), lane)
    inner = _graph(element, references, lanes, own_lane) if kind in CONTAINERS else None
    return Node(
        id=element.get("id") or f"{kind}-{line_of(element)}",
        kind=kind,
        name=(element.get("name") or "").strip(),
        line=line_of(element),
        lane=own_lane,
        extensions=read_extensions(element),
        triggers=read_triggers(element, references),
        default=element.get("default"),
        attached_to=element.get("attachedToRef"),
        interrupting=_interrupting(element),
        by_event=flag(element, "triggeredByEvent"),
        loop=read_loop(element, references),
        graph=inner,
        compensates=flag(element, "isForCompensation"),
        takes=_quantity(element, "startQuantity"),
        gives=_quantity(element, "completionQuantity"),
        ad_hoc=read_ad_hoc(element) if kind == "adHocSubProcess" else None,
        together=_together(element),
        instantiates=flag(element, "instantiate"),
        activation=text_of(child(element, "activationCondition")) or None,
        documentation=text_of(child(element, "documentation")),
        data=declared(element, references.data),
        associations=tuple(read_associations(element, references.data)),
    )


def _together(element: etree._Element) -> bool:
    """Say whether all of several events are needed rather than any."""
    return flag(element, "parallelMultiple") or element.get("eventGatewayType") == "Parallel"


def _quantity(element: etree._Element, name: str) -> int:
    """Return a number of tokens; what is none is reported by `_odd_attributes`."""
    said = element.get(name, "1")
    return int(said) if said.isdecimal() and said.isascii() else 1


def _interrupting(element: etree._Element) -> bool:
    return all(flag(element, name, default=True) for name in ("cancelActivity", "isInterrupting"))
