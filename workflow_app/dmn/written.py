"""Temporal values that case data, being JSON, writes out as texts (DMN 1.5 §10.3.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.document import child, children, name_of, text
from workflow_app.feel.temporal.text import read_temporal

if TYPE_CHECKING:
    from workflow_app.dmn.document import Element
    from workflow_app.dmn.types import Types

_TEMPORAL = frozenset(
    [
        *["date", "time", "date and time", "days and time duration", "years and months duration"],
        *["dateTime", "dayTimeDuration", "yearMonthDuration"],
    ]
)


def read_written(types: Types, value: object, name: str) -> object:
    """Read the texts within a value that its type says are dates, times or durations.

    A text that is none stays as it is. The types must not run in circles.
    """
    found = types.find(name)
    if found is not None:
        return _by_definition(*found, value)
    if isinstance(value, str) and name.strip().removeprefix("feel:") in _TEMPORAL:
        read = read_temporal(value)
        return value if read is None else read
    return value


def _by_definition(types: Types, element: Element, value: object) -> object:
    if isinstance(value, list):
        return [_by_definition(types, element, item) for item in value]
    members = {name_of(each): each for each in children(element, "itemComponent")}
    if members and isinstance(value, dict):
        return {
            name: _by_definition(types, members[name], member) if name in members else member
            for name, member in value.items()
        }
    base = text(child(element, "typeRef"))
    return read_written(types, value, base) if base else value
