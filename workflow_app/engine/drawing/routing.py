"""Level and upright lines between two shapes, around those that stand in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.drawing.shapes import pieces, strip, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.drawing.picture import Picture
    from workflow_app.engine.drawing.shapes import Box, Point

#: How far a line keeps from what it passes.
GAP = 20
THROUGH, ALONG, BEND, AROUND = 1000.0, 150.0, 15.0, 10.0


def route(picture: Picture, key: str, source: str, target: str) -> list[Point]:
    """Return the points of a line between two shapes: short, few bends, through nothing.

    `key` is the line's own id, which is not in its own way.
    """
    one, other = picture.boxes[source], picture.boxes[target]
    shapes = [
        (name, box) for name, box in picture.obstacles() if not _around(picture, name, one, other)
    ]
    others = [points for name, points in picture.lines.items() if name != key]
    ends = frozenset({source, target})
    below = picture.kind(source) == "boundaryEvent"
    ways = (tidy(way) for way in _ways(picture, one, other, below=below))
    return min(ways, key=lambda way: _cost(way, shapes, others, ends))


def _around(picture: Picture, name: str, one: Box, other: Box) -> bool:
    """Tell whether a shape is a group of steps that both ends stand in."""
    box = picture.boxes[name]
    return picture.is_holder(name) and box.holds(one.middle) and box.holds(other.middle)


def _cost(
    way: list[Point],
    shapes: list[tuple[str, Box]],
    others: list[list[Point]],
    ends: frozenset[str],
) -> float:
    parts = pieces(way)
    last = len(parts) - 1
    cost = BEND * last
    for number, (one, other) in enumerate(parts):
        covered = strip(one, other)
        cost += (covered.width + covered.height) * 0.1
        for name, box in shapes:
            touched = covered.meets(box) if name in ends else covered.meets(box, GAP / 4)
            own = name in ends and number in {0, last} and not _through(covered, box)
            if touched and not own:
                cost += THROUGH
        cost += sum(_shared(covered, line) for line in others)
    return cost


def _through(covered: Box, box: Box) -> bool:
    """Tell whether a piece goes on inside a shape, rather than ending at its border."""
    inner = type(box)(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
    return covered.meets(inner)


def _shared(covered: Box, line: list[Point]) -> float:
    """Return what a piece costs that runs along another line, or crosses it."""
    cost = 0.0
    for one, other in pieces(line):
        held = strip(one, other)
        across = min(covered.right, held.right) - max(covered.x, held.x)
        down = min(covered.bottom, held.bottom) - max(covered.y, held.y)
        if across < 0 or down < 0:
            continue
        level = covered.height == held.height == 0 and across > 2
        upright = covered.width == held.width == 0 and down > 2
        cost += ALONG if level or upright else AROUND
    return cost


def _ways(picture: Picture, one: Box, other: Box, *, below: bool) -> Iterator[list[Point]]:
    """Yield lines that might do, from the plainest on."""
    (x, y), (to_x, to_y) = one.middle, other.middle
    if not below:
        yield from _to_the_right(one, other)
    for out in _upright_ends(one, below=below):
        if abs(x - to_x) < 1:
            yield [(x, out), (x, other.y if out > y else other.bottom)]
        yield [(x, out), (x, to_y), (other.x if to_x > x else other.right, to_y)]
    for channel in _channels(picture, one, other):
        for out in (x,):
            start = one.bottom if channel > y else one.y
            end = other.bottom if channel > to_y else other.y
            if not (below and channel < y):
                yield [(out, start), (out, channel), (to_x, channel), (to_x, end)]
                yield [
                    (out, start),
                    (out, channel),
                    (other.x - GAP, channel),
                    (other.x - GAP, to_y),
                    (other.x, to_y),
                ]
        if not below:
            yield [
                (one.right, y),
                (one.right + GAP, y),
                (one.right + GAP, channel),
                (other.x - GAP, channel),
                (other.x - GAP, to_y),
                (other.x, to_y),
            ]


def _to_the_right(one: Box, other: Box) -> Iterator[list[Point]]:
    y, (to_x, to_y) = one.middle[1], other.middle
    if y == to_y and other.x > one.right:
        yield [(one.right, y), (other.x, y)]
    if other.x > one.right + 2:
        room = other.x - one.right
        for turn in {
            one.right + min(GAP, room / 2),
            other.x - min(GAP, room / 2),
            one.right + room / 2,
        }:
            yield [(one.right, y), (turn, y), (turn, to_y), (other.x, to_y)]
    if to_x > one.right:
        yield [(one.right, y), (to_x, y), (to_x, other.y if to_y > y else other.bottom)]
    if to_x < one.x:
        yield (
            [(one.x, y), (other.right, to_y)]
            if y == to_y
            else [(one.x, y), (to_x, y), (to_x, other.y if to_y > y else other.bottom)]
        )


def _upright_ends(box: Box, *, below: bool) -> tuple[float, ...]:
    return (box.bottom,) if below else (box.bottom, box.y)


def _channels(picture: Picture, one: Box, other: Box) -> list[float]:
    """Return heights at which a line might run along: just above and below what is there."""
    first, last = min(one.x, other.x), max(one.right, other.right)
    found = {one.y - GAP, one.bottom + GAP, other.y - GAP, other.bottom + GAP}
    for _, box in picture.obstacles():
        if box.x < last + GAP and first - GAP < box.right:
            found |= {box.y - GAP, box.bottom + GAP}
    room = [box for key, box in picture.boxes.items() if picture.kind(key) == "participant"]
    middle = (one.middle[1] + other.middle[1]) / 2
    inside = [y for y in found if not room or any(_inside(box, y, one) for box in room)]
    return sorted(inside, key=lambda y: abs(y - middle))[:40]


def _inside(pool: Box, y: float, one: Box) -> bool:
    return pool.holds(one.middle) and pool.y + 5 < y < pool.bottom - 5
