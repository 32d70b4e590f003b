"""Searches the classes of all columns for combinations that no row takes, within a budget."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from math import prod
from typing import TYPE_CHECKING

from workflow_app.dmn.domains import SOMETHING_ELSE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: How many combinations of classes one search looks at.
BUDGET = 40_000


@dataclass(frozen=True, slots=True)
class Group:
    """Classes of a column that the same rows take: those rows, an example, their share of all."""

    rows: int
    example: object
    share: float


#: A gap: the group chosen in each column that matters.
Gap = dict[int, Group]


def grouped(classes: Iterable[tuple[int, object]]) -> list[Group]:
    """Put classes together that the same rows take, the largest group first."""
    found: dict[int, list[object]] = {}
    for rows, example in classes:
        found.setdefault(rows, []).append(example)
    total = sum(map(len, found.values()))
    groups = [Group(rows, _plainest(each), len(each) / total) for rows, each in found.items()]
    return sorted(groups, key=lambda group: -group.share)


def _plainest(examples: Sequence[object]) -> object:
    return SOMETHING_ELSE if SOMETHING_ELSE in examples else examples[0]


def size_of(gap: Gap) -> float:
    """Give the share of all combinations that lies in a gap."""
    return prod(group.share for group in gap.values())


class Search:
    """Looks for the gaps of a table; ``cut`` tells whether it was given up."""

    def __init__(self, columns: Sequence[Sequence[Group]], rows: int) -> None:
        self._rows = rows
        # A column that parts the rows well leaves little to try in the others.
        self._order = sorted(range(len(columns)), key=lambda place: _left(columns[place]))
        self._columns = [columns[place] for place in self._order]
        self._covering = self._covering_rows()
        self._found: list[dict[int, Group]] = []
        self.cut = False

    def _covering_rows(self) -> list[int]:
        """Give, for each number of columns done, the rows that take all values of the others."""
        covering, rows = [self._rows], self._rows
        for groups in reversed(self._columns):
            for group in groups:
                rows &= group.rows
            covering.append(rows)
        return covering[::-1]

    def gaps(self) -> Iterator[Gap]:
        """Give gaps, the larger rather earlier; none is part of another."""
        heap: list[tuple[float, int, int, tuple[Group, ...]]] = [(-1.0, 0, self._rows, ())]
        seen: set[tuple[int, int]] = set()
        count = 0
        while heap:
            size, _count, rows, chosen = heappop(heap)
            if not rows:
                gap = self._essence(chosen)
                if not self._is_known(dict(enumerate(chosen))):
                    self._found.append(gap)
                    yield {self._order[place]: group for place, group in gap.items()}
                continue
            if (len(chosen), rows) in seen or rows & self._covering[len(chosen)]:
                continue
            seen.add((len(chosen), rows))
            for group in self._columns[len(chosen)]:
                count += 1
                if count > BUDGET:
                    self.cut = True
                    return
                heappush(heap, (size * group.share, count, rows & group.rows, (*chosen, group)))

    def _essence(self, chosen: tuple[Group, ...]) -> dict[int, Group]:
        """Leave out the columns that a gap does not depend on."""
        kept = dict(enumerate(chosen))
        for place in range(len(chosen)):
            rows = self._rows
            for other, group in kept.items():
                rows &= self._rows if other == place else group.rows
            if not rows:
                del kept[place]
        return kept

    def _is_known(self, chosen: dict[int, Group]) -> bool:
        return any(
            all(chosen.get(place) is group for place, group in gap.items()) for gap in self._found
        )


def _left(groups: Sequence[Group]) -> float:
    """Tell how many rows are left, on average, when a value of the column is known."""
    return sum(group.rows.bit_count() for group in groups) / max(1, len(groups))


def is_covered(columns: Sequence[Sequence[int]], rows: int, budget: int) -> bool | None:
    """Tell whether every combination of classes is taken by one of some rows.

    ``columns`` are the masks of the classes of each column. None when the budget did not do.
    """
    groups = [sorted({mask & rows for mask in column}, key=int.bit_count) for column in columns]
    groups.sort(key=len)
    seen: set[tuple[int, int]] = set()
    stack = [(0, rows)]
    while stack:
        depth, left = stack.pop()
        if not left:
            return False
        if depth == len(groups) or (depth, left) in seen:
            continue
        seen.add((depth, left))
        budget -= len(groups[depth])
        if budget < 0:
            return None
        # The last is looked at first: the one that leaves the fewest rows.
        stack.extend((depth + 1, left & mask) for mask in reversed(groups[depth]))
    return True
