"""Lanes: who stands where; added below the last one, renamed, and steps moved between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.documents import BPMN, child, children, text_of
from workflow_app.engine.drawing.moving import follow
from workflow_app.engine.drawing.picture import picture_of
from workflow_app.engine.drawing.placing import free_row
from workflow_app.engine.drawing.room import DOWN, make_room
from workflow_app.engine.drawing.shapes import Box
from workflow_app.engine.drawing.sheet import put
from workflow_app.engine.drawing.wiring import said

if TYPE_CHECKING:
    from lxml import etree

    from workflow_app.engine.drawing.picture import Picture
    from workflow_app.engine.drawing.sheet import Sheet

NO_POOL = N_("This diagram has no pool, so it cannot have lanes. Draw a pool around it first.")
INSIDE = N_("A step inside a group of steps stands in the lane of its group.")
HEIGHT, TITLE = 160, 30


def set_lane(sheet: Sheet, key: str, lane_key: str) -> None:
    """Let a step stand in a lane, with the events on its border. Raises NotFound, Invalid."""
    key = sheet.get(key).get("attachedToRef") or key  # an event on a border stands with its step
    lane, step = sheet.get(lane_key), sheet.get(key)
    before = sheet.lane_of(key)
    if before is lane:
        return
    if step.getparent() is not sheet.process_of(step):
        raise Invalid(INSIDE)
    for one in (step, *sheet.boundaries(key)):
        list_in(sheet, one.get("id", ""), lane)
    picture = picture_of(sheet, key)
    if picture is not None and lane_key in picture.boxes:
        _redraw(picture, key, lane_key)


def list_in(sheet: Sheet, key: str, lane: etree._Element | None) -> None:
    """List a step in a lane and in no other; None lists it nowhere."""
    for other in sheet.root.iter(f"{{{BPMN}}}lane"):
        for held in list(children(other, "flowNodeRef")):
            if text_of(held) == key:
                sheet.remove(held)
    if lane is not None:
        mention = sheet.make(lane, "bpmn:flowNodeRef")
        mention.text = key
        inner = child(lane, "childLaneSet")
        if inner is not None:
            sheet.remove(mention)
            put(lane, mention, lane.index(inner))


def _redraw(picture: Picture, key: str, lane_key: str) -> None:
    box = picture.boxes[key]
    hanging = [one for one in picture.hanging(key) if one in picture.boxes]
    before = {one: picture.boxes[one] for one in [key, *hanging]}
    picture.lift(before)
    place = free_row(picture, lane_key, box.middle[1], box.x, (box.width, box.height))
    picture.restore(before)
    follow(picture, key, place)


def add_lane(sheet: Sheet, process: etree._Element, name: str) -> str:
    """Add a lane below the last one and return its id. Raises Invalid where there is no pool.

    Where there was no lane at all the new one holds every step.
    """
    held = child(process, "laneSet")
    pool = _pool_of(sheet, process)
    if pool is None:
        raise Invalid(NO_POOL)
    first = held is None or child(held, "lane") is None
    if held is None:
        key = sheet.unique(f"lanes_{process.get('id')}", "lanes")
        held = sheet.make(process, "bpmn:laneSet", id=key)
        sheet.remove(held)
        put(process, held, _behind_notes(process))
    lane = sheet.make(held, "bpmn:lane", id=sheet.unique(f"lane_{name}", "lane"), name=name)
    key = lane.get("id", "")
    if first:
        for step in process:
            if child(step, "incoming") is not None or child(step, "outgoing") is not None:
                list_in(sheet, step.get("id", ""), lane)
    picture = picture_of(sheet, pool)
    if picture is not None:
        _draw_lane(picture, pool, key, first=first)
    return key


def rename_lane(sheet: Sheet, key: str, name: str) -> None:
    """Give a lane another name. Raises NotFound."""
    said(sheet.get(key), "name", name)


def _behind_notes(process: etree._Element) -> int:
    notes = list(children(process, "documentation", "extensionElements"))
    return process.index(notes[-1]) + 1 if notes else 0


def _pool_of(sheet: Sheet, process: etree._Element) -> str | None:
    key, pools = process.get("id"), sheet.root.iter(f"{{{BPMN}}}participant")
    own = (p.get("id") for p in pools if p.get("processRef", "").rpartition(":")[2] == key)
    return next(own, None)


def _draw_lane(picture: Picture, pool: str, key: str, *, first: bool) -> None:
    box = picture.boxes[pool]
    if first:
        picture.place(key, Box(box.x + TITLE, box.y, box.width - TITLE, box.height))
        return
    grown = [
        (one, other)
        for one, other in picture.boxes.items()
        if picture.kind(one) == "lane" and other.bottom == box.bottom
    ]
    make_room(picture, DOWN, box.bottom - 0.5, HEIGHT)
    for one, other in grown:
        picture.place(one, other)
    picture.place(key, Box(box.x + TITLE, box.bottom, box.width - TITLE, HEIGHT))
