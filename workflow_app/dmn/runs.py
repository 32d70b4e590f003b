"""Where along the classes of a column each row stands, and questions about a stretch of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.index import bits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Stretches of neighbouring classes, each from the first to the one behind the last.
Runs = list[tuple[int, int]]


def runs_of(masks: Sequence[int], rows: int) -> dict[int, Runs]:
    """Give for each of some rows the stretches of masks that have it."""
    found: dict[int, Runs] = {row: [] for row in bits(rows)}
    open_since: dict[int, int] = {}
    before = 0
    for place, each in enumerate((*masks, 0)):
        mask = each & rows
        for row in bits(before & ~mask):
            found[row].append((open_since.pop(row), place))
        for row in bits(mask & ~before):
            open_since[row] = place
        before = mask
    return found


class Tree:
    """Joins the masks of any stretch in a few steps, by ``or`` or by ``and``."""

    def __init__(self, masks: Sequence[int], join: Callable[[int, int], int], nothing: int) -> None:
        self._join = join
        self._nothing = nothing
        self._size = len(masks)
        self._nodes = [nothing] * self._size + list(masks)
        for node in range(self._size - 1, 0, -1):
            self._nodes[node] = join(self._nodes[2 * node], self._nodes[2 * node + 1])

    def joined(self, runs: Runs) -> int:
        """Give the masks of some stretches joined."""
        made = self._nothing
        for start, end in runs:
            made = self._join(made, self._stretch(start + self._size, end + self._size))
        return made

    def _stretch(self, start: int, end: int) -> int:
        made = self._nothing
        while start < end:
            if start & 1:
                made = self._join(made, self._nodes[start])
                start += 1
            if end & 1:
                end -= 1
                made = self._join(made, self._nodes[end])
            start, end = start // 2, end // 2
        return made
