"""Counting what many answered: how often each value came, and of numbers mean and spread."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

PLACES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A field that is counted; `choices` are counted also where nobody took them.

    One with `columns` is a list of rows: each row counts by itself, known by the first of `named`
    that it has, else by its place.
    """

    path: tuple[str, ...]
    choices: tuple[str, ...] = ()
    columns: tuple[Counted, ...] = ()
    named: tuple[str, ...] = ()


@dataclass(slots=True)
class _Count:
    """The values of one field that were seen so far."""

    values: Counter[str] = field(default_factory=Counter)
    numbers: list[float] = field(default_factory=list)
    given: int = 0
    odd: bool = False

    def add(self, value: Any) -> None:
        """Count a value; of a list each."""
        if value in (None, "", []):
            return
        self.given += 1
        for one in value if isinstance(value, list) else [value]:
            self.values[_written(one)] += 1
            number = _number(one)
            self.odd = self.odd or number is None
            self.numbers += [] if number is None else [number]

    def told(self, choices: Sequence[str]) -> dict[str, Any]:
        """Return {count, values, mean, spread}; spread is FEEL's `stddev`, null below two."""
        values = {choice: self.values.get(choice, 0) for choice in choices}
        plain = [] if self.odd else self.numbers
        return {
            "count": self.given,
            "values": values | {v: n for v, n in sorted(self.values.items()) if v not in values},
            "mean": round(fmean(plain), PLACES) if plain else None,
            "spread": round(stdev(plain), PLACES) if len(plain) > 1 else None,
        }


def tally(fields: Sequence[Counted], rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return by the last part of each field's path what was counted; each row is looked at once.

    A plain field gives {count, values: {value: n}, mean, spread}; a list of rows gives a list of
    {row, count, <column>: as a plain field}, in the order in which rows were first met.
    """
    plain = {one: _Count() for one in fields if not one.columns}
    lists: dict[Counted, dict[str, dict[Counted, _Count]]] = {o: {} for o in fields if o.columns}
    for row in rows:
        for one, count in plain.items():
            count.add(_at(row, one.path))
        for one, found in lists.items():
            _count_rows(one, _at(row, one.path), found)
    told: dict[str, Any] = {one.path[-1]: count.told(one.choices) for one, count in plain.items()}
    return told | {one.path[-1]: _told_rows(found) for one, found in lists.items()}


def _count_rows(one: Counted, value: Any, found: dict[str, dict[Counted, _Count]]) -> None:
    inner = value if isinstance(value, list) else []
    for place, row in enumerate(inner, 1):
        name = next((str(row[n]) for n in one.named if row.get(n) not in (None, "")), str(place))
        counts = found.setdefault(name, {column: _Count() for column in one.columns})
        for column, count in counts.items():
            count.add(_at(row, column.path))


def _told_rows(found: Mapping[str, Mapping[Counted, _Count]]) -> list[dict[str, Any]]:
    return [
        {"row": name, **{c.path[-1]: count.told(c.choices) for c, count in counts.items()}}
        for name, counts in found.items()
    ]


def _at(row: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        row = row.get(part) if isinstance(row, dict) else None
    return row


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _number(value: Any) -> float | None:
    """Return a number, also one that a form keeps as text; None for anything else."""
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
