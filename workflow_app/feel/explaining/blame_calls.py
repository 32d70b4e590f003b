"""Judges why a call gave null: no such function, wrong arguments, or values without a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel import additions
from workflow_app.feel.additions import OwnFunction
from workflow_app.feel.builtins import catalogue
from workflow_app.feel.builtins.arguments import UNFIT
from workflow_app.feel.builtins.registry import BuiltinFunction
from workflow_app.feel.checking.typing import kind_of
from workflow_app.feel.closures import Closure
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.explaining.watching import shown
from workflow_app.feel.lookups import read
from workflow_app.feel.nodes import Call, Name, Node
from workflow_app.feel.reading.similar import closest
from workflow_app.feel.values import FeelFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from workflow_app.feel.builtins.registry import Signature
    from workflow_app.feel.closures import Code
    from workflow_app.feel.explaining.watching import Case, Part
    from workflow_app.feel.scope import Scope

KNOWN = catalogue.NAMES | additions.NAMES
READ = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "duration": "duration",
    "@": "date, time or duration",
    "number": "number",
    "range": "range",
}
_OF_NUMBERS = frozenset(["sum", "mean", "median", "mode", "stddev", "product"])
_OF_ORDERED = frozenset(["min", "max"])
_OF_POSITIONS = frozenset(
    ["sublist", "substring", "insert before", "remove", "list replace", "get or else"]
)
_OF_PATTERNS = {"matches": 1, "replace": 1, "split": 1}
_OF_TRUTH = frozenset(["all", "any"])
_SINGLE = frozenset(["sqrt", "log", "odd", "even", "exp"])


def callee(node: Node, scope: Scope) -> Code | None:
    """Make the closure that reads what a call by name calls."""
    if not isinstance(node, Call) or not isinstance(node.function, Name):
        return None
    name = node.function.name
    found = read(name, scope, called=True)
    builtin = None if scope.is_local(name) else additions.find(name)
    if builtin is None:
        return found

    def run(env: list[object]) -> object:
        value = found(env)
        return value if isinstance(value, FeelFunction) else builtin

    return run


def judge_call(case: Case) -> None:
    """Tell why a call gave null, if an error was the cause."""
    node = case.spot.node
    if case.value is not None or not isinstance(node, Call):
        return
    function = _called(case, node)
    if isinstance(function, BuiltinFunction):
        if not isinstance(function, OwnFunction):
            _builtin(case, node, function)
    elif isinstance(function, Closure):
        _closure(case, node, function)
    elif function is None:
        _nothing(case, node)
    elif not isinstance(function, FeelFunction):
        name, kind = case.text(node.function), kind_of(function)
        case.tell(Cause.NO_FUNCTION, words.NOT_A_FUNCTION, node.function, name=name, type=kind)


def _called(case: Case, node: Call) -> object:
    if case.spot.callee is not None:
        return case.spot.callee(case.env)
    part = case.part(node.function)
    return None if part is None else part.value


def _nothing(case: Case, node: Call) -> None:
    part = case.part(node.function)
    if part is not None and part.blamed:
        return
    name = case.text(node.function)
    hint = closest(name, [*KNOWN, *case.trace.functions, *case.spot.locals])
    if hint is None or hint == name:
        case.tell(Cause.NO_FUNCTION, words.NO_FUNCTION, node.function, name=name)
    else:
        why = words.NO_FUNCTION_HINT
        case.tell(Cause.NO_FUNCTION, why, node.function, name=name, hint=hint)


def usage(name: str, names: Sequence[str], required: int, *, variadic: bool = False) -> str:
    """Write how a function is called, with the names of its parameters.

    >>> usage("sublist", ["list", "start position", "length"], 2)
    'sublist(list, start position, [length])'
    """
    shown_names = [
        each if place < required else f"[{each}]" for place, each in enumerate(names)
    ] + (["…"] if variadic else [])
    return f"{name}({', '.join(shown_names)})"


def usages(function: BuiltinFunction) -> str:
    """Write all the ways in which a standard function is called."""
    ways = (
        usage(function.name, each.names, each.required, variadic=each.variadic)
        for each in function.signatures
    )
    # Two ways may differ by the types of their arguments only.
    return "; ".join(dict.fromkeys(ways))


def _closure(case: Case, node: Call, function: Closure) -> None:
    name = case.text(node.function)
    how = usage(name, function.parameters, len(function.parameters))
    unknown = [each for each in node.names if each not in function.parameters]
    if unknown:
        case.tell(
            Cause.UNKNOWN_PARAMETER,
            words.UNKNOWN_PARAMETER,
            name=name,
            parameter=unknown[0],
            usage=how,
        )
    elif not node.names and len(node.arguments) != len(function.parameters):
        _wrong_number(case, node, name, how)
    else:
        _closure_arguments(case, node, function, name)


def _closure_arguments(case: Case, node: Call, function: Closure, name: str) -> None:
    parameters = node.names or function.parameters
    coercions = dict(zip(function.parameters, function.coercions, strict=False))
    for parameter, argument in zip(parameters, node.arguments, strict=True):
        coerce, part = coercions.get(parameter), case.part(argument)
        if coerce is not None and part is not None and not coerce(part.value, case.trace)[1]:
            case.tell(
                Cause.WRONG_ARGUMENT,
                words.WRONG_TYPED,
                argument,
                name=name,
                parameter=parameter,
                got=kind_of(part.value),
            )


def _wrong_number(case: Case, node: Call, name: str, how: str) -> None:
    count = len(node.arguments)
    case.tell(Cause.WRONG_NUMBER, words.WRONG_NUMBER, name=name, usage=how, count=count)


def _builtin(case: Case, node: Call, function: BuiltinFunction) -> None:
    how = usages(function)
    if node.names:
        known = {name for each in function.signatures for name in each.names}
        unknown = [name for name in node.names if name not in known]
        if unknown:
            details: dict[str, object] = {"name": function.name, "usage": how}
            details["parameter"] = unknown[0]
            case.tell(Cause.UNKNOWN_PARAMETER, words.UNKNOWN_PARAMETER, **details)
            return
        fitting = [each for each in function.signatures if each.accepts_names(set(node.names))]
    else:
        fitting = [each for each in function.signatures if each.accepts(len(node.arguments))]
    if not fitting:
        _wrong_number(case, node, function.name, how)
    elif len(given := case.given(*node.arguments)) == len(node.arguments):
        _arguments(case, node, function, fitting, given)


def _arguments(
    case: Case,
    node: Call,
    function: BuiltinFunction,
    fitting: list[Signature],
    given: tuple[Part, ...],
) -> None:
    if any(part.blamed for part in given):
        return
    misfits = [_misfit(each, node, given) for each in fitting]
    found = [each for each in misfits if each is not None]
    if len(found) < len(misfits):
        _no_result(case, node, function.name, [part.value for part in given])
        return
    place = max(found)
    if given[place].value is None:
        case.null_operand(node.arguments[place])
        return
    wanted = [
        each.parameters[_place(each, node, place)]
        for each, misfit in zip(fitting, misfits, strict=True)
        if misfit == place
    ]
    types = dict.fromkeys(kind for parameter in wanted for kind in parameter.types)
    case.tell(
        Cause.WRONG_ARGUMENT,
        words.WRONG_ARGUMENT,
        node.arguments[place],
        name=function.name,
        parameter=wanted[0].name,
        wanted=" | ".join(types),
        got=kind_of(given[place].value),
    )


def _place(signature: Signature, node: Call, index: int) -> int:
    if node.names:
        return signature.names.index(node.names[index])
    return min(index, len(signature.names) - 1)


def _misfit(signature: Signature, node: Call, given: tuple[Part, ...]) -> int | None:
    """Give the first argument that is of a wrong type."""
    for index, part in enumerate(given):
        if signature.checks[_place(signature, node, index)](part.value) is UNFIT:
            return index
    return None


def _no_result(case: Case, node: Call, name: str, values: list[object]) -> None:
    """Tell why a function has no result for values of the right types."""
    if name in _OF_TRUTH or not values:
        return
    for names, judge in _BY_FUNCTION:
        if name in names:
            judge(case, node, name, values)
            return
    if None not in values:
        case.tell(Cause.NOT_COMPUTED, words.NOT_COMPUTED, name=name)


def _unread(case: Case, _node: Call, name: str, values: list[object]) -> None:
    if values[0] is None:
        return
    if isinstance(values[0], str):
        why, details = words.NO_SUCH_TEXT, {"value": values[0][:40]}
    else:
        why, details = words.NO_SUCH_PARTS, {}
    case.tell(Cause.UNREADABLE, why, wanted=READ[name], **details)


def _pattern(case: Case, node: Call, name: str, values: list[object]) -> None:
    place = _OF_PATTERNS[name]
    if not node.names and isinstance(values[place], str):
        case.tell(Cause.BAD_PATTERN, words.BAD_PATTERN, value=str(values[place])[:40])


def _list(case: Case, node: Call, name: str, values: list[object]) -> None:
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if not items:
        case.tell(Cause.NOT_COMPUTED, words.EMPTY_LIST, name=name)
        return
    kinds = list(dict.fromkeys(kind_of(item) for item in items))
    if kinds == ["number"]:
        case.tell(Cause.OUT_OF_RANGE, words.OUT_OF_RANGE)
        return
    got = ", ".join(kinds[:4])
    case.tell(Cause.WRONG_ARGUMENT, words.MIXED_LIST, node.arguments[0], name=name, got=got)


def _single(case: Case, _node: Call, name: str, values: list[object]) -> None:
    case.tell(Cause.OUT_OF_RANGE, words.NO_RESULT, name=name, value=shown(values[0]))


def _position(case: Case, _node: Call, name: str, _values: list[object]) -> None:
    case.tell(Cause.NO_ITEM, words.NO_POSITION, name=name)


def _member(case: Case, node: Call, _name: str, values: list[object]) -> None:
    base, key = (*values, None, None)[:2]
    if node.names or not isinstance(base, dict) or not isinstance(key, str) or key in base:
        return
    details: dict[str, object] = {"base": case.text(node.arguments[0]), "name": key}
    hint = closest(key, base)
    if hint is None:
        case.tell(Cause.NO_MEMBER, words.NO_MEMBER, **details)
    else:
        case.tell(Cause.NO_MEMBER, words.NO_MEMBER_HINT, **details, hint=hint)


def _silent(_case: Case, _node: Call, _name: str, _values: list[object]) -> None:
    """Say nothing: null is what the function gives for null."""


_BY_FUNCTION: tuple[tuple[Container[str], Callable[[Case, Call, str, list[object]], None]], ...] = (
    (READ, _unread),
    (_OF_PATTERNS, _pattern),
    (_OF_NUMBERS | _OF_ORDERED, _list),
    (_SINGLE, _single),
    (_OF_POSITIONS, _position),
    ({"get value"}, _member),
    ({"string"}, _silent),
)
