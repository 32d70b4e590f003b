"""Database bytes of a finished case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import diagrams
from bench.measure import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.world import World

CASES = 200
HALF = {"note": "n" * 240}


def finished_cases(world: World) -> Iterator[tuple[str, Figure]]:
    """Finish two hundred two-task cases, 500 bytes of answers each, and divide what they take."""
    with world.unsafe():
        before = world.database_bytes()
        for _ in range(CASES):
            case_id = world.start(diagrams.TWO_TASKS)
            for _task in range(2):
                world.complete(world.open_item(case_id), HALF)
        grown = world.database_bytes() - before
    note = "two tasks, 500 bytes of answers, history and inbox rows included"
    yield "bytes_per_case", Figure(value=round(grown / CASES), unit="bytes", bar=3000, note=note)
