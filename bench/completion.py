"""Completing one task in the service layer, beside a plain snapshot of the same process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import diagrams
from bench.measure import Figure, Timer, interleaved, ratio
from bench.snapshot import Snapshots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.world import World

ROUNDS = 60
AGAIN = {"again": "yes"}
LONG = (500, 5000)


def two_tasks(world: World, folder: Path) -> Iterator[tuple[str, Figure]]:
    """Measure the first of two tasks against the snapshot; count statements and commits."""
    snapshots = Snapshots(folder / "two.db", diagrams.TWO_TASKS)

    def ours(timer: Timer) -> None:
        item = world.open_item(world.start(diagrams.TWO_TASKS))
        timer.call(lambda: world.complete(item, diagrams.ANSWERS))

    def theirs(timer: Timer) -> None:
        case_id = snapshots.start()
        timer.call(lambda: snapshots.complete(case_id, diagrams.ANSWERS))

    mine, other = interleaved(ROUNDS, ours, theirs)
    yield (
        "completion_vs_snapshot",
        Figure(value=ratio(mine, other), unit="ratio", bar=1.0, note="SQLite, synchronous=FULL"),
    )
    yield "completion_ms", Figure(value=mine.ms, unit="ms", note="service layer, commit included")
    yield "snapshot_ms", Figure(value=other.ms, unit="ms", note="plain JSON snapshot, one commit")
    item = world.open_item(world.start(diagrams.TWO_TASKS))
    with world.counting() as counter:
        world.complete(item, diagrams.ANSWERS)
    yield "completion_sql", Figure(value=len(counter.statements), unit="count", bar=10)
    yield "completion_commits", Figure(value=counter.commits, unit="count", bar=1)


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
            Figure(value=ratio(timer, ten), unit="ratio", bar=1.2, note="turns of a loop"),
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
