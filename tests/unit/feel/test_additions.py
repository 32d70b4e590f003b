"""Our own functions: known by name everywhere, lent by the host, loud when misused."""

import datetime as dt

import pytest

from workflow_app.feel import FeelError, compile_expression
from workflow_app.feel.additions import ADDITIONS

CLOSING = dt.datetime(2026, 11, 27, 14, tzinfo=dt.UTC)


def evaluate(text, **functions):
    lent = {name.replace("_", " "): function for name, function in functions.items()}
    return compile_expression(text).evaluate({}, lent)


def test_a_name_with_a_space_needs_no_announcing():
    assert evaluate("working days(5)", working_days=lambda days: CLOSING) == CLOSING
    assert (
        evaluate("now() > calendar days(1)", now=lambda: CLOSING, calendar_days=lambda d: CLOSING)
        is False
    )


def test_arguments_are_given_by_name_too():
    seen = []
    evaluate(
        'working days(from: date("2026-11-20"), days: 3)', working_days=lambda *a: seen.append(a)
    )
    assert seen == [(3, dt.date(2026, 11, 20))]


def test_an_optional_argument_may_be_left_out():
    seen = []
    evaluate('lookup("register:x")', lookup=lambda *given: seen.append(given))
    evaluate('lookup("register:x", "k")', lookup=lambda *given: seen.append(given))
    assert seen == [("register:x",), ("register:x", "k")]


@pytest.mark.parametrize(
    "text",
    [
        'working days("five")',
        "working days()",
        "working days(1, 2, 3)",
        "working days(null)",
        "working days(day: 3)",
        "setting(1)",
        "is holiday(3)",
        "mask()",
    ],
)
def test_an_argument_that_does_not_fit_is_told(text):
    lent = {name: lambda *_given: None for name in ADDITIONS}
    with pytest.raises(FeelError, match="is called as"):
        compile_expression(text).evaluate({}, lent)


def test_a_function_that_nobody_lent_is_told():
    with pytest.raises(FeelError, match="works within a case only"):
        evaluate("working days(5)")


def test_a_variable_may_have_the_name_of_a_function():
    assert compile_expression("mask").evaluate({"mask": "x"}) == "x"
    assert compile_expression("setting").names == {"setting"}
    assert compile_expression("setting(key)").calls == {"setting"}


def test_a_context_entry_hides_ours():
    assert compile_expression("{mask: function(x) x, r: mask(2)}.r").evaluate({}) == 2


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ('mask("AN1234567")', "••••••567"),
        ('mask("1234567890123456")', "••••••••••••3456"),
        ('mask("+374 91 123456")', "+••• •• •••456"),
        ('mask("Աննա")', "•••\u0561"),
        ('mask("ab")', "••"),
        ('mask("")', ""),
        ('mask("AN1234567", 0)', "•••••••••"),
        ('mask("AN1234567", 2)', "•••••••67"),
        ('mask("AB", 9)', "AB"),
        ('mask(text: "AB", shown: -1)', "••"),
    ],
)
def test_masking_leaves_the_last_few(text, covered):
    assert compile_expression(text).evaluate({}) == covered


def test_each_says_what_it_does_and_gives():
    for function in ADDITIONS.values():
        assert function.says.endswith(".")
        assert function.signatures[0].gives
        assert function.usage.startswith(f"{function.name}(")
