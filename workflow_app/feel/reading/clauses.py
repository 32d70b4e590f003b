"""Reads what begins with a word: ``if``, ``for``, ``some``, ``every`` and ``function``.

DMN 1.5 §10.3.1.2, rules 45 to 47, 56 and 57. Names that these introduce are known to the end of
their body (§10.3.2.13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workflow_app.feel.nodes import (
    For,
    Function,
    If,
    Iterator,
    Node,
    Parameter,
    Quantified,
)
from workflow_app.feel.reading.typenames import parse_type
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.feel.reading.cursor import Cursor

NO_LOOP_VARIABLE = N_("A loop variable was expected.")
NO_PARAMETER = N_("The name of a parameter was expected.")


class Reader(Protocol):
    """What a clause needs of the parser: its cursor, and a way to read an expression."""

    cursor: Cursor

    def expression(self, power: int = 0) -> Node:
        """Read an expression whose operators bind tighter than a power."""

    def nested(self) -> Node:
        """Read an expression that something closes, where a bracket opens a filter again."""


def _if(reader: Reader) -> Node:
    reader.cursor.expect("if")
    condition = reader.nested()
    reader.cursor.expect("then")
    then = reader.nested()
    reader.cursor.expect("else")
    return If(condition, then, reader.expression())


def _for(reader: Reader) -> Node:
    reader.cursor.expect("for")
    iterators = _iterators(reader)
    reader.cursor.expect("return")
    return For(iterators, reader.expression())


def _quantified(reader: Reader) -> Node:
    every = reader.cursor.take().text == "every"
    iterators = _iterators(reader)
    reader.cursor.expect("satisfies")
    return Quantified(every, iterators, reader.expression())


def _iterators(reader: Reader) -> tuple[Iterator, ...]:
    iterators = [_iterator(reader)]
    while reader.cursor.accept(","):
        iterators.append(_iterator(reader))
    return tuple(iterators)


def _iterator(reader: Reader) -> Iterator:
    cursor = reader.cursor
    at = cursor.token.start
    name = cursor.name_before("in")
    if name is None:
        raise cursor.error(NO_LOOP_VARIABLE)
    cursor.expect("in")
    start = reader.nested()
    end = reader.nested() if cursor.accept("..") else None
    # Known to the iterators that follow and to the body, not to its own list.
    cursor.learn(name)
    return Iterator(name, start, end, at=at, until=cursor.passed)


def _function(reader: Reader) -> Node:
    cursor = reader.cursor
    cursor.expect("function")
    cursor.expect("(")
    parameters = []
    if not cursor.at(")"):
        parameters.append(_parameter(cursor))
        while cursor.accept(","):
            parameters.append(_parameter(cursor))
    cursor.expect(")")
    external = cursor.accept("external")
    return Function(tuple(parameters), reader.expression(), external)


def _parameter(cursor: Cursor) -> Parameter:
    at = cursor.token.start
    name = cursor.name_before(":", ",", ")")
    if name is None:
        raise cursor.error(NO_PARAMETER)
    cursor.learn(name)
    kind = parse_type(cursor) if cursor.accept(":") else None
    return Parameter(name, kind, at=at, until=cursor.passed)


CLAUSES: dict[str, Callable[[Reader], Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}


def read_clause(reader: Reader) -> Node:
    """Read the clause that begins with the next word, one of CLAUSES, within its own scope."""
    learned = reader.cursor.learned
    node = CLAUSES[reader.cursor.token.text](reader)
    reader.cursor.forget(learned)
    return node
