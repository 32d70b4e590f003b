"""What values an input column can have: its type, its allowed values, and examples of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from workflow_app.dmn.document import child, text
from workflow_app.dmn.sets import ValueSet, read_set
from workflow_app.dmn.spans import BOOLEAN, NULL
from workflow_app.dmn.types import plain
from workflow_app.feel.checking.typing import SPELLINGS
from workflow_app.feel.display import display
from workflow_app.feel.errors import FeelError
from workflow_app.feel.runtime import DECIMAL, Runtime
from workflow_app.feel.temporal.text import write
from workflow_app.feel.temporal.values import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    TEMPORAL_TYPES,
    DaysTime,
    Time,
    YearsMonths,
    date_of_ordinal,
    date_time_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workflow_app.dmn.spans import Key
    from workflow_app.dmn.tables import Input, Table
    from workflow_app.dmn.types import Types

_KINDS = {
    "number": ("number",),
    "string": ("string",),
    BOOLEAN: (BOOLEAN,),
    "date": ("date",),
    "time": ("local time", "time"),
    "date and time": ("local date and time", "date and time"),
    "days and time duration": ("days and time duration",),
    "years and months duration": ("years and months duration",),
}
#: No value lies there, for certain; or maybe one does, but none comes to mind.
NO_VALUE: Final = object()
UNKNOWN: Final = object()
#: The text that stands for any that no cell names.
SOMETHING_ELSE = "other"
_NEXT = (SOMETHING_ELSE, "a", " ", "!", "z")


@dataclass(frozen=True, slots=True)
class Domain:
    """The values of a column.

    ``kinds`` are those of its type; None for a column of any type, empty for one of lists or
    contexts. ``bounds`` are the allowed values, each with whether null needs to be among them.
    """

    kinds: tuple[str, ...] | None
    bounds: tuple[tuple[ValueSet, bool], ...]

    def limit(self, kind: str) -> list[ValueSet]:
        """Give the sets of allowed values that hold for a kind."""
        return [allowed for allowed, of_null in self.bounds if of_null or kind != NULL]


def domain_of(column: Input, table: Table) -> Domain:
    """Give the domain of an input column."""
    bounds = []
    for allowed in table.types.allowing(column.type_name):
        found = read_set(text(allowed), table.names)
        bounds += [] if found is None else [(found, False)]
    if column.allowed is not None:
        found = read_set(column.allowed.text, table.names)
        bounds += [] if found is None else [(found, True)]
    return Domain(_kinds(table.types, column.type_name), tuple(bounds))


def _kinds(types: Types, name: str | None) -> tuple[str, ...] | None:
    if not name or plain(name) == "Any":
        return None
    if types.is_collection(name):
        return ()
    chain = types.bases(name) or []
    base = plain(text(child(chain[-1][1], "typeRef")) if chain else name)
    return _KINDS.get(SPELLINGS.get(base, base), ())


def is_input(value: object, column: Input, table: Table) -> bool:
    """Tell whether a table would take a value for a column, as it is."""
    runtime = Runtime({})
    try:
        if column.type_name and table.types.coerce(value, column.type_name, runtime) is not value:
            return False
        return column.allowed is None or column.allowed.run(runtime, {}, value) is True
    except FeelError:
        return False


def written(value: object) -> str:
    """Write a value as it stands in a FEEL text."""
    if type(value) in TEMPORAL_TYPES:
        return f'@"{write(value)}"'  # type: ignore[arg-type]
    return display([value], Runtime({}))[1:-1]


def example(kind: str, keys: Sequence[Key], place: int) -> object:
    """Give a value of an elementary class (see dmn.index); NO_VALUE or UNKNOWN if there is none."""
    if kind in {NULL, BOOLEAN}:
        return _of_few(kind, keys, place)
    at, odd = divmod(place, 2)
    if odd:
        return _VALUES[kind](keys[at])
    low = keys[at - 1] if at > 0 else None
    high = keys[at] if at < len(keys) else None
    return _BETWEEN.get(kind, _between_whole)(kind, low, high)


def _of_few(kind: str, keys: Sequence[Key], place: int) -> object:
    if kind == NULL:
        return None if place == 0 else NO_VALUE
    return bool(keys[place // 2]) if place % 2 else NO_VALUE


def _between_numbers(_kind: str, low: Decimal | None, high: Decimal | None) -> object:
    if low is None or high is None:
        step = Decimal(1) if high is None else Decimal(-1)
        known = low if low is not None else high
        return Decimal(0) if known is None else _apart(DECIMAL.add(known, step), known)
    above = DECIMAL.add(low, Decimal(1))
    if low < above < high:
        return above
    middle = DECIMAL.divide(DECIMAL.add(low, high), Decimal(2))
    return middle if low < middle < high else UNKNOWN


def _apart(number: Decimal, known: Decimal) -> object:
    return number if number != known and number.is_finite() else UNKNOWN


def _between_texts(_kind: str, low: str | None, high: str | None) -> object:
    for words in (SOMETHING_ELSE, *((low or "") + ending for ending in _NEXT), ""):
        if (low is None or low < words) and (high is None or words < high):
            return words
    return UNKNOWN


def _between_whole(kind: str, low: int | None, high: int | None) -> object:
    """Give a value between two keys, a round one if there is room."""
    if low is None and high is None:
        return _VALUES[kind](0)
    found: object = NO_VALUE
    for step in _STEPS.get(kind, (1,)):
        key = low + step if low is not None else (high or 0) - step
        found = _VALUES[kind](key) if high is None or key < high else NO_VALUE
        if found is not NO_VALUE and found is not UNKNOWN:
            break
    return found


def _or_unknown(value: object) -> object:
    return UNKNOWN if value is None else value


def _time(key: int) -> object:
    """Give a time that is so many nanoseconds after midnight in Greenwich."""
    for hours in (0, 14, -14):
        nanos = key + hours * 3600 * SECOND
        if 0 <= nanos < DAY:
            return Time(nanos, hours * 3600)
    return UNKNOWN


_VALUES: dict[str, Callable[[Any], object]] = {
    "number": lambda key: key,
    "string": lambda key: key,
    "date": lambda key: _or_unknown(date_of_ordinal(key)),
    "local date and time": lambda key: _or_unknown(date_time_at(key, None)),
    "date and time": lambda key: _or_unknown(date_time_at(key, 0)),
    "local time": lambda key: Time(key, None) if 0 <= key < DAY else NO_VALUE,
    "time": _time,
    "days and time duration": DaysTime,
    "years and months duration": YearsMonths,
}
_ROUND = (DAY, HOUR, MINUTE, SECOND, 1)
# Neighbouring values lie a nanosecond apart, but nobody would write that.
_STEPS = dict.fromkeys(
    ["local date and time", "date and time", "local time", "time", "days and time duration"], _ROUND
)
_BETWEEN: dict[str, Callable[[str, Any, Any], object]] = {
    "number": _between_numbers,
    "string": _between_texts,
}
#: Every scalar kind.
ALL_KINDS = (*_VALUES, BOOLEAN, NULL)
