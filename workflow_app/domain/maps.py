"""A small map without a ground: points of the earth on a plane, each with a label beside it."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: All lengths are in the units of the drawing, which are pixels on a small phone.
WIDTH = 340
TALLEST = 460
SIDE = 70
EDGE = 24
DOT = 7
LETTER = 7.6
LINE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place on the earth (degrees, WGS 84) with its label."""

    key: str
    label: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point of the drawing; its label begins, ends or has its middle (`anchor`) at `text_x`."""

    key: str
    label: str
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A map: its size, and its spots from north to south."""

    width: int
    height: int
    spots: tuple[Spot, ...]


Box = tuple[float, float, float, float]


def drawing_of(points: Sequence[Point]) -> Drawing:
    """Return a drawing in which all points have their place; labels avoid each other if they can.

    Distances are true around the middle latitude, good enough for a country.
    """
    order = sorted(points, key=lambda one: (-one.latitude, one.longitude))
    north, south = order[0].latitude, order[-1].latitude
    west = min(one.longitude for one in order)
    east = max(one.longitude for one in order)
    narrow = cos(radians((north + south) / 2))
    across, down = (east - west) * narrow or 1e-6, (north - south) or 1e-6
    scale = min((WIDTH - 2 * SIDE) / across, (TALLEST - 2 * EDGE) / down)
    left = (WIDTH - across * scale) / 2
    places = [
        (one, left + (one.longitude - west) * narrow * scale, EDGE + (north - one.latitude) * scale)
        for one in order
    ]
    height = round(2 * EDGE + down * scale)
    taken: list[Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for _one, x, y in places]
    spots = tuple(_spot(one, x, y, height, taken) for one, x, y in places)
    return Drawing(width=WIDTH, height=height, spots=spots)


def _spot(one: Point, x: float, y: float, height: int, taken: list[Box]) -> Spot:
    """Return a spot whose label stands where it meets least of what stands already."""
    tried = list(_labels(len(one.label) * LETTER, x, y))
    text_x, text_y, anchor, box = min(tried, key=lambda t: _cost(t[3], height, taken))
    taken.append(box)
    told = {"x": round(x, 1), "y": round(y, 1), "text_x": round(text_x, 1)}
    return Spot(key=one.key, label=one.label, text_y=round(text_y, 1), anchor=anchor, **told)


def _labels(width: float, x: float, y: float) -> Iterator[tuple[float, float, str, Box]]:
    """Yield the places of a label, the best one first: right, left, below, above."""
    gap, half = DOT + 4, LINE / 2
    yield x + gap, y + 5, "start", (x + gap, y - half, x + gap + width, y + half)
    yield x - gap, y + 5, "end", (x - gap - width, y - half, x - gap, y + half)
    below, above = y + DOT + LINE, y - DOT - 5
    yield x, below, "middle", (x - width / 2, below - LINE, x + width / 2, below)
    yield x, above, "middle", (x - width / 2, above - LINE, x + width / 2, above)


def _cost(box: Box, height: int, taken: Sequence[Box]) -> float:
    """Return how much of a label lies over others or outside."""
    outside = max(0.0, -box[0]) + max(0.0, box[2] - WIDTH)
    outside += max(0.0, -box[1]) + max(0.0, box[3] - height)
    return outside * LINE + sum(_shared(box, other) for other in taken)


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
