"""The types of FEEL and what conforms to them (DMN 1.5 §10.3.2.9, tables 39 and 49)."""

import pytest

from tests.unit.feel.shown import shown

VALUES = {
    "number": "1",
    "string": '"a"',
    "boolean": "true",
    "date": '@"2026-01-01"',
    "time": '@"10:00:00"',
    "date and time": '@"2026-01-01T10:00:00"',
    "days and time duration": '@"P1D"',
    "years and months duration": '@"P1Y"',
    "list": "[1]",
    "context": "{a: 1}",
    "range": "[1..2]",
    "function": "(function() 1)",
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("value", VALUES)
def test_each_value_is_of_its_own_type_alone(kind, value):
    assert shown(f"{VALUES[value]} instance of {kind}") == ("true" if kind == value else "false")


@pytest.mark.parametrize("kind", [*VALUES, "Any", "list<Any>", "context<a: Any>"])
def test_null_is_of_no_type_but_its_own(kind):
    assert shown(f"null instance of {kind}") == "false"
    assert shown("null instance of Null") == "true"


@pytest.mark.parametrize("value", VALUES.values())
def test_every_value_is_any(value):
    assert shown(f"{value} instance of Any") == "true"
    assert shown(f"{value} instance of Null") == "false"
    assert shown(f"{value} instance of unheard of") == "null"
    assert shown(f"{value} instance of list<unheard of>") == "null"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("[]", "list<number>", "true"),
        ("[1, 2]", "list<number>", "true"),
        ("[1, null]", "list<number>", "true"),
        ('[1, "a"]', "list<number>", "false"),
        ('[1, "a"]', "list<Any>", "true"),
        ("[[1], []]", "list<list<number>>", "true"),
        ('[[1], ["a"]]', "list<list<number>>", "false"),
        ("1", "list<number>", "false"),
        ("[{a: 1}]", "list<context<a: number>>", "true"),
        ("[{b: 1}]", "list<context<a: number>>", "false"),
        ("{a: 1}", "context<a: number>", "true"),
        ('{a: 1, b: "x"}', "context<a: number>", "true"),
        ("{a: 1}", "context<a: number, b: string>", "false"),
        ('{a: "x"}', "context<a: number>", "false"),
        ("{a: null}", "context<a: number>", "true"),
        ("{}", "context<a: number>", "false"),
        ("{}", "context", "true"),
        ("{a: {b: [1]}}", "context<a: context<b: list<number>>>", "true"),
        ("{a b: 1}", "context<a b: number>", "true"),
        ("{a-b: 1}", "context<a-b: number>", "true"),
        ("[1..2]", "range<number>", "true"),
        ("(< 2)", "range<number>", "true"),
        ('["a".."b"]', "range<number>", "false"),
        ('[@"2026-01-01"..@"2026-01-02"]', "range<date>", "true"),
        ("[1..2]", "range<Any>", "true"),
        # A function does for another that it may stand for: it takes what that takes, or more,
        # and gives what that gives, or less.
        ("(function() 1)", "function<>->number", "true"),
        ("(function() 1)", "function<>->string", "false"),
        ("(function() 1)", "function<number>->number", "false"),
        ("(function(a: number) a)", "function<number>->number", "true"),
        ("(function(a: number) a)", "function<number>->Any", "true"),
        ("(function(a: number) a)", "function<string>->number", "false"),
        ("(function(a: number) a)", "function<Any>->number", "false"),
        ("(function(a) 1)", "function<string>->number", "true"),
        ("(function(a: number) a > 1)", "function<number>->boolean", "true"),
        ("(function(a: number) a + 1)", "function<number>->string", "false"),
        ("(function(a: list<Any>) 1)", "function<list<number>>->number", "true"),
        ("(function(a: list<number>) 1)", "function<list<Any>>->number", "false"),
        ("(function(a: context<x: number>) 1)", "function<context<x: number, y: number>>->number",
         "true"),
        ("(function(a: context<x: number, y: number>) 1)", "function<context<x: number>>->number",
         "false"),
        ("(function() {a: 1, b: 2})", "function<>->context<a: number>", "true"),
        ("(function() {a: 1})", "function<>->context<a: number, b: number>", "false"),
        ("(function(f: function<number>->number) 1)", "function<function<Any>->number>->number",
         "true"),
        ("(function(f: function<number>->number) 1)", "function<function<string>->number>->number",
         "false"),
        ("[function() 1]", "list<function<>->number>", "true"),
        ("abs", "function<number>->number", "true"),
        ("abs", "function<string>->number", "false"),
        ("abs", "function", "true"),
        ("max", "function<number, number>->number", "true"),
        ("upper case", "function<string>->string", "true"),
        ("nobody", "function", "false"),
    ],
)  # fmt: skip
def test_conformance_goes_into_the_parts(value, kind, expected):
    assert shown(f"{value} instance of {kind}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # §10.3.2.9.4: to a list of one, from a list of one, from a date to its midnight; else null.
        ('(function(x: list<string>) x)("a")', '["a"]'),
        ('(function(x: string) x)(["a"])', '"a"'),
        ('(function(x: string) 7)(["a", "b"])', "null"),
        ("(function(x: string) 7)([1])", "null"),
        ("(function(x: list<context<a: number>>) x.a)({a: 1})", "[1]"),
        ("(function(x: context<a: number>) x.a)([{a: 1}])", "1"),
        ('(function(x: date and time) x.hour)(@"2026-01-01")', "0"),
        ('(function(x: date and time) x.time offset)(@"2026-01-01")', "PT0S"),
        ('(function(x: days and time duration) 7)(@"P1Y")', "null"),
        ("(function(x: Null) 7)(null)", "7"),
        ("(function(x: Any) x)(null)", "null"),
        ("(function(f: function<number>->number) f(1))(function(x: number) x + 1)", "2"),
        ("(function(f: function<number>->number) f(1))(function(x: string) 1)", "null"),
        ("(function(f: function<number>->number) f(-1))(abs)", "1"),
        ("(function(x: range<number>) x.start)((> 5))", "5"),
    ],
)
def test_arguments_are_converted_to_the_type_of_the_parameter(text, expected):
    assert shown(text) == expected
