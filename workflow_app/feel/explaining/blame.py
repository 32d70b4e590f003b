"""Judges which nodes made a null by an error, and says why (DMN 1.5 §10.3.2.13)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.checking.combining import ARITHMETIC, RESULTS
from workflow_app.feel.checking.typing import kind_of
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.blame_calls import KNOWN, judge_call
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.nodes import (
    Between,
    Binary,
    Call,
    Comparison,
    ContextOf,
    Filter,
    For,
    If,
    In,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeOf,
    Tests,
)
from workflow_app.feel.properties import names_of
from workflow_app.feel.reading.similar import closest, suggestion
from workflow_app.feel.scope import GLOBALS, TESTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workflow_app.feel.explaining.watching import Case
    from workflow_app.feel.nodes import Iterator

_LOGIC = frozenset(["and", "or"])


def _name(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, Name) or _is_known(case, node.name):
        return
    hint = suggestion(node.name, _names(case))
    if hint is None:
        case.tell(Cause.UNKNOWN_NAME, words.UNKNOWN_NAME, name=node.name)
    else:
        case.tell(Cause.UNKNOWN_NAME, words.UNKNOWN_NAME_HINT, name=node.name, hint=hint)


def _is_known(case: Case, name: str) -> bool:
    first = name.partition(".")[0].strip()
    if name == "?" or {name, first} & case.spot.locals:
        return True
    if name in case.env[GLOBALS] or first in case.env[GLOBALS]:
        return True
    return any(name in item for item in _items(case))


def _items(case: Case) -> list[dict[str, object]]:
    values = (case.env[slot] for slot in case.spot.items)
    return [value for value in values if isinstance(value, dict)]


def _names(case: Case) -> Iterable[str]:
    yield from case.spot.locals
    for item in _items(case):
        yield from item
    yield from case.env[GLOBALS]
    yield from case.trace.functions
    yield from KNOWN


def _path(case: Case) -> None:
    node = case.spot.node
    if not isinstance(node, Path) or (base := case.part(node.base)) is None:
        return
    if case.value is None and base.value is not None:
        _no_member(case, node, base.value)
    elif isinstance(base.value, list) and base.value and isinstance(case.value, list):
        found = [each for each in base.value if isinstance(each, dict)]
        if len(found) == len(base.value) and not any(node.name in each for each in found):
            _no_member(case, node, found[0])


def _no_member(case: Case, node: Path, base: object) -> None:
    if isinstance(base, dict):
        if node.name in base:
            return
        names: Iterable[str] = base
        known: dict[str, object] = {"base": case.text(node.base), "name": node.name}
        why = words.NO_MEMBER
    else:
        names = names_of(base)
        if node.name in names:
            return
        known = {"type": kind_of(base), "name": node.name}
        why = words.NO_PROPERTY
    hint = closest(node.name, names)
    if hint is not None:
        known = {"base": case.text(node.base), "name": node.name, "hint": hint}
        why = words.NO_MEMBER_HINT
    case.tell(Cause.NO_MEMBER, why, **known)


def _binary(case: Case) -> None:
    node = case.spot.node
    if not isinstance(node, Binary):
        return
    if node.operator in _LOGIC:
        for operand in (node.left, node.right):
            _not_true_or_false(case, operand)
    elif case.value is None:
        _operands(case, node)


def _operands(case: Case, node: Binary) -> None:
    given = case.given(node.left, node.right)
    if len(given) < 2 or case.null_operand(node.left, node.right):
        return
    left, right = given[0].value, given[1].value
    if node.operator not in ARITHMETIC:
        _not_compared(case, left, right)
    elif node.operator == "/" and isinstance(right, Decimal) and not right:
        case.tell(Cause.DIVISION_BY_ZERO, words.DIVISION_BY_ZERO, operand=case.text(node.right))
    elif _fits(node.operator, left, right):
        case.tell(Cause.OUT_OF_RANGE, words.OUT_OF_RANGE)
    else:
        case.tell(
            Cause.TYPE_CLASH,
            words.TYPE_CLASH,
            operator=node.operator,
            left=kind_of(left),
            right=kind_of(right),
        )


def _fits(operator: str, left: object, right: object) -> bool:
    return (operator, kind_of(left), kind_of(right)) in RESULTS


def _not_compared(case: Case, left: object, right: object) -> None:
    if type(left) is not type(right):
        case.tell(Cause.TYPE_CLASH, words.NOT_COMPARABLE, left=kind_of(left), right=kind_of(right))
    else:
        case.tell(Cause.NO_ORDER, words.NO_ORDER, left=kind_of(left))


def _negation(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, Negation):
        return
    for part in case.given(node.operand):
        if not case.null_operand(node.operand):
            case.tell(Cause.TYPE_CLASH, words.NEGATED, left=kind_of(part.value))


def _if(case: Case) -> None:
    if isinstance(case.spot.node, If):
        _not_true_or_false(case, case.spot.node.condition, null_is_wrong=True)


def _not_true_or_false(case: Case, node: Node, *, null_is_wrong: bool = False) -> None:
    for part in case.given(node):
        if isinstance(part.value, bool) or (part.value is None and part.blamed):
            return
        operand = case.text(node)
        if part.value is not None:
            kind = kind_of(part.value)
            case.tell(Cause.NO_TRUTH_VALUE, words.NO_TRUTH_VALUE, node, operand=operand, type=kind)
        elif null_is_wrong:
            case.tell(Cause.NO_TRUTH_VALUE, words.NULL_CONDITION, node, operand=operand)


def _loop(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, For | Quantified):
        return
    for iterator in node.iterators:
        _source(case, iterator)
    if isinstance(node, Quantified):
        _not_true_or_false(case, node.condition)


def _source(case: Case, iterator: Iterator) -> None:
    ends = [iterator.start, *([iterator.end] if iterator.end is not None else [])]
    for node in ends:
        part = case.part(node)
        if part is None or part.blamed:
            return
        if part.value is None:
            case.tell(Cause.NO_LIST, words.NULL_LIST, node, operand=case.text(node))
            return
        kind = kind_of(part.value)
        if kind == "range" or (len(ends) == 2 and kind not in {"number", "date"}):
            details: dict[str, object] = {"operand": case.text(node), "type": kind}
            case.tell(Cause.NO_LIST, words.NO_LIST, node, **details)
            return


def _filter(case: Case) -> None:
    node = case.spot.node
    if not isinstance(node, Filter) or (base := case.part(node.base)) is None:
        return
    items = base.value if isinstance(base.value, list) else [base.value]
    index = _index(case, node.condition)
    if case.value is None and index is not None and base.value is not None:
        if index != int(index) or not 0 < abs(index) <= len(items):
            case.tell(Cause.NO_ITEM, words.NO_ITEM, count=len(items), index=index)
    elif index is None:
        _not_true_or_false(case, node.condition)


def _index(case: Case, node: Node) -> Decimal | None:
    sign = 1
    if isinstance(node, Negation) and case.part(node) is None:
        node, sign = node.operand, -1
    part = case.part(node)
    return part.value * sign if part and isinstance(part.value, Decimal) else None


def _between(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, Between):
        return
    for end in (node.low, node.high):
        _pair(case, node.value, end)


def _pair(case: Case, first: Node, second: Node) -> None:
    given = case.given(first, second)
    if len(given) == 2 and not case.null_operand(first, second):
        left, right = given[0].value, given[1].value
        if type(left) is not type(right) or kind_of(left) in {"boolean", "list", "context"}:
            _not_compared(case, left, right)


def _in(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, In):
        return
    tested = case.part(node.value)
    if tested is not None and not case.null_operand(node.value):
        judge_tests(case, tested.value, node.tests)


def judge_tests(case: Case, tested: object, tests: tuple[Node, ...]) -> None:
    """Tell of each test that cannot be put to the tested value."""
    for test in tests:
        part = case.part(test.operand if isinstance(test, Comparison) else test)
        if part is None or part.blamed:
            continue
        value = part.value
        if isinstance(value, list | bool):
            continue
        end = value
        if kind_of(value) == "range":
            end = getattr(value, "start", None) or getattr(value, "end", None)
        if end is not None and tested is not None and type(end) is not type(tested):
            case.tell(
                Cause.TYPE_CLASH,
                words.NOT_COMPARABLE,
                test,
                left=kind_of(tested),
                right=kind_of(end),
            )


def _tests(case: Case) -> None:
    node = case.spot.node
    if case.value is None and isinstance(node, Tests):
        judge_tests(case, case.env[TESTED], node.items)


def _range(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, RangeOf):
        return
    if case.null_operand(node.start, node.end):
        return
    case.tell(Cause.NO_RANGE, words.NO_RANGE)


def _context(case: Case) -> None:
    node = case.spot.node
    if case.value is not None or not isinstance(node, ContextOf):
        return
    keys = [key for key, _value in node.entries]
    twice = next((key for key in keys if keys.count(key) > 1), "")
    case.tell(Cause.SAME_KEY, words.SAME_KEY, name=twice)


JUDGES: Mapping[type, Callable[[Case], None]] = {
    Name: _name,
    Path: _path,
    Binary: _binary,
    Negation: _negation,
    If: _if,
    For: _loop,
    Quantified: _loop,
    Filter: _filter,
    Between: _between,
    In: _in,
    Tests: _tests,
    RangeOf: _range,
    ContextOf: _context,
    Call: judge_call,
}
