"""A gateway's condition: FEEL against the Python that SpiffWorkflow would eval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

from bench.measure import Figure, Timer, interleaved, ratio
from workflow_app.feel import compile_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = 500
ROUNDS = 20
FEEL = '= amount > 1000 and status = "open"'
PYTHON = 'amount > 1000 and status == "open"'
DATA = {"amount": 1250, "status": "open", "note": "The rooms were seen."}


def conditions() -> Iterator[tuple[str, Figure]]:
    """Evaluate both spellings some hundred times in turn."""
    environment = TaskDataEnvironment()

    def ours() -> None:
        for _ in range(CALLS):
            compile_expression(FEEL).evaluate(DATA)

    def theirs() -> None:
        for _ in range(CALLS):
            environment.evaluate(PYTHON, DATA)

    def time_ours(timer: Timer) -> None:
        timer.call(ours)

    def time_theirs(timer: Timer) -> None:
        timer.call(theirs)

    mine, other = interleaved(ROUNDS, time_ours, time_theirs)
    yield "condition_vs_eval", Figure(value=ratio(mine, other), unit="ratio", note=FEEL)
    yield "condition_us", Figure(value=round(mine.median / CALLS * 1e6, 2), unit="us")
