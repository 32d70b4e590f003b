"""What expressions come to: operators, paths, filters, loops, functions, null logic."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from workflow_app.feel import Range, YearsMonths, compile_expression

SCOPE = {
    "score": 72,
    "limit": 70,
    "rate": 0.1,
    "name": "Անի",
    "yes": True,
    "nothing": None,
    "case": {"number": "ACC-1", "term": {"days": 30}},
    "items": [
        {"kind": "a", "price": 10},
        {"kind": "b", "price": 25},
        {"kind": "a", "price": 40},
    ],
    "full name": "Ann Lee",
    "count": 9,
    "գին": 5,
}


def value(text, scope=SCOPE, names=frozenset(), functions=None):
    return compile_expression(text, names).evaluate(scope, functions or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-2 ** 2", 4),
        ("2 ** 3 ** 2", 64),
        ("10 - 2 - 3", 5),
        ("7 / 2", Decimal("3.5")),
        ("1 / 0", None),
        ("1 / 3", Decimal("0.3333333333333333333333333333333333")),
        ("rate + 0.2", Decimal("0.3")),
        ('"a" + "b"', "ab"),
        ('"a" + 1', None),
        ("null + 1", None),
        (".5 + 1e2", Decimal("100.5")),
        ("10 ** 7000", None),
        ("--1", 1),
    ],
)
def test_arithmetic_is_decimal_and_errors_are_null(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("score >= limit", True),
        ("=score < limit", False),
        ("score = 72.0", True),
        ('score = "72"', None),
        ('score < "72"', None),
        ("null = null", True),
        ("score = null", False),
        ("score != null", True),
        ("[1, 2] = [1, 2]", True),
        ("[1, 2] = [2, 1]", False),
        ("{a: 1} = {a: 1}", True),
        ("{a: 1} = {b: 1}", False),
        ('"a" < "b"', True),
        ("true < false", None),
        ("score between 70 and 80", True),
        ("score between 73 and null", False),
        ("score between null and 80", None),
        ("score in (1, 72)", True),
        ("score in [70..80)", True),
        ("score in ]72..80]", False),
        ("score in (< 50, > 70)", True),
        ("score in >= 72", True),
        ("score in [1, 2, 72]", True),
        ("score in [[1..3], [70..75]]", True),
        ("score in null", False),
        ('time("10:00:00") = time("10:00:00Z")', False),
        ('time("10:00:00") < time("10:00:01Z")', True),
        (
            'date and time("2026-11-21T10:00:00+04:00") = date and time("2026-11-21T06:00:00Z")',
            True,
        ),
    ],
)
def test_comparison_is_by_type(text, expected):
    assert value(text) is expected


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        ("true", "true", True, True),
        ("true", "false", False, True),
        ("true", "null", None, True),
        ("false", "null", False, None),
        ("null", "true", None, True),
        ("null", "false", False, None),
        ("null", "null", None, None),
        ("false", "1", False, None),
        ('"x"', "true", None, True),
    ],
)
def test_logic_has_three_values(left, right, both, either):
    assert value(f"{left} and {right}") is both
    assert value(f"{left} or {right}") is either


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("case.number", "ACC-1"),
        ("case.term.days + 1", 31),
        ("case.term.weeks", None),
        ("case.number.first", None),
        ("missing", None),
        ("missing.member", None),
        ("full name", "Ann Lee"),
        ("full   name", "Ann Lee"),
        ("items.price", [10, 25, 40]),
        ("items[2].kind", "b"),
        ("items[-1].price", 40),
        ("items[4]", None),
        ("items[0]", None),
        ('items[kind = "a"].price', [10, 40]),
        ("items[price > limit]", []),
        ("items[item.price > 20].price", [25, 40]),
        ("[1, 2, 3, 4][item > 2]", [3, 4]),
        ("[{item: 1}, {item: 2}][item = 2].item", [2]),
        ("[10, 20][score - 71]", 10),
        ("score[1]", 72),
        ("null[1]", None),
        ("{a b: 1}.a b", 1),
        ('{"a+b": 2}.a+b', 2),
        ("{a: 1, b: a + 1}.b", 2),
        ("{a: 1, a: 2}", None),
        ("գին * 2", 10),
        ("name", "Անի"),
        ("count", 9),
        ("count([1, 2])", 2),
        ("[1..10[.end included", False),
        ("[1..10].start", 1),
    ],
)
def test_names_paths_and_filters(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('if score > 70 then "pass" else "fail"', "pass"),
        ('if null then "pass" else "fail"', "fail"),
        ("for i in 1..3 return i * i", [1, 4, 9]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1, 2], j in [i, 10] return i * j", [1, 10, 4, 20]),
        ("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3, 5]),
        ("for i in null return i", None),
        ("for i in 5 return i", [5]),
        ("for loop item in [1] return loop item + 1", [2]),
        ('for d in date("2026-01-30")..date("2026-02-01") return d.day', [30, 31, 1]),
        ("some i in items satisfies i.price > 30", True),
        ("every i in items satisfies i.price > 30", False),
        ("some x in [null, true] satisfies x", True),
        ("some x in [null, false] satisfies x", None),
        ("every x in [] satisfies x", True),
        ("every x in [1..3], y in [3..4] satisfies x <= y", True),
    ],
)
def test_choices_and_loops(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(function(x) x + 1)(2)", 3),
        ("{twice: function(f, x) f(f(x)), r: twice(function(y) y * 3, 2)}.r", 18),
        ("{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(5)}.r", 120),
        ('{f: function(a: number) a, r: f("x")}.r', None),
        ("{f: function(a: list<number>) count(a), r: f(7)}.r", 1),
        ("{f: function(a: number) a, r: f([7])}.r", 7),
        ("{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r", 4),
        ("{f: function(a) a, r: f(1, 2)}.r", None),
        ("{f: function(a) a, r: f(c: 2)}.r", None),
        ("{add: function(n) function(m) n + m, r: add(1)(2)}.r", 3),
        ('substring(start position: 2, string: "abc")', "bc"),
        ("score(1)", None),
        ("no such function(1)", None),
        ("sum([1, 2], 3, 4)", None),
    ],
)
def test_functions_are_values(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("null instance of Any", False),
        ("[1] instance of list<number>", True),
        ('["a"] instance of list<number>', False),
        ("{a: 1} instance of context<a: number>", True),
        ("{b: 1} instance of context<a: number>", False),
        ("[1..2] instance of range<number>", True),
        ("(function(x) x) instance of function<number>->number", True),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1M" instance of years and months duration', True),
        ('@"2026-01-01" instance of date and time', False),
        ("1 instance of no such type", None),
    ],
)
def test_types(text, expected):
    assert value(text) is expected


def test_a_name_with_operators_is_one_name_when_it_is_known():
    names = frozenset(["profit-loss", "Applicant's age"])
    scope = {"profit-loss": 4, "profit": 9, "loss": 2, "Applicant's age": 30}
    assert value("profit-loss", scope, names) == 4
    assert value("profit - loss", scope, names) == 4
    assert value("profit-loss", scope) == 7
    assert value("Applicant's age >= 18", scope, names) is True


def test_comments_and_line_breaks_are_white_space():
    assert value("1 + // one\n /* and\n two */ 2") == 3


def test_escapes_in_texts():
    assert value(r'"a\"b\\c\n\u0041\uD83D\uDE00\U01F600"') == 'a"b\\c\nA😀😀'


def test_host_functions_take_and_give_python_values():
    seen = []

    def working_days(count):
        seen.append(count)
        return date(2026, 11, 21) + timedelta(days=int(count))

    functions = {"working days": working_days, "today": lambda: date(2026, 11, 21)}
    assert value("working days(3)", functions=functions) == date(2026, 11, 24)
    assert value("working days(3) - today()", functions=functions) == timedelta(days=3)
    assert seen == [Decimal(3), Decimal(3)]


def test_a_standard_function_wins_over_a_host_function():
    assert value("count([1])", functions={"count": lambda _items: 99}) == 1


def test_values_without_a_python_type_come_out_as_feels_own():
    assert value('duration("P1Y2M")') == YearsMonths(14)
    assert value("(1..2]") == Range(Decimal(1), Decimal(2), start_included=False, end_included=True)
    assert value("(>= 3)").end is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234567890123456789012345678901234", Decimal(1234567890123456789012345678901234)),
        ("-1234567890123456789012345678901234", Decimal(-1234567890123456789012345678901234)),
        ("-(big)", Decimal(-1234567890123456789012345678901234)),
        ("abs(-(big))", Decimal(1234567890123456789012345678901234)),
        ("1e7000", None),
        ("[1, 2][1e100]", None),
        ("[1, 2][1.5]", None),
        ('substring("abc", 1e100)', None),
        ('substring("abc", 1, 1e100)', None),
        ("sublist([1, 2], 1, 1e100)", None),
        ("remove([1, 2], 1e6000)", None),
        ("date(1e6000, 1, 1)", None),
        ("for i in 1e100..1e101 return i", None),
        ("modulo(1e100, 7)", 4),
        ("odd(1e6000)", False),
    ],
)
def test_numbers_keep_their_34_digits_whatever_the_size(text, expected):
    assert value(text, {"big": 1234567890123456789012345678901234}) == expected
