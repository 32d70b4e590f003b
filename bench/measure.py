"""Timing both sides of a ratio in turn, and the table of what came out."""

from __future__ import annotations

import gc
import json
import sqlite3
import time
from contextlib import closing
from dataclasses import asdict, dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value; `bar` is what it must not pass, None where it is only watched."""

    value: float
    unit: str
    bar: float | None = None
    better: str = "lower"
    note: str = ""

    @property
    def missed(self) -> bool:
        """Tell whether the value is on the wrong side of its bar."""
        if self.bar is None:
            return False
        return self.value > self.bar if self.better == "lower" else self.value < self.bar


class Timer:
    """Seconds of every call of one side, as the clock and as the processor saw it."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.processor: list[float] = []

    def call(self, work: Callable[[], object]) -> None:
        """Time one call."""
        before, busy = time.perf_counter(), time.thread_time()
        work()
        self.seconds.append(time.perf_counter() - before)
        self.processor.append(time.thread_time() - busy)

    @property
    def median(self) -> float:
        """Return the median in seconds."""
        return median(self.seconds)

    @property
    def ms(self) -> float:
        """Return the median in milliseconds."""
        return round(self.median * 1000, 3)


def interleaved(rounds: int, *sides: Callable[[Timer], None]) -> list[Timer]:
    """Let every side take its turn, so that noise hits all of them; the first turn only warms."""
    timers = [Timer() for _ in sides]
    gc.collect()
    for number in range(rounds + 1):
        for side, timer in zip(sides, timers, strict=True):
            side(timer)
            if number == 0:
                timer.seconds.clear()
                timer.processor.clear()
    return timers


def settle(path: Path) -> None:
    """Bring a new SQLite file to where one is that has been in use: its log has reached full size.

    A log that still grows makes every commit wait for the file system's own journal too. Somebody
    else has to have the file open, or the log goes when this is done.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE scratch (filling BLOB)")
        connection.execute("INSERT INTO scratch VALUES (zeroblob(8000000))")
        connection.execute("DROP TABLE scratch")
        connection.execute("PRAGMA wal_checkpoint(RESTART)")


def ratio(timer: Timer, other: Timer) -> float:
    """Return how long the first takes in units of the other: the medians' quotient."""
    return round(timer.median / other.median, 3)


def processor_ratio(timer: Timer, other: Timer) -> float:
    """Return the same of processor time, which other programs on the machine hardly move."""
    return round(median(timer.processor) / median(other.processor), 3)


def write(path: Path, figures: Mapping[str, Figure]) -> None:
    """Write the figures as JSON, one object a figure."""
    rows = {name: asdict(figure) for name, figure in figures.items()}
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> dict[str, Figure]:
    """Return the figures that were written before."""
    rows = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: Figure(**row) for name, row in rows.items()}


def line(name: str, figure: Figure) -> str:
    """Return a figure as a line of a table for a terminal."""
    sign = "≤" if figure.better == "lower" else "≥"
    bar = "" if figure.bar is None else f"{sign} {figure.bar:g}"
    mark = "MISSED" if figure.missed else ""
    value = f"{figure.value:,.3f}".rstrip("0").rstrip(".")
    return f"{name:<34}{value:>12} {figure.unit:<8}{bar:<9}{mark:<8}{figure.note}"
