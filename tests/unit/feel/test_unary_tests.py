"""Cells of decision tables."""

import pytest

from workflow_app.feel import compile_unary_tests


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("< 5", 3, True),
        ("< 5", 5, False),
        ("< 5", None, False),
        ("[1..3], > 10", 2, True),
        ("[1..3], > 10", 11, True),
        ("[1..3], > 10", 5, False),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ('not("a", "b")', "c", True),
        ("not(< 5)", None, False),
        ("not(true)", False, True),
        ("null", None, True),
        ("null", 1, False),
        ("? > 3 and ? < limit", 9, True),
        ("? > 3 and ? < limit", 10, False),
        ('starts with(?, "A")', "ACC", True),
        ("limit", 10, True),
        ("allowed", 2, True),
        ("count(?) > 1", [1, 2], True),
        ("true", True, True),
        ("= 3", 3, True),
        ("!= 3", 4, True),
        ('date("2026-01-01")', "2026-01-01", False),
    ],
)
def test_a_cell_matches(cell, value, expected):
    scope = {"limit": 10, "allowed": [1, 2]}
    assert compile_unary_tests(cell).matches(value, scope) is expected


def test_names_of_a_cell_leave_out_the_tested_value():
    assert compile_unary_tests("? > limit").names == {"limit"}
