"""Working calendars of Armenia, Ukraine and Georgia, from the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from workflow_app.domain.calendars import CLOSING_TIME, Calendar

DEFAULT_COUNTRY = "AM"
ZONES = {"AM": "Asia/Yerevan", "UA": "Europe/Kyiv", "GE": "Asia/Tbilisi"}


class UnknownCountry(LookupError):
    """No calendar is known for this country code."""


@dataclass(frozen=True, slots=True)
class CountryCalendar:
    """One country's working days; decrees that move days as far as `holidays` knows."""

    country: str
    zone: ZoneInfo
    closes: time = CLOSING_TIME

    def is_working(self, day: date) -> bool:
        """Tell whether offices of the country work on `day`."""
        return day in _year(self.country, day.year).working

    def is_holiday(self, day: date) -> bool:
        """Tell whether `day` is a public holiday there; a weekend alone is none."""
        return day in _year(self.country, day.year).holidays


@cache
def working_calendar(country: str) -> Calendar:
    """Return the calendar of "AM", "UA" or "GE". Raises UnknownCountry."""
    if country not in ZONES:
        message = f"No calendar for {country!r}; there are {', '.join(sorted(ZONES))}"
        raise UnknownCountry(message)
    return CountryCalendar(country, ZoneInfo(ZONES[country]))


def calendar_at(path: str) -> Calendar:
    """Return the calendar of the country that a territory's path begins with, else ours."""
    country = path.split("/", 1)[0]
    return working_calendar(country if country in ZONES else DEFAULT_COUNTRY)


class _Year(NamedTuple):
    working: frozenset[date]
    holidays: frozenset[date]


@lru_cache(maxsize=512)
def _year(country: str, year: int) -> _Year:
    # The package's own object grows while it is asked, which two threads must not do at once;
    # frozen sets of the year's days are asked instead.
    known = holidays.country_holidays(country, years=year)
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]
    return _Year(
        frozenset(day for day in days if known.is_working_day(day)),
        frozenset(day for day in days if day in known),
    )
