"""Errors say where; conversion to JSON refuses what JSON lacks."""

import pytest

from workflow_app.feel import FeelError, FeelSyntaxError, compile_expression, to_json


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("1 +", 1, 4),
        ("a\n  + )", 2, 5),
        ('"open', 1, 1),
        ("if a then b", 1, 12),
        ("[1, 2", 1, 6),
        ("{a 1}", 1, 2),
        ("for in xs return 1", 1, 5),
        ("a b c ) d", 1, 7),
        ("f(a: 1, 2)", 1, 11),
        ("=1 `", 1, 4),
        ("", 1, 1),
        ("x instance of", 1, 14),
    ],
)
def test_a_syntax_error_tells_line_and_column(text, line, column):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert len(caught.value.args) == 1


def test_an_external_function_is_refused():
    text = 'function(x) external {java: {class: "java.lang.Runtime", method signature: "exec"}}'
    with pytest.raises(FeelError, match="another language"):
        compile_expression(text).evaluate({})


@pytest.mark.parametrize("text", ["[1..2]", "function(x) x", "{a: [function() 1]}", "count"])
def test_ranges_and_functions_are_no_data(text):
    with pytest.raises(FeelError):
        to_json(compile_expression(text).evaluate({}))


def test_compiled_expressions_are_kept():
    assert compile_expression("a + 1") is compile_expression("a + 1")
    assert compile_expression("a + 1") is not compile_expression("a + 1", frozenset(["a b"]))
