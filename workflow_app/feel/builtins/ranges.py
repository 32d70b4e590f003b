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
from workflow_app.feel.parser import parse_expression
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

builtin = Chapter("10.3.4.7")
_RANGE_TEXT = re.compile(r"\s*([\[(\]])\s*(.{0,200}?)\s*\.\.\s*(.{0,200}?)\s*([\])\[])\s*")
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


def _as_range(value: object) -> Range:
    return (
        value
        if isinstance(value, Range)
        else Range(value, value, start_included=True, end_included=True)
    )


Relation = Callable[[Range, Range], bool]


def _relation(name: str, *pairs: tuple[str, str]) -> Callable[[Relation], Relation]:
    """Register a relation for some pairs of point and range; a point is a range of one."""

    def register(relation: Relation) -> Relation:
        def applied(first: object, second: object) -> bool | None:
            try:
                return relation(_as_range(first), _as_range(second))
            except _NoOrderError:
                return None

        applied.__doc__ = relation.__doc__
        for first, second in pairs:
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


@_relation("before", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def before(first: Range, second: Range) -> bool:
    """Tell whether the first ends before the second starts."""
    position = _end_to_start(first, second)
    return position < 0 or (position == 0 and not (first.end_included and second.start_included))


@_relation("after", _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
def after(first: Range, second: Range) -> bool:
    """Tell whether the first starts after the second ends."""
    return before(second, first)


@_relation("meets", _RANGES)
def meets(first: Range, second: Range) -> bool:
    """Tell whether the first ends exactly where the second starts."""
    return first.end_included and second.start_included and _end_to_start(first, second) == 0


@_relation("met by", _RANGES)
def met_by(first: Range, second: Range) -> bool:
    """Tell whether the second ends exactly where the first starts."""
    return meets(second, first)


@_relation("overlaps", _RANGES)
def overlaps(first: Range, second: Range) -> bool:
    """Tell whether the two have a point in common."""
    return not before(first, second) and not before(second, first)


@_relation("overlaps before", _RANGES)
def overlaps_before(first: Range, second: Range) -> bool:
    """Tell whether the first begins earlier, and ends within the second."""
    start, end = _starts(first, second), _ends(first, second)
    earlier = start < 0 or (start == 0 and first.start_included and not second.start_included)
    within = end < 0 or (end == 0 and (not first.end_included or second.end_included))
    return earlier and within and not before(first, second)


@_relation("overlaps after", _RANGES)
def overlaps_after(first: Range, second: Range) -> bool:
    """Tell whether the first starts within the second, and ends later."""
    return overlaps_before(second, first)


@_relation("finishes", _POINT_RANGE, _RANGES)
def finishes(first: Range, second: Range) -> bool:
    """Tell whether the first lies in the second and ends with it."""
    same_end = _ends(first, second) == 0 and first.end_included == second.end_included
    return same_end and _starts_within(first, second)


def _starts_within(first: Range, second: Range) -> bool:
    start = _starts(first, second)
    return start > 0 or (start == 0 and (not first.start_included or second.start_included))


def _ends_within(first: Range, second: Range) -> bool:
    end = _ends(first, second)
    return end < 0 or (end == 0 and (not first.end_included or second.end_included))


@_relation("finished by", _RANGE_POINT, _RANGES)
def finished_by(first: Range, second: Range) -> bool:
    """Tell whether the second lies in the first and ends with it."""
    return finishes(second, first)


@_relation("includes", _RANGE_POINT, _RANGES)
def includes(first: Range, second: Range) -> bool:
    """Tell whether the second lies in the first."""
    return _starts_within(second, first) and _ends_within(second, first)


@_relation("during", _POINT_RANGE, _RANGES)
def during(first: Range, second: Range) -> bool:
    """Tell whether the first lies in the second."""
    return includes(second, first)


@_relation("starts", _POINT_RANGE, _RANGES)
def starts(first: Range, second: Range) -> bool:
    """Tell whether the first lies in the second and starts with it."""
    same_start = _starts(first, second) == 0 and first.start_included == second.start_included
    return same_start and _ends_within(first, second)


@_relation("started by", _RANGE_POINT, _RANGES)
def started_by(first: Range, second: Range) -> bool:
    """Tell whether the second lies in the first and starts with it."""
    return starts(second, first)


@_relation("coincides", _POINTS, _RANGES)
def coincides(first: Range, second: Range) -> bool:
    """Tell whether the two are the same."""
    return (
        _starts(first, second) == 0
        and _ends(first, second) == 0
        and first.start_included == second.start_included
        and first.end_included == second.end_included
    )


@Chapter("10.3.4.1")("range", "from: string", gives="range<Any>", runtime=True)
def range_from_text(runtime: Runtime, text: str) -> Range | None:
    """Read a range such as ``[1..10]`` or ``(..5]`` whose ends are literals (§10.3.4.1)."""
    match = _RANGE_TEXT.fullmatch(text)
    if match is None:
        return None
    opening, left, right, closing = match.groups()
    start, end = _end_of_text(left, runtime), _end_of_text(right, runtime)
    included = opening == "[", closing == "]"
    if start is None or end is None:
        # Only an open side may be without an end, and only one of the two.
        half_open = (left or not included[0]) and (right or not included[1])
        sound = bool(left) == (start is not None) and bool(right) == (end is not None)
        return Range(start, end, *included) if half_open and sound and start is not end else None
    return make_range(start, end, included)


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
