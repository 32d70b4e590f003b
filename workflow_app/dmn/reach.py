"""Rows that no input reaches: cells that take nothing, and rows that earlier ones cover."""

from __future__ import annotations

from dataclasses import dataclass
from operator import and_
from typing import TYPE_CHECKING

from workflow_app.dmn.gaps import is_covered
from workflow_app.dmn.index import bits
from workflow_app.dmn.runs import Tree, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflow_app.dmn.columns import Column
    from workflow_app.dmn.runs import Runs
    from workflow_app.dmn.tables import Table

# Combinations looked at for one row, and for all of them.
_ROW_BUDGET = 5_000
_BUDGET = 150_000


@dataclass(frozen=True, slots=True)
class Unreached:
    """A row, counted from nought, that nothing reaches, and why.

    ``column`` is that of a cell that takes nothing, ``by`` the row above that takes all of it; with
    neither, several rows above do. A row that is None says that the search was given up.
    """

    row: int | None
    column: int | None = None
    by: int | None = None


def unreached(table: Table, columns: Sequence[Column]) -> Iterator[Unreached]:
    """Find the rows that can never match, and in FIRST those that never come to their turn."""
    if any(not column.classes for column in columns):
        # Where a column allows nothing at all, it is not the rows that are at fault.
        return
    stands = [_Stand(column, len(table.rules)) for column in columns]
    budget, cut = _BUDGET, False
    for row in range(len(table.rules)):
        empty = next((place for place, each in enumerate(stands) if not each.runs(row)), None)
        if empty is not None:
            yield Unreached(row, column=empty)
        elif table.hit_policy == "FIRST" and row:
            found, spent = _masked(row, stands, min(budget, _ROW_BUDGET))
            budget -= spent
            cut = cut or (found is not None and found.row is None)
            if found is not None and found.row is not None:
                yield found
    if cut:
        yield Unreached(None)


def _masked(row: int, stands: Sequence[_Stand], budget: int) -> tuple[Unreached | None, int]:
    """Tell by what a row is masked, nothing if it is not; and what finding that out took."""
    above = (1 << row) - 1
    covering = above
    for stand in stands:
        covering &= stand.covering(row)
    if covering:
        return Unreached(row, by=next(bits(covering))), 0
    if _escapes(row, above, stands):
        return None, 0
    size = sum(end - start for stand in stands for start, end in stand.runs(row))
    covered = None
    if size <= budget:
        covered = is_covered([stand.masks(row) for stand in stands], above, budget)
    if covered is None:
        return Unreached(None), budget
    return (Unreached(row) if covered else None), size


def _escapes(row: int, above: int, stands: Sequence[_Stand]) -> bool:
    """Tell whether a value of the row that escapes all rows above is found without a search."""
    for stand in stands:
        if not above:
            return True
        above = min((above & mask for mask in stand.samples(row)), key=int.bit_count)
    return not above


class _Stand:
    """One column: which of its classes each row may take, and which rows surely take those."""

    def __init__(self, column: Column, count: int) -> None:
        everyone = (1 << count) - 1
        self._cells = column.cells
        self._does = [each.does for each in column.classes]
        self._tree = Tree(self._does, and_, everyone)
        first: dict[str, int] = {}
        for row, words in column.cells.items():
            first.setdefault(words, row)
        may = [each.may for each in column.classes]
        runs = runs_of(may, sum(1 << row for row in first.values()))
        self._runs = {words: runs[row] for words, row in first.items()}
        self._whole: Runs = [(0, len(may))]
        self._covering: dict[str | None, int] = {}

    def runs(self, row: int) -> Runs:
        """Give the classes that a row may take."""
        words = self._cells.get(row)
        return self._whole if words is None else self._runs[words]

    def covering(self, row: int) -> int:
        """Give the rows that surely take every value that a row may take."""
        words = self._cells.get(row)
        if words not in self._covering:
            self._covering[words] = self._tree.joined(self.runs(row))
        return self._covering[words]

    def masks(self, row: int) -> list[int]:
        """Give for each class that a row may take the rows that surely take it."""
        return [mask for start, end in self.runs(row) for mask in self._does[start:end]]

    def samples(self, row: int) -> list[int]:
        """Give the same of some classes only."""
        return [
            self._does[place]
            for start, end in self.runs(row)[:4]
            for place in range(start, end, max(1, (end - start) // 8))
        ]
