"""New steps: behind another, with their place in the picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.documents import tag_of
from workflow_app.engine.drawing.lanes import list_in, set_lane
from workflow_app.engine.drawing.picture import Picture, picture_of
from workflow_app.engine.drawing.placing import (
    ROW,
    free_row,
    holder_of,
    is_free,
    reroute,
    room_behind,
    size_for,
)
from workflow_app.engine.drawing.shapes import Box, pieces
from workflow_app.engine.drawing.sheet import put
from workflow_app.engine.drawing.wiring import (
    FROM_END,
    add_flow,
    check_ends,
    draw_flow,
    set_way,
    turn,
)
from workflow_app.engine.drawing.writing import describe, document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from workflow_app.engine.drawing.shapes import Point
    from workflow_app.engine.drawing.sheet import Sheet

#: What a new step is → its BPMN tag.
TAGS = {
    "user": "userTask",
    "decision": "businessRuleTask",
    "calculation": "scriptTask",
    "operation": "serviceTask",
    "call": "callActivity",
    "time": "intermediateCatchEvent",
    "message": "intermediateCatchEvent",
    "choice": "exclusiveGateway",
    "end": "endEvent",
}
WHICH = N_("Several ways lead on from there. Choose one of them.")
GOES_ON = N_("Something follows this step already. Only where nothing follows can there be an end.")


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A step to be: its kind (a key of TAGS), name, lane (an id) and details by name."""

    kind: str
    name: str
    lane: str = ""
    documentation: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def add_after(sheet: Sheet, after: str, new: New, way: str = "") -> str:
    """Add a step after another and return its id.

    `way` is the flow it stands on, “new” for a way of its own; needed where several ways lead on.
    Raises NotFound, Invalid.
    """
    before = sheet.get(after)
    flow = _way(sheet, before, new, way)
    step = _made(sheet, before, new)
    key = step.get("id", "")
    if flow is None:
        flow = add_flow(sheet, before, step)
        onward = None
    else:
        target = sheet.get(flow.get("targetRef", ""))
        turn(sheet, flow, "targetRef", step)
        onward = add_flow(sheet, step, target)
    _draw(sheet, before, step, flow, onward)
    return key


def _way(sheet: Sheet, before: etree._Element, new: New, way: str) -> etree._Element | None:
    """Return the flow on which a new step stands; None for a way of its own."""
    ways = sheet.leaving(before.get("id", ""))
    if tag_of(before) == "endEvent":
        raise Invalid(FROM_END)
    if new.kind == "end" and ways and not (way == "new" and splits(before)):
        raise Invalid(GOES_ON)
    if not ways or (way == "new" and splits(before)):
        return None
    found = [one for one in ways if one.get("id") == way] or ways
    if len(found) > 1:
        raise Invalid(WHICH)
    return found[0]


def splits(step: etree._Element) -> bool:
    """Tell whether several ways may lead on from a step."""
    return (tag_of(step) or "").endswith("Gateway")


def _made(sheet: Sheet, before: etree._Element, new: New) -> etree._Element:
    """Make the element behind the one it comes after, and list it in its lane."""
    parent = before.getparent()
    if parent is None:
        raise Invalid
    key = sheet.unique(new.name, new.kind)
    said = {"id": key} | ({"name": new.name} if new.name else {})
    step = sheet.make(parent, f"bpmn:{TAGS[new.kind]}", **said)
    sheet.remove(step)
    put(parent, step, parent.index(before) + 1)
    if new.documentation:
        document(sheet, step, new.documentation)
    if new.kind == "user":
        sheet.make(sheet.make_first(step, "bpmn:extensionElements"), "zeebe:userTask")
    describe(sheet, step, new.details)
    host = str(before.get("attachedToRef") or before.get("id"))
    list_in(sheet, key, sheet.lane_of(host))
    if new.lane and sheet.lane_of(host) is not None:
        set_lane(sheet, key, new.lane)
    return step


def _draw(
    sheet: Sheet,
    before: etree._Element,
    step: etree._Element,
    flow: etree._Element,
    onward: etree._Element | None,
) -> None:
    picture = picture_of(sheet, before.get("id", ""))
    if picture is None:
        return
    place_behind(picture, before.get("id", ""), step.get("id", ""), flow.get("id", ""))
    picture.label(step.get("id", ""), step.get("name", ""))
    wire(
        picture,
        step.get("id", ""),
        flow.get("id", ""),
        onward.get("id", "") if onward is not None else "",
    )


def place_behind(picture: Picture, before: str, key: str, flow: str) -> None:
    """Draw a step right of another, in its lane, where room is made for it."""
    size = size_for(picture.sheet.get(key).tag.rpartition("}")[2])
    at = picture.boxes.get(key)
    size = (at.width, at.height) if at is not None else size
    wish = _wish(picture, before, flow)
    x = room_behind(picture, before, size[0])
    lane = picture.sheet.lane_of(key)
    holder = lane.get("id") if lane is not None else None
    if holder not in picture.boxes:
        holder = holder_of(picture, before)
    straight = _on_line(picture, flow, Box(x, wish - size[1] / 2, *size), holder)
    place = straight or free_row(picture, holder, wish, x, size)
    picture.place(key, place)


def _wish(picture: Picture, before: str, flow: str) -> float:
    """Return the height a new step should have: its neighbour's, or that of a choice's way."""
    box = picture.boxes[before]
    points = picture.lines.get(flow, [])
    if len(points) < 2:
        return box.middle[1] + (ROW if picture.sheet.leaving(before)[1:] else 0)
    if not splits(picture.sheet.get(before)):
        return box.middle[1]
    levels = [one for one, other in pieces(points) if one[1] == other[1]]
    return levels[0][1] if levels else box.middle[1]


def _on_line(picture: Picture, flow: str, place: Box, holder: str | None) -> Box | None:
    """Return the place on the line itself if only that line goes through it."""
    area = picture.boxes.get(holder or "")
    inside = area is None or (area.y + 5 < place.y and place.bottom < area.bottom - 5)
    points = picture.lines.get(flow, [])
    if not inside or len(points) < 2:
        return None
    rest = picture.lines.pop(flow)
    free = is_free(picture, place)
    picture.lines[flow] = rest
    return place if free else None


def wire(picture: Picture, key: str, flow: str, onward: str) -> None:
    """Draw the flow to a new step, and the one on from it along the line that was there."""
    box, points = picture.boxes[key], picture.lines.get(flow, [])
    for number in range(len(points) - 1):
        cut = _cut_at(box, points[number], points[number + 1])
        if cut and onward:
            to_step, from_step = cut
            picture.draw(flow, [*points[: number + 1], to_step])
            picture.draw(onward, [from_step, *points[number + 1 :]])
            picture.label(onward, (picture.sheet.get(onward).get("name") or "").strip())
            return
    reroute(picture, flow)
    if onward:
        reroute(picture, onward)


def _cut_at(box: Box, one: Point, other: Point) -> tuple[Point, Point] | None:
    """Return where a level piece of a line enters and leaves a shape that stands on it."""
    if one[1] == other[1] == box.middle[1] and one[0] < box.x and box.right < other[0]:
        return (box.x, one[1]), (box.right, one[1])
    return None


def add_choice(
    sheet: Sheet, key: str, ways: tuple[tuple[str, str], tuple[str, str]], other: str
) -> None:
    """Give a new choice its ways: (name, condition) of the one, name of the other and its end.

    The way that goes on has the condition; the other is taken otherwise, and leads to the step
    `other`, or to an end of its own whose name is the second of its pair. Raises Invalid.
    """
    gateway = sheet.get(key)
    (name, condition), (name_2, end) = ways
    for flow in sheet.leaving(key):
        set_way(sheet, flow, name, condition)
    if other:
        target = sheet.get(other)
        check_ends(sheet, gateway, target)
        second = add_flow(sheet, gateway, target)
        draw_flow(sheet, second)
    else:
        made = add_after(sheet, key, New(kind="end", name=end), "new")
        second = sheet.arriving(made)[0]
    set_way(sheet, second, name_2, "")
    gateway.set("default", second.get("id", ""))


def add_boundary(
    sheet: Sheet, host: str, kind: str, name: str, details: Mapping[str, str], *, stops: bool
) -> str:
    """Add an event on the border of an activity, with an end behind it; return its id.

    `kind` is “time” or “message”; `stops` says whether the activity is given up when it happens.
    """
    step = sheet.get(host)
    parent = step.getparent()
    if parent is None:
        raise Invalid
    key = sheet.unique(name, f"{kind}_meanwhile")
    said = {"id": key, "name": name, "attachedToRef": host}
    said |= {} if stops else {"cancelActivity": "false"}
    event = sheet.make(parent, "bpmn:boundaryEvent", **said)
    sheet.remove(event)
    put(parent, event, parent.index(step) + 1)
    describe(sheet, event, details)
    list_in(sheet, key, sheet.lane_of(host))
    picture = picture_of(sheet, host)
    if picture is not None:
        picture.place(key, _on_border(picture, host))
        picture.label(key, name)
    return key


def _on_border(picture: Picture, host: str) -> Box:
    """Return a free place on the lower border of a shape, from its right corner on."""
    box = picture.boxes[host]
    taken = [picture.boxes[one] for one in picture.hanging(host) if one in picture.boxes]
    for number in range(40):
        place = Box(box.right - 48 - 42 * number % max(1, box.width), box.bottom - 18, 36, 36)
        if not any(place.meets(other) for other in taken):
            return place
    return Box(box.right - 48, box.y - 18, 36, 36)
