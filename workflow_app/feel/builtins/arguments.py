"""Checks of arguments by type, with the implicit conversions of DMN 1.5 §10.3.2.9.4."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workflow_app.feel.temporal.values import Date, DateTime, DaysTime, Time, YearsMonths
from workflow_app.feel.values import FeelFunction, Range

Check = Callable[[object], object]
UNFIT = object()


def _of(*kinds: type) -> Check:
    def check(value: object) -> object:
        if type(value) in kinds or isinstance(value, kinds):
            return value
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], kinds):
            return value[0]
        return UNFIT

    return check


def _anything(value: object) -> object:
    return value


def _list(value: object) -> object:
    if isinstance(value, list):
        return value
    return UNFIT if value is None else [value]


def _or_null(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


_PLAIN: dict[str, Check] = {
    "any": _anything,
    "boolean": _of(bool),
    "context": _of(dict),
    "date": _of(Date),
    "day": _of(Date, DateTime),
    "days": _of(DaysTime),
    "duration": _of(DaysTime, YearsMonths),
    "function": _of(FeelFunction),
    "list": _list,
    "moment": _of(Time, DateTime, Date),
    "number": _of(Decimal),
    "point": _of(Decimal, str, Date, Time, DateTime, DaysTime, YearsMonths),
    "range": _of(Range),
    "string": _of(str),
    "text or number": _of(str, Decimal),
    "time": _of(Time),
}
CHECKS: dict[str, Check] = _PLAIN | {f"{kind}?": _or_null(check) for kind, check in _PLAIN.items()}
