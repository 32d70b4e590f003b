"""The grammar of FEEL, rule by rule (DMN 1.5 §10.3.1.2, rules 1 to 66)."""

import unicodedata

import pytest

from tests.unit.feel.shown import shown
from workflow_app.feel import FeelSyntaxError, compile_expression, compile_unary_tests

ANNOUNCED = ["profit/loss", "a-b", "born in", "and so on", "Q1+Q2", "5 o\u2019clock", "some people"]
PLACES = {
    "profit/loss": 7,
    "profit": 10,
    "loss": 4,
    "a-b": 1,
    "a": 5,
    "b": 3,
    "born in": "Gyumri",
    "Q1+Q2": 9,
    "some people": 12,
    "in_force": True,
    "format": "pdf",
    "iffy": 1,
    "order by": "name",
    "Ֆինանսավորում 2026": 100,
    "საერთო თანხა": 200,
    "Общая сумма": 300,
    "valid?": True,
    "item 1": "one",
    "date": "2026-01-01",
    "count": 4,
    "not": False,
    "forty": 40,
    "null value": 1,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Rule 4: the operators from the loosest to the tightest; equal ones from the left.
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("2 * 3 ** 2", "18"),
        ("-2 ** 2", "4"),
        ("- 2 ** 2", "4"),
        ("-(2 ** 2)", "-4"),
        ("2 ** -1", "0.5"),
        ("2 ** 3 ** 2", "64"),
        ("10 - 4 - 3", "3"),
        ("24 / 4 / 3", "2"),
        ("24 / 4 * 3", "18"),
        ("1 - -1", "2"),
        ("--1", "1"),
        ("-1 + 1", "0"),
        ("2 * -3", "-6"),
        ("1 + 1 = 2", "true"),
        ("1 < 2 and 2 < 3", "true"),
        ("true or false and false", "true"),
        ("(true or false) and false", "false"),
        ("1 = 1 = true", "true"),
        ("1 + 2 instance of number", "null"),
        ("(1 + 2) instance of number", "true"),
        ("-1 instance of number", "null"),
        ("[1, 2][2] instance of number", "true"),
        # Rules 8 to 12: intervals with each pair of brackets.
        ("[1..3]", "[1..3]"),
        ("(1..3)", "(1..3)"),
        ("]1..3[", "(1..3)"),
        ("[1..3)", "[1..3)"),
        ("[1..3[", "[1..3)"),
        ("(1..3]", "(1..3]"),
        ("]1..3]", "(1..3]"),
        ("(1..3[", "(1..3)"),
        ("]1..3)", "(1..3)"),
        ("]1..3[ = (1..3)", "true"),
        ("]1..3[ != [1..3]", "true"),
        ("2 in ]1..3[ and true", "true"),
        ("]1..3[ instance of range<number>", "true"),
        ("[[1..2[, ]2..3]]", "[[1..2), (2..3]]"),
        ("{r: [1..3[}.r.end", "3"),
        ("[1..[5, 3][2]]", "[1..3]"),
        ("[1..[5, 3][-1]]", "[1..3]"),
        ("[1 + 1 .. 2 * 3]", "[2..6]"),
        ('["a".."c"]', '["a".."c"]'),
        ('[@"2026-01-01"..@"2026-02-01")', "[2026-01-01..2026-02-01)"),
        # Rules 7 and 2: a comparison with one side is a range.
        ("(< 10)", "(..10)"),
        ("(<= 10)", "(..10]"),
        ("(> 10)", "(10..)"),
        ("(>= 10)", "[10..)"),
        ("(= 10)", "[10..10]"),
        ("[< 10, >= 20]", "[(..10), [20..)]"),
        # Rules 33 to 38: literals.
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("0012", "12"),
        ("1e3", "1000"),
        ("1.5E+2", "150"),
        ("1e-3", "0.001"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("true", "true"),
        ("null", "null"),
        ('""', '""'),
        # Rule 65: escapes.
        (r'"a\"b"', '"a"b"'),
        (r'"a\\b"', '"a\\b"'),
        (r'"\'"', '"\'"'),
        (r'"\t|\r|\n"', '"\t|\r|\n"'),
        (r'"\u0041\u0562"', '"Aբ"'),
        (r'"\U01F40E"', '"🐎"'),
        (r'"\uD83D\uDC0E"', '"🐎"'),
        (r'"\uD83D"', '"\ufffd"'),
        ('"🐎"', '"🐎"'),
        ('string length("🐎")', "1"),
        # Rule 66: a literal after an at sign.
        ('@"2026-01-31"', "2026-01-31"),
        ('@"10:20:30"', "10:20:30"),
        ('@"10:20:30@Asia/Yerevan"', "10:20:30@Asia/Yerevan"),
        ('@"2026-01-31T10:20:30Z"', "2026-01-31T10:20:30Z"),
        ('@"P1Y2M"', "P1Y2M"),
        ('@"-PT3H"', "-PT3H"),
        ('@"P1Y1D"', "null"),
        ('@"tomorrow"', "null"),
        ('@"2026-01-31".day', "31"),
        ('@ "2026-01-31"', "2026-01-31"),
        # Rules 39 to 43: invocations.
        ("max(1, 2)", "2"),
        ("(function() 5)()", "5"),
        ("(function(a, b) a - b)(3, 1)", "2"),
        ("(function(a, b) a - b)(b: 3, a: 1)", "-2"),
        ("[function(a) a + 1][1](1)", "2"),
        ("{f: function(a) a + 1}.f(1)", "2"),
        ("(if true then function(a) a else null)(5)", "5"),
        ("(function(a) function(b) a + b)(1)(2)", "3"),
        ("(1 + 1)(2)", "null"),
        # Rules 44 to 47.
        ("{a: {b: 1}}.a.b", "1"),
        ("for x in [1, 2] return x * 2", "[2, 4]"),
        ("for x in 1..3 return x", "[1, 2, 3]"),
        ("for x in [1, 2], y in [x, 3] return x * y", "[1, 3, 4, 6]"),
        ("if 1 < 2 then 3 else 4", "3"),
        ("if false then 1 else if true then 2 else 3", "2"),
        ("1 + if true then 1 else 5 + 1", "2"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, 2], y in [3] satisfies x < y", "true"),
        ("some x in [1] satisfies x = 1 and false", "false"),
        # Rule 50: comparisons.
        ("2 between 1 and 3", "true"),
        ("2 between 1 and 3 and false", "false"),
        ("1 + 1 between 1 + 1 and 3 - 1", "true"),
        ("2 in [1..3]", "true"),
        ("2 in (1, 2)", "true"),
        ("2 in < 3", "true"),
        ("2 in (< 1, > 3)", "false"),
        ("2 in [1, 2, 3]", "true"),
        ("2 in (1 + 1)", "true"),
        ("2 in ((1 + 1))", "true"),
        ("3 in (1) + 2", "true"),
        ("2 in (1..3) and true", "true"),
        ("2 in (1..3).end = 2", "null"),
        ("3 in (1..3).end", "true"),
        # Rule 51: filters.
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][item > 1][1]", "2"),
        ("[[1, 2], [3]][1][2]", "2"),
        # Rules 52 and 53: types.
        ("1 instance of number = true", "true"),
        ("[1] instance of list<number>=true", "true"),
        ("1 instance of number < 5", "null"),
        ("[[1]] instance of list<list<number>>", "true"),
        ("{a: 1} instance of context<a: number, b: string>", "false"),
        ("(function() 1) instance of function<>->number", "true"),
        ('@"P1D" instance of days and time duration', "true"),
        # Rules 54 to 60: boxed expressions.
        ("[]", "[]"),
        ("[1, [2, []]]", "[1, [2, []]]"),
        ("{}", "{}"),
        ("{a: 1, b: a + 1}", "{a: 1, b: 2}"),
        ('{"a b": 1}.a b', "1"),
        ("{a b: 1}.a b", "1"),
        ('{"1": 2}', "{1: 2}"),
        ("{if: 1, then: 2}.then", "2"),
        # Rules 62 and 63: white space of all kinds, and comments.
        ("1\u00a0+\u20031\n+\t1", "3"),
        ("1 // one\n + 2", "3"),
        ("1 /* one // */ + /* two\n */ 2", "3"),
        ("/**/1/***/", "1"),
        ('"// no comment"', '"// no comment"'),
    ],
)
def test_expressions_of_the_grammar(text, expected):
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Rules 27 to 32: names; an announced one is matched before its parts.
        ("profit/loss", "7"),
        ("profit / loss", "7"),
        ("(profit)/loss", "2.5"),
        ("a-b", "1"),
        ("a - b", "1"),
        ("(a) - b", "2"),
        ("b-a", "-2"),
        ("born in", '"Gyumri"'),
        ('born in in ("Gyumri")', "true"),
        ("Q1+Q2 + 1", "10"),
        ("some people", "12"),
        ("some people in [12] satisfies true", "true"),
        ("some a in [some people] satisfies a = 12", "true"),
        ("in_force", "true"),
        ("format", '"pdf"'),
        ("iffy", "1"),
        ("forty", "40"),
        ("order by", '"name"'),
        ("order  \n by", '"name"'),
        ("Ֆինանսավորում 2026 / 4", "25"),
        ("Ֆինանսավորում\u00a02026", "100"),
        ("საერთო თანხა > 100", "true"),
        ("Общая сумма - 1", "299"),
        ("valid?", "true"),
        ("if valid? then 1 else 2", "1"),
        ("item 1", '"one"'),
        ("not", "false"),
        ("not(not)", "true"),
        # A variable named like a function stands beside it.
        ("date", '"2026-01-01"'),
        ("date(date)", "2026-01-01"),
        ("count + count([1])", "5"),
    ],
)
def test_names_come_from_the_scope(text, expected):
    assert shown(text, PLACES, ANNOUNCED) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # A name with signs is one within its scope only, and a member afterwards.
        ("{x: {a-b: 1}, a: 5, b: 3, r: a-b}.r", "2"),
        ("{a-b: 1, a: 5, b: 3, r: a-b}.r", "1"),
        ("{x: {a-b: 1}, r: x.a-b}.r", "1"),
        ("[{a-b: 1}, {a-b: 2}][a-b > 1].a-b", "[2]"),
        ("for a-b in [1, 2] return a-b * 10", "[10, 20]"),
        ("[for a-b in [1] return a-b, {a: 5, b: 3, r: a-b}.r]", "[[1], 2]"),
        ("(function(a-b) a-b + 1)(1)", "2"),
        ("(function(a-b) a-b + 1)(a-b: 1)", "2"),
        ("some a+b in [1] satisfies a+b = 1", "true"),
        ("{n-fold: function(n) if n < 1 then 0 else 1 + n-fold(n - 1), r: n-fold(3)}.r", "3"),
        # The list of an iterator does not know the iterator's own name.
        ("{x: [1, 2], r: for x in x return x}.r", "[1, 2]"),
        ("{x: 1, y: {x: 2, z: x}}.y.z", "2"),
        ("{x: 1, y: [3][item > x]}.y", "[3]"),
        ("{item: 7, r: [1, 9][item > 5]}.r", "[9]"),
        ("{x: 7, r: [{x: 1}, {y: 2}][x > 5]}.r", "[{y: 2}]"),
        ("{date: 1, r: date + 1}.r", "2"),
        ("{count: 3, r: count([1])}.r", "1"),
        ("{count: function(x) 9, r: count([1])}.r", "9"),
        ("for count in [1] return count([1, 2])", "[2]"),
        ("{a: 1, b: function() a, r: {a: 2, c: b()}.c}.r", "1"),
        ("{b: a, a: 1}", "{b: null, a: 1}"),
        ("{date and time: 1}.date and time", "1"),
    ],
)
def test_names_of_the_text_are_known_within_their_scopes(text, expected):
    assert shown(text) == expected


def test_a_member_is_not_taken_for_a_function():
    scope = {"visit": {"date": 1}, "time": 5}
    assert compile_expression("visit.date and time > 3").evaluate(scope) is None
    assert compile_expression("visit.date = 1 and time > 3").evaluate(scope) is True


@pytest.mark.parametrize("typed", ["NFC", "NFD"])
@pytest.mark.parametrize("kept", ["NFC", "NFD"])
@pytest.mark.parametrize("announced", [True, False])
def test_letters_with_accents_are_the_same_however_they_are_kept(typed, kept, announced):
    name = unicodedata.normalize(kept, "район йод")
    text = unicodedata.normalize(typed, "район йод")
    names = [name] if announced else []
    assert shown(text, {name: 5}, names) == "5"
    assert shown(f"x.{text}", {"x": {name: 5}}, names) == "5"
    assert shown(f"xs[{text} > 4].{text}", {"xs": [{name: 5}]}, names) == "[5]"
    assert shown(f"{{{text}: 6}}.{name}", {}, names) == "6"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "* 2",
        "1 2",
        "(1",
        "[1, ]",
        "[1..]",
        "[1..2",
        "{a 1}",
        "{: 1}",
        "{1: 2}",
        "{a: 1, }",
        "{a}",
        "function(a, ) a",
        "x instance of context<>",
        "if true then 1",
        "for x return x",
        "for in xs return 1",
        "some x in xs",
        "x instance number",
        "x instance of",
        "x instance of list<>",
        "x instance of list<number, string>",
        "x instance of range<>",
        "f(1, a: 2)",
        "f(a: 1, 2)",
        "function(1) 2",
        "1 between 2",
        '"open',
        "'single'",
        "a..b",
        "x.",
        "x.1",
        "1.",
        "0x10",
        "@tomorrow",
        "/* open",
        "1 == 1",
        "-",
    ],
)
def test_what_is_no_feel_is_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        # Rules 13 to 17.
        ("-", 5, True),
        (" - ", None, True),
        ("5", 5, True),
        ("5, 6", 6, True),
        ("< 5", 4, True),
        ("< 5, > 10", 7, False),
        ("[1..5]", 5, True),
        ("]1..5[", 5, False),
        ("not(5)", 5, False),
        ("not(5)", 6, True),
        ("not(1, 2)", 3, True),
        ("not (< 5)", 6, True),
        ("not(< 5, > 10)", 7, True),
        ("not([1..5])", 3, False),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("-5", -5, True),
        ("- 5", -5, True),
        ('"a", "b"', "b", True),
        ('not("a")', "b", True),
        ("true", True, True),
        ("not(true)", False, True),
        ("null", None, True),
        ("null", 1, False),
        ("not(null)", 1, True),
        ("? > 5 and ? < 8", 7, True),
        ("even(?)", 4, True),
        ('starts with(?, "AC")', "ACC-1", True),
        ("not(even(?))", 4, False),
        ("not(even(?)) and true", 3, True),
        ("limit", 70, True),
        ("< limit", 69, True),
        ("<= limit + 1", 71, True),
        ("[1, 2, limit]", 70, True),
        ("[< 5, > 10]", 11, True),
        ("limit > 60", 5, True),
        ("limit > 80", 5, False),
        ("limit > 60", None, True),
        ("limit > 60", False, False),
        ("limit > 60", True, True),
        ("limit > null", None, False),
        ("even(limit)", 5, True),
        ("odd(limit)", 5, False),
        ("even(limit)", False, False),
        ("even(limit)", True, True),
        ("max(limit, 5)", 70, True),
        ("max(limit, 5)", 5, False),
        ("some x in ? satisfies x > 1", [1, 2], True),
        ("? in [1, 2]", 2, True),
        ('@"2026-01-01"', "no date", False),
    ],
)
def test_unary_tests_of_the_grammar(cell, value, expected):
    assert compile_unary_tests(cell).matches(value, {"limit": 70}) is expected


@pytest.mark.parametrize("text", ["", "-, 5", "not(-)", "not()", "5,", "not(5", "<"])
def test_what_is_no_unary_test_is_refused(text):
    with pytest.raises(FeelSyntaxError):
        compile_unary_tests(text)
