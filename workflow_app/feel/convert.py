"""Turns Python values into FEEL values at the door, and back; and FEEL values into JSON.

Inside, numbers are Decimal, lists are list, contexts are dict, temporal values are those of
``workflow_app.feel.temporal``. Outside, the host gives and gets Python's own types; a temporal
value that Python cannot hold (year 12000, years and months, a duration finer than a microsecond)
comes out as FEEL's own.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from workflow_app.feel.errors import Bound, FeelError
from workflow_app.feel.operators import finite
from workflow_app.feel.runtime import DECIMAL, Imported, Runtime, exceeded, few_digits
from workflow_app.feel.temporal.text import write
from workflow_app.feel.temporal.values import (
    SECOND,
    TEMPORAL_TYPES,
    Date,
    DateTime,
    DaysTime,
    Time,
    YearsMonths,
    Zone,
)
from workflow_app.feel.values import FeelFunction, Range
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

TOO_DEEP = N_("The value is nested too deeply to be kept as data.")
NO_DATA = N_("A range or a function cannot be kept as data.")
TOO_LARGE = N_("A number is too large to be kept as data.")
AS_THEY_ARE = frozenset([type(None), str, bool]) | TEMPORAL_TYPES
_MICROSECOND = 1000
_TEMPORAL = (Date, Time, DateTime, DaysTime, YearsMonths)


def take_in(value: object, seen: Imported | None = None) -> object:
    """Turn a Python value into a FEEL value; null for a type that FEEL does not know.

    Lists and contexts are converted once for each ``seen``. Raises FeelBudgetExceeded for more
    than 250,000 parts, or a number of more than 1,000 digits.
    """
    kind = type(value)
    if kind in AS_THEY_ARE or isinstance(value, FeelFunction):
        return value
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(value)
    if isinstance(value, Range):
        return replace(value, start=take_in(value.start, seen), end=take_in(value.end, seen))
    if isinstance(value, list | tuple | dict):
        return _take_in_composed(value, Imported() if seen is None else seen)
    return next((read(value) for base, read in _READERS.items() if isinstance(value, base)), None)


def _take_in_composed(
    value: list[object] | tuple[object, ...] | dict[str, object], seen: Imported
) -> object:
    known = seen.get(id(value))
    if known is not None:
        return known[1]
    seen.take(len(value))
    if isinstance(value, dict):
        return _remembered(
            value, {str(key): take_in(member, seen) for key, member in value.items()}, seen
        )
    return _remembered(value, [take_in(item, seen) for item in value], seen)


def _remembered(value: object, made: object, seen: Imported) -> object:
    """Keep what was made beside what it was made of, lest that one's address be used again."""
    seen[id(value)] = value, made
    seen[id(made)] = made, made
    return made


def _int(value: int) -> Decimal | None:
    # Python takes the square of the number of digits, three tenths of a bit each, to convert them.
    few_digits(value.bit_length() * 3 // 10)
    return finite(DECIMAL.create_decimal(value))


def _decimal(value: Decimal) -> Decimal | None:
    """Round to the digits that FEEL has; null for what is no number."""
    return finite(DECIMAL.plus(value))


def _float(value: float) -> Decimal | None:
    return finite(DECIMAL.create_decimal(repr(value)))


def zone_of(info: dt.tzinfo | None, shift: dt.timedelta | None) -> Zone:
    """Give FEEL's zone for Python's."""
    if isinstance(info, ZoneInfo) and info.key not in {"UTC", "Etc/UTC"}:
        return info.key
    return None if shift is None else int(shift.total_seconds())


def _nanos(value: dt.datetime | dt.time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * SECOND + value.microsecond * _MICROSECOND


def _date(value: dt.date) -> Date:
    return Date(value.year, value.month, value.day)


def _date_time(value: dt.datetime) -> DateTime:
    return DateTime(_date(value), _nanos(value), zone_of(value.tzinfo, value.utcoffset()))


def _time(value: dt.time) -> Time:
    return Time(_nanos(value), zone_of(value.tzinfo, value.utcoffset()))


def _duration(value: dt.timedelta) -> DaysTime:
    return DaysTime(value // dt.timedelta(microseconds=1) * _MICROSECOND)


_READERS: dict[type, Callable[[Any], object]] = {
    bool: bool,
    int: _int,
    float: _float,
    Decimal: _decimal,
    str: str,
    dt.datetime: _date_time,
    dt.date: _date,
    dt.time: _time,
    dt.timedelta: _duration,
}


def give_out(value: object, runtime: Runtime) -> object:
    """Turn a FEEL value into Python's own types, as far as they reach.

    Raises FeelBudgetExceeded for a value of more than 100,000 parts.
    """
    if isinstance(value, list):
        runtime.hand_out(len(value))
        return [give_out(item, runtime) for item in value]
    if isinstance(value, dict):
        runtime.hand_out(len(value))
        return {key: give_out(member, runtime) for key, member in value.items()}
    if isinstance(value, Range):
        return replace(
            value, start=give_out(value.start, runtime), end=give_out(value.end, runtime)
        )
    return _python_temporal(value) if isinstance(value, _TEMPORAL) else value


def _python_temporal(value: Date | Time | DateTime | DaysTime | YearsMonths) -> object:
    try:
        return _WRITERS[type(value)](value)
    except (ValueError, OverflowError):
        return value


def _python_date(date: Date) -> dt.date:
    return dt.date(date.year, date.month, date.day)


def _python_time(nanos: int, zone: Zone) -> dt.time:
    seconds, fraction = divmod(nanos, SECOND)
    hour, rest = divmod(seconds, 3600)
    return dt.time(hour, rest // 60, rest % 60, fraction // _MICROSECOND, _python_zone(zone))


def _python_zone(zone: Zone) -> dt.tzinfo | None:
    if zone is None:
        return None
    if isinstance(zone, str):
        return ZoneInfo(zone)
    return dt.UTC if zone == 0 else dt.timezone(dt.timedelta(seconds=zone))


def _python_duration(value: DaysTime) -> dt.timedelta | DaysTime:
    """Give a timedelta, unless it is too coarse: what is divided is often finer."""
    whole, rest = divmod(value.nanos, _MICROSECOND)
    return value if rest else dt.timedelta(microseconds=whole)


def _python_date_time(value: DateTime) -> dt.datetime:
    return dt.datetime.combine(_python_date(value.date), _python_time(value.nanos, value.zone))


_WRITERS: dict[type, Callable[[Any], object]] = {
    Date: _python_date,
    Time: lambda value: _python_time(value.nanos, value.zone),
    DateTime: _python_date_time,
    DaysTime: _python_duration,
    YearsMonths: lambda value: value,
}


def to_json(value: object) -> object:
    """Turn a FEEL or Python value into JSON: numbers int or float, temporal values ISO text.

    Raises FeelError for a range, a function or a huge number, which JSON has no word for, and
    FeelBudgetExceeded for a value of more than 100,000 parts or nested too deeply.
    """
    try:
        return _to_json(value, Runtime({}))
    except RecursionError:
        exceeded(Bound.NESTING, TOO_DEEP)


def _to_json(value: object, runtime: Runtime) -> object:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, list | tuple):
        runtime.hand_out(len(value))
        return [_to_json(item, runtime) for item in value]
    if isinstance(value, dict):
        runtime.hand_out(len(value))
        return {str(key): _to_json(member, runtime) for key, member in value.items()}
    return _scalar_to_json(take_in(value))


def _scalar_to_json(value: object) -> object:
    if isinstance(value, Decimal):
        return _number_to_json(value)
    if isinstance(value, DateTime):
        # Python reads +00:00 in every version; the data convention writes it so.
        text = write(value)
        return f"{text[:-1]}+00:00" if value.zone == 0 else text
    if isinstance(value, _TEMPORAL):
        return write(value)
    raise FeelError(NO_DATA)


def _number_to_json(number: Decimal) -> int | float:
    if number == number.to_integral_value() and number.adjusted() < 34:
        return int(number)
    if not math.isfinite(float(number)):
        raise FeelError(TOO_LARGE)
    return float(number)
