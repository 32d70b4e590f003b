"""The twenty attacks of the engine's threat list, and more of ours: each is stopped by a bound.

Time is the processor's, the best of some turns, the text's compilation with it. Memory is that of
a process which meets them all; those of the list, and the few that grow, are traced one by one too.
"""

import json
import subprocess
import sys
import time
import tracemalloc
from decimal import Decimal

import pytest

from tests.support.timing import within
from workflow_app.feel import (
    FeelBudgetExceeded,
    FeelError,
    FeelSyntaxError,
    compile_expression,
    compile_unary_tests,
    expression,
    runtime,
    to_json,
)
from workflow_app.feel.bounds import MAX_DIGITS, MAX_SECONDS, MAX_STEPS, MAX_TAKEN_IN

SECONDS = 0.1
BYTES = 50_000_000
DOUBLED = "{d: function(s, n) if n = 0 then s else d(s + s, n - 1), t: d(%s), r: %s}.r"
GROWN = (
    '{d: function(s, n) if n = 0 then s else d(replace(s, "a", "aaaaa"), n - 1), r: d("a", 40)}.r'
)
TWENTY = [
    ("10 ** 10 ** 10", "10 ** 10 ** 10", Decimal(10**100)),
    ("a loop to 10⁹", "for i in 1..1000000000 return i", "steps"),
    (
        "three nested loops",
        "for i in 1..1000 return for j in 1..1000 return for k in 1..1000 return i",
        "steps",
    ),
    ("some of a product", "some x in 1..100000, y in 1..100000 satisfies x + y < 0", "steps"),
    ("a text doubled", DOUBLED % ('"ab", 40', "t"), "characters"),
    ("a join of a million", 'string join(for i in 1..1000000 return "xxxxxxxxxx")', "steps"),
    ("a replacement that grows", GROWN, "steps time characters"),
    ("10,000 parentheses", "(" * 10_000 + "1" + ")" * 10_000, "items"),
    ("10,000 nested lists", "[" * 10_000 + "]" * 10_000, "items"),
    ("a context that names itself", "{a: a}.a", None),
    ("a function that calls itself", "{f: function() f()}.f()", "nesting"),
    ("mutual recursion", "{f: function(g, h) g(h, g), r: f(f, f)}.r", "nesting"),
    (
        "a comparator without end",
        "{l: function(a) l(a), r: sort([1, 2, 3], function(a, b) l(a))}.r",
        "nesting",
    ),
    ("a filter over 10⁹", "(for i in 1..1000000000 return i)[item > 5]", "steps"),
    ("backtracking in matches", f'matches("{"a" * 40}b", "(a|a)*$")', "time"),
    ("backtracking in replace", f'replace("{"a" * 60}!", "(a|aa|aaa|aaaa)+b", "x")', "time"),
    ("backtracking in split", f'split("{"a" * 60}!", "(a|aa|aaa|aaaa)+b")', "time"),
    ("10⁹ decimal places", "decimal(1/3, 10 ** 9)", None),
    ("a date 10⁹ years off", 'date("2026-01-01") + duration("P1000000000Y")', None),
    ("a literal of 20 MB", '"' + "x" * 20_000_000 + '"', "characters"),
]
SHARED = "{f: function(c, n) if n = 0 then c else f(%s, n - 1), r: %s}.r"
PAIRS = "[c, c]"
LONG = '"ab", 16'
# A character or two that are written out as four hundred.
NAMED = "(\\i\\c*)"
MANY = "for i in 1..50000 return "
WIDE = "{" + ", ".join(f"a{place}: {place}" for place in range(1900))
# What stops them may be steps, or time before that on a slow machine.
OURS = [
    # A turn of a loop whose body is large
    (MANY + "+".join(["1"] * 149), "steps time"),
    (MANY + "[" + ",".join(["i * 2"] * 2000) + "][1]", "steps time"),
    (MANY + "if " + " and ".join(["i > 0"] * 149) + " then 1 else 0", "steps time"),
    ("{f: function(i) [" + ",".join(["i * 2"] * 2000) + f"][1], r: {MANY}f(i)}}.r", "steps time"),
    ("[1, 2][" + "+".join(["item"] * 149) + f" > 0 and count({MANY}i) > 0]", "steps time"),
    ("for " + ", ".join(f"a{place} in [1, 2]" for place in range(60)) + " return 1", "steps time"),
    # Arithmetic that is dear
    (MANY + "modulo(9e6144, 7e-6000)", "steps time"),
    (MANY + "decimal(9.123456e6000, 6100)", "steps time"),
    (MANY + "log(123.4567890123456789)", "steps time"),
    (MANY + "1.0000001 ** 0.12345678", "steps time"),
    (MANY + "exp(0.1234567890123456789)", "steps time"),
    # Long texts looked at again and again
    (DOUBLED % (LONG, f'{{u: t + "x", v: t + "y", r: {MANY}u < v}}.r'), "steps time"),
    (DOUBLED % (LONG, f'{{u: t + "x", v: t + "y", r: {MANY}u in (v, "a")}}.r'), "steps time"),
    (DOUBLED % (LONG, f'{{u: t + "x", r: {MANY}[u..t]}}.r'), "steps time"),
    (DOUBLED % (LONG, f"{MANY}substring(t, 2)"), "steps time"),
    (DOUBLED % (LONG, f"{MANY}number(t)"), "steps time"),
    (DOUBLED % (LONG, 'replace(t, "a", t)'), "characters time"),
    (DOUBLED % (LONG, 'split(t, "a")'), "steps time items"),
    (f'{MANY}matches("a", "a{{" + string(i) + "}}")', "steps time"),
    (f'{MANY}matches("a", "{NAMED * 20}" + string(i))', "steps time"),
    # Values that share their parts: 2 ** 50 of them if they are followed
    (SHARED % (PAIRS, "f([], 50)"), "values time"),
    (SHARED % ("{a: c, b: c}", "f({}, 50)"), "values time"),
    (SHARED % (PAIRS, "f({}, 50) = f({}, 50)"), "steps time"),
    (SHARED % (PAIRS, "(< f([], 50)) = (< f([], 50))"), "steps time"),
    (SHARED % (PAIRS, "flatten(f({}, 50))"), "steps time items"),
    (SHARED % (PAIRS, "string(f({}, 50))"), "steps time characters"),
    (SHARED % (PAIRS, "f({}, 50).x"), "steps time"),
    (SHARED % (PAIRS, "is(f([], 50), f([], 50))"), "steps time"),
    (SHARED % (PAIRS, "index of([f([], 50)], f([], 50))"), "steps time"),
    (SHARED % (PAIRS, "distinct values([f([], 50), f([], 50)])"), "steps time"),
    (SHARED % (PAIRS, f"f(1, 30) instance of {'list<' * 30}number{'>' * 30}"), "steps time"),
    (SHARED % ("context put(c, string(n), c)", "f({}, 50)"), "values time"),
    # Lists gone through again and again
    (f"{{a: for i in 1..5000 return i, r: {MANY}a instance of list<number>}}.r", "steps time"),
    (f"{{f: function(x: list<number>) 1, a: {MANY}i, r: {MANY}f(a)}}.r", "steps time"),
    (f"{{a: for i in 1..5000 return i, r: {MANY}sum(a)}}.r", "steps time"),
    (f"{{a: for i in 1..5000 return i, r: {MANY}i in a}}.r", "steps time"),
    ("sort(for i in 1..40000 return modulo(i * 7919, 40009), function(a, b) a < b)", "steps time"),
    ("distinct values(for i in 1..40000 return [i])", "steps time"),
    ("for i in 1..10000 return partial", "steps time"),
    # Environments kept alive by functions
    (f"{WIDE}, r: {MANY}function() i}}.r", "steps time"),
    (f"{WIDE}, f: function(x) x, r: {MANY}f(i)}}.r", "steps time"),
    # Dates
    ('for d in date("0001-01-01")..date("999999999-01-01") return d', "steps time"),
    (f'{MANY}@"2020-01-01T00:00:00@Europe/Paris" + duration("PT" + string(i) + "H")', "steps time"),
    (f'{MANY}week of year(@"999999999-12-31")', "steps time"),
    # Texts that are hard to read
    ("(" * 4_000 + "1" + ")" * 4_000, "nesting"),
    ("{a:" * 3_000 + "1", "nesting"),
    ("+".join(["1"] * 3000), "nesting"),
    ("-" * 5000 + "1", "nesting"),
    ("not(" * 3000 + "1" + ")" * 3000, "nesting"),
    ("a in (" * 2_000, "nesting"),
    ("if true then 1 else " * 1000 + "1", "nesting"),
    ("a" + ".b" * 4000, "nesting"),
    ("a" + "[1]" * 3000, "nesting"),
    ("1 instance of " + "list<" * 3_000, "nesting"),
    ("for a in " * 2_000, "nesting"),
    ("1 " * 10_001, "items"),
    ("9" * 2_000, "digits"),
    ('number("' + "9" * 2_000 + '")', "digits"),
]
# These come to an end by themselves, without harm.
HARMLESS = [
    ("a in (" * 20 + "1" + "..2)" * 20, None),
    ("[1..1000000000][item > 5]", []),
    ("10 ** (10 ** 10)", None),
    ("{a: [b], b: 1}.a", [None]),
    ("date(10 ** 9, 1, 1)", None),
    ('@"999999999-12-31" + @"P1D"', None),
    ('@"-999999999-01-01T00:00:00@Europe/Paris" - @"PT1S"', None),
    ('duration("P999999999999D") * 10 ** 6000', None),
    ('matches("a", "((((a{1000}){1000}){1000}){1000})")', None),
    (f'matches("a", "{NAMED * 190}")', None),
    (
        "{" + ",".join(f"a b{n}: 1" for n in range(900)) + ", r: " + "+".join(["a c"] * 99) + "}.x",
        None,
    ),
    ("1e999999999999999999", None),
    ("[" + ",".join(["[]"] * 3000) + "][3000]", []),
    ("x(" + ",".join([" ".join("abcdefghijklmnopqrstuv")] * 400) + ")", None),
]


def forgotten():
    """Forget what was compiled, so that compiling counts."""
    expression._expression.cache_clear()
    expression._unary_tests.cache_clear()


def outcome_of(text, scope=None):
    """Give the value of a text, or the error that stopped it."""
    forgotten()
    try:
        return compile_expression(text).evaluate({} if scope is None else scope)
    except FeelError as error:
        return error


def peak_of(call):
    """Give the most bytes that were in use during a call."""
    tracemalloc.start()
    call()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def check(outcome, expected):
    """Compare an outcome: a text names the bounds one of which must have been passed."""
    if isinstance(expected, str):
        assert isinstance(outcome, FeelBudgetExceeded)
        assert outcome.bound in expected.split()
    else:
        assert outcome == expected


NUMBERED = [
    pytest.param(text, end, id=f"{n} {name}") for n, (name, text, end) in enumerate(TWENTY, 1)
]
CASES = [pytest.param(t, e, id=f"{n} {t[:40]}") for n, (t, e) in enumerate(OURS, 21)]
GROWING = [
    row for row in OURS if any(sign in row[0] for sign in ("partial", "context put", "40000"))
]


def test_the_list_has_twenty_attacks():
    assert len(TWENTY) == 20


@pytest.mark.parametrize(("text", "expected"), NUMBERED)
def test_an_attack_of_the_list_is_stopped_in_time(text, expected):
    check(within(SECONDS, lambda: outcome_of(text)), expected)


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_an_attack_of_ours_is_stopped_in_time(text, expected):
    # Some are made to be dear twice, when they are compiled and when they are evaluated.
    check(within(SECONDS + MAX_SECONDS, lambda: outcome_of(text)), expected)


@pytest.mark.parametrize("text", [row[1] for row in TWENTY] + [row[0] for row in GROWING])
def test_an_attack_is_stopped_before_it_takes_memory(text, monkeypatch):
    # Tracing makes everything slow, and must not be what stops it.
    monkeypatch.setattr(runtime, "MAX_SECONDS", 1)
    assert peak_of(lambda: outcome_of(text)) < BYTES


@pytest.mark.parametrize(("text", "expected"), HARMLESS, ids=range(len(HARMLESS)))
def test_a_monstrous_expression_may_come_to_null(text, expected):
    check(within(SECONDS, lambda: outcome_of(text)), expected)


UNREADABLE = [
    "/* " * 16_000,
    "/*" + "*" * 49_000,
    '"' + "\\x" * 24_000,
    "@ " * 4_000,
    "a " * 4_000 + "§",
]


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_monstrous_text_that_is_no_feel_is_refused_in_time(text):
    assert isinstance(within(SECONDS, lambda: outcome_of(text)), FeelSyntaxError)


ALONE = """
import json, resource, sys
from workflow_app.feel import FeelError, compile_expression
texts = json.load(sys.stdin)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for text in texts:
    try:
        compile_expression(text).evaluate({})
    except FeelError:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def test_all_attacks_together_leave_a_process_small():
    texts = [text for text, _end in [*[row[1:] for row in TWENTY], *OURS]]
    program = [sys.executable, "-c", ALONE]
    done = subprocess.run(  # noqa: S603 - the program stands above
        program, input=json.dumps(texts), capture_output=True, text=True, check=True, timeout=120
    )
    assert int(done.stdout) < BYTES


TESTS = [
    (",".join(["1"] * 4000), True),
    (",".join(["[2..3]"] * 1600), False),
    ("not(" + ",".join(["2"] * 4000) + ")", True),
    (",".join(["? > 1"] * 2400), False),
    ("not(" * 70 + "1" + ")" * 70 + " + 1", False),
    ("not(" * 3000, "nesting"),
]


@pytest.mark.parametrize(("text", "expected"), TESTS, ids=range(len(TESTS)))
def test_monstrous_unary_tests_are_stopped(text, expected):
    def judged():
        forgotten()
        try:
            return compile_unary_tests(text).matches(1, {})
        except FeelError as error:
            return error

    check(within(SECONDS, judged), expected)


NAMES = [
    *["__class__", "__globals__", "__init__", "__dict__", "__mro__", "mro", "__subclasses__"],
    *["constructor", "prototype", "func_globals", "gi_frame", "call", "environment", "body"],
    *["as_tuple", "zone", "nanos", "ordinal", "parameters", "items", "keys", "extend", "format"],
]
VALUES = [
    *["1", '"x"', "true", "null", "[1]", "{a: 1}", "[1..2]", '@"2026-01-01"', '@"PT1H"', '@"P1Y"'],
    *['@"10:00:00Z"', '@"2026-01-01T10:00:00@Asia/Yerevan"', "(< 5)"],
    *["function(x) x", "count", "host", "x"],
]
WAYS = [
    "({value}).{name}",
    "[{value}].{name}[1]",
    '(if is({value}, {value}) then {value} else 1)["{name}" = item].{name}[1]',
    'get value({{a: {value}}}, "{name}")',
    'get value({{a: {value}}}, ["a", "{name}"])',
    "({value})({name}: 1)",
    "({value}).{name}()",
    "{name}({value})",
    "[{value}][{name}][1]",
    "({value})[{name} != null][1]",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_reaches_a_python_attribute(name):
    functions = {"host": lambda: 1}
    for value in VALUES:
        for way in WAYS:
            text = way.format(value=value, name=name)
            try:
                got = compile_expression(text).evaluate({"x": object()}, functions)
            except FeelError:
                continue
            assert got in (None, [], [None]), text
    assert compile_expression(name).evaluate({}, functions) is None


def test_a_key_of_a_context_is_only_a_key():
    text = '{__class__: 1, "constructor": __class__ + 1}'
    assert compile_expression(text).evaluate({}) == {"__class__": 1, "constructor": 2}


def test_a_python_object_in_the_scope_is_null():
    assert compile_expression("x").evaluate({"x": open}) is None
    assert compile_expression("x()").evaluate({"x": open}) is None


# Every bound can be passed, and says which it was.

EACH = [
    ("for i in 1..60000 return i", "steps", MAX_STEPS),
    ("{f: function(n) f(n + 1)}.f(0)", "nesting", 60),
    ("[" * 100 + "]" * 100, "nesting", 80),
    ("1" + " + 1" * 200, "nesting", 150),
    ("concatenate(xs, xs)", "items", 50_000),
    ("1 " * 10_001, "items", 10_000),
    ('upper case(substring(t, 2)) + "b" + t', "characters", 200_000),
    ("null //" + "x" * 50_000, "characters", 50_000),
    ("1" * 1_001, "digits", MAX_DIGITS),
    ('number("' + "1" * 1_001 + '")', "digits", MAX_DIGITS),
    ("big + 1", "digits", MAX_DIGITS),
    ("{a: xs, b: xs, c: xs}", "values", 100_000),
    ("rows[1]", "values", MAX_TAKEN_IN),
]


@pytest.mark.parametrize(("text", "bound", "limit"), EACH, ids=range(len(EACH)))
def test_each_bound_names_itself_and_its_limit(text, bound, limit):
    rows = [list(range(10_000)) for _row in range(30)]
    scope = {"xs": [1] * 40_000, "t": "x" * 150_000, "big": 10**2_000, "rows": rows}
    outcome = outcome_of(text, scope)
    assert isinstance(outcome, FeelBudgetExceeded)
    assert (outcome.bound, outcome.details) == (bound, {"limit": limit})


def test_time_is_a_bound_of_its_own(monkeypatch):
    monkeypatch.setattr(runtime, "MAX_SECONDS", -1)
    outcome = outcome_of("for i in 1..10000 return i")
    assert (outcome.bound, outcome.details) == ("time", {"limit": -1})
    assert len(outcome_of("for i in 1..100 return i")) == 100


class Clock:
    """Stands for the processor's: it goes on so much with each look, and at times pauses."""

    def __init__(self, each, pauses=(), pause=1.0):
        self.now, self.looks = 0.0, 0
        self.each, self.pauses, self.pause = each, pauses, pause

    def __call__(self):
        self.looks += 1
        self.now += self.pause if self.looks in self.pauses else self.each
        return self.now


@pytest.mark.parametrize("pauses", [{2}, {3, 17, 40}, {49, 50, 51}], ids=str)
def test_a_pause_of_python_does_not_stop_an_honest_expression(pauses, monkeypatch):
    clock = Clock(each=0.001, pauses=pauses)
    monkeypatch.setattr(runtime, "thread_time", clock)
    assert outcome_of("count(for i in 1..10500 return i)") == 10_500
    assert clock.looks > max(pauses)


@pytest.mark.parametrize(("each", "looks"), [(0.004, 40), (0.019, 10), (0.2, 10), (30, 10)])
def test_what_is_truly_dear_is_stopped_by_time(each, looks, monkeypatch):
    clock = Clock(each)
    monkeypatch.setattr(runtime, "thread_time", clock)
    assert outcome_of("count(for i in 1..10500 return i)").bound == "time"
    assert clock.looks < looks


def test_the_time_of_a_host_function_is_its_own(monkeypatch):
    monkeypatch.setattr(runtime, "MAX_SECONDS", 0.05)
    monkeypatch.setattr(runtime, "COUNTED_PAUSE", 10)

    def slow():
        until = time.thread_time() + 0.06
        while time.thread_time() < until:
            pass

    text = "{a: for i in 1..300 return i, b: slow(), c: for i in 1..300 return i, d: slow()}.d"
    assert compile_expression(text).evaluate({}, {"slow": slow}) is None


def test_a_host_function_cannot_be_called_without_end():
    calls = []
    with pytest.raises(FeelBudgetExceeded, match="steps"):
        compile_expression("for i in 1..10000 return ask()").evaluate(
            {}, {"ask": lambda: calls.append(1)}
        )
    assert len(calls) < 1_001


# Data of the host


def test_a_value_too_large_for_data_is_refused():
    shared = [0] * 1000
    for _level in range(3):
        shared = [shared] * 1000
    with pytest.raises(FeelBudgetExceeded):
        to_json(shared)


def test_a_value_nested_without_end_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(FeelBudgetExceeded):
        to_json(endless)
    for text in ("x", "x = x", "flatten(x)", "string(x)", "count(x)", "x[1]"):
        assert outcome_of(text, {"x": endless}).bound == "nesting"


def test_data_nested_too_deep_is_refused():
    deep = []
    for _level in range(5000):
        deep = [deep]
    for text in ("x", "x = x", "string(x)", "x[1][1]"):
        assert outcome_of(text, {"x": deep}).bound == "nesting"
