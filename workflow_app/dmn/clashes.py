"""Pairs of rows that match the same values where the hit policy forbids it."""

from __future__ import annotations

from dataclasses import dataclass
from operator import or_
from typing import TYPE_CHECKING

from workflow_app.dmn.givings import constant_output
from workflow_app.dmn.index import bits
from workflow_app.dmn.runs import Tree, runs_of
from workflow_app.dmn.sets import OPAQUE
from workflow_app.dmn.spans import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflow_app.dmn.columns import Column
    from workflow_app.dmn.spans import Key
    from workflow_app.dmn.tables import Table

    #: The kind and key of each output of a row.
    Given = tuple[tuple[str, Key], ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rows, counted from nought, a value for each column that matters, and the outputs.

    ``disagree`` tells whether what the rows give is known to differ.
    """

    rows: tuple[int, int]
    values: Mapping[int, object]
    disagree: bool


def clashes(table: Table, columns: Sequence[Column]) -> Iterator[Clash]:
    """Find pairs that are certain: those that overlap in UNIQUE, and those that differ in ANY."""
    if table.hit_policy not in {"UNIQUE", "ANY"}:
        return
    meets = [_Meeting(column) for column in columns]
    gives = _Gives(table)
    for row in range(len(table.rules)):
        others = -(1 << (row + 1)) & ((1 << len(table.rules)) - 1)
        for meeting in meets:
            others &= meeting.partners(row)
        differing = gives.differing(row)
        if table.hit_policy == "ANY":
            others &= differing
        for other in bits(others):
            values = {
                place: value
                for place, meeting in enumerate(meets)
                for value in meeting.shared(row, other)
            }
            yield Clash((row, other), values, disagree=bool(differing >> other & 1))


class _Meeting:
    """Which rows surely take a value of one column together."""

    def __init__(self, column: Column) -> None:
        self._column = column
        masks = [each.does for each in column.usual]
        self._tree = Tree(masks, or_, 0)
        first: dict[str, int] = {}
        for row, words in column.cells.items():
            first.setdefault(words, row)
        runs = runs_of(masks, sum(1 << row for row in first.values()))
        self._known = {words: self._tree.joined(runs[row]) for words, row in first.items()}
        self._all = self._tree.joined([(0, len(masks))])

    def partners(self, row: int) -> int:
        """Give the rows that surely share a value of this column with a row."""
        words = self._column.cells.get(row)
        if not self._column.usual:
            # Where nothing is known of the values, only dashes take the same for certain.
            return self._column.dashes if words is None else 0
        return self._all if words is None else self._known[words]

    def shared(self, row: int, other: int) -> Iterator[object]:
        """Give a value that both rows take; none where both take everything."""
        both = 1 << row | 1 << other
        if both & ~self._column.dashes:
            yield next(each.example for each in self._column.usual if each.does & both == both)


class _Gives:
    """What the rows give, as far as it is constant."""

    def __init__(self, table: Table) -> None:
        self._given = [_constant_outputs(table, row) for row in range(len(table.rules))]
        self._same: dict[Given, int] = {}
        self._known = 0
        for row, given in enumerate(self._given):
            if given is not None:
                self._known |= 1 << row
                self._same[given] = self._same.get(given, 0) | 1 << row

    def differing(self, row: int) -> int:
        """Give the rows that surely give something else than a row."""
        given = self._given[row]
        return 0 if given is None else self._known & ~self._same[given]


def _constant_outputs(table: Table, row: int) -> Given | None:
    """Give the outputs of a row by their places; nothing unless all are constant scalars."""
    made = []
    for column in range(len(table.outputs)):
        _said, value = constant_output(table, row, column)
        place = None if value is OPAQUE else place_of(value)
        if place is None:
            return None
        made.append(place)
    return tuple(made)
