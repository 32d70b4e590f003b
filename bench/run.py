"""Measures, writes bench/results.json and docs/bench.svg, and prints the table.

`make bench`, or python -m bench.run --check.

Both sides of a ratio are measured in the same run, in turn, as medians. With --check a missed bar
fails; --only NAME… measures some groups and writes nothing, unless --write puts them among the
figures of the last whole run.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import awards, cluster, completion, feel, http, memory, room, scale, size, tables, weight
from bench.chart import write_chart
from bench.measure import Figure, line, read, write
from bench.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RESULTS = Path(__file__).with_name("results.json")
CHART = Path(__file__).parent.parent / "docs" / "bench.svg"
GROUPS = (
    "completion",
    "loop",
    "http",
    "pages",
    "weight",
    "room",
    "size",
    "feel",
    "tables",
    "awards",
    "memory",
    "scale",
    "cluster",
)


def measure(groups: set[str]) -> Iterator[tuple[str, Figure]]:
    """Measure the named groups in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workflow-bench-") as name:
        folder = Path(name)
        world = World(folder)
        measured: dict[str, Callable[[], Iterator[tuple[str, Figure]]]] = {
            "completion": lambda: completion.tasks(world, folder),
            "loop": lambda: completion.loop(world, folder),
            "http": lambda: http.completions(world),
            "pages": lambda: http.task_pages(world),
            "weight": lambda: weight.inbox(world),
            "room": lambda: room.phones(folder),
            "size": lambda: size.finished_cases(world),
            "feel": lambda: feel.feel(folder),
            "tables": tables.tables,
            "awards": awards.evaluation,
            "memory": lambda: memory.growth(folder),
            "scale": lambda: scale.figures(folder),
            "cluster": lambda: cluster.two_against_one(folder),
        }
        for group in GROUPS:
            if group in groups:
                yield from measured[group]()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a bar is missed")
    parser.add_argument("--only", nargs="+", choices=GROUPS, help="measure some groups only")
    parser.add_argument("--write", action="store_true", help="keep what --only measured")
    asked = parser.parse_args()
    figures: dict[str, Figure] = {}
    for name, figure in measure(set(asked.only or GROUPS)):
        figures[name] = figure
        print(line(name, figure), flush=True)
    if asked.write or not asked.only:
        kept = {**read(RESULTS), **figures} if asked.only else figures
        write(RESULTS, kept)
        write_chart(CHART, kept)
    missed = [name for name, figure in figures.items() if figure.missed]
    if missed and asked.check:
        parser.exit(1, f"missed: {', '.join(missed)}\n")


if __name__ == "__main__":
    main()
