"""A shape goes to another place: what hangs on it and the lines to it go along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.drawing.picture import move_label
from workflow_app.engine.drawing.placing import reroute
from workflow_app.engine.drawing.shapes import Box

if TYPE_CHECKING:
    from workflow_app.engine.drawing.picture import Picture
    from workflow_app.engine.drawing.shapes import Point


def follow(picture: Picture, key: str, place: Box) -> None:
    """Draw a shape at another place, with its border events and every line to them."""
    before = picture.boxes[key]
    across, down = place.x - before.x, place.y - before.y
    hanging = [one for one in picture.hanging(key) if one in picture.boxes]
    if picture.is_holder(key):
        _take_along(picture, key, across, down)
    picture.place(key, place)
    for one in hanging:
        box = picture.boxes[one]
        picture.place(one, Box(box.x + across, box.y + down, box.width, box.height))
    for line in list(picture.lines):
        redraw(picture, line, {key, *hanging}, (across, down))


def _take_along(picture: Picture, key: str, across: float, down: float) -> None:
    """Move what is drawn inside a group of steps, with the lines between."""
    inside = {one.get("id") for one in picture.elements[key].iter("*")} - {key}
    for one, box in list(picture.boxes.items()):
        if one in inside:
            picture.place(one, Box(box.x + across, box.y + down, box.width, box.height))
    for line, points in list(picture.lines.items()):
        if line in inside:
            picture.draw(line, [(x + across, y + down) for x, y in points])
            move_label(picture.edges[line], across, down)


def redraw(picture: Picture, line: str, moved: set[str], by: Point) -> None:
    """Draw a line anew of which an end was moved."""
    element = picture.elements.get(line)
    if element is None:
        return
    ends = [element.get(name, "").rpartition(":")[2] for name in ("sourceRef", "targetRef")]
    if not moved & set(ends):
        return
    if picture.kind(line) == "sequenceFlow":
        reroute(picture, line)
    elif picture.kind(line) == "messageFlow":
        _message_line(picture, line, *ends)
    else:
        points = list(picture.lines[line])
        for number, end in ((0, ends[0]), (-1, ends[1])):
            if end in moved:
                points[number] = (points[number][0] + by[0], points[number][1] + by[1])
        picture.draw(line, points)


def _message_line(picture: Picture, line: str, source: str, target: str) -> None:
    """Draw a message flow upright where one end is wide enough, else with one step."""
    if source not in picture.boxes or target not in picture.boxes:
        return
    one, other = picture.boxes[source], picture.boxes[target]
    narrow = one if one.width <= other.width else other
    down = other.y >= one.bottom
    x, to_x = one.middle[0], other.middle[0]
    if narrow is one and other.x < x < other.right:
        to_x = x
    elif narrow is other and one.x < to_x < one.right:
        x = to_x
    start, end = (one.bottom, other.y) if down else (one.y, other.bottom)
    half = (start + end) / 2
    points = [(x, start), (x, half), (to_x, half), (to_x, end)]
    picture.draw(line, [points[0], points[-1]] if x == to_x else points)
    element = picture.elements[line]
    picture.label(line, (element.get("name") or "").strip())
