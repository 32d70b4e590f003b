"""The standard functions of DMN 1.5 §10.3.4, each with the cases where it gives null."""

from decimal import Decimal

import pytest

from workflow_app.feel import FeelError, compile_expression, to_json


def value(text):
    return to_json(compile_expression(text).evaluate({}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("foobar", 0)', None),
        ('substring("\\U01F40Eab", 2)', "ab"),
        ('string length("\\U01F40E")', 1),
        ('upper case("աբ")', "ԱԲ"),
        ('lower case("ABC")', "abc"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "x")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('substring after("foobar", "")', "foobar"),
        ('contains("foobar", "ob")', True),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('string join(["a", null, "c"], "-")', "a-c"),
        ('string join(["a", 1], "-")', None),
        ("string(1.50)", "1.50"),
        ('string([1, "a", {b: null}])', '[1, "a", {b: null}]'),
        ("string(null)", None),
        ('string(@"P1DT2H")', "P1DT2H"),
        ('number("1 000,5", " ", ",")', 1000.5),
        ('number("1.000", ".", ".")', None),
        ('number("x", null, null)', None),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('split("ab", "(")', None),
        ('matches("foobar", "^fo*b")', True),
        ('matches("FOOBAR", "fo*b", "i")', True),
        ('matches("a\\nb", "a$")', False),
        ('matches("a\\nb", "a$", "m")', True),
        ('matches("hello world", "hello\\\\ sworld", "x")', True),
        ('matches("d", "[a-z-[aeiou]]")', True),
        ('matches("e", "^[a-z-[aeiou]]$")', False),
        ('matches("a", "a", "w")', None),
        ('matches("a", "(?=a)")', None),
        ('matches("abab", "^(ab)\\\\1$")', True),
        ('matches("\\u03b1", "\\\\p{IsGreek}")', True),
        ('replace("abracadabra", "bra", "*")', "a*cada*"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("abc", ".*?", "x")', None),
        ('replace("abc", "b", "$x")', None),
        ('replace("a.b", ".", "x", "q")', "axb"),
    ],
)
def test_texts(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list contains([1, null], null)", True),
        ("count([])", 0),
        ("min(3, 1, 2)", 1),
        ('max(["a", "b"])', "b"),
        ('max([1, "b"])', None),
        ("sum([])", None),
        ("sum(1, 2, 3)", 6),
        ("mean([1, 2, 6])", 3),
        ("all([true, null])", None),
        ("all([])", True),
        ("any([false, null])", None),
        ("any([null, true])", True),
        ("sublist([4, 5, 6], 2)", [5, 6]),
        ("sublist([4, 5, 6], -2, 1)", [5]),
        ("sublist([4, 5, 6], 4)", None),
        ("append([1], 2, [3])", [1, 2, [3]]),
        ("concatenate([1], [2, 3])", [1, 2, 3]),
        ("insert before([1, 3], 2, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("reverse([1, 2])", [2, 1]),
        ("index of([1, 2, 1], 1)", [1, 3]),
        ("union([1, 2], [2, 3])", [1, 2, 3]),
        ("distinct values([1, 1.0, [1], [1], null, null, true])", [1, [1], None, True]),
        ("flatten([[1, [2]], 3])", [1, 2, 3]),
        ("product([2, 3, 4])", 24),
        ("median([8, 2, 5, 3, 4])", 4),
        ("median([6, 1, 2, 3])", 2.5),
        ("stddev([2, 4, 7, 5])", float(Decimal("2.081665999466132735282297706979931"))),
        ("stddev([1])", None),
        ("mode([6, 3, 9, 6, 6, 3, 3])", [3, 6]),
        ("sort([3, 1, 2], function(x, y) x > y)", [3, 2, 1]),
        ("list replace([2, 4, 7], 3, 6)", [2, 4, 6]),
        ("list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", [5, 5, 7]),
    ],
)
def test_lists(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not(true)", False),
        ("not(null)", None),
        ("is(1, 1.0)", True),
        ('is(@"10:00:00+01:00", @"09:00:00Z")', False),
        ("decimal(1/3, 2)", 0.33),
        ("decimal(2.5, 0)", 2),
        ("floor(-1.56, 1)", -1.6),
        ("ceiling(-1.5)", -1),
        ("round up(5.5, 0)", 6),
        ("round down(-5.5, 0)", -5),
        ("round half up(-2.5, 0)", -3),
        ("round half down(5.5, 0)", 5),
        ("abs(-10)", 10),
        ('abs(@"-P1D")', "P1D"),
        ("modulo(-12, 5)", 3),
        ("modulo(5.25, 4)", 1.25),
        ("modulo(1, 0)", None),
        ("sqrt(16)", 4),
        ("sqrt(-1)", None),
        ("log(1)", 0),
        ("log(0)", None),
        ("exp(0)", 1),
        ("odd(5)", True),
        ("even(-2)", True),
        ("even(1.5)", None),
    ],
)
def test_numbers(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('get value({a: 1}, "a")', 1),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ('context([{key: "a", value: 1}])', {"a": 1}),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context put({a: 1}, "b", 2)', {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
        ('context put({a: 1}, ["a", "c"], 2)', None),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
    ],
)
def test_contexts(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before(1, 10)", True),
        ("before([1..10), 10)", True),
        ("before([1..10], [10..20])", False),
        ("after(10, [1..10))", True),
        ("meets([1..5], [5..10])", True),
        ("met by([5..10], [1..5])", True),
        ("overlaps([1..5], [5..8])", True),
        ("overlaps([1..5), [5..8])", False),
        ("overlaps before([1..5], [3..8])", True),
        ("overlaps after([3..8], [1..5])", True),
        ("finishes(10, [1..10])", True),
        ("finished by([1..10], [5..10])", True),
        ("includes([5..10], 6)", True),
        ("during([4..6], [1..10])", True),
        ("starts(1, [1..10])", True),
        ("started by([1..10], [1..5])", True),
        ("coincides([1..5], [1..5])", True),
        ('before(1, "a")', None),
        ("includes((> 5), 6)", True),
        ('range("[1..10)").end included', False),
        ('range("[date(\\"2026-01-01\\")..date(\\"2026-02-01\\")]").start', "2026-01-01"),
        ('range("[a..b]")', None),
        ('includes(range("[18..)"), 20)', True),
        ('includes(range("(..2)"), 2)', False),
        ('range("[..2)")', None),
        ('range("(..)")', None),
        ('range("[5..1]")', None),
        ('range("[1..x)")', None),
        ('range("")', None),
    ],
)
def test_ranges(text, expected):
    assert value(text) == expected


def test_the_clock_is_the_hosts_or_nobodys():
    with pytest.raises(FeelError, match="clock"):
        compile_expression("now()").evaluate({})
    with pytest.raises(FeelError, match="clock"):
        compile_expression("today()").evaluate({})


def test_a_function_of_the_host_that_fails_says_so():
    def setting(key):
        raise KeyError(key)

    with pytest.raises(FeelError, match="setting"):
        compile_expression('setting("x")').evaluate({}, {"setting": setting})
