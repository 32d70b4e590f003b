"""Which names an expression reads from its scope; the linter and the data filter build on it."""

import pytest

from workflow_app.feel import compile_expression


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + b.c", {"a", "b"}),
        ("for x in xs return x + y", {"xs", "y"}),
        ("for x in xs, z in x return z + partial[1]", {"xs"}),
        ("some x in xs satisfies x > limit", {"xs", "limit"}),
        ("{a: 1, b: a + c}.b", {"c"}),
        ("function(p) p + q", {"q"}),
        ("count(list)", {"list"}),
        ("sum(xs) + max(xs)", {"xs"}),
        ("full name", {"full name"}),
        ("x in [low..high]", {"x", "low", "high"}),
        ("not(done)", {"done"}),
        ("item", {"item"}),
        ("xs[item > 1]", {"xs"}),
        ('date(d) + duration("P1D")', {"d"}),
        ("x instance of number", {"x"}),
        ("1 + 1", set()),
    ],
)
def test_free_names(text, names):
    assert compile_expression(text).names == names


def test_names_within_a_filter_may_be_members_of_the_item():
    compiled = compile_expression("xs[score > limit] = limit")
    assert compiled.names == {"xs", "score", "limit"}
    assert compiled.members == {"score"}


def test_a_variable_may_be_named_like_a_standard_function():
    compiled = compile_expression("date(date) > number and count(items) > 0")
    assert compiled.names == {"date", "number", "items"}
    assert compiled.members == {"date", "number"}
    assert compiled.evaluate({"date": "2026-01-01", "number": None, "items": [1]}) is None


def test_called_functions_are_told_apart_from_variables():
    compiled = compile_expression("working days(n) + count(xs)")
    assert compiled.names == {"n", "xs"}
    assert compiled.calls == {"working days"}
