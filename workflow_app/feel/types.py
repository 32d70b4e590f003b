"""Types of FEEL: conformance for ``instance of`` and implicit conversion (DMN 1.5 §10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from workflow_app.feel.checking.typing import ANY, NULL, FeelType, may_be, of_name
from workflow_app.feel.temporal.values import Date, DateTime, DaysTime, Time, YearsMonths
from workflow_app.feel.values import FeelFunction, Range

if TYPE_CHECKING:
    from workflow_app.feel.nodes import TypeName
    from workflow_app.feel.runtime import Runtime
    from workflow_app.feel.scope import TypeSource

# A test is charged to the runtime for every item that it looks at.
Conforms = Callable[[object, "Runtime"], bool]
_KINDS: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "time": Time,
    "date and time": DateTime,
    "dateTime": DateTime,
    "days and time duration": DaysTime,
    "dayTimeDuration": DaysTime,
    "years and months duration": YearsMonths,
    "yearMonthDuration": YearsMonths,
    "list": list,
    "context": dict,
    "function": FeelFunction,
    "range": Range,
}


def _no_types(_name: str) -> None:
    return None


def compile_type(name: TypeName, types: TypeSource = _no_types) -> Conforms:
    """Make the test whether a value conforms to a type; null does to none but Null."""
    maker = _GENERICS.get(name.name)
    if maker is not None and (name.parameters or name.members):
        return maker(name, types)
    if name.name == "Any":
        return lambda value, _runtime: value is not None
    if name.name == "Null":
        return lambda value, _runtime: value is None
    kind = _KINDS.get(name.name)
    if kind is not None:
        return lambda value, _runtime: isinstance(value, kind)
    return _of_model(types(name.name))


def _of_model(conforms: Conforms | None) -> Conforms:
    if conforms is None:
        return lambda _value, _runtime: False
    return lambda value, runtime: value is not None and conforms(value, runtime)


def _list_of(name: TypeName, types: TypeSource) -> Conforms:
    item = or_null(compile_type(name.parameters[0], types))

    def conforms(value: object, runtime: Runtime) -> bool:
        if not isinstance(value, list):
            return False
        runtime.spend(len(value))
        return all(item(each, runtime) for each in value)

    return conforms


def _range_of(name: TypeName, types: TypeSource) -> Conforms:
    end = or_null(compile_type(name.parameters[0], types))

    def conforms(value: object, runtime: Runtime) -> bool:
        return isinstance(value, Range) and end(value.start, runtime) and end(value.end, runtime)

    return conforms


def _context_of(name: TypeName, types: TypeSource) -> Conforms:
    members = [(key, or_null(compile_type(kind, types))) for key, kind in name.members]

    def conforms(value: object, runtime: Runtime) -> bool:
        runtime.spend(len(members))
        return isinstance(value, dict) and all(
            key in value and member(value[key], runtime) for key, member in members
        )

    return conforms


def _function_of(name: TypeName, _types: TypeSource) -> Conforms:
    wanted = of_name(name)
    count = len(wanted.parameters) - 1

    def conforms(value: object, runtime: Runtime) -> bool:
        if not isinstance(value, FeelFunction):
            return False
        runtime.spend(count)
        kinds = value.kinds(count)
        return kinds is None or any(_function_fits(kind, wanted) for kind in kinds)

    return conforms


def _function_fits(given: FeelType, wanted: FeelType) -> bool:
    """Let a function do for another if it takes what that takes, and gives what that gives.

    What the body gives is inferred; where that is unknown, it may be what is wanted.
    """
    *mine, result = given.parameters
    *theirs, expected = wanted.parameters
    takes = all(_subtype(their, my) for their, my in zip(theirs, mine, strict=True))
    return takes and may_be(result, expected)


def _subtype(given: FeelType, wanted: FeelType) -> bool:
    """Tell whether every value of a type is of the other (DMN 1.5 §10.3.2.9.2)."""
    return all(
        any(_choice_fits(mine, theirs) for theirs in wanted.choices) for mine in given.choices
    )


def _choice_fits(given: FeelType, wanted: FeelType) -> bool:
    if wanted == ANY or given == NULL:
        return True
    if given.name != wanted.name:
        return False
    if given.name in {"list", "range"}:
        return _subtype(given.item, wanted.item)
    if wanted.name == "function" and wanted.parameters:
        same = len(given.parameters) == len(wanted.parameters)
        return same and _function_fits(given, wanted)
    members = dict(given.members)
    return all(key in members and _subtype(members[key], kind) for key, kind in wanted.members)


_GENERICS: dict[str, Callable[[TypeName, TypeSource], Conforms]] = {
    "list": _list_of,
    "range": _range_of,
    "context": _context_of,
    "function": _function_of,
}


def is_mapped(name: TypeName, types: TypeSource = _no_types) -> bool:
    """Tell whether a type, and each that it is made of, is one of FEEL or of the model."""
    inner = (*name.parameters, *(kind for _key, kind in name.members))
    known = is_known(name.name) or types(name.name) is not None
    return known and all(is_mapped(each, types) for each in inner)


def is_known(name: str) -> bool:
    """Tell whether FEEL itself has a type of that name."""
    return name in _KINDS or name in {"Any", "Null"}


def or_null(conforms: Conforms) -> Conforms:
    """Let null pass as well: a part of a value may be missing."""
    return lambda value, runtime: value is None or conforms(value, runtime)


def coercion(
    name: TypeName, types: TypeSource = _no_types
) -> Callable[[object, Runtime], tuple[object, bool]]:
    """Make the implicit conversion to a type: the value made, and whether it fits.

    A single item becomes a list of one, a list of one becomes its item, a date becomes the
    midnight that begins it (DMN 1.5 §10.3.2.9.4).
    """
    conforms = or_null(compile_type(name, types))
    wants_list = name.name == "list"
    wants_date_time = name.name == "date and time"

    def convert(value: object, runtime: Runtime) -> tuple[object, bool]:
        if conforms(value, runtime):
            return value, True
        candidate: object = value
        if wants_list:
            candidate = [value]
        elif wants_date_time and isinstance(value, Date):
            candidate = DateTime(value, 0, 0)
        elif isinstance(value, list) and len(value) == 1:
            candidate = value[0]
        return (candidate, True) if conforms(candidate, runtime) else (None, False)

    return convert
