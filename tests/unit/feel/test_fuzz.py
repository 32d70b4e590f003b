"""Whatever the text, nothing but our own errors comes out."""

from hypothesis import given, settings
from hypothesis import strategies as st

from workflow_app.feel import FeelError, compile_expression, compile_unary_tests, to_json
from workflow_app.feel.builtins import catalogue

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


def attempt(compiler, text):
    """Compile and run; true when it came to an end as it should."""
    scope = {"a": 1, "b": "x", "items": [{"a": 1}, 2, None, [3]]}
    try:
        compiled = compiler(text)
        if compiler is compile_expression:
            to_json(compiled.evaluate(scope))
        else:
            compiled.matches(1, scope)
    except FeelError as error:
        return len(error.args) == 1
    return True


@given(st.text(max_size=80))
@settings(max_examples=150, deadline=None)
def test_any_text_is_an_expression_or_our_error(text):
    assert attempt(compile_expression, text)
    assert attempt(compile_unary_tests, text)


@given(st.lists(WORDS, max_size=25).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_row_of_words_is_an_expression_or_our_error(text):
    assert attempt(compile_expression, text)
    assert attempt(compile_unary_tests, text)


@given(st.recursive(ATOMS, grown, max_leaves=12))
@settings(max_examples=300, deadline=None)
def test_any_expression_of_the_grammar_can_be_evaluated(text):
    assert attempt(compile_expression, text)
