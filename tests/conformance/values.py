"""Values as the test files of the kit write them (testCases.xsd), and when two are the same."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from workflow_app.feel.display import display
from workflow_app.feel.operators import equal
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.temporal.text import (
    parse_date,
    parse_date_time,
    parse_duration,
    parse_time,
    read_temporal,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element as Element

# The kit has kept one namespace for its test files, but nothing depends on which.
NS = "{*}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE = Decimal("1e-8")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Unreadable(ValueError):
    """A value of a test file that is not of the type it says."""


class Untyped(str):
    """A value without xsi:type: its text, which may mean a number or a date."""

    __slots__ = ()


class Empty:
    """An element with nothing in it: null, or a context without members."""


def value_of(element: Element) -> object:
    """Read an expected or given value; raises Unreadable for one that is not of its type."""
    listed = element.find(f"{NS}list")
    if listed is not None:
        return None if is_nil(listed) else [value_of(item) for item in listed.findall(f"{NS}item")]
    components = element.findall(f"{NS}component")
    if components and not (len(components) == 1 and components[0].get("name") is None):
        return {each.get("name", ""): value_of(each) for each in components}
    scalar = element.find(f"{NS}value")
    if scalar is not None:
        return None if is_nil(scalar) else _scalar(scalar)
    return None if components or is_nil(element) else Empty()


def is_nil(element: Element) -> bool:
    """Tell whether an element says that it is null."""
    return element.get(f"{XSI}nil") in {"true", "1"}


def _scalar(element: Element) -> object:
    text = element.text or ""
    declared = element.get(f"{XSI}type")
    if declared is None:
        return Untyped(text)
    kind = declared.rpartition(":")[2]
    value = read_as(kind, text)
    if value is None:
        message = f"“{text}” is no {kind}"
        raise Unreadable(message)
    return value


def read_as(kind: str, text: str) -> object:
    """Read the text of a type of XML Schema; None for a text that is none of it."""
    if kind in _NUMBERS:
        return _number(text.strip())
    reader = _READERS.get(kind)
    return text if reader is None else reader(text.strip())


def _number(text: str) -> Decimal | None:
    if text in {"INF", "+INF", "-INF", "NaN"}:
        return Decimal(text.replace("INF", "Infinity"))
    try:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        return None


def _truth(text: str) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def _date(text: str) -> object:
    # A date of XML Schema may have an offset, which FEEL's has not.
    return parse_date(re.sub(r"(?<=-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})$", "", text))


_READERS: dict[str, Callable[[str], object]] = {
    "boolean": _truth,
    "date": _date,
    "dateTime": parse_date_time,
    "dateTimeStamp": parse_date_time,
    "time": parse_time,
    "duration": parse_duration,
    "dayTimeDuration": parse_duration,
    "yearMonthDuration": parse_duration,
}
_SIGNS = ["nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"]
_BITS = ["unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte", "long", "int", "short"]
_NUMBERS = frozenset(["decimal", "double", "float", "integer", "byte", *_SIGNS, *_BITS])


def meanings(value: object) -> Iterator[object]:
    """Give what a given value may mean: its texts without a type as they are, then as read."""
    yield settled(value, lambda text: text)
    yield settled(value, _guessed)


def settled(value: object, read: Callable[[str], object]) -> object:
    """Replace what has no type or nothing in it, all the way down."""
    if isinstance(value, Untyped):
        return read(str(value))
    if isinstance(value, list):
        return [settled(item, read) for item in value]
    if isinstance(value, dict):
        return {name: settled(member, read) for name, member in value.items()}
    return None if isinstance(value, Empty) else value


def _guessed(text: str) -> object:
    for found in (_number(text.strip()), _truth(text.strip()), read_temporal(text.strip())):
        if found is not None:
            return found
    return text


def same(expected: object, got: object) -> bool:
    """Compare as the kit does: numbers to eight digits behind the point, all else exactly."""
    if isinstance(expected, Empty):
        return got is None or got == {}
    if isinstance(expected, Untyped):
        return _same_untyped(expected, got)
    if type(expected) is type(got) and type(expected) in _COMPARERS:
        return _COMPARERS[type(expected)](expected, got)
    return equal(expected, got) is True


def _close(expected: Decimal, got: Decimal) -> bool:
    if not (expected.is_finite() and got.is_finite()):
        return str(expected) == str(got)
    return abs(expected - got) < TOLERANCE * max(1, abs(expected))


def _same_lists(expected: list[object], got: list[object]) -> bool:
    return len(expected) == len(got) and all(map(same, expected, got))


def _same_contexts(expected: dict[str, object], got: dict[str, object]) -> bool:
    return expected.keys() == got.keys() and all(same(expected[k], got[k]) for k in expected)


_COMPARERS: dict[type, Callable[..., bool]] = {
    Decimal: _close,
    list: _same_lists,
    dict: _same_contexts,
}


def _same_untyped(expected: Untyped, got: object) -> bool:
    return str(expected) == got if isinstance(got, str) else same(_guessed(expected), got)


def shown(value: object) -> str:
    """Write a value for the report, as FEEL writes it within a list."""
    return display([settled(value, lambda text: text)], Runtime({}))[1:-1]
