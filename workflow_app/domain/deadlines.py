"""Terms counted in days, and clocks that stop while somebody else owes an answer.

A term of n days does not count the day it starts on, and ends when the office closes on its last
day (domain.md §4.4). All results are aware, in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from workflow_app.domain.calendars import Calendar, end_of_day, working_day_from

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TERM_DAYS = 36_525
REMINDER_SHARE = 0.6
WHOLE = 100


class InvalidTerm(ValueError):
    """A term is negative, longer than a century, or starts at a time without a zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A stretch during which the clock stands; `ended` is None while it lasts."""

    began: datetime
    ended: datetime | None = None


def add_working_days(start: datetime, n: int, calendar: Calendar) -> datetime:
    """Return the closing time of the n-th working day after the local day of `start`, in UTC.

    n = 0 is the end of the day itself, or of the next working day when it is not worked.
    Raises InvalidTerm.
    """
    day = _local_day(start, n, calendar)
    if n == 0:
        return _closing(working_day_from(day, calendar), calendar)
    for _ in range(n):
        day = working_day_from(day + timedelta(days=1), calendar)
    return _closing(day, calendar)


def add_calendar_days(start: datetime, n: int, calendar: Calendar) -> datetime:
    """Return the closing time of the n-th day after the local day of `start`, in UTC.

    A last day that is not worked moves to the next one that is. Raises InvalidTerm.
    """
    day = _local_day(start, n, calendar)
    return _closing(working_day_from(day + timedelta(days=n), calendar), calendar)


def stopped_time(pauses: Iterable[Pause], since: datetime, until: datetime) -> timedelta:
    """Return how long the clock stood between two instants; overlapping pauses count once."""
    total = timedelta()
    reached = since
    for pause in sorted(pauses, key=_beginning):
        began = max(pause.began, reached)
        ended = min(pause.ended or until, until)
        if ended > began:
            total += ended - began
            reached = ended
    return total


def is_stopped(pauses: Iterable[Pause], now: datetime) -> bool:
    """Tell whether a pause covers `now`."""
    return any(p.began <= now and (p.ended is None or now < p.ended) for p in pauses)


def due_after_pauses(
    due: datetime, pauses: Iterable[Pause], *, since: datetime, now: datetime, calendar: Calendar
) -> datetime:
    """Return `due` moved on by the time the clock has stood since the term began, in UTC.

    A moved end is when the office closes next, on a day that is worked: whatever the clocks of a
    country did meanwhile, a term ends with a day. Without a pause the end stays where it was.
    """

    def on_the_wall(moment: datetime) -> datetime:
        return moment.astimezone(calendar.zone).replace(tzinfo=UTC)

    shown = [
        Pause(began=on_the_wall(p.began), ended=on_the_wall(p.ended) if p.ended else None)
        for p in pauses
    ]
    stood = stopped_time(shown, on_the_wall(since), on_the_wall(now))
    if not stood:
        return due.astimezone(UTC)
    moved = on_the_wall(due) + stood
    late = moved.time() > calendar.closes
    return _closing(working_day_from(moved.date() + timedelta(days=late), calendar), calendar)


def reminder_at(start: datetime, due: datetime, share: float = REMINDER_SHARE) -> datetime:
    """Return the instant at which `share` of the term has passed, to the second, in UTC."""
    passed = (due.astimezone(UTC) - start.astimezone(UTC)) * share
    return start.astimezone(UTC) + timedelta(seconds=int(passed.total_seconds()))


def warning_at(since: datetime, due: datetime, stood: timedelta, left: float) -> datetime:
    """Return when `left` per cent of a term are left, in UTC; what the clock stood is no term."""
    whole = due.astimezone(UTC) - since.astimezone(UTC) - stood
    return due.astimezone(UTC) - whole * (left / WHOLE)


def days_left(due: datetime, now: datetime, calendar: Calendar) -> int:
    """Return the local calendar days until `due`: 0 is today, negative is overdue."""
    return (due.astimezone(calendar.zone).date() - now.astimezone(calendar.zone).date()).days


def working_days_left(due: datetime, now: datetime, calendar: Calendar) -> int:
    """Return how many working days follow today until the day of `due`, that one included."""
    today = now.astimezone(calendar.zone).date()
    days = (today + timedelta(days=n) for n in range(1, days_left(due, now, calendar) + 1))
    return sum(calendar.is_working(day) for day in days)


def _local_day(start: datetime, n: int, calendar: Calendar) -> date:
    if start.tzinfo is None:
        message = "A term needs a start with a time zone"
        raise InvalidTerm(message)
    if not 0 <= n <= LONGEST_TERM_DAYS:
        message = f"A term has 0 to {LONGEST_TERM_DAYS} days, not {n}"
        raise InvalidTerm(message)
    return start.astimezone(calendar.zone).date()


def _closing(day: date, calendar: Calendar) -> datetime:
    return end_of_day(day, calendar).astimezone(UTC)


def _beginning(pause: Pause) -> datetime:
    return pause.began
