from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from workflow_app.adapters.holidays_calendar import UnknownCountry, calendar_at, working_calendar
from workflow_app.domain.deadlines import add_calendar_days, add_working_days


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


def local(country, text):
    return datetime.fromisoformat(text).replace(tzinfo=working_calendar(country).zone)


@pytest.mark.parametrize(
    ("country", "start", "days", "end"),
    [
        # Armenia: New Year is the 31st, 1st and 2nd; Christmas the 6th
        ("AM", "2026-12-30T10:00", 1, "2027-01-04T18:00"),
        ("AM", "2027-01-05T10:00", 1, "2027-01-07T18:00"),
        ("AM", "2026-09-18T10:00", 1, "2026-09-22T18:00"),  # Independence Day is a Monday
        # Georgia: New Year 1 and 2 January, Christmas the 7th, Epiphany the 19th
        ("GE", "2026-12-31T10:00", 1, "2027-01-04T18:00"),
        ("GE", "2027-01-06T10:00", 1, "2027-01-08T18:00"),
        ("GE", "2027-01-18T10:00", 1, "2027-01-20T18:00"),
        # 9 April is the Day of National Unity, then Good Friday, and Easter until the Monday
        ("GE", "2026-04-08T10:00", 1, "2026-04-14T18:00"),
        ("GE", "2026-11-20T10:00", 1, "2026-11-24T18:00"),  # Saint George's Day is a Monday
        # Ukraine: under martial law holidays are worked, weekends are not
        ("UA", "2026-04-10T10:00", 1, "2026-04-13T18:00"),
        ("UA", "2025-12-24T10:00", 1, "2025-12-25T18:00"),
        # before: days moved by decree, and one bridged
        ("UA", "2021-12-24T10:00", 1, "2021-12-28T18:00"),
        ("UA", "2021-08-23T10:00", 1, "2021-08-25T18:00"),
        # the clocks of Ukraine go forward on 29 March 2026 and back on 25 October
        ("UA", "2026-03-27T10:00", 1, "2026-03-30T18:00"),
        ("UA", "2026-10-23T10:00", 1, "2026-10-26T18:00"),
    ],
)
def test_a_working_day_s_term_ends_at_six_there(country, start, days, end):
    calendar = working_calendar(country)
    assert add_working_days(local(country, start), days, calendar) == local(country, end)


@pytest.mark.parametrize(
    ("country", "start", "days", "end"),
    [
        ("AM", "2026-11-23T10:00", 5, "2026-11-30T18:00"),  # a Saturday
        ("AM", "2026-12-01T10:00", 30, "2027-01-04T18:00"),  # the 31st is free, and so on
        ("GE", "2026-10-24T10:00", 30, "2026-11-24T18:00"),  # Saint George's Day
        ("GE", "2026-03-11T10:00", 30, "2026-04-14T18:00"),  # Good Friday
        ("UA", "2026-02-27T10:00", 30, "2026-03-30T18:00"),  # the Sunday when the clocks change
    ],
)
def test_a_term_that_ends_on_a_free_day_ends_on_the_next_working_one(country, start, days, end):
    calendar = working_calendar(country)
    assert add_calendar_days(local(country, start), days, calendar) == local(country, end)


@pytest.mark.parametrize(
    ("path", "country"),
    [("AM/AM-SU/AM-SU-KAPAN", "AM"), ("GE", "GE"), ("UA/UA-63", "UA"), ("FR/PARIS", "AM")],
)
def test_a_place_goes_by_its_country(path, country):
    assert calendar_at(path) is working_calendar(country)
