"""Infers what a call gives, and notes arguments that no way of calling it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel import additions
from workflow_app.feel.checking.typing import (
    ANY,
    FUNCTION,
    NULL,
    FeelType,
    join,
    list_of,
    may_be,
    of_value,
    type_of,
)
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.blame_calls import KNOWN, READ, usages
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.nodes import Call, Literal, Name, Node
from workflow_app.feel.reading.similar import closest
from workflow_app.feel.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.feel.builtins.registry import BuiltinFunction, Parameter, Signature
    from workflow_app.feel.checking.findings import Names, Notes

_PATTERNS = {"matches": 1, "replace": 1, "split": 1}


def call(node: Call, names: Names, notes: Notes) -> FeelType:
    """Give the type of what a call gives, noting what is wrong with it."""
    given = [notes.infer(argument, names) for argument in node.arguments]
    if not isinstance(node.function, Name):
        return _of_type(node, notes.infer(node.function, names), given, notes)
    name = node.function.name
    builtin = None if names.is_local(name) else additions.find(name)
    if builtin is not None:
        return _builtin(node, builtin, given, notes)
    found = names.find(name) or notes.functions.get(name)
    if found is not None:
        return _of_type(node, found, given, notes)
    return _unknown(node.function, names, notes)


def _unknown(function: Name, names: Names, notes: Notes) -> FeelType:
    if not notes.calls_closed or "." in function.name:
        return ANY
    hint = closest(function.name, [*KNOWN, *notes.functions, *names.known()])
    name, why = function.name, words.NO_FUNCTION_HINT
    if hint is None:
        return notes.error(Cause.NO_FUNCTION, words.NO_FUNCTION, function, name=name)
    return notes.error(Cause.NO_FUNCTION, why, function, name=name, hint=hint)


def _of_type(node: Call, kind: FeelType, given: list[FeelType], notes: Notes) -> FeelType:
    """Call a value: a function of known parameters, or one of which nothing is known."""
    name = notes.piece(node.function)
    if not may_be(kind, FUNCTION):
        why = words.NOT_A_FUNCTION
        return notes.error(Cause.NO_FUNCTION, why, node.function, name=name, type=str(kind))
    if kind.name != "function" or not kind.parameters:
        return ANY
    *wanted, result = kind.parameters
    if node.names:
        return result
    if len(wanted) != len(given):
        usage = f"{name}({', '.join(map(str, wanted))})"
        details: dict[str, object] = {"name": name, "usage": usage, "count": len(given)}
        return notes.error(Cause.WRONG_NUMBER, words.WRONG_NUMBER, node, **details)
    for argument, have, want in zip(node.arguments, given, wanted, strict=True):
        if not fits(have, want):
            details = {"name": name, "parameter": notes.piece(argument)}
            details |= {"wanted": str(want), "got": str(have)}
            notes.error(Cause.WRONG_ARGUMENT, words.WRONG_ARGUMENT, argument, **details)
    return result


def fits(given: FeelType, wanted: FeelType) -> bool:
    """Tell whether an argument may be taken, with the conversions of DMN 1.5 §10.3.2.9.4."""
    if may_be(given, wanted):
        return True
    for want in wanted.choices:
        if want.name == "list":
            inner = [each.item if each.name == "list" else each for each in given.choices]
            if any(may_be(each, want.item) for each in inner):
                return True
        elif any(each.name == "list" and may_be(each.item, want) for each in given.choices):
            return True
    return False


def _builtin(
    node: Call, function: BuiltinFunction, given: list[FeelType], notes: Notes
) -> FeelType:
    ways = _ways(node, function)
    name = function.name
    if not ways:
        return _no_way(node, function, notes)
    misfits = [_misfit(node, each, given) for each in ways]
    fitting = [way for way, misfit in zip(ways, misfits, strict=True) if misfit is None]
    if not fitting:
        return _wrong_argument(node, name, ways, [each or 0 for each in misfits], given, notes)
    if (read := _written_out(node, function, notes)) is not None:
        return read
    return _result(node, name, fitting, given)


def _ways(node: Call, function: BuiltinFunction) -> list[Signature]:
    if node.names:
        return [each for each in function.signatures if each.accepts_names(set(node.names))]
    return [each for each in function.signatures if each.accepts(len(node.arguments))]


def _no_way(node: Call, function: BuiltinFunction, notes: Notes) -> FeelType:
    known = {name for each in function.signatures for name in each.names}
    unknown = next((name for name in node.names if name not in known), None)
    details: dict[str, object] = {"name": function.name, "usage": usages(function)}
    if unknown is not None:
        details["parameter"] = unknown
        return notes.error(Cause.UNKNOWN_PARAMETER, words.UNKNOWN_PARAMETER, node, **details)
    details["count"] = len(node.arguments)
    return notes.error(Cause.WRONG_NUMBER, words.WRONG_NUMBER, node, **details)


def _parameter(node: Call, way: Signature, index: int) -> Parameter:
    if node.names:
        return way.parameters[way.names.index(node.names[index])]
    return way.parameters[min(index, len(way.parameters) - 1)]


def _wanted(parameter: Parameter) -> FeelType:
    return join(type_of(each) for each in parameter.types)


def _misfit(node: Call, way: Signature, given: list[FeelType]) -> int | None:
    for index, kind in enumerate(given):
        parameter = _parameter(node, way, index)
        wanted = _wanted(parameter)
        missing = kind == NULL and not parameter.optional and wanted != ANY
        if missing or not fits(kind, wanted):
            return index
    return None


def _wrong_argument(
    node: Call,
    name: str,
    ways: list[Signature],
    misfits: list[int],
    given: list[FeelType],
    notes: Notes,
) -> FeelType:
    place = max(misfits)
    argument = node.arguments[place]
    if given[place] == NULL:
        operand = notes.piece(argument)
        return notes.warning(Cause.NULL_OPERAND, words.NULL_OPERAND, argument, operand=operand)
    parameters = [
        _parameter(node, way, place)
        for way, misfit in zip(ways, misfits, strict=True)
        if misfit == place
    ]
    return notes.error(
        Cause.WRONG_ARGUMENT,
        words.WRONG_ARGUMENT,
        argument,
        name=name,
        parameter=parameters[0].name,
        wanted=" | ".join(dict.fromkeys(str(_wanted(each)) for each in parameters)),
        got=str(given[place]),
    )


def _written_out(node: Call, function: BuiltinFunction, notes: Notes) -> FeelType | None:
    """Read a date, duration or pattern that is written out; note one that is none."""
    if node.names:
        return None
    values = [each.value for each in node.arguments if isinstance(each, Literal)]
    if function.name in READ and 0 < len(values) == len(node.arguments):
        value = function.call(Runtime({}), values)
        return _unreadable(node, function.name, values, notes) if value is None else of_value(value)
    return _bad_pattern(node, function, notes) if function.name in _PATTERNS else None


def _unreadable(node: Call, name: str, values: list[object], notes: Notes) -> FeelType:
    wanted = READ[name]
    if isinstance(values[0], str):
        details: dict[str, object] = {"value": values[0][:40], "wanted": wanted}
        return notes.error(Cause.UNREADABLE, words.NO_SUCH_TEXT, node, **details)
    return notes.error(Cause.UNREADABLE, words.NO_SUCH_PARTS, node, wanted=wanted)


def _bad_pattern(node: Call, function: BuiltinFunction, notes: Notes) -> FeelType | None:
    pattern = node.arguments[_PATTERNS[function.name]]
    if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
        return None
    rest = [_text_of(each) for each in node.arguments[1:]]
    if None in rest or function.call(Runtime({}), ["", *rest]) is not None:
        return None
    return notes.error(Cause.BAD_PATTERN, words.BAD_PATTERN, pattern, value=pattern.value[:40])


def _text_of(node: Node) -> str | None:
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else None


def _result(node: Call, name: str, fitting: list[Signature], given: list[FeelType]) -> FeelType:
    refine = _REFINED.get(name)
    if refine is not None and not node.names:
        return refine(node, given)
    return join(type_of(kind) for way in fitting for kind in way.gives)


def _items(kind: FeelType) -> FeelType:
    return join(each.item if each.name == "list" else each for each in kind.choices)


def _same_items(_node: Call, given: list[FeelType]) -> FeelType:
    return list_of(join(_items(kind) for kind in given if kind.name != "function"))


def _of_first(_node: Call, given: list[FeelType]) -> FeelType:
    return list_of(_items(given[0]))


def _one_item(_node: Call, given: list[FeelType]) -> FeelType:
    return join(_items(kind) for kind in given) if given else ANY


def _member(node: Call, given: list[FeelType]) -> FeelType:
    key = node.arguments[1] if len(node.arguments) == 2 else None
    if isinstance(key, Literal) and isinstance(key.value, str) and given[0].name == "context":
        return given[0].member(key.value) or ANY
    return ANY


# What a call gives by more than its signature: of which items a list is.
_REFINED: Mapping[str, Callable[[Call, list[FeelType]], FeelType]] = {
    **dict.fromkeys(["append", "concatenate", "union"], _same_items),
    **dict.fromkeys(["sublist", "remove", "reverse", "distinct values", "sort"], _of_first),
    **dict.fromkeys(["min", "max"], _one_item),
    "get value": _member,
}
