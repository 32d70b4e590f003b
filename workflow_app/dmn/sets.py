"""Unary tests as sets of the values that pass them, where that can be told without running them.

A cell of constants is a set: values, intervals, their unions and negations, the dash. A cell that
reads a name, calls a function or mentions ``?`` is opaque. Tests have three answers (DMN 1.5
§10.3.2.13.2), so both the values that pass and those that fail are kept: of not(…) they change
places, and what gives null is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workflow_app.dmn.spans import (
    BOOLEAN,
    EMPTY,
    NULL,
    SIBLINGS,
    WHOLE,
    Spans,
    above,
    below,
    between,
    complement,
    place_of,
    point,
    union,
)
from workflow_app.feel.errors import FeelError
from workflow_app.feel.expression import Compiled, parse_text
from workflow_app.feel.nodes import (
    Binary,
    Call,
    Comparison,
    ListOf,
    Literal,
    Name,
    Negation,
    RangeOf,
    Tests,
)
from workflow_app.feel.runtime import Runtime
from workflow_app.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.feel.nodes import Node

# Functions that give the same for the same arguments, wherever and whenever they are called.
_STEADY = frozenset(
    ["@", "date", "time", "date and time", "duration", "years and months duration", "number"]
)
_ARITHMETIC = frozenset(["+", "-", "*", "/", "**"])
OPAQUE = object()


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A set of FEEL values: spans by kind, and whether all values of the other kinds are in it.

    ``composed`` says the same of lists, contexts, ranges and functions; None if that depends.
    ``unsure`` are kinds of which it cannot be told: a clock that has no zone is put in order with
    one that has by what both show, which is no span of either.
    """

    parts: Mapping[str, Spans] = field(default_factory=dict)
    rest: bool = False
    composed: bool | None = False
    unsure: frozenset[str] = frozenset()

    def of(self, kind: str) -> Spans:
        """Give the spans of one kind."""
        return self.parts.get(kind, WHOLE if self.rest else EMPTY)

    def holds(self, value: object) -> bool | None:
        """Tell whether a FEEL value is in the set; None where that cannot be told."""
        place = place_of(value)
        if place is None:
            return self.composed
        if place[0] in self.unsure:
            return None
        mark = (place[1], 0)
        return any(
            (low is None or low <= mark) and (high is None or mark < high)
            for low, high in self.of(place[0])
        )

    def __invert__(self) -> ValueSet:
        """Give the values that are not in the set."""
        parts = {kind: complement(spans) for kind, spans in self.parts.items()}
        composed = None if self.composed is None else not self.composed
        return ValueSet(parts, not self.rest, composed, self.unsure)

    def __or__(self, other: ValueSet) -> ValueSet:
        """Give the values of either set."""
        kinds = {**self.parts, **other.parts}
        parts = {kind: union(self.of(kind), other.of(kind)) for kind in kinds}
        composed = _either(self.composed, other.composed)
        return ValueSet(parts, self.rest or other.rest, composed, self.unsure | other.unsure)

    def __and__(self, other: ValueSet) -> ValueSet:
        """Give the values of both sets."""
        return ~(~self | ~other)


def _either(*composed: bool | None) -> bool | None:
    if True in composed:
        return True
    return None if None in composed else False


EVERYTHING = ValueSet(rest=True, composed=True)
NOTHING = ValueSet()


@dataclass(frozen=True, slots=True)
class _Answers:
    """The values for which a test is true, and those for which it is false."""

    yes: ValueSet
    no: ValueSet

    def __or__(self, other: _Answers) -> _Answers:
        return _Answers(self.yes | other.yes, self.no & other.no)


_NEVER = _Answers(NOTHING, NOTHING)


def read_set(text: str, names: frozenset[str]) -> ValueSet | None:
    """Give the set of values that pass the unary tests of a cell; nothing when it is opaque.

    ``names`` are those of the model, as its compiler knows them.
    """
    try:
        tests = parse_text(text, names, tests=True)
    except FeelError:
        return None
    if not isinstance(tests, Tests):
        return None
    if tests.any:
        return EVERYTHING
    found = [_answers(item, names) for item in tests.items]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return None
    merged = _any_of(known)
    return merged.no if tests.negated else merged.yes


def read_constant(text: str, names: frozenset[str]) -> object:
    """Give the value of an expression of constants; OPAQUE for any other."""
    try:
        node = parse_text(text, names)
    except FeelError:
        return OPAQUE
    return _constant(node, names)


def _any_of(answers: Iterable[_Answers]) -> _Answers:
    merged = _Answers(NOTHING, EVERYTHING)
    for each in answers:
        merged |= each
    return merged


def _answers(node: Node, names: frozenset[str]) -> _Answers | None:
    if isinstance(node, Comparison):
        operand = _constant(node.operand, names)
        return None if operand is OPAQUE else _compared(node.operator, operand)
    value = _constant(node, names)
    if value is OPAQUE:
        return None
    if isinstance(node, RangeOf):
        return _within(value, composed=False) if isinstance(value, Range) else _NEVER
    return _fitting(value)


def _constant(node: Node, names: frozenset[str]) -> object:
    if isinstance(node, Literal):
        return node.value
    if not _is_steady(node, names):
        return OPAQUE
    try:
        return Compiled("", node).run(Runtime({}), {})
    except FeelError:
        return OPAQUE


def _is_steady(node: Node, names: frozenset[str]) -> bool:
    """Tell whether a tree is built of constants and functions that cannot surprise."""
    if isinstance(node, Literal):
        return True
    if isinstance(node, Call):
        # A model may have a function of its own by that name.
        called = node.function.name if isinstance(node.function, Name) else ""
        own = called in names or called not in _STEADY
        return not own and all(_is_steady(each, names) for each in node.arguments)
    if isinstance(node, Binary) and node.operator not in _ARITHMETIC:
        return False
    return isinstance(node, Binary | Negation | ListOf | RangeOf) and all(
        _is_steady(part, names) for part in _parts(node)
    )


def _parts(node: Binary | Negation | ListOf | RangeOf) -> tuple[Node, ...]:
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Negation):
        return (node.operand,)
    return node.items if isinstance(node, ListOf) else (node.start, node.end)


def _compared(operator: str, operand: object) -> _Answers | None:
    if operator == "=":
        return _equal(operand)
    if operator == "!=":
        same = _equal(operand)
        return None if same is None else _Answers(same.no, same.yes)
    place = place_of(operand)
    if place is None:
        return None
    kind, key = place
    if kind in {NULL, BOOLEAN}:
        return _NEVER
    side = below if operator in {"<", "<="} else above
    return _of_kind(kind, side(key, included=operator.endswith("=")))


def _of_kind(kind: str, spans: Spans, *, composed: bool | None = False) -> _Answers:
    unsure = frozenset([SIBLINGS[kind]]) if kind in SIBLINGS else frozenset()
    yes, no = (
        ValueSet({kind: each}, composed=composed, unsure=unsure)
        for each in (spans, complement(spans))
    )
    return _Answers(yes, no)


def _equal(value: object) -> _Answers | None:
    place = place_of(value)
    if place is None:
        return None
    kind, key = place
    if kind == NULL:
        only = ValueSet({NULL: WHOLE})
        return _Answers(only, ~only)
    # Null differs from every value; another type does not compare, but a clock's sibling differs.
    differs = {kind: complement(point(key)), NULL: WHOLE}
    if kind in SIBLINGS:
        differs[SIBLINGS[kind]] = WHOLE
    return _Answers(ValueSet({kind: point(key)}), ValueSet(differs))


def _within(interval: Range, *, composed: bool | None) -> _Answers | None:
    low, high = place_of(interval.start), place_of(interval.end)
    if low is None or high is None or NULL in {low[0], high[0]}:
        return None
    if low[0] != high[0]:
        return None if SIBLINGS.get(low[0]) == high[0] else _NEVER
    ends = (interval.start_included, interval.end_included)
    return _of_kind(low[0], between(low[1], high[1], included=ends), composed=composed)


def _fitting(value: object) -> _Answers | None:
    """Give the answers for a value in a cell: it itself, what lies in it, or what it lists."""
    if isinstance(value, Range):
        return _within(value, composed=None)
    if not isinstance(value, list):
        return _equal(value)
    found = [_fitting(item) for item in value]
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return None
    yes = _any_of(known).yes
    yes = replace(yes, composed=None)
    # A list of candidates never gives null.
    return _Answers(yes, ~yes)
