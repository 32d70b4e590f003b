"""Conversion to temporal values, and functions about them (DMN 1.5 §10.3.4.1, §10.3.4.8)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.builtins.registry import Chapter, host_function
from workflow_app.feel.errors import FeelError
from workflow_app.feel.runtime import DECIMAL, whole
from workflow_app.feel.temporal.arithmetic import midnight, years_months
from workflow_app.feel.temporal.text import (
    parse_date,
    parse_date_time,
    parse_duration,
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
    YearsMonths,
    date_of_ordinal,
    date_time_at,
    make_date,
    zone_info,
)
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from workflow_app.feel.runtime import Runtime

conversion = Chapter("10.3.4.1")
builtin = Chapter("10.3.4.8")
miscellaneous = Chapter("10.3.4.11")
NO_CLOCK = N_("The function “%(name)s” needs a clock, which nobody lent.")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@conversion("date", "from: string", gives="date")
def date_from_text(text: str) -> Date | None:
    """Read a date."""
    return parse_date(text)


@conversion(
    "@",
    "literal: string",
    gives="date | time | date and time | days and time duration | years and months duration",
)
def literal(text: str) -> object:
    """Read whichever temporal value a literal after ``@`` holds."""
    return read_temporal(text)


@conversion("date", "from: date | date and time", gives="date")
def date_from_value(value: Date | DateTime) -> Date:
    """Give the date of a date and time."""
    return value.date if isinstance(value, DateTime) else value


@conversion("date", "year: number", "month: number", "day: number", gives="date")
def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    """Make a date of its parts; null for a day that the calendar lacks."""
    parts = [whole(part) for part in (year, month, day)]
    return None if None in parts else make_date(*parts)  # type: ignore[arg-type]


@conversion("date and time", "from: string", gives="date and time")
def date_time_from_text(text: str) -> DateTime | None:
    """Read a date and time; a date alone is its midnight."""
    value = parse_date_time(text)
    if value is not None:
        return value
    date = parse_date(text)
    return None if date is None else DateTime(date, 0)


@conversion("date and time", "from: time | date and time | date", gives="date and time")
def date_time_from_value(value: Date | DateTime | Time) -> DateTime | None:
    """Give a date its midnight in Greenwich; a date and time is itself."""
    if isinstance(value, Date):
        return midnight(value)
    return value if isinstance(value, DateTime) else None


@conversion("date and time", "date: date | date and time", "time: time", gives="date and time")
def date_time_from_parts(date: Date | DateTime, time: Time) -> DateTime:
    """Join a date and a time."""
    return DateTime(date_from_value(date), time.nanos, time.zone)


@conversion(
    "date and time", "date: time | date and time | date", "timezone: string", gives="date and time"
)
def date_time_in_zone(value: Date | DateTime | Time, zone: str) -> DateTime | None:
    """Show a date and time at the clock of a zone."""
    if not isinstance(value, DateTime) or zone_info(zone) is None:
        return None
    return date_time_at(value.instant, zone)


@conversion("time", "from: string", gives="time")
def time_from_text(text: str) -> Time | None:
    """Read a time."""
    return parse_time(text)


@conversion("time", "from: time | date and time | date", gives="time")
def time_from_value(value: Date | DateTime | Time) -> Time:
    """Give the time of a date and time; a date's is midnight in Greenwich."""
    if isinstance(value, Date):
        return Time(0, 0)
    return Time(value.nanos, value.zone)


@conversion(
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
    return Time(nanos, None if offset is None else offset.nanos // SECOND)


@conversion("duration", "from: string", gives="days and time duration | years and months duration")
def duration_from_text(text: str) -> DaysTime | YearsMonths | None:
    """Read a duration of either kind."""
    return parse_duration(text)


@conversion(
    "duration",
    "from: days and time duration | years and months duration",
    gives="days and time duration | years and months duration",
)
def duration_from_value(value: DaysTime | YearsMonths) -> DaysTime | YearsMonths:
    """Give a duration itself."""
    return value


@conversion(
    "years and months duration",
    "from: date | date and time",
    "to: date | date and time",
    gives="years and months duration",
)
def months_between(start: Date | DateTime, end: Date | DateTime) -> YearsMonths | None:
    """Count the whole months from one date to another."""
    first, last = date_from_value(start), date_from_value(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return years_months(months)


def _clock(name: str, runtime: Runtime) -> object:
    host = host_function(name, runtime)
    if host is None:
        raise FeelError(NO_CLOCK, name=name)
    return host.call(runtime, ())


@miscellaneous("now", gives="date and time", runtime=True)
def now(runtime: Runtime) -> object:
    """Give the host's date and time; raises FeelError when it lends no clock."""
    return _clock("now", runtime)


@miscellaneous("today", gives="date", runtime=True)
def today(runtime: Runtime) -> object:
    """Give the host's date; raises FeelError when it lends no clock."""
    return _clock("today", runtime)


@builtin("day of week", "date: date | date and time", gives="string")
def day_of_week(value: Date | DateTime) -> str:
    """Give the English name of the weekday."""
    return _WEEKDAYS[date_from_value(value).weekday - 1]


@builtin("month of year", "date: date | date and time", gives="string")
def month_of_year(value: Date | DateTime) -> str:
    """Give the English name of the month."""
    return _MONTHS[date_from_value(value).month - 1]


@builtin("day of year", "date: date | date and time", gives="number")
def day_of_year(value: Date | DateTime) -> Decimal:
    """Count the days since the year began, itself included."""
    date = date_from_value(value)
    return Decimal(date.ordinal - Date(date.year, 1, 1).ordinal + 1)


@builtin("week of year", "date: date | date and time", gives="number")
def week_of_year(value: Date | DateTime) -> Decimal:
    """Give the week number of ISO 8601: the first week is that of the year's first Thursday."""
    date = date_from_value(value)
    thursday = date_of_ordinal(date.ordinal - date.weekday + 4)
    if thursday is None:
        return Decimal(1)
    first = Date(thursday.year, 1, 1).ordinal
    return Decimal((thursday.ordinal - first) // 7 + 1)
