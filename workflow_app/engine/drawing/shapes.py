"""Boxes and lines of a picture, in its own units, which are about pixels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right border."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower border."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def meets(self, other: Box, gap: float = 0) -> bool:
        """Tell whether two boxes overlap, or come nearer than a gap."""
        across = self.x < other.right + gap and other.x < self.right + gap
        return across and self.y < other.bottom + gap and other.y < self.bottom + gap

    def holds(self, point: Point, slack: float = 0) -> bool:
        """Tell whether a point lies inside or on the border."""
        inside = self.x - slack <= point[0] <= self.right + slack
        return inside and self.y - slack <= point[1] <= self.bottom + slack


def strip(one: Point, other: Point) -> Box:
    """Return the box that a straight piece of a line covers."""
    x, y = min(one[0], other[0]), min(one[1], other[1])
    return Box(x, y, abs(one[0] - other[0]), abs(one[1] - other[1]))


def pieces(points: list[Point]) -> list[tuple[Point, Point]]:
    """Return the straight pieces of a line."""
    return list(pairwise(points))


def tidy(points: list[Point]) -> list[Point]:
    """Return a line without points that stand twice or in the middle of a straight piece."""
    found: list[Point] = []
    for point in points:
        if found and found[-1] == point:
            continue
        while len(found) > 1 and _straight(found[-2], found[-1], point):
            found.pop()
        found.append(point)
    return found


def _straight(one: Point, middle: Point, other: Point) -> bool:
    return (one[0] == middle[0] == other[0]) or (one[1] == middle[1] == other[1])
