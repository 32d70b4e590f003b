"""What is wrong with a text is found without running it, and nothing that may be right is."""

import datetime as dt
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.feel.test_fuzz import ATOMS, WORDS, grown
from workflow_app.feel import YearsMonths, compile_expression, compile_unary_tests, lint, type_of
from workflow_app.feel.checking.linting import infer_type
from workflow_app.feel.checking.paths import PROPERTIES
from workflow_app.feel.convert import take_in
from workflow_app.feel.explaining.warnings import CLASHES, Cause
from workflow_app.feel.properties import names_of

TYPES = {
    "score_total": "number",
    "name": "string",
    "ok": "boolean",
    "day": "date",
    "xs": "list<number>",
    "app": "context<age: number, fee: string>",
    "items": "list<context<a: number, day: date>>",
    "either": "number | string",
    "open": "context",
    "any": "Any",
}

WRONG = [
    ("score_totl > 3", Cause.UNKNOWN_NAME, 1, "score_totl", "score_total"),
    ("1 = None", Cause.UNKNOWN_NAME, 5, "None", "null"),
    ("not ok", Cause.UNKNOWN_NAME, 1, "not ok", "not(ok)"),
    ("name is null", Cause.UNKNOWN_NAME, 1, "name is null", "name = null"),
    ("items[c > 1]", Cause.UNKNOWN_NAME, 7, "c", None),
    ("name == 3", Cause.SYNTAX, 6, "==", "="),
    ("name + 1", Cause.TYPE_CLASH, 1, "name + 1", None),
    ("any + ok", Cause.TYPE_CLASH, 1, "any + ok", None),
    ("day + day", Cause.TYPE_CLASH, 1, "day + day", None),
    ("-name", Cause.TYPE_CLASH, 1, "-name", None),
    ("name < 3", Cause.TYPE_CLASH, 1, "name < 3", None),
    ("ok = 1", Cause.TYPE_CLASH, 1, "ok = 1", None),
    ("day - day > 3", Cause.TYPE_CLASH, 1, "day - day > 3", None),
    ("name between 1 and name", Cause.TYPE_CLASH, 14, "1", None),
    ("name in [1..3]", Cause.TYPE_CLASH, 9, "[1..3]", None),
    ('score_total in ("a", 2)', Cause.TYPE_CLASH, 17, '"a"', None),
    ("items[a > name]", Cause.TYPE_CLASH, 7, "a > name", None),
    ("for x in xs return x + name", Cause.TYPE_CLASH, 20, "x + name", None),
    ("{a: 1, b: a + name}.b", Cause.TYPE_CLASH, 11, "a + name", None),
    ("(function(a: number) a + name)(1)", Cause.TYPE_CLASH, 22, "a + name", None),
    ("sum(xs) + name", Cause.TYPE_CLASH, 1, "sum(xs) + name", None),
    ("min(xs) + name", Cause.TYPE_CLASH, 1, "min(xs) + name", None),
    ("(if ok then 1 else 2) + name", Cause.TYPE_CLASH, 1, None, None),
    ("ok < ok", Cause.NO_ORDER, 1, "ok < ok", None),
    ("app.agee", Cause.NO_MEMBER, 1, "app.agee", "age"),
    ("items.b", Cause.NO_MEMBER, 1, "items.b", None),
    ("day.yeer", Cause.NO_MEMBER, 1, "day.yeer", "year"),
    ("name.length", Cause.NO_MEMBER, 1, "name.length", None),
    ("{a: 1}.b", Cause.NO_MEMBER, 1, "{a: 1}.b", None),
    ("cont(xs)", Cause.NO_FUNCTION, 1, "cont", "count"),
    ("name(3)", Cause.NO_FUNCTION, 1, "name", None),
    ("count(1, 2, 3)", Cause.WRONG_NUMBER, 1, "count(1, 2, 3)", None),
    ("(function(a) a)(1, 2)", Cause.WRONG_NUMBER, 2, None, None),
    ("working days()", Cause.WRONG_NUMBER, 1, "working days()", None),
    ("count(lst: xs)", Cause.UNKNOWN_PARAMETER, 1, "count(lst: xs)", None),
    ("substring(3, 1)", Cause.WRONG_ARGUMENT, 11, "3", None),
    ("sum(name)", Cause.WRONG_ARGUMENT, 5, "name", None),
    ('working days("5")', Cause.WRONG_ARGUMENT, 14, '"5"', None),
    ("(function(a: number) a)(name)", Cause.WRONG_ARGUMENT, 25, "name", None),
    ("upper case(null)", Cause.NULL_OPERAND, 12, "null", None),
    ("null + 1", Cause.NULL_OPERAND, 1, "null", None),
    ("score_total / 0", Cause.DIVISION_BY_ZERO, 1, "score_total / 0", None),
    ("xs[0]", Cause.NO_ITEM, 1, "xs[0]", None),
    ("xs[name]", Cause.NO_TRUTH_VALUE, 4, "name", None),
    ("if name then 1 else 2", Cause.NO_TRUTH_VALUE, 4, "name", None),
    ("some x in xs satisfies x", Cause.NO_TRUTH_VALUE, 24, "x", None),
    ("ok and name", Cause.NO_TRUTH_VALUE, 8, "name", None),
    ("for x in 1..name return x", Cause.NO_LIST, 13, "name", None),
    ('date("2026-13-01")', Cause.UNREADABLE, 1, 'date("2026-13-01")', None),
    ('duration("1 day")', Cause.UNREADABLE, 1, 'duration("1 day")', None),
    ('@"tomorrow"', Cause.UNREADABLE, 1, '@"tomorrow"', None),
    ('matches(name, "(")', Cause.BAD_PATTERN, 15, '"("', None),
    ("{a: 1, a: 2}", Cause.SAME_KEY, 1, "{a: 1, a: 2}", None),
    ("day instance of numbr", Cause.UNKNOWN_TYPE, 1, "day instance of numbr", None),
]


@pytest.mark.parametrize(("text", "code", "column", "piece", "hint"), WRONG)
def test_what_is_wrong_is_found_with_its_place(text, code, column, piece, hint):
    (problem,) = lint(text, TYPES)
    assert (problem.code, problem.line, problem.column, problem.hint) == (code, 1, column, hint)
    assert piece is None or problem.piece == piece
    assert problem.reason == problem.why % problem.details


RIGHT = [
    "score_total + 1 > 2 and ok",
    "any + 1",
    "any.some.thing[1].more > 3",
    "open.f(3)",
    "open.whatever + 1",
    "open.whatever.more = true",
    "either + 1",
    'either = "a"',
    "name = null",
    "null = null",
    "if any then 1 else name",
    "(if ok then 1 else name) + 1",
    "items[a > 1].day",
    "items[item.a > 1][1].day.year",
    "items[day > date(2026, 1, 1)]",
    "sum(items.a)",
    "sum(1, 2)",
    "count(xs[item > 2])",
    "for x in xs, y in x..3 return x + y + count(partial)",
    "every item in items satisfies item.a > 1",
    'name in ("a", "b")',
    "score_total in [1..5]",
    "score_total in xs",
    "score_total in (< 3, > 5)",
    "{f: function(x) if x > 1 then x * f(x - 1) else 1, y: f(3)}.y",
    'day + duration("P1D") > date("2026-01-01")',
    'day - duration("P1Y")',
    "(day - day).days > 3",
    "string(score_total) + name",
    "[1, name][1]",
    "append(xs, 3)[1] + 1",
    "concatenate(xs, [4])[1] + 1",
    'get value(app, "age") + 1',
    "sort(items, function(x, y) x.a < y.a)",
    "xs[1] + 1",
    "xs[-1] + 1",
    "xs[any]",
    "name instance of string",
    "working days(5, day) > now()",
    'setting("fee") + 1',
    'lookup("register")[id = 3].name',
    "upper case(name)",
    'number(name, ",", ".") + 1',
    "max(score_total, 3) + 1",
    "app.age[1] + 1",
    "score_total[item > 3]",
    "[1..3].start + 1",
    'split(name, ",")[1] + name',
    'context put(app, "x", 1).x',
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_may_be_right_is_no_problem(text):
    assert lint(text, TYPES) == ()


@pytest.mark.parametrize(
    ("text", "tested", "codes"),
    [
        ("> 3", "string", [Cause.TYPE_CLASH]),
        ("[1..3]", "string", [Cause.TYPE_CLASH]),
        ('"a", "b"', "number", [Cause.TYPE_CLASH, Cause.TYPE_CLASH]),
        ("not(< 3)", "string", [Cause.TYPE_CLASH]),
        ("true", "string", [Cause.TYPE_CLASH]),
        ("contains(?, 3)", "string", [Cause.WRONG_ARGUMENT]),
        ("? + 1", "number", [Cause.NO_TRUTH_VALUE]),
        ("> limit", "number", [Cause.UNKNOWN_NAME]),
        ('"a" and "b"', "Any", [Cause.NO_TRUTH_VALUE, Cause.NO_TRUTH_VALUE]),
        ("3,", "number", [Cause.SYNTAX]),
        ("-", "string", []),
        ("> 3, null", "number", []),
        ("[1..3]", "Any", []),
        ('"a", "b"', "string", []),
        ("[1, 2]", "number", []),
        ("starts with(?, name)", "string", []),
        ("? > 3", "number", []),
        ('>= date("2026-01-01")', "date", []),
    ],
)
def test_unary_tests_are_held_against_the_tested_type(text, tested, codes):
    problems = lint(text, {"?": tested, "name": "string"}, tests=True)
    assert [problem.code for problem in problems] == codes


@pytest.mark.parametrize(
    ("text", "wanted", "codes"),
    [
        ("score_total", "boolean", [Cause.WRONG_RESULT]),
        ("score_total > 1", "boolean", []),
        ("any", "boolean", []),
        ("xs", "list<string>", [Cause.WRONG_RESULT]),
    ],
)
def test_a_result_of_another_type_than_wanted_is_a_problem(text, wanted, codes):
    assert [problem.code for problem in lint(text, TYPES, wanted=wanted)] == codes


def test_names_are_not_unknown_where_not_all_are_known():
    text = "missing + helper(1) > 2"
    assert lint(text, TYPES, closed=False) == ()
    (problem,) = lint(text, TYPES, closed=False, functions={"helpers": "Any"})
    assert (problem.code, problem.hint) == (Cause.NO_FUNCTION, "helpers")
    assert str(problem) == problem.reason == problem.told()[0] % problem.told()[1]


def test_functions_of_the_host_are_known_and_typed():
    functions = {"fee of": "Any", "applicants": "function<number>->list<string>"}
    assert lint("applicants(1)[1] + name", TYPES, functions=functions) == ()
    wrong = lint("applicants(name)", TYPES, functions=functions)
    assert [problem.code for problem in wrong] == [Cause.WRONG_ARGUMENT]


def test_a_text_beyond_all_bounds_is_a_problem():
    (problem,) = lint("(" * 200 + "1" + ")" * 200, {})
    assert problem.code is Cause.TOO_LARGE


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("list<number>", "list<number>"),
        ("date | date and time", "date | date and time"),
        ("context<a: number, b: list<string>>", "context<a: number, b: list<string>>"),
        ("function<number, string>->boolean", "function<number, string>->boolean"),
        ("dateTime", "date and time"),
        ("tMoney", "Any"),
        ("list<number> | list<string>", "list<number | string>"),
    ],
)
def test_types_are_read_and_written(text, kind):
    assert str(type_of(text)) == kind


SAMPLES = {
    "number": 2,
    "string": "a",
    "boolean": True,
    "date": dt.date(2026, 1, 2),
    "time": dt.time(10, 0),
    "date and time": dt.datetime(2026, 1, 2, 10, 0, tzinfo=dt.UTC),
    "days and time duration": dt.timedelta(days=1),
    "years and months duration": YearsMonths(3),
    "list<number>": [1, 2],
    "context<a: number>": {"a": 1},
}
OPERATORS = ["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">="]


@pytest.mark.parametrize("operator", OPERATORS)
def test_linting_and_evaluating_agree_on_which_types_an_operator_joins(operator):
    text = f"a {operator} b"
    for (one, left), (other, right) in product(SAMPLES.items(), SAMPLES.items()):
        clash = compile_expression(text).evaluate({"a": left, "b": right}) is None
        found = bool(lint(text, {"a": one, "b": other}))
        assert clash is found, (operator, one, other)


@pytest.mark.parametrize("text", ["= x", "< x", "[x..x]", "x", "[x]", "not(x)"])
def test_linting_and_testing_agree_on_which_types_a_test_takes(text):
    for (one, value), (other, x) in product(SAMPLES.items(), SAMPLES.items()):
        explained = compile_unary_tests(text).explain(value, {"x": x})
        clashes = [each for each in explained.warnings if each.code in CLASHES]
        found = lint(text, {"?": one, "x": other}, tests=True)
        assert not clashes or found, (text, one, other)


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_type_inferred_is_that_of_the_value(operator):
    text = f"a {operator} b"
    for (one, left), (other, right) in product(SAMPLES.items(), SAMPLES.items()):
        value = compile_expression(text).evaluate({"a": left, "b": right})
        if value is not None:
            kind = infer_type(text, {"a": one, "b": other})
            same = compile_expression(f"v instance of {kind}").evaluate({"v": value})
            assert same is True, (operator, one, other, kind)


def test_the_properties_of_values_are_those_that_are_read():
    for name, properties in PROPERTIES.items():
        assert set(properties) == set(names_of(take_in(SAMPLES[name])))


SCOPE_TYPES = {
    "n": "number",
    "s": "string",
    "b": "boolean",
    "d": "date",
    "p": "days and time duration",
    "ns": "list<number>",
    "c": "context<n: number, s: string>",
    "cs": "list<context<n: number, s: string>>",
}
SCOPE = {
    "n": 3,
    "s": "abc",
    "b": True,
    "d": dt.date(2026, 1, 2),
    "p": dt.timedelta(days=2),
    "ns": [1, 2, 3],
    "c": {"n": 1, "s": "x"},
    "cs": [{"n": 1, "s": "x"}, {"n": 2, "s": "y"}],
}
LEAVES = st.sampled_from([*SCOPE_TYPES, "c.n", "c.s", "d.year", "1", '"x"', "false", '@"P1D"'])
JOINTS = st.sampled_from(["+", "-", "*", "=", "!=", "<", ">=", "and", "or", "in"])
CALLS = st.sampled_from(
    [*["count", "string length", "upper case", "abs", "sum", "not", "day of week", "reverse"]]
)


def _typed(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds("({0[0]} {1} {0[1]})".format, pair, JOINTS),
        st.builds("{1}({0})".format, inner, CALLS),
        st.builds("(if b then {0} else {0})".format, inner),
        st.builds("cs[n > {0}]".format, inner),
        st.builds("(for x in ns return x + {0})".format, inner),
        st.builds("(every x in cs satisfies x.n < {0})".format, inner),
        st.builds("({0[0]} between {0[1]} and {0[1]})".format, pair),
        st.builds("{{a: {0[0]}, b: {0[1]}}}.a".format, pair),
        st.builds("(-{0})".format, inner),
    )


@given(st.recursive(LEAVES, _typed, max_leaves=6))
@settings(max_examples=400, deadline=None)
def test_what_has_no_finding_never_clashes_when_it_is_run(text):
    if not lint(text, SCOPE_TYPES):
        warnings = compile_expression(text).explain(SCOPE).warnings
        # A list of one item is taken as that item, so a list may be right where an item is wanted.
        clashes = [each for each in warnings if each.details.get("got") != "list"]
        assert not [each for each in clashes if each.code in CLASHES], text


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=20).map(" ".join)))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_linted(text):
    for tests in (False, True):
        for problem in lint(text, {"a": "number", "?": "string"}, tests=tests):
            assert problem.reason == str(problem)
            assert text[problem.position :].startswith(problem.piece)
            assert problem.line >= 1
            assert problem.column >= 1


@given(st.recursive(ATOMS, grown, max_leaves=12))
@settings(max_examples=200, deadline=None)
def test_any_expression_of_the_grammar_can_be_linted(text):
    for problem in lint(text, {"a": "number", "b": "string", "items": "list"}):
        assert problem.piece in text


def test_a_way_of_calling_is_told_once_though_its_arguments_may_be_of_two_types():
    (found,) = lint("abs(1, 2)", {})
    assert found.reason == "“abs” is called as abs(n), not with 2 arguments."
