"""Dates, times and durations: reading, writing, arithmetic, properties."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow_app.feel import YearsMonths, compile_expression, to_json
from workflow_app.feel.temporal.values import Date, DaysTime, date_of_ordinal


def value(text, **scope):
    return compile_expression(text).evaluate(scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-11-21")', dt.date(2026, 11, 21)),
        ('date("2026-02-29")', None),
        ('date("26-11-21")', None),
        ("date(2024, 2, 29)", dt.date(2024, 2, 29)),
        ("date(2026, 13, 1)", None),
        ('date(date and time("2026-11-21T10:00:00Z"))', dt.date(2026, 11, 21)),
        ('time("10:20:30")', dt.time(10, 20, 30)),
        ('time("25:00:00")', None),
        ("time(10, 20, 30)", dt.time(10, 20, 30)),
        ('time("10:00:00@No/Where")', None),
        ('date and time("2026-11-21T24:00:00")', dt.datetime(2026, 11, 22)),  # noqa: DTZ001
        ('date and time("2026-11-21")', dt.datetime(2026, 11, 21)),  # noqa: DTZ001
        ('duration("P1DT2H")', dt.timedelta(days=1, hours=2)),
        ('duration("-PT0.5S")', dt.timedelta(milliseconds=-500)),
        ('duration("P14M")', YearsMonths(14)),
        ('duration("P1Y1D")', None),
        ('duration("P")', None),
        ('duration("PT")', None),
        ('@"2026-11-21"', dt.date(2026, 11, 21)),
        ('@"nonsense"', None),
    ],
)
def test_reading(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('duration("P1M") + date("2024-01-31")', "2024-02-29"),
        ('date("2026-01-01") + duration("PT25H")', "2026-01-02"),
        ('date("2026-01-01") - duration("P1D")', "2025-12-31"),
        ('date("2026-03-01") - date("2026-02-01")', "P28D"),
        ('time("23:00:00") + duration("PT2H")', "01:00:00"),
        ('time("10:00:00Z") - time("10:00:00+01:00")', "PT1H"),
        ('time("10:00:00Z") - time("10:00:00")', None),
        ('date and time("2026-01-01T00:00:00Z") - duration("PT1S")', "2025-12-31T23:59:59+00:00"),
        ('duration("P1D") * 1.5', "P1DT12H"),
        ('2 * duration("P1Y")', "P2Y"),
        ('duration("P1Y") / 4', "P3M"),
        ('duration("P1D") / duration("PT6H")', 4),
        ('duration("P1D") / 0', None),
        ('-duration("P1D")', "-P1D"),
        ('duration("P1D") + duration("P1M")', None),
        ('date("2026-01-01") + 1', None),
        ('date("999999999-12-31") + duration("P1D")', None),
        ('years and months duration(date("2024-02-29"), date("2026-02-28"))', "P1Y11M"),
    ],
)
def test_arithmetic(text, expected):
    assert to_json(value(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-11-21").weekday', 6),
        ('date("2026-11-21").year', 2026),
        ('time("10:20:30+04:00").time offset', "PT4H"),
        ('time("10:20:30").time offset', None),
        ('time("10:20:30@Asia/Yerevan").timezone', "Asia/Yerevan"),
        ('date and time("2026-07-01T00:00:00@Europe/Paris").time offset', "PT2H"),
        ('duration("P1DT2H3M4S").hours', 2),
        ('duration("-P14M").months', -2),
        ('duration("P1D").years', None),
        ('day of week(date("2026-11-21"))', "Saturday"),
        ('month of year(date("2026-11-21"))', "November"),
        ('day of year(date("2024-12-31"))', 366),
        ('week of year(date("2005-01-01"))', 53),
    ],
)
def test_properties(text, expected):
    assert to_json(value(text)) == expected


def test_python_values_come_in_as_they_are():
    moment = dt.datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Asia/Yerevan"))
    assert value('m + duration("PT1H")', m=moment) == moment + dt.timedelta(hours=1)
    assert value('d < date("2026-02-01")', d=dt.date(2026, 1, 1)) is True
    assert value("t.hour", t=dt.time(9, 30)) == 9
    assert value("x.days", x=dt.timedelta(days=2)) == 2


def test_dates_beyond_pythons_calendar_stay_feels_own():
    assert value('date("12000-01-01")') == Date(12000, 1, 1)
    assert to_json(value('date("-0044-03-15")')) == "-0044-03-15"


def test_a_duration_finer_than_a_microsecond_stays_whole():
    third = value('duration("PT1S") / 3')
    assert third == DaysTime(333_333_333)
    assert to_json(third) == "PT0.333333333S"
    assert value('x * 3 + @"PT0.000000001S"', x=third) == dt.timedelta(seconds=1)
    assert value('duration("PT1S") / 8') == dt.timedelta(milliseconds=125)


@given(st.dates())
def test_our_calendar_agrees_with_pythons(day):
    ours = Date(day.year, day.month, day.day)
    assert ours.ordinal == day.toordinal()
    assert ours.weekday == day.isoweekday()
    assert date_of_ordinal(day.toordinal()) == ours


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_a_date_and_time_survives_writing_and_reading(moment):
    written = to_json(moment)
    assert value("date and time(x)", x=written) == moment


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1e12, max_value=1e12)
)
def test_numbers_become_json_and_come_back(number):
    assert Decimal(repr(to_json(number))) == number


def test_hours_are_counted_on_the_time_line_across_a_change_of_clocks():
    before = '@"2026-03-28T12:00:00@Europe/Paris"'
    assert to_json(value(f'{before} + duration("PT24H")')) == "2026-03-29T13:00:00@Europe/Paris"
    assert to_json(value(f'{before} + duration("P1M")')) == "2026-04-28T12:00:00@Europe/Paris"
