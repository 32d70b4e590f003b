"""Sequence flows: made, turned to another end, taken away, with what steps say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.documents import child, children, tag_of, text_of
from workflow_app.engine.drawing.picture import picture_of
from workflow_app.engine.drawing.placing import reroute
from workflow_app.engine.drawing.sheet import XSI

if TYPE_CHECKING:
    from lxml import etree

    from workflow_app.engine.drawing.sheet import Sheet

TO_START = N_("Nothing can lead to a start. Choose another step.")
FROM_END = N_("Nothing can follow an end. Choose another step.")
TO_BORDER = N_("An event on the border of a step happens by itself. Nothing can lead to it.")
LEVELS = N_("Both steps must stand in the same group of steps.")
TWICE = N_("There is such a connection already.")
ITSELF = N_("A step cannot lead to itself.")
TYPE = f"{{{XSI}}}type"


def add_flow(sheet: Sheet, source: etree._Element, target: etree._Element) -> etree._Element:
    """Make a flow between two steps of one level, beside the other flows."""
    parent = source.getparent()
    if parent is None:
        raise Invalid(LEVELS)
    one, other = source.get("id", ""), target.get("id", "")
    flow = sheet.make(
        parent,
        "bpmn:sequenceFlow",
        id=sheet.unique(f"{one}_to_{other}", "flow"),
        sourceRef=one,
        targetRef=other,
    )
    _mention(sheet, source, "outgoing", flow)
    _mention(sheet, target, "incoming", flow)
    return flow


def _mention(sheet: Sheet, step: etree._Element, name: str, flow: etree._Element) -> None:
    sheet.make_first(step, f"bpmn:{name}").text = flow.get("id")


def _forget(sheet: Sheet, step: etree._Element | None, name: str, flow: etree._Element) -> None:
    for held in list(children(step, name)) if step is not None else ():
        if text_of(held) == flow.get("id"):
            sheet.remove(held)


def turn(sheet: Sheet, flow: etree._Element, end: str, step: etree._Element) -> None:
    """Let a flow begin (“sourceRef”) or end (“targetRef”) at another step."""
    name = "outgoing" if end == "sourceRef" else "incoming"
    before = sheet.find(flow.get(end, ""))
    _forget(sheet, before, name, flow)
    if end == "sourceRef" and before is not None and before.get("default") == flow.get("id"):
        del before.attrib["default"]
    flow.set(end, step.get("id", ""))
    _mention(sheet, step, name, flow)


def drop_flow(sheet: Sheet, flow: etree._Element) -> None:
    """Take a flow away, from the picture too."""
    key = flow.get("id", "")
    picture = picture_of(sheet, key)
    if picture is not None:
        picture.drop(key)
    source = sheet.find(flow.get("sourceRef", ""))
    _forget(sheet, source, "outgoing", flow)
    _forget(sheet, sheet.find(flow.get("targetRef", "")), "incoming", flow)
    if source is not None and source.get("default") == key:
        del source.attrib["default"]
    sheet.remove(flow)


def connect(sheet: Sheet, source: str, target: str) -> etree._Element:
    """Lead from one step to another. Raises NotFound, Invalid."""
    one, other = sheet.get(source), sheet.get(target)
    check_ends(sheet, one, other)
    flow = add_flow(sheet, one, other)
    draw_flow(sheet, flow)
    return flow


def check_ends(sheet: Sheet, one: etree._Element, other: etree._Element) -> None:
    """Raise Invalid where no flow may lead from one step to another."""
    faults = (
        (tag_of(one) == "endEvent", FROM_END),
        (tag_of(other) == "startEvent", TO_START),
        (tag_of(other) == "boundaryEvent", TO_BORDER),
        (one is other, ITSELF),
        (one.getparent() is not other.getparent(), LEVELS),
        (
            any(f.get("targetRef") == other.get("id") for f in sheet.leaving(one.get("id", ""))),
            TWICE,
        ),
    )
    for wrong, told in faults:
        if wrong:
            raise Invalid(told)


def draw_flow(sheet: Sheet, flow: etree._Element) -> None:
    """Draw a flow where both its ends are drawn."""
    picture = picture_of(sheet, flow.get("sourceRef", ""))
    if picture is not None:
        reroute(picture, flow.get("id", ""))


def set_way(sheet: Sheet, flow: etree._Element, name: str, condition: str) -> None:
    """Write a flow's name and its condition; an empty one is taken away."""
    said(flow, "name", name)
    held = child(flow, "conditionExpression")
    if not condition:
        if held is not None:
            sheet.remove(held)
    else:
        if held is None:
            held = sheet.make(flow, "bpmn:conditionExpression")
            held.set(TYPE, f"{sheet.prefix}tFormalExpression")
        if text_of(held) != condition:
            held.text = condition
    picture = picture_of(sheet, flow.get("id", ""))
    if picture is not None:
        picture.relabel(flow.get("id", ""), name)


def said(element: etree._Element, name: str, value: str) -> None:
    """Write an attribute; an empty one is taken away, an equal one left as it is."""
    if not value:
        element.attrib.pop(name, "")
    elif element.get(name) != value:
        element.set(name, value)
