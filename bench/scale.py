"""Lists and sweeps over many cases against few, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from bench import diagrams
from bench.filling import FIRST, ROLES, add_territories, add_waiting, fill_inbox, filling
from bench.measure import Figure, Timer, interleaved, processor_ratio, ratio
from bench.world import World
from tests.support.postgres import binaries, postgres_server, why_missing
from workflow_app.domain.actors import SYSTEM, Grant
from workflow_app.models.base import table_of
from workflow_app.models.session import StepSession
from workflow_app.models.work import DueTimer
from workflow_app.queries.inbox import Tab, inbox_counts, inbox_page
from workflow_app.queries.pages import read_cursor
from workflow_app.services.background import do_due_work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workflow_app.domain.actors import Actor
    from workflow_app.services.context import Context

MANY_ITEMS, FEW_ITEMS = 1_000_000, 1_000
MANY_WAITING, FEW_WAITING, DUE = 100_000, 100, 10
PAGES, SWEEPS = 60, 20
BAR = 1.3
#: A role everywhere, one in a region, one in a community.
GRANTS = (Grant(ROLES[0], "AM"), Grant(ROLES[1], "AM/AM3"), Grant(ROLES[2], "AM/AM5/AM57"))

Worlds = tuple[World, World]


def figures(folder: Path) -> Iterator[tuple[str, Figure]]:
    """Measure lists and sweeps on both databases."""
    yield from _figures("", (_sqlite(folder / "few"), _sqlite(folder / "many")))
    programs = binaries()
    if programs is None or (reason := why_missing()):
        print(f"nothing is measured on PostgreSQL: {reason}", file=sys.stderr)
        return
    with postgres_server(programs) as server:
        few, many = (folder / f"postgresql_{name}" for name in ("few", "many"))
        for place in (few, many):
            place.mkdir()
        worlds = World(few, server.create("few")), World(many, server.create("many"))
        yield from _figures("_postgresql", worlds)


def _sqlite(folder: Path) -> World:
    folder.mkdir()
    return World(folder)


def _figures(suffix: str, worlds: Worlds) -> Iterator[tuple[str, Figure]]:
    with _closing(worlds):
        yield from _lists(suffix, worlds)
        yield from _sweeps(suffix, worlds)


@contextmanager
def _closing(worlds: Worlds) -> Iterator[None]:
    try:
        yield
    finally:
        for world in worlds:
            world.engine.dispose()


def _lists(suffix: str, worlds: Worlds) -> Iterator[tuple[str, Figure]]:
    """Read the lists of one person with three roles in three kinds of place."""
    few, many = worlds
    for world, number in ((few, FEW_ITEMS), (many, MANY_ITEMS)):
        case_id = world.start(diagrams.TWO_TASKS)
        with filling(world) as connection:
            add_territories(connection)
            fill_inbox(connection, case_id, number, world.actor.username)
        _settle(world)
    over_few, over_many = interleaved(PAGES, _reading(few), _reading(many))
    note = "two pages of the groups' list, one of my own and of what is done, and the counts"
    yield (
        f"inbox_1m_vs_1k{suffix}",
        Figure(value=ratio(over_many, over_few), unit="ratio", bar=BAR, note=note),
    )
    yield f"inbox_1m_ms{suffix}", Figure(value=over_many.ms, unit="ms", note="queries alone")
    yield f"inbox_1k_ms{suffix}", Figure(value=over_few.ms, unit="ms", note="queries alone")


def _reading(world: World) -> Callable[[Timer], None]:
    actor = replace(world.actor, grants=GRANTS)

    def side(timer: Timer) -> None:
        timer.call(lambda: _read(world, actor))

    return side


def _read(world: World, actor: Actor) -> None:
    with Session(world.engine) as session:
        first = inbox_page(session, actor, Tab.GROUPS, None)
        second = inbox_page(session, actor, Tab.GROUPS, read_cursor(first.next))
        others = [inbox_page(session, actor, tab, None) for tab in (Tab.MINE, Tab.DONE)]
        inbox_counts(session, actor)
    if not all(len(page.rows) == 25 for page in (first, second, *others)):
        message = "a list that was measured is not full"
        raise RuntimeError(message)


def _sweeps(suffix: str, worlds: Worlds) -> Iterator[tuple[str, Figure]]:
    """Sweep ten due timers again and again, among few that wait and among many."""
    few, many = worlds
    sides = []
    for world, waiting in ((few, FEW_WAITING), (many, MANY_WAITING)):
        case_id = world.start(diagrams.TIMER)
        now = world.now() + timedelta(hours=2)
        with filling(world) as connection:
            # The one that is copied waits for good, or it would be gone after the first sweep.
            connection.execute(update(table_of(DueTimer)).values(due_at=now + timedelta(days=9)))
            add_waiting(connection, case_id, waiting, now + timedelta(days=9), after=FIRST)
        _settle(world)
        sides.append(_sweeping(world, case_id))
    over_few, over_many = interleaved(SWEEPS, *sides)
    note = "ten timers fired, each a step and a commit"
    yield (
        f"sweep_100k_vs_100{suffix}",
        Figure(value=ratio(over_many, over_few), unit="ratio", bar=BAR, note=note),
    )
    yield (
        f"sweep_100k_vs_100_cpu{suffix}",
        Figure(value=processor_ratio(over_many, over_few), unit="ratio", note="our process alone"),
    )
    yield f"sweep_100k_ms{suffix}", Figure(value=over_many.ms, unit="ms", note="ten due")


def _sweeping(world: World, case_id: int) -> Callable[[Timer], None]:
    now = world.now() + timedelta(hours=2)
    rounds = count(2 * FIRST, DUE)

    def contexts() -> Context:
        return replace(world.context(), session=StepSession(world.engine), actor=SYSTEM, now=now)

    def side(timer: Timer) -> None:
        with world.engine.begin() as connection:
            add_waiting(connection, case_id, DUE, now - timedelta(hours=1), after=next(rounds))
        handled = [0]

        def sweep() -> None:
            handled[0] = do_due_work(contexts)

        timer.call(sweep)
        if handled[0] < DUE:
            message = f"a sweep handled {handled[0]} of {DUE} due timers"
            raise RuntimeError(message)

    return side


def _settle(world: World) -> None:
    """Let PostgreSQL count the rows, as it does by itself a minute later."""
    if world.engine.dialect.name == "postgresql":
        with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
