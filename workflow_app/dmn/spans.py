"""Sets of values of one ordered type, as spans between cuts; and the place of each FEEL value.

A value's place is a pair (kind, key): kinds are FEEL's scalar types, keys are ordered within one.
A cut is a pair (key, 0 before the key or 1 behind it); a span lies between two cuts, None is no
bound. Spans of a set are sorted and do not touch.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from workflow_app.feel.temporal.values import (
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Key = Any
Cut = tuple[Key, int]
Span = tuple[Cut | None, Cut | None]
Spans = tuple[Span, ...]

WHOLE: Final[Spans] = ((None, None),)
EMPTY: Final[Spans] = ()
NULL = "null"
BOOLEAN = "boolean"
#: Clocks that know their zone, and those that do not: each side is ordered by a key of its own.
SIBLINGS = {
    "date and time": "local date and time",
    "local date and time": "date and time",
    "time": "local time",
    "local time": "time",
}


def _number(value: Decimal) -> tuple[str, Key] | None:
    return ("number", value) if value.is_finite() else None


def _moment(value: DateTime) -> tuple[str, Key]:
    return ("local date and time" if value.zone is None else "date and time"), value.instant


def _time(value: Time) -> tuple[str, Key]:
    if value.zone is None:
        return "local time", value.nanos
    return "time", value.nanos - (value.offset or 0) * SECOND


_PLACES: dict[type, Callable[[Any], tuple[str, Key] | None]] = {
    Decimal: _number,
    str: lambda value: ("string", value),
    bool: lambda value: (BOOLEAN, value),
    type(None): lambda _value: (NULL, 0),
    Date: lambda value: ("date", value.ordinal),
    DateTime: _moment,
    Time: _time,
    DaysTime: lambda value: ("days and time duration", value.nanos),
    YearsMonths: lambda value: ("years and months duration", value.months),
}


def place_of(value: object) -> tuple[str, Key] | None:
    """Give the kind and key of a scalar FEEL value; nothing for lists, contexts and the like."""
    reader = _PLACES.get(type(value))
    return None if reader is None else reader(value)


def point(key: Key) -> Spans:
    """Give the set of one value."""
    return (((key, 0), (key, 1)),)


def below(key: Key, *, included: bool) -> Spans:
    """Give the set of all values up to a key."""
    return ((None, (key, int(included))),)


def above(key: Key, *, included: bool) -> Spans:
    """Give the set of all values from a key on."""
    return (((key, int(not included)), None),)


def between(low: Key, high: Key, *, included: tuple[bool, bool]) -> Spans:
    """Give the set of the values of an interval; the empty set when its ends leave no room."""
    start, end = (low, int(not included[0])), (high, int(included[1]))
    return ((start, end),) if start < end else EMPTY


def complement(spans: Spans) -> Spans:
    """Give all values of the type that are not in the set."""
    made: list[Span] = []
    start: Cut | None = None
    for low, high in spans:
        if low is not None:
            made.append((start, low))
        if high is None:
            return tuple(made)
        start = high
    return (*made, (start, None))


def union(one: Spans, other: Spans) -> Spans:
    """Give the values of either set."""
    if not one or not other:
        return one or other
    return _joined(sorted((*one, *other), key=_by_start))


def _by_start(span: Span) -> tuple[Any, ...]:
    return (0,) if span[0] is None else (1, *span[0])


def _joined(spans: Iterable[Span]) -> Spans:
    made: list[Span] = []
    for low, high in spans:
        if made and _reaches(made[-1][1], low):
            made[-1] = made[-1][0], _later(made[-1][1], high)
        else:
            made.append((low, high))
    return tuple(made)


def _reaches(end: Cut | None, start: Cut | None) -> bool:
    return end is None or start is None or start <= end


def _later(one: Cut | None, other: Cut | None) -> Cut | None:
    return None if one is None or other is None else max(one, other)
