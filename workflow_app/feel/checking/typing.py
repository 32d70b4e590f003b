"""The types of FEEL as values: read, written, joined and compared (DMN 1.5 §10.3.2.9).

Every type includes null, and ``Any`` stands for what nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.feel.reading.cursor import Cursor
from workflow_app.feel.reading.typenames import parse_type
from workflow_app.feel.temporal.values import Date, DateTime, DaysTime, Time, YearsMonths
from workflow_app.feel.values import FeelFunction, Range

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.feel.nodes import TypeName

SPELLINGS = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}
KNOWN = frozenset(
    [
        *["Any", "Null", "number", "string", "boolean", "date", "time", "date and time"],
        *["days and time duration", "years and months duration"],
        *["list", "context", "range", "function"],
    ]
)


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type: its name, what a list or range holds, or the members of a context.

    A function has its parameters' types and, last, its result's; ``either`` has the types it may
    be of. A context without members is one of which nothing is known.
    """

    name: str
    parameters: tuple[FeelType, ...] = ()
    members: tuple[tuple[str, FeelType], ...] = ()

    @override
    def __str__(self) -> str:
        """Write it in FEEL's type language."""
        if self.name == "either":
            return " | ".join(str(each) for each in self.parameters)
        if self.members:
            return f"context<{', '.join(f'{key}: {kind}' for key, kind in self.members)}>"
        if self.name == "function" and self.parameters:
            *given, result = self.parameters
            return f"function<{', '.join(map(str, given))}>->{result}"
        inner = ", ".join(map(str, self.parameters))
        return f"{self.name}<{inner}>" if inner else self.name

    @property
    def choices(self) -> tuple[FeelType, ...]:
        """The types it may be of; itself, if there is no choice."""
        return self.parameters if self.name == "either" else (self,)

    @property
    def item(self) -> FeelType:
        """What a list or range of this type holds."""
        return self.parameters[0] if self.parameters else ANY

    def member(self, name: str) -> FeelType | None:
        """Give the type of a context's member; nothing if the context is known to have none."""
        if not self.members:
            return ANY
        return dict(self.members).get(name)


ANY = FeelType("Any")
NULL = FeelType("Null")
NUMBER = FeelType("number")
STRING = FeelType("string")
BOOLEAN = FeelType("boolean")
DATE = FeelType("date")
TIME = FeelType("time")
DATE_TIME = FeelType("date and time")
DAYS = FeelType("days and time duration")
MONTHS = FeelType("years and months duration")
CONTEXT = FeelType("context")
FUNCTION = FeelType("function")


def list_of(item: FeelType) -> FeelType:
    """Give the type of a list of such items."""
    return FeelType("list", (item,))


def range_of(end: FeelType) -> FeelType:
    """Give the type of a range between such ends."""
    return FeelType("range", (end,))


def context_of(members: Iterable[tuple[str, FeelType]]) -> FeelType:
    """Give the type of a context with these members."""
    return FeelType("context", (), tuple(members))


@lru_cache(maxsize=1024)
def type_of(text: str) -> FeelType:
    """Read a type such as ``list<number>``; ``|`` stands between types that will do.

    Raises FeelSyntaxError; a name that FEEL has no type for is Any.
    """
    cursor = Cursor(text, ())
    found = [of_name(parse_type(cursor))]
    while cursor.accept("|"):
        found.append(of_name(parse_type(cursor)))
    cursor.finish()
    return join(found)


def as_type(kind: FeelType | str) -> FeelType:
    """Give a type, read if it is written out; raises FeelSyntaxError for what is none."""
    return type_of(kind) if isinstance(kind, str) else kind


def of_name(name: TypeName) -> FeelType:
    """Give the type that a type of the syntax tree names; Any for one of a model."""
    plain = SPELLINGS.get(name.name, name.name)
    if plain not in KNOWN:
        return ANY
    parameters = tuple(of_name(each) for each in name.parameters)
    return FeelType(plain, parameters, tuple((key, of_name(kind)) for key, kind in name.members))


def unknown_name(name: TypeName) -> str | None:
    """Give the first name in a type that FEEL has no type for."""
    if SPELLINGS.get(name.name, name.name) not in KNOWN:
        return name.name
    inner = (*name.parameters, *(kind for _key, kind in name.members))
    return next((found for each in inner if (found := unknown_name(each))), None)


def join(types: Iterable[FeelType]) -> FeelType:
    """Give the type of a value that is of one of these; null is of each."""
    found: list[FeelType] = []
    for each in types:
        for choice in each.choices:
            if choice == ANY:
                return ANY
            if choice not in found and choice != NULL:
                found.append(choice)
    if not found:
        return NULL
    return found[0] if len(found) == 1 else _merged(found)


def _merged(found: list[FeelType]) -> FeelType:
    """Join lists with lists, so that a choice of many stays short."""
    lists = [each for each in found if each.name == "list"]
    rest = [each for each in found if each.name != "list"]
    if len(lists) > 1:
        rest.append(list_of(join(each.item for each in lists)))
    else:
        rest += lists
    return rest[0] if len(rest) == 1 else FeelType("either", tuple(rest))


def may_be(given: FeelType, wanted: FeelType) -> bool:
    """Tell whether a value of the one type may be of the other; null and Any always may."""
    return any(_may_be(left, right) for left in given.choices for right in wanted.choices)


def _may_be(given: FeelType, wanted: FeelType) -> bool:
    if ANY in {given, wanted} or NULL in {given, wanted}:
        return True
    if given.name != wanted.name:
        return False
    if given.name in {"list", "range"}:
        return may_be(given.item, wanted.item)
    if given.members and wanted.members:
        mine = dict(given.members)
        return all(key in mine and may_be(mine[key], kind) for key, kind in wanted.members)
    return True


def of_value(value: object) -> FeelType:
    """Give the type of a FEEL value, with what a list, range or context holds."""
    if isinstance(value, list):
        return list_of(join(map(of_value, value)) if value else ANY)
    if isinstance(value, dict):
        return context_of((key, of_value(member)) for key, member in value.items())
    if isinstance(value, Range):
        return range_of(join([of_value(value.start), of_value(value.end)]))
    return FeelType(kind_of(value))


_KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    str: "string",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTime: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
}


def kind_of(value: object) -> str:
    """Give the name of the type that a FEEL value is of."""
    if isinstance(value, FeelFunction):
        return "function"
    return _KINDS.get(type(value), "number")
