"""What designers write by habit is recognised, and said where it stands with what was meant."""

import pytest

from workflow_app.feel import FeelSyntaxError, compile_expression, compile_unary_tests
from workflow_app.feel.reading import slips

SLIPS = [
    ("x == 1", slips.NO_DOUBLE, 3, "==", "="),
    ("x === 1", slips.NO_DOUBLE, 3, "===", "="),
    ("x <> 1", slips.NO_DOUBLE, 3, "<>", "!="),
    ("x !== 1", slips.NO_DOUBLE, 3, "!==", "!="),
    ("x => 1", slips.NO_DOUBLE, 3, "=>", ">="),
    ("x =< 1", slips.NO_DOUBLE, 3, "=<", "<="),
    ("a && b", slips.NO_DOUBLE, 3, "&&", "and"),
    ("a = 1 || b = 2", slips.NO_DOUBLE, 7, "||", "or"),
    ("2 ^ 3", slips.NO_DOUBLE, 3, "^", "**"),
    ("!a", slips.NO_EXCLAMATION, 1, "!", "not"),
    ("a and !b", slips.NO_EXCLAMATION, 7, "!", "not"),
    ("status = 'open'", slips.NO_SINGLE_QUOTES, 10, "'", '"'),
    ("'open'", slips.NO_SINGLE_QUOTES, 1, "'", '"'),
    ("status = “open”", slips.NO_SINGLE_QUOTES, 10, "“", '"'),
    ("status = «open»", slips.NO_SINGLE_QUOTES, 10, "«", '"'),
    ('status = "open”', slips.NO_SINGLE_QUOTES, 15, "”", '"'),
    ("score > 1,5", slips.NO_DECIMAL_COMMA, 9, "1,5", "1.5"),
    ("(2,5 + 1)", slips.NO_DECIMAL_COMMA, 2, "2,5", "2.5"),
    ("x = 1;", slips.NO_SEMICOLON, 6, ";", None),
    ("${x} + 1", slips.NO_DOLLAR, 1, "$", None),
    ("7 % 2", slips.NO_REMAINDER, 3, "%", "modulo"),
    ("a > 1 ? 2 : 3", slips.NO_CHOICE_MARK, 7, "?", "if … then … else …"),
    ("if a > 1 than b else c", slips.MISSPELT, 10, "than", "then"),
    ("if a thne b else c", slips.MISSPELT, 6, "thne", "then"),
    ("if a > 1 then 2 esle 3", slips.MISSPELT, 17, "esle", "else"),
    ("for x in [1] retrun 2", slips.MISSPELT, 14, "retrun", "return"),
    ("some x in [1] satisfy x > 0", slips.MISSPELT, 15, "satisfy", "satisfies"),
    ("if a > 1 then 2", slips.ELSE_MISSING, 16, "", "else"),
    ("(if a > 1 then 2) + 1", slips.ELSE_MISSING, 17, ")", "else"),
    ("if (a > 1) 2 else 3", slips.IF_IS_NO_FUNCTION, 12, "2", "then"),
    ("if(a > 1, 2, 3)", slips.IF_IS_NO_FUNCTION, 1, "if", "if … then … else …"),
    ("(1 + 2", slips.NEVER_CLOSED, 7, "", ")"),
    ("count([1, 2)", slips.CLOSED_OTHERWISE, 12, ")", "]"),
    ("(1 + 2))", slips.CLOSES_NOTHING, 8, ")", None),
    ("a }", slips.CLOSES_NOTHING, 3, "}", None),
]


@pytest.mark.parametrize(("text", "why", "column", "piece", "hint"), SLIPS)
def test_a_slip_has_its_own_sentence_place_and_hint(text, why, column, piece, hint):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    error = caught.value
    assert (error.why, error.line, error.column, error.piece) == (why, 1, column, piece)
    assert error.hint == hint
    assert error.reason == why % error.details


def test_the_opening_bracket_is_named_by_line_and_column():
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression("count(xs) +\n  sum([1, 2]\n  + 3")
    assert "line 2, column 6" in caught.value.reason
    assert (caught.value.line, caught.value.column) == (3, 6)


@pytest.mark.parametrize("text", ["== 5", "<> 5", "=> 5"])
def test_cells_of_tables_know_doubled_signs(text):
    with pytest.raises(FeelSyntaxError) as caught:
        compile_unary_tests(text)
    assert caught.value.why == slips.NO_DOUBLE


@pytest.mark.parametrize("text", ["x = (= 1)", "x < (< 1)", "x = <1", "f(1,5)", "[1,5]"])
def test_what_the_grammar_allows_is_no_slip(text):
    assert compile_expression(text).text == text


def test_an_error_that_is_no_slip_keeps_its_sentence():
    with pytest.raises(FeelSyntaxError, match="expected before"):
        compile_expression("(* 1)")
