"""Whatever the text, nothing but our own errors and data comes out.

`FEEL_FUZZ` is how many examples each test tries; hypothesis prints the smallest text that fails.
"""

import datetime as dt
import os
from contextlib import suppress
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.dmn import DmnError, load_decisions
from workflow_app.feel import (
    FeelBudgetExceeded,
    FeelError,
    Range,
    YearsMonths,
    compile_expression,
    compile_unary_tests,
    lint,
    to_json,
)
from workflow_app.feel.builtins import catalogue
from workflow_app.feel.temporal.values import Date, DateTime, DaysTime, Time
from workflow_app.feel.values import FeelFunction

EXAMPLES = int(os.environ.get("FEEL_FUZZ", "100"))
fuzzed = settings(max_examples=EXAMPLES, deadline=None)
SCALARS = (type(None), bool, str, Decimal, dt.date, dt.time, dt.timedelta, YearsMonths)
# FEEL's own, where Python has no such value.
OWN = (Date, DateTime, DaysTime, Time, FeelFunction)

WORDS = st.sampled_from(
    [
        *"()[]{},:.+-*/=<>?10ab",
        *["..", "**", "!=", "<=", ">=", "2.5", "-1", '"a"', '""', '@"P1D"', '@"2026-01-01"'],
        *["if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or"],
        *["not", "between", "instance of", "function", "external", "true", "false", "null"],
        *["items", "item", "partial", "count(", "sum(", "date(", "duration(", "sort(", "string("],
        *["matches(", "replace(", "context(", "range(", "get value(", "number", "list", "context"],
    ]
)
ATOMS = st.sampled_from(
    [
        *["1", "-2.5", "9e6144", "0", '"a"', '"(a+)+$"', "null", "true", "a", "items", "[1..3]"],
        *['@"P1D"', '@"P1Y"', '@"-999999999-01-01"', '@"23:59:59@Asia/Yerevan"', "(< 5)", "count"],
        *['@"999999999-12-31T23:59:59Z"', "function(a, b) a < b", "{a: 1, key: 2}", "[[1], []]"],
    ]
)


OPERATORS = st.sampled_from(["+", "-", "*", "/", "**", "=", "<", "and", "or", "in"])
FUNCTIONS = st.sampled_from(sorted(catalogue.NAMES - {"now", "today"}))


def grown(inner):
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds("({0[0]} {1} {0[1]})".format, pair, OPERATORS),
        st.builds("[{0[0]}, {0[1]}]".format, pair),
        st.builds("{{a: {0[0]}, b: {0[1]}}}".format, pair),
        st.builds("({0[0]})[{0[1]}]".format, pair),
        st.builds("({}).a".format, inner),
        st.builds("for a in {0[0]} return {0[1]}".format, pair),
        st.builds("some a in {0[0]} satisfies {0[1]}".format, pair),
        st.builds("{1}({0})".format, inner, FUNCTIONS),
        st.builds("{1}({0[0]}, {0[1]})".format, pair, FUNCTIONS),
        st.builds("{1}({0[0]}, {0[1]}, {0[0]})".format, pair, FUNCTIONS),
        st.builds("{0} instance of list<number>".format, inner),
        st.builds("if {0[0]} then {0[1]} else {0[0]}".format, pair),
        st.builds("({0[0]}) in ({0[1]}, < {0[0]})".format, pair),
        st.builds("(function(a) {0[0]})({0[1]})".format, pair),
    )


SCOPE = {"a": 1, "b": "x", "items": [{"a": 1}, 2, None, [3]]}
TYPES = {"a": "number", "b": "string", "items": "list<Any>", "?": "number"}


def is_data(value):
    """Tell whether a value is made of the types alone that FEEL gives its host."""
    if type(value) is list:
        return all(map(is_data, value))
    if type(value) is dict:
        return all(type(key) is str and is_data(member) for key, member in value.items())
    if isinstance(value, Range):
        return is_data(value.start) and is_data(value.end)
    return isinstance(value, (*SCALARS, *OWN))


def outcome(call):
    """Give what a call gives as text, or our own error."""
    try:
        return call()
    except FeelError as error:
        return error


def attempt(text):
    """Compile, run, explain and lint an expression; each comes to an end as it should."""
    lint(text, TYPES)
    compiled = outcome(lambda: compile_expression(text))
    if isinstance(compiled, FeelError):
        return
    value = outcome(lambda: compiled.evaluate(SCOPE))
    explained = outcome(lambda: compiled.explain(SCOPE))
    if FeelBudgetExceeded in {type(value), type(explained)}:
        # Explaining takes longer, and its values are held for longer.
        return
    if isinstance(value, FeelError):
        assert str(value) == str(explained)
        return
    assert is_data(value)
    assert repr(value) == repr(explained.value) or " at 0x" in repr(value)
    outcome(lambda: to_json(value))


def attempt_tests(text):
    """Compile, run, explain and lint unary tests."""
    lint(text, TYPES, tests=True)
    compiled = outcome(lambda: compile_unary_tests(text))
    if isinstance(compiled, FeelError):
        return
    passes = outcome(lambda: compiled.matches(1, SCOPE))
    explained = outcome(lambda: compiled.explain(1, SCOPE))
    if FeelBudgetExceeded in {type(passes), type(explained)}:
        return
    if isinstance(passes, FeelError):
        assert str(passes) == str(explained)
    else:
        assert explained.value is passes


EXPRESSIONS = st.recursive(ATOMS, grown, max_leaves=12)


@st.composite
def mutated(draw, texts):
    """Cut a piece out of a valid text, repeat one, or put another in."""
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 12)))
    piece = draw(st.one_of(WORDS, st.text(max_size=3), st.just(""), st.just(text[start:end] * 2)))
    return text[:start] + piece + text[end:]


@given(st.text(max_size=80))
@fuzzed
def test_any_text_is_an_expression_or_our_error(text):
    attempt(text)
    attempt_tests(text)


@given(st.lists(WORDS, max_size=25).map(" ".join))
@fuzzed
def test_any_row_of_words_is_an_expression_or_our_error(text):
    attempt(text)
    attempt_tests(text)


@given(EXPRESSIONS)
@fuzzed
def test_any_expression_of_the_grammar_can_be_evaluated(text):
    attempt(text)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3).map(", ".join))
@fuzzed
def test_any_unary_tests_of_the_grammar_can_be_asked(text):
    attempt_tests(text)
    attempt_tests(f"not({text})")


@given(mutated(EXPRESSIONS))
@fuzzed
def test_an_expression_cut_or_mended_is_one_or_our_error(text):
    attempt(text)
    attempt_tests(text)


MODEL = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">'
    '<itemDefinition name="t" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    '<inputData id="a" name="a"><variable name="a" typeRef="number"/></inputData>'
    '<decision id="d" name="d"><variable name="d" typeRef="t"/><informationRequirement>'
    '<requiredInput href="#a"/></informationRequirement><decisionTable id="x" hitPolicy="COLLECT">'
    "<input><inputExpression><text>a</text></inputExpression></input>"
    '<output typeRef="number"/><rule><inputEntry><text>[1..2]</text></inputEntry>'
    "<outputEntry><text>a * 2</text></outputEntry></rule></decisionTable></decision>"
    '<decision id="e" name="e"><informationRequirement><requiredDecision href="#d"/>'
    '</informationRequirement><for iteratorVariable="i"><in><literalExpression><text>d</text>'
    "</literalExpression></in><return><literalExpression><text>i + a</text></literalExpression>"
    "</return></for></decision></definitions>"
)


@given(mutated(st.just(MODEL)), st.booleans())
@fuzzed
def test_a_model_cut_or_mended_is_one_or_our_error(xml, lenient):
    with suppress(DmnError, FeelError):
        loaded = load_decisions(xml.encode("utf-8", "surrogatepass"), lenient=lenient)
        for each in loaded.decisions:
            assert is_data(loaded.evaluate(each, SCOPE).value)


def test_the_model_that_is_mutated_decides():
    assert load_decisions(MODEL.encode()).evaluate("e", SCOPE).value == [3]
