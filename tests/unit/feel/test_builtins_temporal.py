"""Date and time, temporal and miscellaneous functions (DMN 1.5 §10.3.4.6, .8 and .11)."""

import datetime as dt

import pytest

from tests.unit.feel.shown import shown
from tests.unit.feel.tables import table
from workflow_app.feel import FeelError, compile_expression


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        is(date("2012-12-25"), time("23:00:50")) => false
        is(date("2012-12-25"), date("2012-12-25")) => true
        is(time("23:00:50z"), time("23:00:50")) => false
        is(time("23:00:50z"), time("23:00:50+00:00")) => true
        is(time("10:00:00Z"), time("11:00:00+01:00")) => false
        is(@"2012-12-25T10:00:00Z", @"2012-12-25T11:00:00+01:00") => false
        is(@"2012-12-25T10:00:00Z", @"2012-12-25T10:00:00@Etc/UTC") => false
        is(@"2012-12-25", @"2012-12-25T00:00:00Z") => false
        is(1, 1.0) => true
        is(1, "1") => false
        is(1, true) => false
        is("a", "a") => true
        is("a", "A") => false
        is(null, null) => true
        is(null, 1) => false
        is(false, null) => false
        is([], []) => true
        is([1, 2], [1, 2]) => true
        is([1, 2], [2, 1]) => false
        is([1, 2], [1]) => false
        is([@"10:00:00Z"], [@"11:00:00+01:00"]) => false
        is([1], 1) => false
        is({a: 1}, {a: 1}) => true
        is({a: 1}, {b: 1}) => false
        is({a: @"10:00:00Z"}, {a: @"11:00:00+01:00"}) => false
        is(@"P1D", @"PT24H") => true
        is(@"P1Y", @"P12M") => true
        is(@"P0D", @"P0M") => false
        is([1..2], [1..2]) => true
        is([1..2], [1..2)) => false
        is(value1: 1, value2: 1) => true
        is(value2: 1, value1: 2) => false
        is(1) => null
        is() => null
        is(1, 1, 1) => null
        is(value1: 1, value3: 1) => null
        is(value1: 1) => null
    """),
)
def test_is(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    table(r"""
        day of year(date(2019, 9, 17)) => 260
        day of year(@"2019-01-01") => 1
        day of year(@"2019-12-31") => 365
        day of year(@"2020-12-31") => 366
        day of year(@"1900-12-31") => 365
        day of year(@"2019-09-17T23:59:59-05:00") => 260
        day of year(@"-0004-12-31") => 366
        day of week(date(2019, 9, 17)) => "Tuesday"
        day of week(@"2024-02-29") => "Thursday"
        day of week(@"1970-01-01") => "Thursday"
        day of week(@"2019-09-22T23:59:59+14:00") => "Sunday"
        day of week(@"0001-01-01") => "Monday"
        month of year(date(2019, 9, 17)) => "September"
        month of year(@"2019-01-31") => "January"
        month of year(@"2019-12-01T00:00:00") => "December"
        week of year(date(2019, 9, 17)) => 38
        week of year(date(2003, 12, 29)) => 1
        week of year(date(2004, 1, 4)) => 1
        week of year(date(2005, 1, 1)) => 53
        week of year(date(2005, 1, 3)) => 1
        week of year(date(2005, 1, 9)) => 1
        week of year(date(2020, 12, 31)) => 53
        week of year(date(2021, 1, 3)) => 53
        week of year(date(2021, 1, 4)) => 1
        week of year(date(2018, 12, 31)) => 1
        week of year(@"2019-09-17T10:00:00Z") => 38
    """),
)
def test_places_in_the_calendar(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize("name", ["day of year", "day of week", "month of year", "week of year"])
@pytest.mark.parametrize(
    ("arguments", "fits"),
    [
        ('date: @"2019-09-17"', True),
        ('[@"2019-09-17"]', True),
        ('date: @"2019-09-17T10:00:00"', True),
        ("null", False),
        ("", False),
        ('"2019-09-17"', False),
        ('@"10:00:00"', False),
        ('@"P1D"', False),
        ("20190917", False),
        ("[]", False),
        ('[@"2019-09-17", @"2019-09-18"]', False),
        ('@"2019-09-17", 1', False),
        ('day: @"2019-09-17"', False),
        ("date: null", False),
    ],
)
def test_only_dates_have_a_place_in_the_calendar(name, arguments, fits):
    assert (shown(f"{name}({arguments})") != "null") is fits


def test_every_week_of_fifty_years_is_that_of_iso_8601():
    week = compile_expression("week of year(day)")
    days = [dt.date(1990, 1, 1) + dt.timedelta(days=3 * step) for step in range(6000)]
    assert all(week.evaluate({"day": day}) == day.isocalendar().week for day in days)


def test_the_clock_is_the_hosts():
    moment = dt.datetime(2026, 11, 22, 10, 30, tzinfo=dt.UTC)
    lent = {"now": lambda: moment, "today": moment.date}
    assert compile_expression("now()").evaluate({}, lent) == moment
    assert compile_expression("today()").evaluate({}, lent) == moment.date()
    assert compile_expression("now(1)").evaluate({}, lent) is None
    assert compile_expression("today(from: 1)").evaluate({}, lent) is None


@pytest.mark.parametrize("text", ["now()", "today()"])
def test_without_a_clock_there_is_an_error(text):
    with pytest.raises(FeelError, match="clock"):
        compile_expression(text).evaluate({})
