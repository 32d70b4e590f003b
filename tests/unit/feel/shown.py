"""Evaluates an expression and writes its value, so that tables of tests read well."""

from decimal import Decimal

from workflow_app.feel import Range, compile_expression
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.temporal.text import write
from workflow_app.feel.values import FeelFunction

WORDS = {None: "null", True: "true", False: "false"}


def shown(text, scope=None, names=()):
    """Give the value of an expression as FEEL writes it; a text keeps its quotation marks."""
    return written(compile_expression(text, frozenset(names)).run(Runtime({}), scope or {}))


def written(value):
    """Write a value plainly: an unbounded end of a range as nothing, a function as its name."""
    return WRITERS.get(type(value), _other)(value)


def _list(value):
    return "[" + ", ".join(map(written, value)) + "]"


def _context(value):
    return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"


def _number(value):
    return format(value, "f") if abs(value.adjusted()) < 40 else str(value)


def _range(value):
    ends = ["" if end is None else written(end) for end in (value.start, value.end)]
    opening = "[" if value.start_included else "("
    return opening + "..".join(ends) + ("]" if value.end_included else ")")


def _other(value):
    return "function" if isinstance(value, FeelFunction) else write(value)


WRITERS = {
    type(None): WORDS.get,
    bool: WORDS.get,
    str: lambda value: f'"{value}"',
    Decimal: _number,
    list: _list,
    dict: _context,
    Range: _range,
}
