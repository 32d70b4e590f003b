"""Cells of constants as sets: the set says of every value what evaluating the cell says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.dmn.cells import FAMILIES, VALUES, cell
from workflow_app.dmn.sets import OPAQUE, ValueSet, read_constant, read_set
from workflow_app.feel.convert import take_in
from workflow_app.feel.expression import compile_unary_tests
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.temporal.values import DateTime, Time

NONE = frozenset()
INSIDE = [take_in(value) for value in VALUES]


def passes(text, value):
    return compile_unary_tests(text).run(Runtime({}), {}, value) is True


@settings(max_examples=150, deadline=None)
@given(st.one_of([cell(family, opaque=[]) for family in FAMILIES]))
def test_a_set_agrees_with_evaluation_for_every_value(text):
    found = read_set(text, NONE)
    clocks = ":" in text
    assert found is not None or clocks, "a cell of constants is a set"
    for value in INSIDE if found is not None else []:
        told = found.holds(value)
        assert told is None or told == passes(text, value), (text, value)
        # Clocks with a zone and without are put in order by what they show.
        depends = (list, dict, Time, DateTime) if clocks else (list, dict)
        assert told is not None or isinstance(value, depends)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('= @"10:00:00"', False),
        ('< @"10:00:00"', None),
        ('not(< @"10:00:00")', None),
        ('[@"09:00:00"..@"10:00:00"], 5', None),
    ],
)
def test_a_clock_of_a_zone_is_put_in_order_by_asking(text, told):
    found = read_set(text, NONE)
    assert found.holds(read_constant('@"10:00:00Z"', NONE)) is told
    assert found.holds(read_constant('@"P1D"', NONE)) is False
    assert read_set('[@"09:00:00"..@"10:00:00Z"]', NONE) is None


@pytest.mark.parametrize(
    "text",
    [
        "limit",
        "< limit",
        "[1..limit]",
        "? > 5",
        "f(1)",
        "now()",
        'matches(?, "a")',
        "[a]",
        "> (",
        "",
    ],
)
def test_what_reads_something_is_opaque(text):
    assert read_set(text, NONE) is None


def test_a_function_of_the_model_is_not_taken_for_the_standards():
    text = 'date("2026-01-01")'
    assert read_set(text, NONE) is not None
    assert read_set(text, frozenset({"date"})) is None


@pytest.mark.parametrize(
    ("text", "holds", "lacks"),
    [
        ("-", [None, "a", []], []),
        ("[5..3]", [], [3, 4, 5, None]),
        ("(1..2)", [1.5], [1, 2]),
        ('not("a")', ["b", None], ["a", 1]),
        ("not(< 5)", [5, 9], [4, None, "a"]),
        ("not(null)", [1, "a", True, []], [None]),
        ("1, [3..4)", [1, 3, 3.5], [2, 4]),
        ("= true", [True], [False, None]),
        ("< true", [], [True, False]),
        ('[["a", "b"], 1]', ["a", "b", 1], ["c", None]),
    ],
)
def test_what_a_set_holds(text, holds, lacks):
    found = read_set(text, NONE)
    assert [value for value in holds if found.holds(take_in(value)) is not True] == []
    assert [value for value in lacks if found.holds(take_in(value)) is not False] == []


def test_the_algebra_of_sets():
    low, high = read_set("< 5", NONE), read_set(">= 5", NONE)
    assert (low & high).parts["number"] == ()
    assert (low | high).parts["number"] == ((None, None),)
    assert (~ValueSet()).holds([]) is True


@pytest.mark.parametrize(
    ("text", "value"), [("1 + 1", 2), ('"a"', "a"), ("null", None), ("= -3", -3)]
)
def test_constants_are_folded(text, value):
    assert read_constant(text, NONE) == take_in(value)


@pytest.mark.parametrize("text", ["a", "1 +", "today()", "a.b", "{a: 1}"])
def test_what_is_no_constant(text):
    assert read_constant(text, NONE) is OPAQUE
