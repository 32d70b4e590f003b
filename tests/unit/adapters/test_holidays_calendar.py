from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from workflow_app.adapters.holidays_calendar import UnknownCountry, working_calendar
from workflow_app.domain.deadlines import add_working_days


@pytest.mark.parametrize(
    ("country", "day", "works"),
    [
        ("AM", date(2026, 1, 6), False),  # Christmas in Armenia
        ("AM", date(2026, 9, 21), False),  # Independence Day
        ("AM", date(2026, 9, 22), True),
        ("AM", date(2026, 11, 21), False),  # a Saturday
        ("GE", date(2026, 5, 26), False),  # Independence Day
        ("GE", date(2026, 11, 23), False),  # Saint George's Day, a Monday
        ("UA", date(2021, 8, 24), False),  # Independence Day before martial law
        ("UA", date(2026, 8, 24), True),  # holidays are worked under martial law
        ("UA", date(2026, 8, 23), False),  # a Sunday
    ],
)
def test_each_country_has_its_days(country, day, works):
    assert working_calendar(country).is_working(day) is works


@pytest.mark.parametrize(
    ("country", "day", "free"),
    [
        ("AM", date(2026, 1, 6), True),  # Christmas in Armenia
        ("AM", date(2026, 1, 8), False),
        ("AM", date(2026, 11, 21), False),  # a Saturday is no holiday for that alone
        ("GE", date(2026, 11, 23), True),  # Saint George's Day
    ],
)
def test_a_holiday_is_no_mere_weekend(country, day, free):
    assert working_calendar(country).is_holiday(day) is free


@pytest.mark.parametrize(
    ("country", "zone"), [("AM", "Asia/Yerevan"), ("UA", "Europe/Kyiv"), ("GE", "Asia/Tbilisi")]
)
def test_each_country_has_its_zone_and_closes_at_six(country, zone):
    calendar = working_calendar(country)
    assert calendar.zone.key == zone
    assert calendar.closes == time(18, 0)


def test_an_unknown_country_is_named():
    with pytest.raises(UnknownCountry, match="XX"):
        working_calendar("XX")


def test_a_term_over_new_year_skips_the_armenian_holidays():
    start = datetime(2025, 12, 30, 8, 0, tzinfo=UTC)
    # 31 December, 1, 2 and 6 January are holidays, 3 and 4 a weekend
    assert add_working_days(start, 2, working_calendar("AM")) == datetime(
        2026, 1, 7, 14, 0, tzinfo=UTC
    )
