"""When a timer is due: ISO 8601 dates, durations and cycles (BPMN 2.0.2 §10.5.5.5)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DURATION = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?"
    r"(?:(?P<days>\d+)D)?(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
CYCLE = re.compile(r"R(?P<count>\d*)/(?:(?P<start>[^/P][^/]*)/)?(?P<every>-?P[^/]+)")


class UnreadableTimer(ValueError):
    """A text is no date, duration or cycle."""


@dataclass(frozen=True, slots=True)
class Span:
    """A calendar duration: whole months, then an exact time."""

    months: int
    exact: timedelta

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read `P1Y2M3DT4H5M6S` or `P2W`; raises UnreadableTimer."""
        match = DURATION.fullmatch(text.strip())
        if match is None:
            reason = f"“{text}” is no ISO 8601 duration"
            raise UnreadableTimer(reason)
        part = {key: float(found or 0) for key, found in match.groupdict().items() if key != "sign"}
        sign = -1 if match["sign"] else 1
        exact = timedelta(
            weeks=part["weeks"],
            days=part["days"],
            hours=part["hours"],
            minutes=part["minutes"],
            seconds=part["seconds"],
        )
        return cls(sign * int(part["years"] * 12 + part["months"]), sign * exact)

    def after(self, moment: datetime) -> datetime:
        """Return the moment this span later; a day that a month lacks becomes its last."""
        months = moment.year * 12 + moment.month - 1 + self.months
        year, month = divmod(months, 12)
        try:
            last = calendar.monthrange(year, month + 1)[1]
            shifted = moment.replace(year=year, month=month + 1, day=min(moment.day, last))
            return shifted + self.exact
        except (ValueError, OverflowError, calendar.IllegalMonthError):
            reason = "the timer lies outside the calendar"
            raise UnreadableTimer(reason) from None

    def next_after(self, start: datetime, now: datetime) -> datetime | None:
        """Return the first multiple after `start` that lies after `now`; None if never."""
        at = self.after(start)
        if at <= start:
            return None
        if self.months == 0 and at <= now:
            return start + ((now - start) // self.exact + 1) * self.exact
        while at <= now:
            at = self.after(at)
        return at


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer fires next, and for a cycle how often more (None = for ever) and every what."""

    at: datetime
    left: int | None = 0
    every: str | None = None

    def following(self, now: datetime) -> Due | None:
        """Return the next firing of a cycle after `now`; occasions that were missed are skipped."""
        if self.every is None or self.left == 0:
            return None
        at = Span.parse(self.every).next_after(self.at, now)
        if at is None:
            return None
        return Due(at, None if self.left is None else self.left - 1, self.every)


def moment(value: Any) -> datetime:
    """Return an aware UTC moment from ISO text; a date is its first minute. UnreadableTimer."""
    if not isinstance(value, str):
        reason = f"{value!r} is no date"
        raise UnreadableTimer(reason)
    text, _, zone = value.strip().partition("@")
    try:
        place = ZoneInfo(zone) if zone else UTC
        if "T" not in text:
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, ZoneInfoNotFoundError):
        reason = f"“{value}” is no ISO 8601 date"
        raise UnreadableTimer(reason) from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=place).astimezone(UTC)


def first_due(form: str, value: Any, now: datetime) -> Due:
    """Return when a timer of a form (“date”, “duration”, “cycle”) fires first.

    A FEEL value may be of another kind than drawn (a duration timer given a date), which is
    understood. Raises UnreadableTimer.
    """
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str):
        reason = f"{value!r} is no {form}"
        raise UnreadableTimer(reason)
    if text.startswith("R"):
        return _cycle(text, now)
    if text.startswith(("P", "-P")):
        every = text if form == "cycle" else None
        return Due(Span.parse(text).after(now), None if every else 0, every)
    return Due(moment(text))


def _cycle(text: str, now: datetime) -> Due:
    match = CYCLE.fullmatch(text)
    if match is None:
        reason = f"“{text}” is no ISO 8601 repetition such as R3/PT10M"
        raise UnreadableTimer(reason)
    span = Span.parse(match["every"])
    at = moment(match["start"]) if match["start"] else span.after(now)
    count = int(match["count"]) - 1 if match["count"] else None
    return Due(at, None if count is None else max(count, 0), match["every"])
