"""ISO 8601 dates, durations and repetitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workflow_app.engine.timers import Due, UnreadableTimer, first_due

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT90M", NOW + timedelta(minutes=90)),
        ("P1D", NOW + timedelta(days=1)),
        ("P2W", NOW + timedelta(days=14)),
        ("P1M", datetime(2026, 2, 28, 12, tzinfo=UTC)),  # February has no 31st
        ("P1Y2M", datetime(2027, 3, 31, 12, tzinfo=UTC)),
        ("-PT1H", NOW - timedelta(hours=1)),
        ("PT0.5S", NOW + timedelta(seconds=0.5)),
        ("2026-02-01", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-02-01T10:00:00", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01T10:00:00+04:00", datetime(2026, 2, 1, 6, tzinfo=UTC)),
        ("2026-02-01T10:00:00@Asia/Yerevan", datetime(2026, 2, 1, 6, tzinfo=UTC)),
    ],
)
def test_a_timer_text_has_one_time(text, due):
    assert first_due("date", text, NOW).at == due


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "5 days", "2026-13-01", "R3", "R/5", 7, None, "P99999Y"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UnreadableTimer):
        first_due("cycle", text, NOW)


def test_a_repetition_counts_down():
    due = first_due("cycle", "R2/PT1H", NOW)
    assert due.at == NOW + timedelta(hours=1)
    second = due.following(due.at)
    assert second is not None
    assert second.at == NOW + timedelta(hours=2)
    assert second.following(second.at) is None


def test_a_repetition_may_name_its_start():
    assert first_due("cycle", "R/2026-02-01T00:00:00Z/P1D", NOW).at == datetime(
        2026, 2, 1, tzinfo=UTC
    )


def test_a_short_repetition_missed_for_years_is_caught_up_at_once():
    due = Due(NOW, None, "PT0.001S").following(NOW + timedelta(days=3650))
    assert due is not None
    assert due.at == NOW + timedelta(days=3650, milliseconds=1)


def test_a_monthly_repetition_missed_for_a_year():
    due = Due(NOW, None, "P1M").following(datetime(2027, 1, 15, tzinfo=UTC))
    assert due is not None
    assert due.at == datetime(2027, 1, 31, 12, tzinfo=UTC)


def test_a_time_in_a_place_nobody_knows_is_refused():
    with pytest.raises(UnreadableTimer):
        first_due("date", "2026-02-01T10:00:00@No/Where", NOW)
