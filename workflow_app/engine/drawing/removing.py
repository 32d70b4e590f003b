"""Steps that go: out of the file, or to another place in it; their neighbours are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.documents import BPMN, text_of
from workflow_app.engine.drawing.adding import place_behind, wire
from workflow_app.engine.drawing.lanes import list_in
from workflow_app.engine.drawing.moving import follow
from workflow_app.engine.drawing.picture import picture_of
from workflow_app.engine.drawing.placing import joined
from workflow_app.engine.drawing.shapes import Box, tidy
from workflow_app.engine.drawing.wiring import add_flow, drop_flow, turn

if TYPE_CHECKING:
    from lxml import etree

    from workflow_app.engine.drawing.sheet import Sheet

FORKS = N_("Several ways lead on from this step. Take connections away until one is left.")
LEADS_NOWHERE = N_("Only a step with one way in and one way out can be moved.")
NOT_THERE = N_("A step cannot be moved onto a way to or from itself.")
OTHER_LEVEL = N_("A step can only be moved within its own group of steps.")
LINES = ("messageFlow", "association", "dataInputAssociation", "dataOutputAssociation")


def remove_step(sheet: Sheet, key: str) -> None:
    """Take a step away with what hangs on it; what led to it leads to what followed it.

    Raises NotFound, and Invalid where several ways lead on.
    """
    step = sheet.get(key)
    if len(sheet.leaving(key)) > 1:
        raise Invalid(FORKS)
    for event in sheet.boundaries(key):
        for flow in sheet.leaving(event.get("id", "")):
            drop_flow(sheet, flow)
        _erase(sheet, event)
    _join(sheet, key)
    for flow in [*sheet.arriving(key), *sheet.leaving(key)]:
        drop_flow(sheet, flow)
    _erase(sheet, step)


def _join(sheet: Sheet, key: str) -> None:
    """Let every way into a step lead to what follows it, along the line that was there."""
    onward = sheet.leaving(key)
    if not onward or not sheet.arriving(key):
        return
    target = sheet.get(onward[0].get("targetRef", ""))
    picture = picture_of(sheet, key)
    rest = picture.lines.get(onward[0].get("id", "")) if picture is not None else None
    drop_flow(sheet, onward[0])
    for flow in sheet.arriving(key):
        turn(sheet, flow, "targetRef", target)
        line = picture.lines.get(flow.get("id", "")) if picture is not None else None
        if picture is not None and line and rest:
            points = tidy(joined(line, rest, picture.boxes[key].middle))
            picture.draw(flow.get("id", ""), points)


def _erase(sheet: Sheet, element: etree._Element) -> None:
    """Take an element out of file, lanes and picture, with everything inside it."""
    inside = {one.get("id") for one in element.iter(f"{{{BPMN}}}*") if one.get("id")}
    for tag in LINES:
        for line in list(sheet.root.iter(f"{{{BPMN}}}{tag}")):
            ends = {line.get("sourceRef", ""), line.get("targetRef", "")}
            ends |= {text_of(one) for one in line}
            if {end.rpartition(":")[2] for end in ends} & inside and line.get("id") not in inside:
                _undraw(sheet, line.get("id", ""))
                sheet.remove(line)
    for key in inside:
        list_in(sheet, str(key), None)
        _undraw(sheet, str(key))
    sheet.remove(element)


def _undraw(sheet: Sheet, key: str) -> None:
    drawn = sheet.drawing(key)
    if drawn is not None:
        sheet.remove(drawn)


def move_step(sheet: Sheet, key: str, way: str) -> None:
    """Move a step with one way in and one way out onto another way. Raises NotFound, Invalid."""
    step, flow = sheet.get(key), sheet.get(way)
    arriving, leaving = sheet.arriving(key), sheet.leaving(key)
    if len(arriving) != 1 or len(leaving) != 1:
        raise Invalid(LEADS_NOWHERE)
    if key in {flow.get("sourceRef"), flow.get("targetRef")}:
        raise Invalid(NOT_THERE)
    if flow.getparent() is not step.getparent():
        raise Invalid(OTHER_LEVEL)
    _join(sheet, key)
    before = flow.get("sourceRef", "")
    target = sheet.get(flow.get("targetRef", ""))
    turn(sheet, flow, "targetRef", step)
    onward = add_flow(sheet, step, target)
    picture = picture_of(sheet, key)
    if picture is None or before not in picture.boxes:
        return
    old = {one: picture.boxes[one] for one in (key, *picture.hanging(key)) if one in picture.boxes}
    hanging = {one: (box.x - old[key].x, box.y - old[key].y) for one, box in old.items()}
    place_behind(picture, before, key, way)
    new = picture.boxes[key]
    for one, (x, y) in hanging.items():
        if one != key:
            picture.place(one, Box(new.x + x, new.y + y, old[one].width, old[one].height))
    follow(picture, key, new)
    wire(picture, key, way, onward.get("id", ""))
