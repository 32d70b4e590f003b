"""The child process that runs a draft on a virtual clock; never imported by a server's request.

Input: a folder with `order.json`: the files of the draft and of what is published, the history of
finished cases, and what was asked. Output: `progress.json` while it runs, then `result.json`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from workflow_app.engine import Program, Source, load_program
from workflow_app.services.designing.children import leave, limit_child
from workflow_app.services.designing.proofs import DONE, ORDER, PROGRESS, RESULT
from workflow_app.services.designing.simulated_runs import Asked, Order, Simulation
from workflow_app.services.designing.simulated_traces import Item, Told

CPU_SECONDS = 240
MEMORY = 2 * 1024**3


def simulate(folder: Path) -> dict[str, Any]:
    """Run what a folder asks for and return what was found."""
    began = time.perf_counter()
    order = read_order(json.loads((folder / ORDER).read_text("utf-8")))

    def say(done: int, every: int) -> None:
        leave(folder, PROGRESS, {"done": done, "all": every})

    found = Simulation(order).run(say)
    return {"state": DONE, "took": round(time.perf_counter() - began, 1), **found}


def read_order(told: dict[str, Any]) -> Order:
    """Return an order as it was written into a file."""
    return Order(
        draft=_program(told["draft"]),
        today=_program(told["today"]) if told["today"] else None,
        told=[_case(one) for one in told["told"]],
        roles=told["roles"],
        place=told["place"],
        now=told["now"],
        asked=Asked(**told["asked"]),
    )


def _program(told: dict[str, Any]) -> Program:
    return load_program(Source(key=told["key"], files=told["files"]), checked=True)


def _case(told: dict[str, Any]) -> Told:
    rows = [tuple(row) for row in told["rows"]]
    items = {task: Item(**one) for task, one in told["items"].items()}
    return Told(begins=told["begins"], ends=told["ends"], rows=rows, items=items)


def main(folder: Path) -> int:
    """Run what a folder asks for, within the limits; the result is left in the folder."""
    limit_child(CPU_SECONDS, MEMORY)
    leave(folder, RESULT, simulate(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
