"""Making room: everything behind a cut moves on, and whatever the cut goes through grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.drawing.picture import box_of, label_of, move_label
from workflow_app.engine.drawing.shapes import Box

if TYPE_CHECKING:
    from workflow_app.engine.drawing.picture import Picture
    from workflow_app.engine.drawing.shapes import Point

ACROSS, DOWN = 0, 1


def make_room(picture: Picture, axis: int, cut: float, by: float) -> None:
    """Move what lies right of (or below) a cut by so much; lines stay upright and level.

    `axis` is ACROSS or DOWN. Pools, lanes and open groups of steps that the cut goes through grow.
    """
    if by <= 0:
        return
    moves = {key: _move(picture, key, axis, cut, by) for key in picture.boxes}
    _with_hosts(picture, moves)
    before = dict(picture.boxes)
    lines = {key: _line(picture, key, axis, cut, by, moves) for key in picture.lines}
    for key, box in before.items():
        if moves[key]:
            picture.place(key, _shifted(box, axis, moves[key]))
        elif picture.is_holder(key) and _ends(box, axis)[1] > cut:
            _grow(picture, key, axis, by)
    for key, points in lines.items():
        if points != picture.lines[key]:
            picture.draw(key, points)
        _move_line_label(picture, key, axis, cut, by)


def _ends(box: Box, axis: int) -> tuple[float, float]:
    return (box.x, box.right) if axis == ACROSS else (box.y, box.bottom)


def _move(picture: Picture, key: str, axis: int, cut: float, by: float) -> float:
    begin, end = _ends(picture.boxes[key], axis)
    border = begin if picture.is_holder(key) else (begin + end) / 2
    return by if border >= cut else 0.0


def _with_hosts(picture: Picture, moves: dict[str, float]) -> None:
    """Let events on a border go with their activity, unless that one only grows."""
    for key, element in picture.elements.items():
        host = element.get("attachedToRef")
        if key in moves and host in moves and (moves[host] or not picture.is_holder(host)):
            moves[key] = moves[host]


def _shifted(box: Box, axis: int, by: float) -> Box:
    x, y = (by, 0.0) if axis == ACROSS else (0.0, by)
    return Box(box.x + x, box.y + y, box.width, box.height)


def _grow(picture: Picture, key: str, axis: int, by: float) -> None:
    box = picture.boxes[key]
    wider, higher = (by, 0.0) if axis == ACROSS else (0.0, by)
    picture.place(key, Box(box.x, box.y, box.width + wider, box.height + higher))


def _line(
    picture: Picture, key: str, axis: int, cut: float, by: float, moves: dict[str, float]
) -> list[Point]:
    """Return a line after the cut: points on one upright (or level) piece move together."""
    points = picture.lines[key]
    if len(points) < 2:
        return points
    ends = _end_moves(picture, key, moves)
    groups = _groups(points, axis)
    found: list[Point] = []
    for first, last in groups:
        votes = [ends[0]] if first == 0 else []
        votes += [ends[1]] if last == len(points) - 1 else []
        known = [vote for vote in votes if vote is not None]
        place = points[first][axis]
        moved = known[0] if known else (by if place >= cut else 0.0)
        found += [_pushed(point, axis, moved) for point in points[first : last + 1]]
        if len(known) == 2 and known[0] != known[1]:
            found[-2:] = _with_step(found[-2:], axis, known[1] - known[0])
    return found


def _end_moves(
    picture: Picture, key: str, moves: dict[str, float]
) -> tuple[float | None, float | None]:
    """Return how far each end of a line goes; None where what it ends at grows or is unknown."""
    element = picture.elements.get(key)
    if element is None:
        return None, None
    ends = (element.get(name, "").rpartition(":")[2] for name in ("sourceRef", "targetRef"))
    one, other = (_end_move(picture, end, moves) for end in ends)
    return one, other


def _end_move(picture: Picture, end: str, moves: dict[str, float]) -> float | None:
    if end not in moves:
        return None
    grows = picture.is_holder(end) and not moves[end]
    return None if grows else moves[end]


def _groups(points: list[Point], axis: int) -> list[tuple[int, int]]:
    """Return first and last index of each run of points with one place on the axis."""
    found: list[tuple[int, int]] = []
    for number, point in enumerate(points):
        if found and points[found[-1][0]][axis] == point[axis]:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _pushed(point: Point, axis: int, by: float) -> Point:
    return (point[0] + by, point[1]) if axis == ACROSS else (point[0], point[1] + by)


def _with_step(two: list[Point], axis: int, by: float) -> list[Point]:
    """Return a straight piece with a step in its middle: its two ends went different ways."""
    (x, y), (to_x, to_y) = two
    if axis == ACROSS:
        half = (y + to_y) / 2
        return [(x, y), (x, half), (to_x + by, half), (to_x + by, to_y)]
    half = (x + to_x) / 2
    return [(x, y), (half, y), (half, to_y + by), (to_x, to_y + by)]


def _move_line_label(picture: Picture, key: str, axis: int, cut: float, by: float) -> None:
    edge = picture.edges[key]
    label = label_of(edge)
    at = box_of(label) if label is not None else None
    if at is not None and _ends(at, axis)[0] >= cut:
        move_label(edge, by if axis == ACROSS else 0, by if axis == DOWN else 0)
