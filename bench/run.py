"""Measures, writes bench/results.json and prints the table.

`make bench`, or python -m bench.run --check.

Both sides of a ratio are measured in the same run, in turn, as medians. With --check a missed bar
fails; --only NAME… measures some groups and writes nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench import cluster, completion, conditions, http, scale, size, weight
from bench.measure import Figure, table, write
from bench.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).with_name("results.json")
GROUPS = ("completion", "loop", "http", "weight", "size", "conditions", "scale", "cluster")


def measure(groups: set[str]) -> Iterator[tuple[str, Figure]]:
    """Measure the named groups in a folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="workflow-bench-") as name:
        folder = Path(name)
        world = World(folder)
        measured = {
            "completion": lambda: completion.tasks(world, folder),
            "loop": lambda: completion.loop(world, folder),
            "http": lambda: http.completions(world),
            "weight": lambda: weight.inbox(world),
            "size": lambda: size.finished_cases(world),
            "conditions": conditions.conditions,
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
    asked = parser.parse_args()
    figures = dict(measure(set(asked.only or GROUPS)))
    if not asked.only:
        write(RESULTS, figures)
    print(table(figures))
    missed = [name for name, figure in figures.items() if figure.missed]
    if missed and asked.check:
        parser.exit(1, f"missed: {', '.join(missed)}\n")


if __name__ == "__main__":
    main()
