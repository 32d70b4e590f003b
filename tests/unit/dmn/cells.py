"""Random cells of decision tables, and values at and beside whatever they name."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

NUMBERS = [f"{n}" for n in range(-2, 6)] + ["2.5", "1.0", "-0", "2 * 2", "10 ** 2"]
TEXTS = ['""', '"a"', '"b"', '"ab"', '"é"', '"ბ"']
DATES = ['date("2026-01-31")', '@"2026-02-01"', 'date("2024-02-29")', "date(2026, 2, 2)"]
MOMENTS = [
    '@"2026-01-31T10:00:00"',
    '@"2026-01-31T10:00:00Z"',
    '@"2026-01-31T14:00:00+04:00"',
    '@"2026-01-31T14:00:00@Asia/Yerevan"',
]
CLOCKS = ['@"10:00:00"', '@"10:00:00Z"', '@"14:00:00+04:00"', 'time("23:59:59")']
SPANS = ['@"P1D"', '@"PT24H"', 'duration("P2D")', '@"P1Y"', 'duration("P12M")', '@"P1M"']
BOOLEANS = ["true", "false"]
FAMILIES = [NUMBERS, TEXTS, DATES, MOMENTS, CLOCKS, SPANS, BOOLEANS]
# What no set can be made of; each gives true or false of any value.
OPAQUE = [
    "limit",
    "? = limit",
    "string(?) = string(limit)",
    "? != null",
    'contains(string(?), "1")',
]

VALUES = [
    None, True, False, -3, -2, 0, 1, 1.5, 2, 2.5, 3, 4, 5, 99, 100, 101, "", "a", "aa", "ab", "b",
    "c", "é", "ბ", date(2026, 1, 30), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2),
    date(2024, 2, 29), date(2020, 1, 1), datetime(2026, 1, 31, 10),  # noqa: DTZ001
    datetime(2026, 1, 31, 10, tzinfo=ZoneInfo("UTC")),
    datetime(2026, 1, 31, 14, tzinfo=ZoneInfo("Asia/Yerevan")), time(10),
    time(10, tzinfo=ZoneInfo("UTC")), time(23, 59, 59), timedelta(days=1), timedelta(days=2),
    timedelta(0), [], [1], ["a", "b"], [1, 2], {"a": 1},
]  # fmt: skip


def interval(low, high, opening, closing):
    return f"{opening}{low}..{high}{closing}"


def piece(family):
    """One test of a family of values."""
    value = st.sampled_from(family)
    compared = st.builds("{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "=", "!="]), value)
    spanned = st.builds(interval, value, value, st.sampled_from("[(]"), st.sampled_from("])["))
    # Within a list, “[]” would be read as the empty list.
    within = st.builds(interval, value, value, st.sampled_from("[("), st.sampled_from("])["))
    listed = st.lists(st.one_of(value, within, st.just("null")), max_size=3).map(
        lambda items: f"[{', '.join(items)}]"
    )
    return st.one_of(value, compared, spanned, spanned, listed, st.just("null"))


def cell(family, opaque=OPAQUE):
    """A cell: a dash, one test or several, negated or not."""
    one = st.one_of(piece(family), piece(family), piece(family), st.sampled_from(opaque or ["-1"]))
    several = st.lists(one, min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), several, several, several.map("not({})".format))
