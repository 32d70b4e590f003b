"""What a server's memory does over ten thousand cases, in a process of its own.

Cases run through the services; every hundredth is worked in a browser. `python -m bench.memory
FOLDER` prints the bytes after each number of cases.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench import diagrams
from bench.http import complete_in_browser
from bench.measure import Figure
from bench.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW, MANY, STEPS = 100, 10_000, 10
BY_BROWSER = 100
BAR = 1.1
WARM = 20


def growth(folder: Path) -> Iterator[tuple[str, Figure]]:
    """Run cases in another process and compare its memory."""
    place = folder / "memory"
    place.mkdir()
    done = subprocess.run(  # noqa: S603 - this module itself
        [sys.executable, "-m", "bench.memory", str(place)],
        check=True,
        capture_output=True,
        text=True,
    )
    after = {int(cases): size for cases, size in json.loads(done.stdout.splitlines()[-1]).items()}
    note = "resident bytes; start and two tasks each, every hundredth case in a browser"
    value = round(after[MANY] / after[FEW], 3)
    yield "memory_10k_vs_100", Figure(value=value, unit="ratio", bar=BAR, note=note)
    half = MANY // 2
    value = round(after[MANY] / after[half], 3)
    yield "memory_10k_vs_5k", Figure(value=value, unit="ratio", note="does it still grow?")
    yield "memory_100_bytes", Figure(value=after[FEW], unit="bytes", note="resident")


def _run(folder: Path) -> dict[int, int]:
    """Return resident bytes by the number of cases that have ended."""
    world, sizes = World(folder), {}
    browser = world.signed_in()
    with world.unsafe():
        for _ in range(WARM):
            complete_in_browser(world, browser)
        for number in range(1, MANY + 1):
            if number % BY_BROWSER == 0:
                complete_in_browser(world, browser)
            else:
                _work(world)
            if number in {FEW, MANY // 2, MANY}:
                sizes[number] = _resident()
    return sizes


def _work(world: World) -> None:
    case_id = world.start(diagrams.TWO_TASKS)
    for _ in range(2):
        world.complete(world.open_item(case_id), diagrams.ANSWERS)


def _resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1]))))
