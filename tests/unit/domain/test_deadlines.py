from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.domain.calendars import WeekCalendar, working_day_from
from workflow_app.domain.deadlines import (
    InvalidTerm,
    Pause,
    add_calendar_days,
    add_working_days,
    days_left,
    due_after_pauses,
    is_stopped,
    reminder_at,
    stopped_time,
    warning_at,
)

YEREVAN = ZoneInfo("Asia/Yerevan")
KYIV = ZoneInfo("Europe/Kyiv")
PLAIN = WeekCalendar(zone=YEREVAN)
FRIDAY_MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=YEREVAN)


def local(year: int, month: int, day: int, hour: int = 18) -> datetime:
    return datetime(year, month, day, hour, tzinfo=YEREVAN)


def test_the_first_working_day_after_a_friday_is_monday():
    assert add_working_days(FRIDAY_MORNING, 1, PLAIN) == local(2026, 11, 23)


def test_the_day_a_term_starts_on_is_not_counted():
    assert add_working_days(local(2026, 11, 16, 9), 5, PLAIN) == local(2026, 11, 23)


def test_a_holiday_is_no_working_day():
    calendar = WeekCalendar(zone=YEREVAN, holidays=frozenset({date(2026, 11, 23)}))
    assert add_working_days(FRIDAY_MORNING, 1, calendar) == local(2026, 11, 24)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (FRIDAY_MORNING, local(2026, 11, 20)),
        (local(2026, 11, 21, 10), local(2026, 11, 23)),
    ],
)
def test_no_days_end_today_or_on_the_next_working_day(start, expected):
    assert add_working_days(start, 0, PLAIN) == expected


def test_calendar_days_count_weekends():
    assert add_calendar_days(FRIDAY_MORNING, 4, PLAIN) == local(2026, 11, 24)


def test_a_term_that_ends_on_a_sunday_moves_to_monday_evening():
    assert add_calendar_days(FRIDAY_MORNING, 2, PLAIN) == local(2026, 11, 23)


def test_the_local_day_counts_not_the_day_in_utc():
    late_in_utc = datetime(2026, 11, 19, 21, 30, tzinfo=UTC)  # already Friday in Yerevan
    assert add_working_days(late_in_utc, 1, PLAIN) == local(2026, 11, 23)


def test_the_closing_time_follows_the_clock_change():
    calendar = WeekCalendar(zone=KYIV)
    before = datetime(2026, 3, 27, 12, 0, tzinfo=KYIV)
    end = add_working_days(before, 1, calendar)
    assert end == datetime(2026, 3, 30, 15, 0, tzinfo=UTC)
    assert end.tzinfo is UTC


@pytest.mark.parametrize("days", [-1, 36_526])
def test_an_impossible_term_is_refused(days):
    with pytest.raises(InvalidTerm):
        add_working_days(FRIDAY_MORNING, days, PLAIN)


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(InvalidTerm):
        add_calendar_days(datetime(2026, 11, 20, 10, 0), 1, PLAIN)  # noqa: DTZ001


def test_a_calendar_without_working_days_is_broken():
    class Never(WeekCalendar):
        def is_working(self, day):
            return False

    with pytest.raises(ValueError, match="no working day"):
        working_day_from(date(2026, 1, 1), Never(zone=YEREVAN))


@settings(deadline=None)
@given(st.integers(0, 400), st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001
def test_every_term_ends_on_a_working_day_and_longer_terms_end_later(days, start):
    begun = start.replace(tzinfo=UTC)
    for add in (add_working_days, add_calendar_days):
        end = add(begun, days, PLAIN).astimezone(YEREVAN)
        assert PLAIN.is_working(end.date())
        assert (end.hour, end.minute) == (18, 0)
        assert add(begun, days + 1, PLAIN) >= end
    assert add_working_days(begun, days, PLAIN) >= add_calendar_days(begun, days, PLAIN)


def moment(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_overlapping_pauses_count_once():
    pauses = [
        Pause(began=moment(2), ended=moment(5)),
        Pause(began=moment(4), ended=moment(6)),
        Pause(began=moment(10), ended=moment(11)),
    ]
    assert stopped_time(pauses, moment(1), moment(20)) == timedelta(days=5)


def test_only_the_part_inside_the_term_counts():
    pauses = [Pause(began=moment(2), ended=moment(8))]
    assert stopped_time(pauses, moment(4), moment(6)) == timedelta(days=2)


def test_a_pause_that_lasts_counts_up_to_now():
    pauses = [Pause(began=moment(2))]
    assert stopped_time(pauses, moment(1), moment(5)) == timedelta(days=3)
    assert is_stopped(pauses, moment(5))
    assert not is_stopped([Pause(began=moment(2), ended=moment(3))], moment(5))


def test_the_end_moves_on_by_the_time_the_clock_stood():
    pauses = [Pause(began=moment(16), ended=moment(17))]
    moved = due_after_pauses(
        moment(18), pauses, since=moment(10), now=moment(17, 13), calendar=PLAIN
    )
    assert moved == local(2026, 11, 19)


def test_an_end_moved_past_closing_time_is_the_next_day_s():
    pauses = [Pause(began=moment(16), ended=moment(17, 15))]
    moved = due_after_pauses(moment(18), pauses, since=moment(10), now=moment(18), calendar=PLAIN)
    assert moved == local(2026, 11, 20)


@pytest.mark.parametrize(
    ("began", "due", "expected"),
    [
        ((2026, 3, 24), (2026, 3, 27), (2026, 3, 30)),  # they go forward on 29 March
        ((2026, 3, 27), (2026, 3, 31), (2026, 4, 3)),
        ((2026, 10, 23), (2026, 10, 27), (2026, 10, 30)),  # and back on 25 October
    ],
)
def test_a_moved_end_closes_the_day_whatever_the_clocks_did(began, due, expected):
    calendar = WeekCalendar(zone=KYIV)
    paused, due = (datetime(*day, 18, tzinfo=KYIV) for day in (began, due))
    until = paused + timedelta(days=3)
    pauses = [Pause(began=paused, ended=until)]
    moved = due_after_pauses(due, pauses, since=paused, now=until, calendar=calendar)
    assert moved == datetime(*expected, 18, tzinfo=KYIV)


def test_a_warning_comes_when_a_fifth_of_the_time_is_left_pauses_not_counted():
    assert warning_at(moment(1), moment(11), timedelta(), 20) == moment(9)
    assert warning_at(moment(1), moment(16), timedelta(days=5), 20) == moment(14)


def test_an_end_moved_to_a_weekend_becomes_monday_evening():
    pauses = [Pause(began=moment(16), ended=moment(17))]
    moved = due_after_pauses(
        moment(20), pauses, since=moment(10), now=moment(17, 13), calendar=PLAIN
    )
    assert moved == local(2026, 11, 23)


def test_without_a_pause_the_end_stays_even_on_a_sunday():
    assert (
        due_after_pauses(moment(22), [], since=moment(10), now=moment(17), calendar=PLAIN)
    ) == moment(22)


def test_the_reminder_comes_at_six_tenths_of_the_term():
    assert reminder_at(moment(1, 0), moment(11, 0)) == moment(7, 0)


def test_days_left_are_local_days():
    due = local(2026, 11, 20)
    assert days_left(due, datetime(2026, 11, 19, 19, 30, tzinfo=UTC), PLAIN) == 1
    assert days_left(due, datetime(2026, 11, 19, 20, 30, tzinfo=UTC), PLAIN) == 0
    assert days_left(due, datetime(2026, 11, 22, 9, 0, tzinfo=UTC), PLAIN) == -2
