"""The one source of "now": the system's clock, a clock that a demo moves, a clock that stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class NaiveTime(ValueError):
    """A time without a zone was given to a clock."""


class Clock(Protocol):
    """Tells the time; everything that asks gets the same answer in tests and in the demo."""

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present as an aware datetime in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class ShiftedClock:
    """A running clock that is ahead of (or behind) another one by an offset that can be set."""

    base: Clock
    offset: timedelta = timedelta()

    def now(self) -> datetime:
        """Return the base clock's time plus the offset, in UTC."""
        return self.base.now() + self.offset

    def advance(self, by: timedelta) -> None:
        """Move the clock on by `by` (back when negative)."""
        self.offset += by

    def move_to(self, moment: datetime) -> None:
        """Let the clock show `moment` from now on. Raises NaiveTime."""
        self.offset = _in_utc(moment) - self.base.now()


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is told to move: the twin for tests."""

    moment: datetime

    def now(self) -> datetime:
        """Return the set moment, in UTC. Raises NaiveTime."""
        return _in_utc(self.moment)

    def advance(self, by: timedelta) -> None:
        """Move the clock on by `by`."""
        self.moment += by


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone"
        raise NaiveTime(message)
    return moment.astimezone(UTC)
