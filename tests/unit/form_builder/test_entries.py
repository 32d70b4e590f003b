"""Reading single entries: what each component makes of what was typed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Anna", "Anna"), ("  Anna ", "Anna"), ("", None), ("   ", None), ("Աննա", "Աննա")],
)
def test_a_text_loses_outer_spaces_only(answers, typed, stored):
    assert answers([{"type": "textfield", "key": "name"}], {"name": typed}) == {"name": stored}


def test_a_character_that_no_database_holds_is_left_out(answers):
    assert answers([{"type": "textfield", "key": "name"}], {"name": "A\x00B"}) == {"name": "AB"}


def test_a_long_text_keeps_its_lines(answers):
    posted = {"text": "one\r\ntwo\r\n\r\nthree"}
    assert answers([{"type": "textarea", "key": "text"}], posted) == {"text": "one\ntwo\n\nthree"}


@pytest.mark.parametrize(
    ("typed", "locale", "stored"),
    [
        ("12", "en", 12),
        ("-3", "en", -3),
        ("\u22123", "en", -3),
        ("1,234", "en", 1234),
        ("1,234.5", "en", 1234.5),
        ("1 234,5", "hy", 1234.5),
        ("1\u00a0234", "hy", 1234),
        ("1.234.567,89", "hy", 1234567.89),
        ("0,5", "en", 0.5),
        (".5", "en", 0.5),
        ("007", "en", 7),
        ("", "en", None),
    ],
)
def test_a_number_is_read_as_people_write_it(answers, typed, locale, stored):
    field = {"type": "number", "key": "n"}
    assert answers([field], {"n": typed}, locale=locale) == {"n": stored}


@pytest.mark.parametrize("typed", ["many", "1e5", "1,2,3", "--1", "٣", "NaN", "Infinity", "9" * 40])
def test_what_is_no_number_is_said_so(messages, typed):
    field = {"type": "number", "key": "n", "label": "Places"}
    assert messages([field], {"n": typed}) == {"f-n": "“Places” must be a number, such as 12"}


def test_a_number_may_have_only_the_decimals_that_are_asked_for(messages):
    whole = {"type": "number", "key": "n", "label": "Places", "decimalDigits": 0}
    assert messages([whole], {"n": "2.5"}) == {"f-n": "“Places” must be a whole number"}
    fine = {"type": "number", "key": "n", "label": "Share", "decimalDigits": 1}
    assert messages([fine], {"n": "2.50"}) == {}
    assert "at most 1 decimal" in messages([fine], {"n": "2.55"})["f-n"]


def test_a_number_can_be_kept_as_text(answers):
    field = {"type": "number", "key": "n", "serializeToString": True}
    assert answers([field], {"n": "1 000,50"}) == {"n": "1000.5"}


@pytest.mark.parametrize("kind_of", ["number", "textfield"])
def test_money_is_tolerant_of_spaces_and_exact_to_the_cent(answers, messages, kind_of):
    field = {"type": kind_of, "key": "m", "label": "Budget", "properties": {"kind": "money"}}
    assert answers([field], {"m": "12 500,50"}, locale="hy") == {"m": 12500.5}
    assert "at most 2 decimal" in messages([field], {"m": "1.005"})["f-m"]
    assert "amount of money" in messages([field], {"m": "ten"})["f-m"]


def test_a_checkbox_is_true_or_false_never_nothing(answers):
    field = {"type": "checkbox", "key": "ok"}
    assert answers([field], {"ok": "true"}) == {"ok": True}
    assert answers([field], {}) == {"ok": False}


DATE = {"type": "datetime", "key": "d", "label": "Visit", "subtype": "date"}


def date_of(day, month, year):
    return {"d-day": day, "d-month": month, "d-year": year}


def test_a_date_is_three_entries_and_one_iso_text(answers):
    assert answers([DATE], date_of("7", "03", "2026")) == {"d": "2026-03-07"}
    assert answers([DATE], date_of("", "", "")) == {"d": None}


@pytest.mark.parametrize(
    ("entries", "target", "message"),
    [
        (("31", "2", "2026"), "f-d-day", "must be a real date"),
        (("", "2", "2026"), "f-d-day", "must include a day"),
        (("1", "", "2026"), "f-d-month", "must include a month"),
        (("1", "2", ""), "f-d-year", "must include a year"),
        (("1", "2", "26"), "f-d-year", "four digits"),
        (("x", "2", "2026"), "f-d-day", "must be a real date"),
        (("1", "2", "99999"), "f-d-day", "must be a real date"),
    ],
)
def test_a_wrong_date_names_the_part_at_fault(messages, entries, target, message):
    found = messages([DATE], date_of(*entries))
    assert list(found) == [target]
    assert message in found[target]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("14:30", "14:30:00"), ("9.05", "09:05:00"), ("0930", "09:30:00"), ("", None)],
)
def test_a_time_of_day(answers, typed, stored):
    field = {"type": "datetime", "key": "t", "subtype": "time"}
    assert answers([field], {"t": typed}) == {"t": stored}


@pytest.mark.parametrize("typed", ["25:00", "12:60", "noon", "1:2"])
def test_what_is_no_time_of_day_is_said_so(messages, typed):
    field = {"type": "datetime", "key": "t", "subtype": "time", "label": "Opens"}
    assert "time of day" in messages([field], {"t": typed})["f-t"]


MOMENT = {"type": "datetime", "key": "d", "label": "Session", "subtype": "datetime"}


def test_a_moment_is_typed_in_the_local_zone_and_kept_in_utc(answers, fill_in):
    now = datetime(2026, 11, 21, 14, 0, tzinfo=ZoneInfo("Asia/Yerevan"))
    posted = date_of("1", "12", "2026") | {"d-time": "14:30"}
    stored = answers([MOMENT], posted, now=now)
    assert stored == {"d": "2026-12-01T10:30:00+00:00"}
    shown = fill_in([MOMENT], now=now, case=stored).raw()
    assert shown == {
        "d-day": ["1"], "d-month": ["12"], "d-year": ["2026"], "d-time": ["14:30"],
    }  # fmt: skip


def test_a_moment_needs_both_date_and_time(messages):
    assert "include a time" in messages([MOMENT], date_of("1", "12", "2026"))["f-d-time"]
    assert "include a date" in messages([MOMENT], {"d-time": "10:00"})["f-d-day"]
    assert messages([MOMENT], {}) == {}


def test_a_date_may_be_bound_to_today_or_later(messages):
    field = DATE | {"disallowPassedDates": True}
    assert messages([field], date_of("20", "11", "2026")) == {
        "f-d-day": "“Visit” must be today or later"
    }
    assert messages([field], date_of("21", "11", "2026")) == {}


def test_an_email_and_a_telephone_number_are_checked(messages, answers):
    fields = [
        {"type": "textfield", "key": "e", "label": "E-mail", "properties": {"kind": "email"}},
        {
            "type": "textfield",
            "key": "t",
            "label": "Phone",
            "validate": {"validationType": "phone"},
        },
    ]
    good = {"e": "anna@example.am", "t": "+374 (10) 12-34-56"}
    assert answers(fields, good) == good
    found = messages(fields, {"e": "anna@example", "t": "call me"})
    assert "email address" in found["f-e"]
    assert "telephone number" in found["f-t"]


def test_a_default_stands_until_something_is_posted(fill_in, answers):
    field = {"type": "textfield", "key": "country", "defaultValue": "Armenia"}
    assert fill_in([field]).raw() == {"country": ["Armenia"]}
    assert fill_in([field], case={"country": "Georgia"}).raw() == {"country": ["Georgia"]}
    assert answers([field], {"country": ""}) == {"country": None}
