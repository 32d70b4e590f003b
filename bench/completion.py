"""Completing one task in the service layer, beside a plain snapshot of the same process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import diagrams
from bench.measure import Figure, Timer, interleaved, processor_ratio, ratio
from bench.snapshot import Snapshots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.world import World

ROUNDS = 60
AGAIN = {"again": "yes"}
ANSWERS = {**diagrams.ANSWERS, "again": "no"}
LONG = (500, 5000)


def tasks(world: World, folder: Path) -> Iterator[tuple[str, Figure]]:
    """Measure completions against the snapshot; count statements and commits of one."""
    mine, other = _both(world, folder, diagrams.FIVE_TASKS, 5)
    note = "five tasks and a gateway, each task's completion; SQLite, synchronous=FULL"
    yield (
        "completion_vs_snapshot",
        Figure(value=ratio(mine, other), unit="ratio", bar=0.8, note=note),
    )
    note = "processor time alone"
    yield (
        "completion_vs_snapshot_cpu",
        Figure(value=processor_ratio(mine, other), unit="ratio", note=note),
    )
    yield "completion_ms", Figure(value=mine.ms, unit="ms", note="service layer, commit included")
    yield "snapshot_ms", Figure(value=other.ms, unit="ms", note="plain JSON snapshot, one commit")
    mine, other = _both(world, folder, diagrams.TWO_TASKS, 1)
    note = "the first of two tasks: about the smallest snapshot there is"
    yield (
        "completion_vs_smallest_snapshot",
        Figure(value=ratio(mine, other), unit="ratio", note=note),
    )
    item = world.open_item(world.start(diagrams.TWO_TASKS))
    with world.counting() as counter:
        world.complete(item, diagrams.ANSWERS)
    yield "completion_sql", Figure(value=len(counter.statements), unit="count", bar=10)
    yield "completion_commits", Figure(value=counter.commits, unit="count", bar=1)


def _both(world: World, folder: Path, key: str, number: int) -> tuple[Timer, Timer]:
    """Time the first so many completions of new cases of one process, both sides."""
    snapshots = Snapshots(folder / f"{key}.db", key)

    def ours(timer: Timer) -> None:
        case_id = world.start(key)
        for _ in range(number):
            item = world.open_item(case_id)
            timer.call(lambda item=item: world.complete(item, ANSWERS))  # type: ignore[misc]

    def theirs(timer: Timer) -> None:
        case_id = snapshots.start()
        for _ in range(number):
            timer.call(lambda: snapshots.complete(case_id, ANSWERS))

    mine, other = interleaved(ROUNDS, ours, theirs)
    return mine, other


def loop(world: World, folder: Path) -> Iterator[tuple[str, Figure]]:
    """Measure a completion after 10 turns of a loop and after many, both sides."""
    snapshots = Snapshots(folder / "loop.db", diagrams.LOOP)
    long_cases = [world.start_after(turns) for turns in LONG]
    long_snapshot = snapshots.start_after(LONG[0], AGAIN)
    sides = [_fresh(world), *(_turning(world, case_id) for case_id in long_cases)]
    sides += [_fresh_snapshot(snapshots), _turning_snapshot(snapshots, long_snapshot)]
    ten, five_hundred, five_thousand, other_ten, other_long = interleaved(ROUNDS, *sides)
    for turns, timer in zip(LONG, (five_hundred, five_thousand), strict=True):
        yield (
            f"completion_{turns}_vs_10",
            Figure(value=ratio(timer, ten), unit="ratio", bar=1.1, note="turns of a loop"),
        )
    yield "completion_10_ms", Figure(value=ten.ms, unit="ms")
    yield "completion_500_ms", Figure(value=five_hundred.ms, unit="ms")
    yield "completion_5000_ms", Figure(value=five_thousand.ms, unit="ms")
    yield "snapshot_10_ms", Figure(value=other_ten.ms, unit="ms")
    yield "snapshot_500_ms", Figure(value=other_long.ms, unit="ms")


def _fresh(world: World) -> Callable[[Timer], None]:
    def side(timer: Timer) -> None:
        item = world.open_item(world.start_after(10))
        timer.call(lambda: world.complete(item, AGAIN))

    return side


def _turning(world: World, case_id: int) -> Callable[[Timer], None]:
    def side(timer: Timer) -> None:
        item = world.open_item(case_id)
        timer.call(lambda: world.complete(item, AGAIN))

    return side


def _fresh_snapshot(snapshots: Snapshots) -> Callable[[Timer], None]:
    def side(timer: Timer) -> None:
        case_id = snapshots.start_after(10, AGAIN)
        timer.call(lambda: snapshots.complete(case_id, AGAIN))

    return side


def _turning_snapshot(snapshots: Snapshots, case_id: int) -> Callable[[Timer], None]:
    return lambda timer: timer.call(lambda: snapshots.complete(case_id, AGAIN))
