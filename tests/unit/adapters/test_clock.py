from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine

from workflow_app.adapters.clock import FixedClock, NaiveTime, ShiftedClock, SystemClock

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@time_machine.travel(NOON, tick=False)
def test_the_system_clock_tells_utc():
    assert SystemClock().now() == NOON
    assert SystemClock().now().tzinfo is UTC


def test_a_shifted_clock_runs_ahead_by_its_offset():
    base = FixedClock(NOON)
    clock = ShiftedClock(base)
    clock.advance(timedelta(days=3))
    base.advance(timedelta(hours=1))
    assert clock.now() == NOON + timedelta(days=3, hours=1)


def test_a_shifted_clock_moves_to_a_moment():
    clock = ShiftedClock(FixedClock(NOON))
    clock.move_to(datetime(2027, 1, 1, 4, 0, tzinfo=timezone(timedelta(hours=4))))
    assert clock.now() == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(NaiveTime):
        ShiftedClock(FixedClock(NOON)).move_to(datetime(2027, 1, 1))  # noqa: DTZ001
    with pytest.raises(NaiveTime):
        FixedClock(datetime(2027, 1, 1)).now()  # noqa: DTZ001
