"""Infers the type of each node of a syntax tree and notes what cannot be (DMN 1.5 §10.3.2.13)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workflow_app.feel.checking.calls import call
from workflow_app.feel.checking.combining import ARITHMETIC, ORDERED, RESULTS
from workflow_app.feel.checking.paths import path
from workflow_app.feel.checking.typing import (
    ANY,
    BOOLEAN,
    FUNCTION,
    NULL,
    NUMBER,
    FeelType,
    context_of,
    join,
    kind_of,
    list_of,
    may_be,
    of_name,
    range_of,
    unknown_name,
)
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.blame_calls import KNOWN
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.nodes import (
    Between,
    Binary,
    Call,
    Comparison,
    ContextOf,
    Filter,
    For,
    Function,
    If,
    In,
    InstanceOf,
    ListOf,
    Literal,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Tests,
)
from workflow_app.feel.placeholder import mentions_tested
from workflow_app.feel.reading.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.feel.checking.findings import Names, Notes
    from workflow_app.feel.nodes import Iterator

_NEGATIVE = ("number", "days and time duration", "years and months duration")


def infer(node: Node, names: Names, notes: Notes) -> FeelType:
    """Give the type of a node; Any where it cannot be known."""
    return _INFERRERS[type(node)](node, names, notes)


def _literal(node: Literal, _names: Names, _notes: Notes) -> FeelType:
    return FeelType(kind_of(node.value))


def _name(node: Name, names: Names, notes: Notes) -> FeelType:
    found = names.find(node.name)
    if found is not None:
        return found
    if node.name == "?" or node.name in notes.functions:
        return notes.functions.get(node.name, ANY)
    if node.name in KNOWN:
        return FUNCTION
    first = node.name.partition(".")[0].strip()
    if notes.closed and names.find(first) is None:
        _unknown(node, names, notes)
    return ANY


def _unknown(node: Name, names: Names, notes: Notes) -> None:
    hint = suggestion(node.name, [*names.known(), *notes.functions, *KNOWN])
    if hint is None:
        notes.error(Cause.UNKNOWN_NAME, words.UNKNOWN_NAME, node, name=node.name)
    else:
        why = words.UNKNOWN_NAME_HINT
        notes.error(Cause.UNKNOWN_NAME, why, node, name=node.name, hint=hint)


def _binary(node: Binary, names: Names, notes: Notes) -> FeelType:
    left, right = notes.infer(node.left, names), notes.infer(node.right, names)
    if node.operator in {"and", "or"}:
        truth(node.left, left, notes)
        truth(node.right, right, notes)
        return BOOLEAN
    if node.operator in ARITHMETIC:
        return _arithmetic(node, left, right, notes)
    if node.operator in {"=", "!="}:
        equals(node, left, right, notes)
    else:
        ordered(node, (node.left, left), (node.right, right), notes)
    return BOOLEAN


def _arithmetic(node: Binary, left: FeelType, right: FeelType, notes: Notes) -> FeelType:
    if _null_operand((node.left, left), (node.right, right), notes):
        return ANY
    if node.operator == "/" and isinstance(node.right, Literal) and node.right.value == 0:
        operand = notes.piece(node.right)
        return notes.error(Cause.DIVISION_BY_ZERO, words.DIVISION_BY_ZERO, node, operand=operand)
    if ANY in {left, right}:
        return _of_one_side(node, left, right, notes)
    results = [
        FeelType(RESULTS[key])
        for one in left.choices
        for other in right.choices
        if (key := (node.operator, one.name, other.name)) in RESULTS
    ]
    return join(results) if results else _clash(node, left, right, notes)


def _of_one_side(node: Binary, left: FeelType, right: FeelType, notes: Notes) -> FeelType:
    """Infer from the one operand whose type is known what the other may be."""
    results = [
        FeelType(result)
        for (operator, one, other), result in RESULTS.items()
        if operator == node.operator and _named(left, one) and _named(right, other)
    ]
    return join(results) if results else _clash(node, left, right, notes)


def _named(kind: FeelType, name: str) -> bool:
    return any(choice.name in {name, "Any"} for choice in kind.choices)


def _clash(node: Binary, left: FeelType, right: FeelType, notes: Notes) -> FeelType:
    return notes.error(
        Cause.TYPE_CLASH,
        words.TYPE_CLASH,
        node,
        operator=node.operator,
        left=str(left),
        right=str(right),
    )


Operand = tuple[Node, FeelType]


def _null_operand(first: Operand, second: Operand, notes: Notes) -> bool:
    for node, kind in (first, second):
        if kind == NULL:
            notes.warning(Cause.NULL_OPERAND, words.NULL_OPERAND, node, operand=notes.piece(node))
            return True
    return False


def equals(node: Node, left: FeelType, right: FeelType, notes: Notes) -> None:
    """Note a comparison of types that are never equal, which is null."""
    if not any(
        one.name == other.name or "Any" in {one.name, other.name} or NULL in {one, other}
        for one in left.choices
        for other in right.choices
    ):
        details: dict[str, object] = {"left": str(left), "right": str(right)}
        notes.error(Cause.TYPE_CLASH, words.NOT_COMPARABLE, node, **details)


def ordered(node: Node, first: Operand, second: Operand, notes: Notes) -> None:
    """Note a comparison of types that have no order between them."""
    if _null_operand(first, second, notes):
        return
    left, right = first[1], second[1]
    pairs = [(one.name, other.name) for one in left.choices for other in right.choices]
    if any(_has_order(one, other) for one, other in pairs):
        return
    if any(one == other for one, other in pairs):
        notes.error(Cause.NO_ORDER, words.NO_ORDER, node, left=str(left))
    else:
        details: dict[str, object] = {"left": str(left), "right": str(right)}
        notes.error(Cause.TYPE_CLASH, words.NOT_COMPARABLE, node, **details)


def _has_order(one: str, other: str) -> bool:
    if one == "Any":
        return other == "Any" or other in ORDERED
    return one in ORDERED and other in {one, "Any"}


def truth(node: Node, kind: FeelType, notes: Notes, *, null_is_wrong: bool = False) -> None:
    """Note what should be true or false and is never."""
    if kind == NULL and not null_is_wrong:
        return
    if kind == NULL or not may_be(kind, BOOLEAN):
        details: dict[str, object] = {"operand": notes.piece(node), "type": str(kind)}
        notes.error(Cause.NO_TRUTH_VALUE, words.NO_TRUTH_VALUE, node, **details)


def _negation(node: Negation, names: Names, notes: Notes) -> FeelType:
    kind = notes.infer(node.operand, names)
    fitting = [choice for choice in kind.choices if choice.name in _NEGATIVE]
    if fitting:
        return join(fitting)
    if kind in {ANY, NULL}:
        return kind
    return notes.error(Cause.TYPE_CLASH, words.NEGATED, node, left=str(kind))


def _if(node: If, names: Names, notes: Notes) -> FeelType:
    truth(node.condition, notes.infer(node.condition, names), notes, null_is_wrong=True)
    return join([notes.infer(node.then, names), notes.infer(node.otherwise, names)])


def _iterated(iterators: tuple[Iterator, ...], names: Names, notes: Notes) -> Names:
    for iterator in iterators:
        names = names.inner({iterator.name: _source(iterator, names, notes)})
    return names


def _source(iterator: Iterator, names: Names, notes: Notes) -> FeelType:
    start = notes.infer(iterator.start, names)
    if iterator.end is not None:
        ends = [(iterator.start, start), (iterator.end, notes.infer(iterator.end, names))]
        counted = [_countable(node, kind, notes) for node, kind in ends]
        return join(counted)
    if start == NULL:
        operand = notes.piece(iterator.start)
        return notes.error(Cause.NO_LIST, words.NULL_LIST, iterator.start, operand=operand)
    return join(_item(iterator.start, choice, notes) for choice in start.choices)


def _item(node: Node, choice: FeelType, notes: Notes) -> FeelType:
    if choice.name == "range":
        return _countable(node, choice.item, notes, whole=choice)
    return choice.item if choice.name == "list" else choice


def _countable(node: Node, kind: FeelType, notes: Notes, whole: FeelType | None = None) -> FeelType:
    if any(choice.name in {"number", "date", "Any", "Null"} for choice in kind.choices):
        return kind
    details: dict[str, object] = {"operand": notes.piece(node), "type": str(whole or kind)}
    return notes.error(Cause.NO_LIST, words.NO_LIST, node, **details)


def _for(node: For, names: Names, notes: Notes) -> FeelType:
    inner = _iterated(node.iterators, names, notes).inner({"partial": list_of(ANY)})
    return list_of(notes.infer(node.body, inner))


def _quantified(node: Quantified, names: Names, notes: Notes) -> FeelType:
    inner = _iterated(node.iterators, names, notes)
    truth(node.condition, notes.infer(node.condition, inner), notes)
    return BOOLEAN


def _filter(node: Filter, names: Names, notes: Notes) -> FeelType:
    base = notes.infer(node.base, names)
    item = join(each.item if each.name == "list" else each for each in base.choices)
    condition = notes.infer(node.condition, names.inner({"item": item}, item))
    if condition == NUMBER:
        return _indexed(node, item, notes)
    if condition == BOOLEAN:
        return list_of(item)
    if not may_be(condition, join([BOOLEAN, NUMBER])):
        truth(node.condition, condition, notes)
    return ANY


def _indexed(node: Filter, item: FeelType, notes: Notes) -> FeelType:
    index = node.condition.value if isinstance(node.condition, Literal) else None
    if not isinstance(index, Decimal) or (index == index.to_integral_value() and index != 0):
        return item
    return notes.error(Cause.NO_ITEM, words.NEVER_AN_ITEM, node, index=index)


def _between(node: Between, names: Names, notes: Notes) -> FeelType:
    value = notes.infer(node.value, names)
    for end in (node.low, node.high):
        ordered(end, (node.value, value), (end, notes.infer(end, names)), notes)
    return BOOLEAN


def _in(node: In, names: Names, notes: Notes) -> FeelType:
    value = notes.infer(node.value, names)
    inner = names.inner({"?": value})
    for each in node.tests:
        test(each, value, inner, notes)
    return BOOLEAN


def _tests(node: Tests, names: Names, notes: Notes) -> FeelType:
    for each in node.items:
        test(each, names.find("?") or ANY, names, notes)
    return BOOLEAN


def test(node: Node, tested: FeelType, names: Names, notes: Notes) -> None:
    """Note a unary test that can never be put to a value of the tested type."""
    if isinstance(node, Comparison):
        operand = notes.infer(node.operand, names)
        if node.operator in {"=", "!="}:
            equals(node, tested, operand, notes)
        elif tested != NULL:
            ordered(node, (node, tested), (node.operand, operand), notes)
        return
    kind = notes.infer(node, names)
    if mentions_tested(node) and not isinstance(node, Name):
        truth(node, kind, notes)
    elif tested != NULL and not any(_fits(tested, choice) for choice in kind.choices):
        details: dict[str, object] = {"left": str(tested), "right": str(kind)}
        notes.error(Cause.TYPE_CLASH, words.NOT_COMPARABLE, node, **details)


def _fits(tested: FeelType, candidate: FeelType) -> bool:
    if candidate.name == "list":
        inside = any(_fits(tested, each) for each in candidate.item.choices)
        return inside or any(each.name in {"list", "Any"} for each in tested.choices)
    if candidate.name == "range":
        ends = {end.name for end in candidate.item.choices}
        names = {each.name for each in tested.choices}
        return bool({"Any", "Null"} & (ends | names) or ends & names or "range" in names)
    names = {each.name for each in tested.choices}
    return candidate.name in {"Any", "Null"} or bool(names & {"Any", candidate.name})


def _comparison(node: Comparison, names: Names, notes: Notes) -> FeelType:
    return range_of(notes.infer(node.operand, names))


def _range(node: RangeOf, names: Names, notes: Notes) -> FeelType:
    start, end = notes.infer(node.start, names), notes.infer(node.end, names)
    ordered(node, (node.start, start), (node.end, end), notes)
    return range_of(join([start, end]))


def _list(node: ListOf, names: Names, notes: Notes) -> FeelType:
    items = [notes.infer(item, names) for item in node.items]
    return list_of(join(items) if items else ANY)


def _context(node: ContextOf, names: Names, notes: Notes) -> FeelType:
    inner = names.inner({})
    members: dict[str, FeelType] = {}
    for key, value in node.entries:
        if key in members:
            return notes.error(Cause.SAME_KEY, words.SAME_KEY, node, name=key)
        if isinstance(value, Function):
            # A function may call itself.
            inner.types[key] = FUNCTION
        members[key] = inner.types[key] = notes.infer(value, inner)
    return context_of(members.items())


def _function(node: Function, names: Names, notes: Notes) -> FeelType:
    if node.external:
        return FUNCTION
    given = {
        each.name: ANY if each.type is None else of_name(each.type) for each in node.parameters
    }
    result = notes.infer(node.body, names.inner(given))
    return FeelType("function", (*given.values(), result))


def _instance_of(node: InstanceOf, names: Names, notes: Notes) -> FeelType:
    notes.infer(node.value, names)
    unknown = unknown_name(node.type)
    if unknown is not None and notes.closed:
        notes.error(Cause.UNKNOWN_TYPE, words.UNKNOWN_TYPE, node, name=unknown)
    return BOOLEAN


_INFERRERS: Mapping[type, Callable[[Any, Names, Notes], FeelType]] = {
    Literal: _literal,
    Name: _name,
    Path: path,
    Filter: _filter,
    Call: call,
    Binary: _binary,
    Negation: _negation,
    If: _if,
    For: _for,
    Quantified: _quantified,
    Between: _between,
    In: _in,
    Comparison: _comparison,
    InstanceOf: _instance_of,
    ListOf: _list,
    ContextOf: _context,
    RangeOf: _range,
    Function: _function,
    Tests: _tests,
}
