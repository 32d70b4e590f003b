"""Infers what a path gives: members of contexts, properties of values (DMN 1.5 table 54)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.feel.checking.typing import (
    ANY,
    BOOLEAN,
    DAYS,
    NUMBER,
    STRING,
    FeelType,
    join,
    list_of,
)
from workflow_app.feel.explaining import warnings as words
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.feel.reading.similar import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.feel.checking.findings import Names, Notes
    from workflow_app.feel.nodes import Path

_DAY = dict.fromkeys(["year", "month", "day", "weekday"], NUMBER)
_CLOCK = dict.fromkeys(["hour", "minute", "second"], NUMBER)
_CLOCK |= {"time offset": DAYS, "timezone": STRING}
PROPERTIES: Mapping[str, Mapping[str, FeelType]] = {
    "date": _DAY,
    "time": _CLOCK,
    "date and time": _DAY | _CLOCK,
    "days and time duration": dict.fromkeys(["days", "hours", "minutes", "seconds"], NUMBER),
    "years and months duration": dict.fromkeys(["years", "months"], NUMBER),
}
_RANGE = {"start included": BOOLEAN, "end included": BOOLEAN}


def path(node: Path, names: Names, notes: Notes) -> FeelType:
    """Give the type of a member, noting one that there cannot be."""
    base = notes.infer(node.base, names)
    found = [step(choice, node.name) for choice in base.choices]
    known = [each for each in found if each is not None]
    if known:
        return join(known) if len(known) == len(found) else ANY
    hint = closest(node.name, _names(base))
    details: dict[str, object] = {"base": notes.piece(node.base), "name": node.name}
    if hint is not None:
        return notes.error(Cause.NO_MEMBER, words.NO_MEMBER_HINT, node, **details, hint=hint)
    if any(choice.name == "context" for choice in base.choices):
        return notes.error(Cause.NO_MEMBER, words.NO_MEMBER, node, **details)
    kind = str(base)
    return notes.error(Cause.NO_MEMBER, words.NO_PROPERTY, node, type=kind, name=node.name)


def step(kind: FeelType, name: str) -> FeelType | None:
    """Give the type of a member of a value of one type; nothing if it has none."""
    if kind.name in {"Any", "Null"}:
        return kind
    if kind.name == "context":
        return kind.member(name)
    if kind.name == "list":
        found = [step(choice, name) for choice in kind.item.choices]
        known = [each for each in found if each is not None]
        return list_of(join(known)) if known else None
    if kind.name == "range":
        return kind.item if name in {"start", "end"} else _RANGE.get(name)
    return PROPERTIES.get(kind.name, {}).get(name)


def _names(base: FeelType) -> Iterable[str]:
    for choice in base.choices:
        inner = choice.item if choice.name == "list" else choice
        yield from (key for each in inner.choices for key, _kind in each.members)
        yield from PROPERTIES.get(inner.name, {})
