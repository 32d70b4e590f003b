"""Where new steps go in a picture: a free row of their lane, room made where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.drawing.room import ACROSS, DOWN, make_room
from workflow_app.engine.drawing.routing import route
from workflow_app.engine.drawing.shapes import Box, pieces, strip

if TYPE_CHECKING:
    from workflow_app.engine.drawing.picture import Picture
    from workflow_app.engine.drawing.shapes import Point

GAP = 50
#: Between a row's shapes and the border of its lane, and between rows.
EDGE, ROW = 30, 110
EVENT, GATEWAY, STEP = (36.0, 36.0), (50.0, 50.0), (110.0, 80.0)


def size_for(kind: str) -> tuple[float, float]:
    """Return how wide and high a new shape is."""
    if kind.endswith("Event"):
        return EVENT
    return GATEWAY if kind.endswith("Gateway") else STEP


def room_behind(picture: Picture, source: str, width: float) -> float:
    """Make room for a shape right of another, in every lane; return where it begins."""
    end, need = picture.boxes[source].right, width + GAP
    if _free_behind(picture, source) < need + GAP / 2:
        make_room(picture, ACROSS, end + 1, need)
    return end + GAP


def _free_behind(picture: Picture, source: str) -> float:
    """Return how much is free right of a shape over the whole height of its pool."""
    box = picture.boxes[source]
    behind = [
        other.x - box.right
        for key, other in picture.obstacles(source)
        if other.middle[0] > box.right and not _hangs(picture, key, source)
    ]
    turns = [
        point[0] - box.right
        for points in picture.lines.values()
        for point in points[1:-1]
        if point[0] > box.right
    ]
    border = [
        holder.right - box.right
        for key, holder in picture.boxes.items()
        if picture.is_holder(key) and key != source and holder.holds(box.middle)
    ]
    return min([*behind, *turns, *border], default=10_000)


def _hangs(picture: Picture, key: str, host: str) -> bool:
    element = picture.elements.get(key)
    return element is not None and element.get("attachedToRef") == host


def free_row(
    picture: Picture, holder: str | None, wish: float, x: float, size: tuple[float, float]
) -> Box:
    """Return a free place that begins at `x`, as near to the height `wish` as there is one.

    Rows that the lane or group `holder` has already are tried first; where all are taken, it grows.
    """
    width, height = size
    area = picture.boxes.get(holder or "")
    for middle in _rows(picture, area, wish, height):
        box = Box(x, middle - height / 2, width, height)
        if is_free(picture, box):
            return box
    if area is None or holder is None:
        return Box(x, wish - height / 2, width, height)
    return _new_row(picture, holder, x, size)


def _rows(picture: Picture, area: Box | None, wish: float, height: float) -> list[float]:
    """Return the middles of rows: of shapes in the area, and those one row further."""
    if area is None:
        return [wish, wish + ROW, wish - ROW, wish + 2 * ROW]
    inside = {box.middle[1] for _, box in picture.obstacles() if area.holds(box.middle)}
    inside |= {row + ROW for row in inside} | {row - ROW for row in inside}
    inside |= {wish, area.middle[1]}
    fit = [
        row
        for row in inside
        if area.y + EDGE / 2 <= row - height / 2 and row + height / 2 <= area.bottom - EDGE / 2
    ]
    return sorted(fit, key=lambda row: (abs(row - wish), row))


def _new_row(picture: Picture, holder: str, x: float, size: tuple[float, float]) -> Box:
    area = picture.boxes[holder]
    lowest = max(
        (box.bottom for _, box in picture.obstacles(holder) if area.holds(box.middle)),
        default=area.y,
    )
    height = max(80, size[1])
    need = max(0.0, lowest + EDGE + height + EDGE - area.bottom)
    make_room(picture, DOWN, area.bottom - 1, need)
    return Box(x, lowest + EDGE + (height - size[1]) / 2, *size)


def is_free(picture: Picture, box: Box, *without: str) -> bool:
    """Tell whether no shape and no line stands where a new shape would."""
    for key, other in picture.obstacles(*without):
        if picture.is_holder(key) and other.holds((box.x, box.y)):
            if not other.holds((box.right + 10, box.bottom + 10)):
                return False
        elif box.meets(other, 15):
            return False
    lines = [points for key, points in picture.lines.items() if key not in without]
    return not any(
        strip(one, other).meets(box, 6) for points in lines for one, other in pieces(points)
    )


def holder_of(picture: Picture, key: str) -> str | None:
    """Return the smallest pool, lane or open group of steps that a shape stands in."""
    box = picture.boxes[key]
    around = [
        (other.width * other.height, name)
        for name, other in picture.boxes.items()
        if name != key and picture.is_holder(name) and other.holds(box.middle)
    ]
    return min(around)[1] if around else None


def reroute(picture: Picture, key: str) -> None:
    """Draw a sequence flow anew between its ends, with its name where it is now."""
    flow = picture.sheet.get(key)
    source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
    if source in picture.boxes and target in picture.boxes:
        picture.draw(key, route(picture, key, source, target))
        picture.label(key, (flow.get("name") or "").strip())


def joined(first: list[Point], second: list[Point], middle: Point) -> list[Point]:
    """Return one line from two that met at a shape that is gone: through where it was."""
    (x, y), (to_x, to_y) = first[-1], second[0]
    corner = [] if y == to_y else [(middle[0], y), (middle[0], to_y)]
    return [*first, *second] if y == to_y or x == to_x else [*first, *corner, *second]
