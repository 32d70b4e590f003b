"""What the host lends to FEEL: terms from now or from a day, free days, settings, look-ups."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from workflow_app.domain.errors import SettingMissing
from workflow_app.feel import FeelError, compile_expression
from workflow_app.services.host import Host


@pytest.fixture
def evaluate(office):
    """Return a function that evaluates FEEL with the functions of a territory in Armenia."""

    def evaluated(text, path="AM"):
        with office.acting() as ctx:
            return compile_expression(text).evaluate({}, Host(ctx, path).functions)

    return evaluated


@pytest.mark.parametrize(
    ("text", "closing"),
    [
        ("working days(1)", "2026-11-24T18:00:00+04:00"),
        ('working days(1, date("2026-12-04"))', "2026-12-07T18:00:00+04:00"),
        ('working days(from: date("2026-12-28"), days: 1)', "2026-12-29T18:00:00+04:00"),
        ('working days(2, date and time("2026-12-04T17:00:00"))', "2026-12-08T18:00:00+04:00"),
        ('working days(1, date and time("2026-12-06T21:00:00Z"))', "2026-12-08T18:00:00+04:00"),
        ("calendar days(5)", "2026-11-30T18:00:00+04:00"),
        ('calendar days(1, date("2026-12-04"))', "2026-12-07T18:00:00+04:00"),
    ],
)
def test_a_term_begins_now_or_on_a_day_there(evaluate, text, closing):
    assert evaluate(text) == datetime.fromisoformat(closing)


@pytest.mark.parametrize(
    ("text", "path", "answer"),
    [
        ('is holiday(date("2027-01-06"))', "AM", True),
        ('is holiday(date("2026-11-23"))', "AM", False),
        ('is holiday(date("2026-11-23"))', "GE", True),
        ('is holiday(date("2026-11-21"))', "AM", False),
        ('is working day(date("2026-11-21"))', "AM", False),
        ('is working day(date and time("2026-11-20T22:00:00Z"))', "AM", False),
        ('is working day(date and time("2026-11-20T22:00:00"))', "AM", True),
    ],
)
def test_free_days_are_those_of_the_country(evaluate, text, path, answer):
    assert evaluate(text, path) is answer


def test_a_register_is_listed_or_asked_for_one_entry(evaluate):
    listed = evaluate('lookup("register:service_types")')
    assert len(listed) > 3
    key = listed[2]["value"]
    assert evaluate(f'lookup("register:service_types", "{key}")') == listed[2]
    assert evaluate('lookup("register:service_types", "nothing of the kind")') is None
    assert evaluate('lookup("register:service_types", null)') is None


def test_other_sources_are_asked_for_one_option_as_well(evaluate):
    assert evaluate('lookup("territories", "AM").value') == "AM"
    assert evaluate('lookup("territories", "nowhere")') is None


def test_a_source_still_unknown_has_no_options(evaluate):
    assert evaluate('lookup("role:" + group)') == []
    assert evaluate('lookup("role:" + group, "anna")') is None


def test_a_setting_that_nobody_made_is_named(evaluate):
    with pytest.raises(SettingMissing, match="no_such"):
        evaluate('setting("no_such")')


def test_a_term_of_less_than_no_days_is_refused(evaluate):
    with pytest.raises(FeelError, match="A term has 0"):
        evaluate("working days(-1)")


def test_a_term_never_begins_now_because_its_day_is_unknown(evaluate):
    with pytest.raises(FeelError, match="is called as"):
        evaluate("working days(5, decided_on)")


def test_today_is_the_day_there(evaluate):
    assert evaluate("today()") == date(2026, 11, 23)
