"""What an office calendar answers: which days are worked, in which zone, when the office closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

CLOSING_TIME = time(18, 0)
_SATURDAY = 5
_LONGEST_BREAK_DAYS = 60


class Calendar(Protocol):
    """A country's working days; pure look-ups, no I/O while asked."""

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which its days begin and end."""

    @property
    def closes(self) -> time:
        """Return the local time at which a term that ends on a day is over."""

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on `day`."""

    def is_holiday(self, day: date) -> bool:
        """Tell whether `day` is a public holiday; a weekend alone is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCalendar:
    """Monday to Friday without the given holidays: for tests and unknown countries."""

    zone: ZoneInfo
    closes: time = CLOSING_TIME
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is a weekday and no holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def is_holiday(self, day: date) -> bool:
        """Tell whether `day` is one of the given holidays."""
        return day in self.holidays


def end_of_day(day: date, calendar: Calendar) -> datetime:
    """Return the closing time of `day` as an aware datetime in the calendar's zone."""
    return datetime.combine(day, calendar.closes, tzinfo=calendar.zone)


def working_day_from(day: date, calendar: Calendar) -> date:
    """Return `day` itself when it is worked, else the next day that is.

    Raises ValueError when a calendar names no working day for two months: it is broken.
    """
    for ahead in range(_LONGEST_BREAK_DAYS):
        candidate = day + timedelta(days=ahead)
        if calendar.is_working(candidate):
            return candidate
    message = f"The calendar has no working day in {_LONGEST_BREAK_DAYS} days from {day}"
    raise ValueError(message)
