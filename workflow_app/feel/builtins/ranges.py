"""Relations between points and ranges (DMN 1.5 §10.3.4.9, after Allen), and reading a range."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from workflow_app.feel import operators
from workflow_app.feel.builtins.registry import Chapter, find
from workflow_app.feel.closures import make_range
from workflow_app.feel.errors import FeelError
from workflow_app.feel.nodes import Call, Literal, Name, Negation, Node
from workflow_app.feel.reading.parser import parse_expression
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

builtin = Chapter("10.3.4.7")
_MAX_RANGE_TEXT = 400
_ENDPOINT_FUNCTIONS = frozenset(["@", "date", "time", "date and time", "duration"])


class _NoOrderError(Exception):
    """Two ends are of types that have no order between them."""


def _order(left: object, right: object, *, missing: int) -> int:
    """Compare two ends; ``missing`` is the side on which an unbounded one lies."""
    if left is None or right is None:
        return 0 if left is right else missing * (1 if left is None else -1)
    position = operators.order(left, right)
    if position is None:
        raise _NoOrderError
    return position


def _starts(first: Range, second: Range) -> int:
    return _order(first.start, second.start, missing=-1)


def _ends(first: Range, second: Range) -> int:
    return _order(first.end, second.end, missing=1)


def _end_to_start(first: Range, second: Range) -> int:
    """Compare where one range ends with where another starts; 1 if either is unbounded there."""
    if first.end is None or second.start is None:
        return 1
    return _order(first.end, second.start, missing=0)


Relation = Callable[..., bool]


def _relation(name: str, first: str, second: str) -> Callable[[Relation], Relation]:
    """Register a relation; it is null between values that have no order."""

    def register(relation: Relation) -> Relation:
        def applied(one: object, other: object) -> bool | None:
            try:
                return relation(one, other)
            except _NoOrderError:
                return None

        applied.__doc__ = relation.__doc__
        builtin(name, first, second, gives="boolean")(applied)
        return relation

    return register


_POINT = (
    "number | string | date | time | date and time"
    " | days and time duration | years and months duration"
)
_POINTS = (f"point1: {_POINT}", f"point2: {_POINT}")
_POINT_RANGE = (f"point: {_POINT}", "range: range<Any>")
_RANGE_POINT = ("range: range<Any>", f"point: {_POINT}")
_RANGES = ("range1: range<Any>", "range2: range<Any>")


@_relation("before", *_POINTS)
def point_before(first: object, second: object) -> bool:
    """Tell whether the first point is less than the second."""
    return _order(first, second, missing=0) < 0


@_relation("before", *_POINT_RANGE)
def point_before_range(point: object, interval: Range) -> bool:
    """Tell whether a point lies before a range."""
    start = _order(point, interval.start, missing=-1)
    return start < 0 or (start == 0 and not interval.start_included)


@_relation("before", *_RANGE_POINT)
def range_before_point(interval: Range, point: object) -> bool:
    """Tell whether a range ends before a point."""
    end = _order(interval.end, point, missing=1)
    return end < 0 or (end == 0 and not interval.end_included)


@_relation("before", *_RANGES)
def range_before(first: Range, second: Range) -> bool:
    """Tell whether the first range ends before the second starts."""
    position = _end_to_start(first, second)
    return position < 0 or (position == 0 and not (first.end_included and second.start_included))


@_relation("after", *_POINTS)
def point_after(first: object, second: object) -> bool:
    """Tell whether the first point is greater than the second."""
    return point_before(second, first)


@_relation("after", *_POINT_RANGE)
def point_after_range(point: object, interval: Range) -> bool:
    """Tell whether a point lies after a range."""
    return range_before_point(interval, point)


@_relation("after", *_RANGE_POINT)
def range_after_point(interval: Range, point: object) -> bool:
    """Tell whether a range starts after a point."""
    return point_before_range(point, interval)


@_relation("after", *_RANGES)
def range_after(first: Range, second: Range) -> bool:
    """Tell whether the first range starts after the second ends."""
    return range_before(second, first)


@_relation("meets", *_RANGES)
def meets(first: Range, second: Range) -> bool:
    """Tell whether the first range ends exactly where the second starts, both ends included."""
    return first.end_included and second.start_included and _end_to_start(first, second) == 0


@_relation("met by", *_RANGES)
def met_by(first: Range, second: Range) -> bool:
    """Tell whether the first range starts exactly where the second ends, both ends included."""
    return meets(second, first)


@_relation("overlaps", *_RANGES)
def overlaps(first: Range, second: Range) -> bool:
    """Tell whether the two ranges have a point in common."""
    return not range_before(first, second) and not range_before(second, first)


def _starts_within(first: Range, second: Range) -> bool:
    start = _starts(first, second)
    return start > 0 or (start == 0 and (not first.start_included or second.start_included))


def _ends_within(first: Range, second: Range) -> bool:
    end = _ends(first, second)
    return end < 0 or (end == 0 and (not first.end_included or second.end_included))


@_relation("overlaps before", *_RANGES)
def overlaps_before(first: Range, second: Range) -> bool:
    """Tell whether the first range starts before the second and ends within it."""
    earlier = not _starts_within(first, second)
    return earlier and _ends_within(first, second) and not range_before(first, second)


@_relation("overlaps after", *_RANGES)
def overlaps_after(first: Range, second: Range) -> bool:
    """Tell whether the first range starts within the second, and the second ends within it."""
    return overlaps_before(second, first)


@_relation("finishes", *_POINT_RANGE)
def point_finishes(point: object, interval: Range) -> bool:
    """Tell whether a point is the included end of a range."""
    return interval.end_included and _order(interval.end, point, missing=1) == 0


@_relation("finishes", *_RANGES)
def finishes(first: Range, second: Range) -> bool:
    """Tell whether the first range starts within the second and ends with it."""
    same_end = _ends(first, second) == 0 and first.end_included == second.end_included
    return same_end and _starts_within(first, second)


@_relation("finished by", *_RANGE_POINT)
def finished_by_point(interval: Range, point: object) -> bool:
    """Tell whether a range ends with a point and includes it."""
    return point_finishes(point, interval)


@_relation("finished by", *_RANGES)
def finished_by(first: Range, second: Range) -> bool:
    """Tell whether the second range starts within the first and ends with it."""
    return finishes(second, first)


@_relation("includes", *_RANGE_POINT)
def includes_point(interval: Range, point: object) -> bool:
    """Tell whether a point lies in a range."""
    start = _order(interval.start, point, missing=-1)
    end = _order(interval.end, point, missing=1)
    if start == 0 or end == 0:
        # As the standard has it, one included end is enough where both are the same.
        return (start == 0 and interval.start_included) or (end == 0 and interval.end_included)
    return start < 0 < end


@_relation("includes", *_RANGES)
def includes(first: Range, second: Range) -> bool:
    """Tell whether the second range lies in the first."""
    return _starts_within(second, first) and _ends_within(second, first)


@_relation("during", *_POINT_RANGE)
def point_during(point: object, interval: Range) -> bool:
    """Tell whether a point lies in a range."""
    return includes_point(interval, point)


@_relation("during", *_RANGES)
def during(first: Range, second: Range) -> bool:
    """Tell whether the first range lies in the second."""
    return includes(second, first)


@_relation("starts", *_POINT_RANGE)
def point_starts(point: object, interval: Range) -> bool:
    """Tell whether a point is the included start of a range."""
    return interval.start_included and _order(interval.start, point, missing=-1) == 0


@_relation("starts", *_RANGES)
def starts(first: Range, second: Range) -> bool:
    """Tell whether the first range starts with the second and ends within it."""
    same_start = _starts(first, second) == 0 and first.start_included == second.start_included
    return same_start and _ends_within(first, second)


@_relation("started by", *_RANGE_POINT)
def started_by_point(interval: Range, point: object) -> bool:
    """Tell whether a range starts with a point and includes it."""
    return point_starts(point, interval)


@_relation("started by", *_RANGES)
def started_by(first: Range, second: Range) -> bool:
    """Tell whether the second range starts with the first and ends within it."""
    return starts(second, first)


@_relation("coincides", *_POINTS)
def points_coincide(first: object, second: object) -> bool:
    """Tell whether two points are equal."""
    return _order(first, second, missing=0) == 0


@_relation("coincides", *_RANGES)
def coincides(first: Range, second: Range) -> bool:
    """Tell whether two ranges start and end alike."""
    return (
        _starts(first, second) == 0
        and _ends(first, second) == 0
        and first.start_included == second.start_included
        and first.end_included == second.end_included
    )


@Chapter("10.3.4.1")("range", "from: string", gives="range<Any>", runtime=True)
def range_from_text(runtime: Runtime, text: str) -> Range | None:
    """Read a range such as ``[1..10]`` or ``(..5]`` whose ends are literals."""
    plain = text.strip()
    if not 4 <= len(plain) <= _MAX_RANGE_TEXT or plain[0] not in "[(]" or plain[-1] not in "])[":
        return None
    included = plain[0] == "[", plain[-1] == "]"
    for dots in re.finditer(r"(?=\.\.)", plain):
        ends = plain[1 : dots.start()].strip(), plain[dots.start() + 2 : -1].strip()
        values = [_end_of_text(end, runtime) for end in ends]
        if all((value is not None) == bool(end) for value, end in zip(values, ends, strict=True)):
            return _bounded(values, included)
    return None


def _bounded(ends: list[object], included: tuple[bool, bool]) -> Range | None:
    """Make a range; one of its ends may be missing, and then that side is open."""
    start, end = ends
    if start is not None and end is not None:
        return make_range(start, end, included)
    missing_included = included[0] if start is None else included[1]
    return None if start is end or missing_included else Range(start, end, *included)


def _end_of_text(text: str, runtime: Runtime) -> object:
    try:
        return _endpoint(parse_expression(text, _ENDPOINT_FUNCTIONS), runtime) if text else None
    except FeelError:
        return None


def _endpoint(node: Node, runtime: Runtime) -> object:
    if isinstance(node, Negation):
        value = _endpoint(node.operand, runtime)
        return operators.negate(value)
    if isinstance(node, Call) and isinstance(node.function, Name):
        function = find(node.function.name)
        literal = node.arguments[0] if len(node.arguments) == 1 else None
        if function is None or node.function.name not in _ENDPOINT_FUNCTIONS:
            return None
        return function.call(runtime, [literal.value]) if isinstance(literal, Literal) else None
    return node.value if isinstance(node, Literal) else None
