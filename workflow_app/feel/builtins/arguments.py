"""Checks of arguments by type, with the implicit conversions of DMN 1.5 §10.3.2.9.4."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workflow_app.feel.temporal.arithmetic import midnight
from workflow_app.feel.temporal.values import Date, DateTime, DaysTime, Time, YearsMonths
from workflow_app.feel.values import FeelFunction, Range

Check = Callable[[object], object]
UNFIT = object()

_CLASSES: dict[str, type] = {
    "boolean": bool,
    "context": dict,
    "date": Date,
    "date and time": DateTime,
    "days and time duration": DaysTime,
    "function": FeelFunction,
    "number": Decimal,
    "range": Range,
    "string": str,
    "time": Time,
    "years and months duration": YearsMonths,
}


def _of(kinds: tuple[type, ...]) -> Check:
    def check(value: object) -> object:
        if type(value) in kinds or isinstance(value, kinds):
            return value
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], kinds):
            return value[0]
        return UNFIT

    return check


def _with_midnights(check: Check) -> Check:
    """Take a date for the date and time of its midnight, as the standard converts it."""
    return lambda value: check(midnight(value) if isinstance(value, Date) else value)


def _anything(value: object) -> object:
    return value


def _list(value: object) -> object:
    if isinstance(value, list):
        return value
    return UNFIT if value is None else [value]


def _or_null(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def check_of(types: tuple[str, ...], *, optional: bool) -> Check:
    """Make the check of a parameter: it gives the argument, converted if need be, or UNFIT.

    The types are those of FEEL's type language; of what a list holds the function takes care.
    """
    bases = [each.partition("<")[0] for each in types if each != "Null"]
    if bases == ["Any"]:
        return _anything
    check = _list if bases == ["list"] else _of(tuple(_CLASSES[base] for base in bases))
    if "date and time" in bases and "date" not in bases:
        check = _with_midnights(check)
    return _or_null(check) if optional or "Null" in types else check
