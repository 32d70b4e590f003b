"""The five temporal values (DMN 1.5 §10.3.2.3.4 to §10.3.2.3.9) and their order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MAX_YEAR = 999_999_999
MAX_DURATION = DAY * 366 * MAX_YEAR * 2
# From the first month of the calendar to its last.
MAX_MONTHS = 12 * MAX_YEAR * 2 + 11
# Days from 0000-03-01 to 0001-01-01, where Python's ordinals begin with one.
_ORDINAL_SHIFT = 305
_ERA_YEARS = 400
_ERA_DAYS = 146_097

# Seconds east of Greenwich, a zone of the IANA database, or none for local values.
Zone = int | str | None


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar, years -999,999,999 to 999,999,999."""

    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since the last day before 0001-01-01, as Python counts them."""
        year = self.year - (self.month <= 2)
        era, of_era = divmod(year, _ERA_YEARS)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        of_era_days = of_era * 365 + of_era // 4 - of_era // 100 + of_year
        return era * _ERA_DAYS + of_era_days - _ORDINAL_SHIFT

    @property
    def weekday(self) -> int:
        """Give 1 for Monday to 7 for Sunday."""
        return (self.ordinal - 1) % 7 + 1


@dataclass(frozen=True, slots=True)
class Time:
    """Nanoseconds since midnight, with or without a zone."""

    nanos: int
    zone: Zone = None

    @property
    def offset(self) -> int | None:
        """Seconds east of Greenwich; for a named zone those of its standard time."""
        return standard_offset(self.zone) if isinstance(self.zone, str) else self.zone


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and nanoseconds since its midnight, with or without a zone."""

    date: Date
    nanos: int
    zone: Zone = None

    @property
    def offset(self) -> int | None:
        """Seconds east of Greenwich on that date, or none for a local value."""
        return zone_offset(self.zone, self.date, self.nanos)

    @property
    def instant(self) -> int:
        """Nanoseconds on the time line; a local value counts as Greenwich's."""
        return self.date.ordinal * DAY + self.nanos - (self.offset or 0) * SECOND


@dataclass(frozen=True, slots=True, order=True)
class DaysTime:
    """A duration of days, hours, minutes and seconds, in nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of years and months, in months."""

    months: int


TEMPORAL_TYPES = frozenset([Date, Time, DateTime, DaysTime, YearsMonths])


def make_date(year: int, month: int, day: int) -> Date | None:
    """Make a date, or nothing if the calendar has no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return Date(year, month, day) if day <= month_length(year, month) else None


def month_length(year: int, month: int) -> int:
    """Give the number of days of a month."""
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in {4, 6, 9, 11} else 31


def date_of_ordinal(ordinal: int) -> Date | None:
    """Give the date of a day number of Date.ordinal, or nothing beyond the last year."""
    era, of_era = divmod(ordinal + _ORDINAL_SHIFT, _ERA_DAYS)
    year = (of_era - of_era // 1460 + of_era // 36524 - of_era // (_ERA_DAYS - 1)) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month_from_march = (5 * of_year + 2) // 153
    day = of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    return make_date(era * _ERA_YEARS + year + (month <= 2), month, day)


def date_time_of(nanos: int, zone: Zone) -> DateTime | None:
    """Give the date and time that shows this many nanoseconds since day nought in its zone."""
    days, rest = divmod(nanos, DAY)
    date = date_of_ordinal(days)
    return None if date is None else DateTime(date, rest, zone)


def date_time_at(instant: int, zone: Zone) -> DateTime | None:
    """Give the date and time that a zone shows at nanoseconds of the time line."""
    if not isinstance(zone, str):
        return date_time_of(instant + (zone or 0) * SECOND, zone)
    moment = date_time_of(instant, 0)
    info = zone_info(zone)
    if moment is None or info is None:
        return None
    date = moment.date
    there = dt.datetime(_near_year(date.year), date.month, date.day, tzinfo=dt.UTC)
    shown = (there + dt.timedelta(microseconds=moment.nanos // 1000)).astimezone(info)
    return date_time_of(instant + _seconds(shown.utcoffset()) * SECOND, zone)


def _seconds(shift: dt.timedelta | None) -> int:
    return 0 if shift is None else shift.days * 86_400 + shift.seconds


@lru_cache(maxsize=1024)
def zone_info(name: str) -> ZoneInfo | None:
    """Give a zone of the IANA database, or nothing if it has none of that name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def zone_offset(zone: Zone, date: Date, nanos: int) -> int | None:
    """Give the seconds east of Greenwich that a zone has at a local date and time."""
    if zone is None or isinstance(zone, int):
        return zone
    info = zone_info(zone)
    if info is None:
        return None
    local = dt.datetime(_near_year(date.year), date.month, date.day, tzinfo=info)
    shift = (local + dt.timedelta(microseconds=nanos // 1000)).utcoffset()
    return None if shift is None else shift.days * 86_400 + shift.seconds


@lru_cache(maxsize=1024)
def standard_offset(zone: str) -> int | None:
    """Give the seconds east of Greenwich of a zone when it saves no daylight, in 2024."""
    offsets = [zone_offset(zone, Date(2024, month, 1), 0) for month in (1, 7)]
    return min((each for each in offsets if each is not None), default=None)


def _near_year(year: int) -> int:
    """Give a year that Python's calendar has, with the same leap day and weekdays."""
    return year if 1 < year < 9999 else 2000 + year % _ERA_YEARS


def same(left: object, right: object) -> bool:
    """Tell whether two temporal values are equal; a clock of no zone equals none that has one."""
    zoned = [each.zone is not None for each in (left, right) if isinstance(each, DateTime | Time)]
    return len(set(zoned)) < 2 and compare(left, right) == 0


def compare(left: object, right: object) -> int | None:
    """Give -1, 0 or 1 for two temporal values of one type; nothing if they have no order.

    Of two clocks the one without a zone takes the offset of the other (DMN 1.5 table 54).
    """
    if type(left) is not type(right):
        return None
    if isinstance(left, DateTime | Time) and isinstance(right, DateTime | Time):
        return _compare_clocks(left, right)
    reader = _MAGNITUDES.get(type(left))
    if reader is None:
        return None
    first, second = reader(left), reader(right)
    return (first > second) - (first < second)


def _compare_clocks(left: DateTime | Time, right: DateTime | Time) -> int:
    same_offset = left.zone is None or right.zone is None
    first, second = _on_line(left, shown=same_offset), _on_line(right, shown=same_offset)
    return (first > second) - (first < second)


def _on_line(value: DateTime | Time, *, shown: bool) -> int:
    """Give the place of a clock on the time line, or where it would be if it were Greenwich's."""
    days = value.date.ordinal * DAY if isinstance(value, DateTime) else 0
    return days + value.nanos - (0 if shown else (value.offset or 0) * SECOND)


_MAGNITUDES: dict[type, Callable[[Any], int]] = {
    Date: lambda value: value.ordinal,
    DaysTime: lambda value: value.nanos,
    YearsMonths: lambda value: value.months,
}
