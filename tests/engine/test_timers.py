"""ISO 8601 dates, durations and repetitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest

from workflow_app.engine import Env, StepFailed, fire_timers, start, steps
from workflow_app.engine.timers import Due, UnreadableTimer, first_due, pack, unpack

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


YEREVAN = ZoneInfo("Asia/Yerevan")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-02-01", datetime(2026, 1, 31, 20, tzinfo=UTC)),
        ("2026-02-01T10:00:00", datetime(2026, 2, 1, 6, tzinfo=UTC)),
        ("2026-02-01T10:00:00Z", datetime(2026, 2, 1, 10, tzinfo=UTC)),
        ("2026-02-01T10:00:00@Europe/Berlin", datetime(2026, 2, 1, 9, tzinfo=UTC)),
    ],
)
def test_a_time_without_a_zone_is_read_on_the_cases_clock(text, due):
    assert first_due("date", text, NOW, YEREVAN).at == due


def test_a_month_is_counted_on_the_cases_clock_and_hours_are_exact():
    late = datetime(2026, 1, 30, 21, tzinfo=UTC)  # the 31st in Yerevan already
    assert first_due("duration", "P1M", late, YEREVAN).at == datetime(2026, 2, 27, 21, tzinfo=UTC)
    spring = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks go forward that night
    assert first_due("duration", "P1M", spring, BERLIN).at == datetime(2026, 4, 28, 11, tzinfo=UTC)
    assert first_due("duration", "P1D", spring, BERLIN).at == spring + timedelta(days=1)


def occasions(text, now, most=10):
    due = first_due("cycle", text, now)
    found = []
    while due is not None and len(found) < most:
        found.append(due.at)
        due = unpack(pack(due)).following(due.at)
    return found


def days(*numbers, month=1, hour=0):
    return [datetime(2026, month, number, hour, tzinfo=UTC) for number in numbers]


@pytest.mark.parametrize(
    ("text", "now", "due"),
    [
        ("R3/P1D", NOW, days(1, 2, 3, month=2, hour=12)),
        ("R1/P1D", NOW, days(1, month=2, hour=12)),
        ("R0/P1D", NOW, days(1, month=2, hour=12)),  # a timer fires at least once
        ("R3/2026-02-05/P1D", NOW, days(5, 6, 7, month=2)),
        ("R3/2026-01-30/P1D", NOW, days(1, month=2)),  # two of the three are past
        ("R3/2026-01-01/P1D", NOW, days(3)),  # all are past: the last one, late
        ("R3/P1D/2026-02-05", NOW, days(3, 4, 5, month=2)),
        ("R/P1D/2026-02-03", NOW, days(1, 2, 3, month=2)),
        ("R9/P1D/2026-02-03", NOW, days(1, 2, 3, month=2)),
        ("R/P1D/2026-01-05", NOW, days(5)),
        ("R2/2026-02-01/2026-02-08", NOW, days(1, 8, month=2)),
    ],
)
def test_a_repetition_has_a_count_a_start_or_an_end(text, now, due):
    assert occasions(text, now) == due


def test_months_end_stays_at_months_end():
    assert [at.date().isoformat() for at in occasions("R5/P1M", NOW)] == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
    ]


def test_what_was_missed_is_skipped_and_counts_as_used():
    due = first_due("cycle", "R5/P1D", NOW)
    late = due.following(NOW + timedelta(days=3, hours=1))  # the 2nd and 3rd were missed
    assert late is not None
    assert (late.at, late.left) == (NOW + timedelta(days=4), 1)
    assert due.following(NOW + timedelta(days=9)) is None


def test_a_due_time_stored_by_an_older_version_is_understood():
    due = unpack(["2026-01-31T12:00:00+00:00", 2, "PT1H"])
    assert due == Due(NOW, 2, "PT1H")
    after = due.following(NOW)
    assert after is not None
    assert (after.at, after.left) == (NOW + timedelta(hours=1), 1)


@pytest.mark.parametrize(
    "text", ["R3/P", "R/2026-02-30/P1D", "R/x/P1D", "R2/P1D/P1D/P1D", "R-1/P1D"]
)
def test_a_repetition_that_is_none_is_refused_with_a_sentence(text):
    with pytest.raises(UnreadableTimer) as wrong:
        first_due("cycle", text, NOW)
    assert wrong.value.why % wrong.value.details == str(wrong.value)


@pytest.mark.parametrize("text", ["PT0S", "2026-11-23T11:00:00Z", "=ago"])
def test_a_timer_that_is_due_when_it_begins_fires_in_the_same_step(bpmn, play, text):
    form = "timeDate" if text.startswith("2") else "timeDuration"
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer(form, text))
    case = play(bpmn.process("p", "start:s user:A user:B", "s>A A>T T>B", raw)).start(
        {"ago": "-PT1H"}
    )
    assert case.complete("A").tasks == ["B"]
    assert case.timers == []


def test_a_boundary_timer_that_is_due_at_once_lets_nobody_see_the_task(bpmn, play):
    attributes = 'attachedToRef="B"'
    raw = bpmn.event("boundaryEvent", "T", "timer", bpmn.timer("timeDuration", "PT0S"), attributes)
    case = play(bpmn.process("p", "start:s user:A user:B user:C", "s>A A>B T>C", raw)).start()
    assert case.complete("A").tasks == ["C"]
    assert [closed.element for closed in case.closed] == ["A"]


def test_a_circle_of_timers_without_time_is_stopped(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDuration", "PT0S"))
    drawing = bpmn.process("p", "start:s user:A xor:X end:e", "s>A A>X X>T[again] T>X X>e!", raw)
    case = play(drawing).start()
    with pytest.raises(StepFailed, match="circle without end"):
        case.complete("A", again=True)


def test_timers_of_a_case_hang_on_its_clock(bpmn, play):
    raw = bpmn.event("intermediateCatchEvent", "T", "timer", bpmn.timer("timeDate", "=later"))
    program = play(bpmn.process("p", "start:s user:A", "s>T T>A", raw)).program
    step = start(program, None, {"later": "2026-12-24"}, Env(NOW, zone=YEREVAN))
    assert step.timers[0].due_at == datetime(2026, 12, 23, 20, tzinfo=UTC)


def test_many_timers_that_are_due_are_not_looked_through_for_each(bpmn, play):
    """Each is looked at once, however many others are due."""
    border = bpmn.timer("timeDuration", "PT1H")
    border = bpmn.event("boundaryEvent", "B", "timer", border, 'attachedToRef="U"')
    raw = border + bpmn.many('inputCollection="=xs"')
    drawn = bpmn.sub("S", "start:ss user:U user:Q end:se", "ss>U U>se B>Q Q>se", raw)
    program = play(bpmn.process("p", "start:s end:e", "s>S S>e", drawn)).program
    calls = []
    for number in (50, 200):
        step = start(program, None, {"xs": [1] * number}, Env(NOW))
        with patch.object(steps, "unpack", wraps=unpack) as unpacked:
            step = fire_timers(program, step.state, Env(NOW + timedelta(hours=2)))
        assert [task.element for task in step.opened] == ["Q"] * number
        calls.append(unpacked.call_count)
    assert calls == [50, 200]
