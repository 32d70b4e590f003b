"""Working calendars of Armenia, Ukraine and Georgia, from the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays

from workflow_app.domain.calendars import CLOSING_TIME, Calendar

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
        return day in _working_days(self.country, day.year)


@cache
def working_calendar(country: str) -> Calendar:
    """Return the calendar of "AM", "UA" or "GE". Raises UnknownCountry."""
    if country not in ZONES:
        message = f"No calendar for {country!r}; there are {', '.join(sorted(ZONES))}"
        raise UnknownCountry(message)
    return CountryCalendar(country, ZoneInfo(ZONES[country]))


@lru_cache(maxsize=512)
def _working_days(country: str, year: int) -> frozenset[date]:
    # The package's own object grows while it is asked, which two threads must not do at once;
    # a frozen set of the year's days is asked instead.
    known = holidays.country_holidays(country, years=year)
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1))
    return frozenset(day for day in days if known.is_working_day(day))
