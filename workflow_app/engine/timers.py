"""When a timer is due: ISO 8601 dates, durations and cycles (BPMN 2.0.2 §10.5.5.5).

A date or time without a zone means the case's clock (`Env.zone`). A repetition is a row of fixed
moments, counted from its first: the 31st of each month is the last day where a month is shorter.
One that came due while the server was down fires late, once; others missed since are skipped and
count as used.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflow_app.domain.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

DURATION = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<years>\d{1,15})Y)?(?:(?P<months>\d{1,15})M)?"
    r"(?:(?P<weeks>\d{1,15})W)?(?:(?P<days>\d{1,15})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,15})H)?(?:(?P<minutes>\d{1,15})M)?"
    r"(?:(?P<seconds>\d{1,15}(?:\.\d{1,15})?)S)?)?",
    re.ASCII,
)
CYCLE = re.compile(r"R(?P<count>\d{0,9})/(?P<first>[^/]+)(?:/(?P<second>[^/]+))?")
MAX_TURNS = 100_000

NO_DURATION = N_("“%(text)s” is no ISO 8601 duration")
NO_DATE = N_("“%(text)s” is no ISO 8601 date")
NO_CYCLE = N_("“%(text)s” is no ISO 8601 repetition such as R3/PT10M")
NO_TIME = N_("%(text)s is no time")
OUTSIDE = N_("the timer lies outside the calendar")


class UnreadableTimer(ValueError):
    """A text is no date, duration or cycle; `why` is a msgid that `details` fill."""

    def __init__(self, why: str, **details: object) -> None:
        self.why = why
        self.details = details
        super().__init__(why % details if details else why)

    def told(self) -> tuple[str, Mapping[str, object]]:
        """Return the msgid and what fills it."""
        return self.why, self.details


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
            raise UnreadableTimer(NO_DURATION, text=text)
        part = {key: float(found or 0) for key, found in match.groupdict().items() if key != "sign"}
        sign = -1 if match["sign"] else 1
        try:
            exact = timedelta(
                weeks=part["weeks"],
                days=part["days"],
                hours=part["hours"],
                minutes=part["minutes"],
                seconds=part["seconds"],
            )
        except OverflowError:
            raise UnreadableTimer(OUTSIDE) from None
        return cls(sign * int(part["years"] * 12 + part["months"]), sign * exact)

    def after(self, moment: datetime, zone: tzinfo = UTC, turns: int = 1) -> datetime:
        """Return the moment so many spans later, in UTC.

        Months are counted on the zone's clock, and a day that a month lacks becomes its last;
        days and hours are exact. Raises UnreadableTimer.
        """
        local = moment.astimezone(zone)
        months = local.year * 12 + local.month - 1 + self.months * turns
        year, month = divmod(months, 12)
        try:
            last = calendar.monthrange(year, month + 1)[1]
            shifted = local.replace(year=year, month=month + 1, day=min(local.day, last))
            return shifted.astimezone(UTC) + self.exact * turns
        except (ValueError, OverflowError, calendar.IllegalMonthError):
            raise UnreadableTimer(OUTSIDE) from None

    def turns_until(self, first: datetime, now: datetime, zone: tzinfo = UTC) -> int | None:
        """Return the number of the first multiple after `first` that lies after `now`.

        None where there is none: the span is empty or leads back.
        """
        if self.after(first, zone) <= first:
            return None
        if self.months == 0:
            return max(1, (now - first) // self.exact + 1)
        turn = max(1, (now - first) // (timedelta(days=31 * self.months) + self.exact))
        while self.after(first, zone, turn) <= now:
            turn += 1
        return turn


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer fires next, and for a cycle how often more (None = for ever) and every what.

    `first` is the moment from which a cycle counts, `turn` how many spans lie between.
    """

    at: datetime
    left: int | None = 0
    every: str | None = None
    first: datetime | None = None
    turn: int = 0

    def following(self, now: datetime, zone: tzinfo = UTC) -> Due | None:
        """Return the next firing of a cycle after `now`; occasions that were missed are skipped."""
        if self.every is None or self.left == 0:
            return None
        span, first = Span.parse(self.every), self.first or self.at
        turn = span.turns_until(first, max(now, self.at), zone)
        if turn is None:
            return None
        left = None if self.left is None else self.left - (turn - self.turn)
        if left is not None and left < 0:
            return None
        return Due(span.after(first, zone, turn), left, self.every, first, turn)


def moment(value: Any, zone: tzinfo = UTC) -> datetime:
    """Return an aware UTC moment from ISO text; a date is its first minute. UnreadableTimer.

    A text without an offset, or “@” and a place, is read on the clock of `zone`.
    """
    if not isinstance(value, str):
        raise UnreadableTimer(NO_TIME, text=repr(value))
    text, _, place = value.strip().partition("@")
    try:
        here = ZoneInfo(place) if place else zone
        if "T" not in text:
            return datetime.combine(date.fromisoformat(text), time(), here).astimezone(UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        raise UnreadableTimer(NO_DATE, text=value) from None
    return (found if found.tzinfo else found.replace(tzinfo=here)).astimezone(UTC)


def first_due(form: str, value: Any, now: datetime, zone: tzinfo = UTC) -> Due:
    """Return when a timer of a form (“date”, “duration”, “cycle”) fires first.

    A FEEL value may be of another kind than drawn (a duration timer given a date), which is
    understood. Raises UnreadableTimer.
    """
    text = value.strip() if isinstance(value, str) else value
    if not isinstance(text, str):
        raise UnreadableTimer(NO_TIME, text=repr(value))
    if text.startswith("R"):
        return _cycle(text, now, zone)
    if text.startswith(("P", "-P")):
        at = Span.parse(text).after(now, zone)
        return Due(at, None, text, now, 1) if form == "cycle" else Due(at)
    return Due(moment(text, zone))


def _cycle(text: str, now: datetime, zone: tzinfo) -> Due:
    """Read `R3/PT1H`, `R/2026-01-01/P1D`, `R3/P1D/2026-01-05`, `R2/2026-01-01/2026-01-08`."""
    match = CYCLE.fullmatch(text)
    if match is None:
        raise UnreadableTimer(NO_CYCLE, text=text)
    count = int(match["count"]) if match["count"] else None
    first, second = match["first"], match["second"]
    if second is None:
        return _row(now, 1, Span.parse(first), None if count is None else count - 1, first, zone)
    if first.startswith(("P", "-P")):
        return _until(moment(second, zone), count, first, now, zone)
    start = moment(first, zone)
    if not second.startswith("P"):
        apart = (moment(second, zone) - start).total_seconds()
        second = f"PT{int(apart)}S" if apart > 0 else "P"
    return _from(start, count, second, now, zone)


def _row(first: datetime, turn: int, span: Span, left: int | None, every: str, zone: tzinfo) -> Due:
    at = span.after(first, zone, turn) if turn else first
    return Due(at, None if left is None else max(left, 0), every, first, turn)


def _from(start: datetime, count: int | None, every: str, now: datetime, zone: tzinfo) -> Due:
    """Begin at the first occasion that lies ahead; where all are past, the last fires late."""
    span = Span.parse(every)
    turn = 0 if start >= now else span.turns_until(start, now, zone) or 0
    last = None if count is None else max(count - 1, 0)
    if last is not None:
        turn = min(turn, last)
    return _row(start, turn, span, None if last is None else last - turn, every, zone)


def _until(end: datetime, count: int | None, every: str, now: datetime, zone: tzinfo) -> Due:
    """Count back from the last occasion: as many as lie ahead, at most `count`."""
    span = Span.parse(every)
    most = MAX_TURNS if count is None else max(count, 1)
    turns = 0
    if span.after(end, zone, -1) < end:
        while turns < most - 1 and span.after(end, zone, -(turns + 1)) > now:
            turns += 1
    start = span.after(end, zone, -turns) if turns else end
    return _row(start, 0, span, turns, every, zone)


def pack(due: Due) -> list[Any]:
    """Return a due time as JSON."""
    plain = [due.at.isoformat(), due.left, due.every]
    return plain if due.first is None else [*plain, due.first.isoformat(), due.turn]


def unpack(stored: list[Any]) -> Due:
    """Return what `pack` stored; states of format 1 know no first moment."""
    at, left, every, *counted = stored
    if not counted:
        return Due(datetime.fromisoformat(at), left, every)
    first, turn = counted
    return Due(datetime.fromisoformat(at), left, every, datetime.fromisoformat(first), turn)
