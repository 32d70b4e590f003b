"""Conversion functions (DMN 1.5 §10.3.4.1); that of ranges is with the ranges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.feel.builtins.registry import Chapter
from workflow_app.feel.display import display
from workflow_app.feel.operators import finite
from workflow_app.feel.runtime import DECIMAL, few_digits, whole
from workflow_app.feel.temporal.arithmetic import years_months
from workflow_app.feel.temporal.text import (
    MAX_OFFSET,
    parse_date,
    parse_date_time,
    parse_duration,
    parse_midnight,
    parse_time,
    read_temporal,
)
from workflow_app.feel.temporal.values import (
    HOUR,
    MINUTE,
    SECOND,
    Date,
    DateTime,
    DaysTime,
    Time,
    make_date,
)

if TYPE_CHECKING:
    from decimal import Decimal

    from workflow_app.feel.runtime import Runtime
    from workflow_app.feel.temporal.values import YearsMonths

builtin = Chapter("10.3.4.1")
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?")
_DURATION = "days and time duration | years and months duration"


@builtin("@", "literal: string", gives=f"date | time | date and time | {_DURATION}")
def literal(text: str) -> object:
    """Read whichever temporal value a literal after ``@`` holds."""
    return read_temporal(text)


@builtin("date", "from: string", gives="date")
def date_from_text(text: str) -> Date | None:
    """Read a date as ISO 8601 writes it; null for a day that the calendar lacks."""
    return parse_date(text)


@builtin("date", "from: date and time", gives="date")
def date_from_value(value: DateTime) -> Date:
    """Give the date of a date and time; a date is itself."""
    return value.date


@builtin("date", "year: number", "month: number", "day: number", gives="date")
def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    """Make a date of its parts; null for a day that the calendar lacks."""
    parts = [whole(part) for part in (year, month, day)]
    return None if None in parts else make_date(*parts)  # type: ignore[arg-type]


@builtin("date and time", "from: string", gives="date and time")
def date_time_from_text(text: str) -> DateTime | None:
    """Read a date and time as ISO 8601 writes it; a date alone is its midnight."""
    return parse_date_time(text) or parse_midnight(text)


@builtin("date and time", "from: date and time", gives="date and time")
def date_time_from_value(value: DateTime) -> DateTime:
    """Give a date its midnight in Greenwich; a date and time is itself (not in the standard)."""
    return value


@builtin("date and time", "date: date | date and time", "time: time", gives="date and time")
def date_time_from_parts(date: Date | DateTime, time: Time) -> DateTime:
    """Join a date, or that of a date and time, and a time."""
    return DateTime(date.date if isinstance(date, DateTime) else date, time.nanos, time.zone)


@builtin("time", "from: string", gives="time")
def time_from_text(text: str) -> Time | None:
    """Read a time as ISO 8601 writes it, with or without an offset or a zone."""
    return parse_time(text)


@builtin("time", "from: time | date and time", gives="time")
def time_from_value(value: DateTime | Time) -> Time:
    """Give the time of a date and time; a date's is midnight in Greenwich."""
    return Time(value.nanos, value.zone)


@builtin(
    "time",
    "hour: number",
    "minute: number",
    "second: number",
    "offset?: days and time duration",
    gives="time",
)
def time_from_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None
) -> Time | None:
    """Make a time of its parts and, if given, its distance from Greenwich."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    if whole(hour) is None or whole(minute) is None:
        return None
    nanos = int(hour) * HOUR + int(minute) * MINUTE + int(DECIMAL.multiply(second, SECOND))
    if offset is None:
        return Time(nanos)
    if offset.nanos % SECOND or abs(offset.nanos) > MAX_OFFSET * SECOND:
        return None
    return Time(nanos, offset.nanos // SECOND)


@builtin("number", "from: string", gives="number")
@builtin(
    "number",
    "from: string",
    "grouping separator: string | Null",
    "decimal separator: string | Null",
    gives="number",
)
def number(text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """Read a number; the grouping may be space, comma or point, the decimal comma or point.

    Both separators may be null; leaving out both is not in the standard.
    """
    if grouping not in {None, " ", ",", "."} or point not in {None, ",", "."}:
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if not _NUMBER.fullmatch(plain):
        return None
    few_digits(len(plain))
    return finite(DECIMAL.create_decimal(plain))


@builtin("string", "from: Any", gives="string", runtime=True)
def string(runtime: Runtime, value: object) -> str | None:
    """Write a value as text; null stays null."""
    return None if value is None else display(value, runtime)


@builtin("duration", "from: string", gives=_DURATION)
def duration_from_text(text: str) -> DaysTime | YearsMonths | None:
    """Read a duration of either kind as ISO 8601 writes it; null for a mix of both."""
    return parse_duration(text)


@builtin(
    "years and months duration",
    "from: date | date and time",
    "to: date | date and time",
    gives="years and months duration",
)
def months_between(start: Date | DateTime, end: Date | DateTime) -> YearsMonths | None:
    """Count the whole months from one date to another, below nought if that one is earlier."""
    first = start.date if isinstance(start, DateTime) else start
    last = end.date if isinstance(end, DateTime) else end
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return years_months(months)
