"""Members of contexts, and properties of temporal values and ranges (DMN 1.5 table 54)."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.runtime import DECIMAL
from workflow_app.feel.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
)
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.feel.runtime import Runtime


def member(value: object, name: str, runtime: Runtime) -> object:
    """Give a member of a context, of each item of a list, or a property; null if there is none."""
    if isinstance(value, dict):
        return value[name] if name in value else _spelled_apart(value, name)
    if isinstance(value, list):
        runtime.spend(len(value))
        return [member(item, name, runtime) for item in value]
    reader = _READERS.get((type(value), name))
    return None if reader is None else reader(value)


def _spelled_apart(value: dict[str, object], name: str) -> object:
    """Look a member up whose accents the host keeps apart from their letters."""
    if name.isascii():
        return None
    composed = unicodedata.normalize("NFC", name)
    return value.get(unicodedata.normalize("NFD", name) if composed == name else composed)


def names_of(value: object) -> tuple[str, ...]:
    """Give the names of the properties that a value has."""
    return tuple(name for kind, name in _READERS if kind is type(value))


def truncated(nanos: int, unit: int, within: int | None = None) -> Decimal:
    """Give whole units of a duration, towards zero, the sign kept."""
    size = abs(nanos) if within is None else abs(nanos) % within
    return Decimal(size // unit if nanos >= 0 else -(size // unit))


def _whole_months(months: int, unit: int) -> Decimal:
    size = abs(months) // 12 if unit == 12 else abs(months) % 12
    return Decimal(size if months >= 0 else -size)


def seconds(nanos: int) -> Decimal:
    """Give nanoseconds as seconds, with their fraction."""
    whole, fraction = divmod(nanos, SECOND)
    return DECIMAL.divide(Decimal(nanos), Decimal(SECOND)) if fraction else Decimal(whole)


def _seconds_of(value: DaysTime) -> Decimal:
    return seconds(abs(value.nanos) % MINUTE * (1 if value.nanos >= 0 else -1))


def _offset(value: Time | DateTime) -> DaysTime | None:
    shift = value.offset
    return None if shift is None else DaysTime(shift * SECOND)


def _zone_name(value: Time | DateTime) -> str | None:
    return value.zone if isinstance(value.zone, str) else None


_DATE: dict[str, Callable[[Date], object]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}
_CLOCK: dict[str, Callable[[Time | DateTime], object]] = {
    "hour": lambda value: Decimal(value.nanos // HOUR),
    "minute": lambda value: Decimal(value.nanos % HOUR // MINUTE),
    "second": lambda value: seconds(value.nanos % MINUTE),
    "time offset": _offset,
    "timezone": _zone_name,
}
_DURATION: dict[str, Callable[[DaysTime], object]] = {
    "days": lambda value: truncated(value.nanos, DAY),
    "hours": lambda value: truncated(value.nanos, HOUR, DAY),
    "minutes": lambda value: truncated(value.nanos, MINUTE, HOUR),
    "seconds": _seconds_of,
}
_MONTHS: dict[str, Callable[[YearsMonths], object]] = {
    "years": lambda value: _whole_months(value.months, 12),
    "months": lambda value: _whole_months(value.months, 1),
}
_RANGE: dict[str, Callable[[Range], object]] = {
    "start": lambda value: value.start,
    "end": lambda value: value.end,
    "start included": lambda value: value.start_included,
    "end included": lambda value: value.end_included,
}


def _of_date(reader: Callable[[Date], object]) -> Callable[[DateTime], object]:
    return lambda value: reader(value.date)


_READERS: dict[tuple[type, str], Callable[..., object]] = {
    **{(Date, name): reader for name, reader in _DATE.items()},
    **{(DateTime, name): _of_date(reader) for name, reader in _DATE.items()},
    **{(kind, name): reader for kind in (Time, DateTime) for name, reader in _CLOCK.items()},
    **{(DaysTime, name): reader for name, reader in _DURATION.items()},
    **{(YearsMonths, name): reader for name, reader in _MONTHS.items()},
    **{(Range, name): reader for name, reader in _RANGE.items()},
}
