"""An explained evaluation gives what the usual one gives, and one warning for each error."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.feel.test_fuzz import ATOMS, grown
from workflow_app.feel import FeelError, compile_expression, compile_unary_tests
from workflow_app.feel.display import display
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.runtime import Runtime

SCOPE = {
    "score_total": 3,
    "name": "Ann",
    "nothing": None,
    "xs": [1, 2, 3],
    "app": {"age": None, "fee": "x"},
    "items": [{"a": 1}, {"b": 2}],
    "day": dt.date(2026, 1, 1),
    "local": dt.datetime(2026, 1, 1),  # noqa: DTZ001 - without a zone on purpose
    "zoned": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
}

ERRORS = [
    ("score_totl > 3", Cause.UNKNOWN_NAME, 1, "score_totl", {"hint": "score_total"}),
    ("Score-Total > 3", Cause.UNKNOWN_NAME, 1, "Score", {}),
    ("1 = None", Cause.UNKNOWN_NAME, 5, "None", {"hint": "null"}),
    ("if True then 1 else 2", Cause.UNKNOWN_NAME, 4, "True", {"hint": "true"}),
    ("name is not null", Cause.UNKNOWN_NAME, 1, "name is not null", {"hint": "name != null"}),
    ("app.agee", Cause.NO_MEMBER, 1, "app.agee", {"name": "agee", "hint": "age"}),
    ("items.c", Cause.NO_MEMBER, 1, "items.c", {"name": "c"}),
    ("day.yeer", Cause.NO_MEMBER, 1, "day.yeer", {"hint": "year"}),
    ("name.length", Cause.NO_MEMBER, 1, "name.length", {"type": "string"}),
    ("cont(xs)", Cause.NO_FUNCTION, 1, "cont", {"hint": "count"}),
    ("name(3)", Cause.NO_FUNCTION, 1, "name", {"type": "string"}),
    ("count(1, 2, 3)", Cause.WRONG_NUMBER, 1, "count(1, 2, 3)", {"usage": "count(list)"}),
    ("count(lst: xs)", Cause.UNKNOWN_PARAMETER, 1, "count(lst: xs)", {"parameter": "lst"}),
    (
        "substring(3, 1)",
        Cause.WRONG_ARGUMENT,
        11,
        "3",
        {"parameter": "string", "wanted": "string", "got": "number"},
    ),
    (
        "(function(a: number) a)(name)",
        Cause.WRONG_ARGUMENT,
        25,
        "name",
        {"parameter": "a", "got": "string"},
    ),
    ("upper case(nothing)", Cause.NULL_OPERAND, 1, "upper case(nothing)", {"operand": "nothing"}),
    ("name + 1", Cause.TYPE_CLASH, 1, "name + 1", {"left": "string", "right": "number"}),
    ("name < 1", Cause.TYPE_CLASH, 1, "name < 1", {"left": "string", "right": "number"}),
    ("name = 1", Cause.TYPE_CLASH, 1, "name = 1", {"left": "string", "right": "number"}),
    ("-name", Cause.TYPE_CLASH, 1, "-name", {"left": "string"}),
    ("nothing + 1", Cause.NULL_OPERAND, 1, "nothing + 1", {"operand": "nothing"}),
    ("app.age >= 18", Cause.NULL_OPERAND, 1, "app.age >= 18", {"operand": "app.age"}),
    ("nothing between 1 and 2", Cause.NULL_OPERAND, 1, "nothing between 1 and 2", {}),
    ("name in [1..3]", Cause.TYPE_CLASH, 9, "[1..3]", {"left": "string", "right": "number"}),
    ("true < false", Cause.NO_ORDER, 1, "true < false", {"left": "boolean"}),
    ("score_total / 0", Cause.DIVISION_BY_ZERO, 1, "score_total / 0", {"operand": "0"}),
    ("10 ** 9999", Cause.OUT_OF_RANGE, 1, "10 ** 9999", {}),
    ("sqrt(-1)", Cause.OUT_OF_RANGE, 1, "sqrt(-1)", {"value": "-1"}),
    ("if name then 1 else 2", Cause.NO_TRUTH_VALUE, 4, "name", {"type": "string"}),
    ("if nothing then 1 else 2", Cause.NO_TRUTH_VALUE, 4, "nothing", {}),
    ("name and true", Cause.NO_TRUTH_VALUE, 1, "name", {"type": "string"}),
    ('xs["a"]', Cause.NO_TRUTH_VALUE, 4, '"a"', {"type": "string"}),
    ("xs[7]", Cause.NO_ITEM, 1, "xs[7]", {"count": 3}),
    ("xs[-4]", Cause.NO_ITEM, 1, "xs[-4]", {"count": 3}),
    ("sublist(xs, 9)", Cause.NO_ITEM, 1, "sublist(xs, 9)", {}),
    ("for x in 1..name return x", Cause.NO_LIST, 13, "name", {"type": "string"}),
    ("some x in nothing satisfies x > 1", Cause.NO_LIST, 11, "nothing", {}),
    ('date("2026-13-01")', Cause.UNREADABLE, 1, 'date("2026-13-01")', {"wanted": "date"}),
    ("date(2026, 2, 30)", Cause.UNREADABLE, 1, "date(2026, 2, 30)", {"wanted": "date"}),
    ('duration("1 day")', Cause.UNREADABLE, 1, 'duration("1 day")', {"value": "1 day"}),
    ('number("1,5")', Cause.UNREADABLE, 1, 'number("1,5")', {"wanted": "number"}),
    ('matches("a", "(")', Cause.BAD_PATTERN, 1, 'matches("a", "(")', {"value": "("}),
    ('sum([1, "a"])', Cause.WRONG_ARGUMENT, 5, '[1, "a"]', {"got": "number, string"}),
    ("sum([])", Cause.NOT_COMPUTED, 1, "sum([])", {"name": "sum"}),
    ('[1.."a"]', Cause.NO_RANGE, 1, '[1.."a"]', {}),
    ("{a: 1, a: 2}", Cause.SAME_KEY, 1, "{a: 1, a: 2}", {"name": "a"}),
    ('get value(app, "feee")', Cause.NO_MEMBER, 1, 'get value(app, "feee")', {"hint": "fee"}),
]


@pytest.mark.parametrize(("text", "code", "column", "piece", "details"), ERRORS)
def test_an_error_that_gave_null_is_told_once(text, code, column, piece, details):
    explained = compile_expression(text).explain(SCOPE)
    first, *others = explained.warnings
    assert (first.code, first.line, first.column, first.piece) == (code, 1, column, piece)
    assert details.items() <= first.details.items()
    assert first.reason == first.why % first.details
    assert all(other.code is Cause.UNKNOWN_NAME for other in others)


@pytest.mark.parametrize(
    "text",
    [
        "nothing",
        "app.age",
        "nothing.anything",
        "nothing = null",
        "[nothing, 1]",
        "if app.age = null then 1 else 2",
        "{a: nothing}.a",
        "count(xs[item > 5])",
        "all([true, nothing])",
        "nothing and true",
        "string(nothing)",
        'get value(app, "age")',
        "for x in [] return x + 1",
        "(function(a) a)(nothing)",
        "xs[nothing = null]",
    ],
)
def test_a_null_of_the_data_is_no_error(text):
    assert compile_expression(text).explain(SCOPE).warnings == ()


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("(1/0 + 2) * 3 > 4", "1/0"),
        ("{a: 1/0, b: a + 1, c: b * 2}.c", "1/0"),
        ("sum([1/0, 2]) + 1", "1/0"),
        ("string length(upper case(missing))", "missing"),
        ("for x in missing return x + 1", "missing"),
        ("(function(a) a + 1)(1/0)", "1/0"),
        ("if 1/0 > 1 then 2 else 3", "1/0"),
    ],
)
def test_only_the_innermost_cause_is_told(text, piece):
    (warning,) = compile_expression(text).explain(SCOPE).warnings
    assert warning.piece == piece


def test_two_errors_are_told_in_order_with_their_lines():
    warnings = compile_expression("[missing,\n 1/0]").explain(SCOPE).warnings
    assert [(each.line, each.column) for each in warnings] == [(1, 2), (2, 2)]


def test_a_loop_tells_of_the_same_error_once():
    explained = compile_expression("for x in 1..200 return x / 0").explain({})
    assert len(explained.warnings) == 1
    assert explained.value == [None] * 200


def test_functions_of_the_host_are_among_what_may_be_meant():
    explained = compile_expression("aplicants(1)").explain({}, {"applicants": lambda _number: 1})
    assert explained.warnings[0].details["hint"] == "applicants"


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("> 3", "a", [Cause.TYPE_CLASH]),
        ("[1..3]", "a", [Cause.TYPE_CLASH]),
        ('"a", "b"', 1, [Cause.TYPE_CLASH, Cause.TYPE_CLASH]),
        ("> limit", 1, [Cause.UNKNOWN_NAME]),
        ("> 3", 4, []),
        ("-", "a", []),
        ('"a"', "b", []),
    ],
)
def test_unary_tests_explain_why_they_cannot_be_put(text, value, codes):
    tests = compile_unary_tests(text)
    explained = tests.explain(value, {})
    assert explained.value is tests.matches(value, {})
    assert [warning.code for warning in explained.warnings] == codes


def outcome(run):
    """Give a value as text, or the sentence of the error."""
    try:
        return display(run(), Runtime({}))
    except FeelError as error:
        return str(error)


@given(st.recursive(ATOMS, grown, max_leaves=12))
@settings(max_examples=300, deadline=None)
def test_an_explained_value_is_the_evaluated_one(text):
    scope = {"a": 1, "b": "x", "items": [{"a": 1}, 2, None, [3]]}

    def evaluated():
        return compile_expression(text).evaluate(scope)

    def explained():
        return compile_expression(text).explain(scope).value

    assert outcome(explained) == outcome(evaluated)
