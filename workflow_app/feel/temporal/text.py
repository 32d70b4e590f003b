"""Reads and writes temporal values as ISO 8601 and XML Schema have them (DMN 1.5 §10.3.4.1)."""

from __future__ import annotations

import re

from workflow_app.feel.temporal.arithmetic import days_time, years_months
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
    Zone,
    date_of_ordinal,
    make_date,
    zone_info,
)

_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_OFFSET = r"Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
_TIME = (
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,30}))?"
    rf"({_OFFSET}|@[A-Za-z0-9_+/-]{{1,60}})?"
)
_DATE_TEXT = re.compile(rf"{_DATE}({_OFFSET})?")
_TIME_TEXT = re.compile(_TIME)
_DATE_TIME_TEXT = re.compile(f"{_DATE}T{_TIME}")
_MONTHS_TEXT = re.compile(r"(-?)P(?=[0-9])(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
_DAYS_TEXT = re.compile(
    r"(-?)P(?=.)(?:([0-9]{1,18})D)?"
    r"(?:T(?=.)(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{1,30}))?S)?)?"
)
# Seconds; XML Schema part 2 lets no clock be further from Greenwich than fourteen hours.
MAX_OFFSET = 14 * 3600


def parse_date(text: str) -> Date | None:
    """Read ``2026-11-21``; nothing if the text is no date.

    An offset after it, which XML Schema allows, is left out: dates of FEEL have none.
    """
    start = parse_midnight(text)
    return None if start is None else start.date


def parse_midnight(text: str) -> DateTime | None:
    """Read a date, with or without an offset, as the moment when it begins."""
    match = _DATE_TEXT.fullmatch(text)
    if match is None:
        return None
    date, zone = _date(match.groups()[:3]), _zone(match.group(4))
    return None if date is None or zone is False else DateTime(date, 0, zone)


def parse_time(text: str) -> Time | None:
    """Read ``10:00:00+04:00`` or ``10:00:00@Asia/Yerevan``; nothing if the text is no time."""
    match = _TIME_TEXT.fullmatch(text)
    return None if match is None else _time(match.groups())


def parse_date_time(text: str) -> DateTime | None:
    """Read a date and time joined by ``T``; nothing if the text is none."""
    match = _DATE_TIME_TEXT.fullmatch(text)
    if match is None:
        return None
    date, time = _date(match.groups()[:3]), _time(match.groups()[3:])
    if date is None or time is None:
        return None
    if match.group(4) == "24":
        following = date_of_ordinal(date.ordinal + 1)
        return None if following is None else DateTime(following, 0, time.zone)
    return DateTime(date, time.nanos, time.zone)


def _date(parts: tuple[str, ...]) -> Date | None:
    year, month, day = parts
    return make_date(int(year), int(month), int(day))


def _time(parts: tuple[str | None, ...]) -> Time | None:
    hour, minute, second = (int(part or 0) for part in parts[:3])
    zone = _zone(parts[4])
    if zone is False:
        return None
    nanos = hour * HOUR + minute * MINUTE + second * SECOND + _fraction(parts[3])
    if minute > 59 or second > 59 or nanos > DAY:
        return None
    return Time(nanos % DAY, zone)


def _fraction(digits: str | None) -> int:
    return int((digits or "")[:9].ljust(9, "0"))


def _zone(text: str | None) -> Zone | bool:
    """Give the zone of a text, none for no text, or False when there is no such zone."""
    if text is None:
        return None
    if text in {"Z", "z"}:
        return 0
    if text.startswith("@"):
        return text[1:] if zone_info(text[1:]) else False
    parts = [int(part) for part in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)
    if parts[1] > 59 or seconds > MAX_OFFSET:
        return False
    return -seconds if text[0] == "-" else seconds


def parse_duration(text: str) -> DaysTime | YearsMonths | None:
    """Read ``P1Y2M`` or ``P1DT2H3M4.5S``; nothing if the text is no duration of either kind."""
    match = _MONTHS_TEXT.fullmatch(text)
    if match is not None:
        months = int(match.group(2) or 0) * 12 + int(match.group(3) or 0)
        return years_months(-months if match.group(1) else months)
    match = _DAYS_TEXT.fullmatch(text)
    return None if match is None else _days(match)


def _days(match: re.Match[str]) -> DaysTime | None:
    units = zip((DAY, HOUR, MINUTE, SECOND), match.groups()[1:5], strict=True)
    nanos = sum(unit * int(count or 0) for unit, count in units) + _fraction(match.group(6))
    return days_time(-nanos if match.group(1) else nanos)


def read_temporal(text: str) -> Date | Time | DateTime | DaysTime | YearsMonths | None:
    """Read whichever temporal value a text holds; nothing if it holds none."""
    return parse_date(text) or parse_date_time(text) or parse_time(text) or parse_duration(text)


def write(value: Date | Time | DateTime | DaysTime | YearsMonths) -> str:
    """Write a temporal value so that it can be read again."""
    if isinstance(value, Date):
        return _write_date(value)
    if isinstance(value, Time):
        return _write_nanos(value.nanos) + write_zone(value.zone)
    if isinstance(value, DateTime):
        return f"{_write_date(value.date)}T{_write_nanos(value.nanos)}{write_zone(value.zone)}"
    if isinstance(value, YearsMonths):
        return _write_months(value.months)
    return _write_days(value.nanos)


def _write_date(date: Date) -> str:
    sign = "-" if date.year < 0 else ""
    return f"{sign}{abs(date.year):04d}-{date.month:02d}-{date.day:02d}"


def _write_nanos(nanos: int) -> str:
    hours, rest = divmod(nanos, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{hours:02d}:{minutes:02d}:{_write_seconds(rest, width=2)}"


def _write_seconds(nanos: int, width: int = 1) -> str:
    seconds, fraction = divmod(nanos, SECOND)
    whole = f"{seconds:0{width}d}"
    return f"{whole}.{fraction:09d}".rstrip("0") if fraction else whole


def write_zone(zone: Zone) -> str:
    """Write a zone as it follows a time."""
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{tail}"


def _write_months(months: int) -> str:
    years, rest = divmod(abs(months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months < 0 else ''}P{text or '0M'}"


def _write_days(nanos: int) -> str:
    days, rest = divmod(abs(nanos), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    time += f"{_write_seconds(rest)}S" if rest else ""
    text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"{'-' if nanos < 0 else ''}P{text or 'T0S'}"
