"""The scenarios of a draft, run one after another: how each went, and what they walked over."""

from __future__ import annotations

import signal
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from typing_extensions import override

from workflow_app.dmn import DmnError
from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import WorkState
from workflow_app.feel import FeelError
from workflow_app.models.case import Incident
from workflow_app.models.work import Subscription, WorkItem
from workflow_app.services.designing.stops import ENDING, open_items, stops_of
from workflow_app.services.scenarios.looks import Look, first_missing
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import ScenarioUnreadable, TableTest, read_script
from workflow_app.services.scenarios.tables import TableRun, decisions_of, model_of
from workflow_app.services.scenarios.visits import visited_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import FrameType

    from workflow_app.services.closure import Seeds
    from workflow_app.services.programs import Published
    from workflow_app.services.scenarios.script import Move, Scenario
    from workflow_app.services.scenarios.world import World

    Worlds = Callable[[], AbstractContextManager[World]]

#: So many seconds a scenario or a table's test may take.
LONGEST = 90
MOST_PROBLEMS = 20
BEGINNING = 0


class TooLong(BaseException):
    """A scenario took too long; nothing on the way may take it for an error of its own."""


@dataclass(slots=True)
class Prober(Player):
    """Plays a scenario and keeps where the first thing deviated: at which step, what was open."""

    deviated: dict[str, Any] = field(default_factory=dict)
    stops: list[dict[str, Any]] = field(default_factory=list)

    @override
    def _move(self, where: str, move: Move) -> None:
        before = open_items(self.world)
        Player._move(self, where, move)  # noqa: SLF001 - `super()` knows no class with slots
        if self.problems and not self.deviated:
            self.deviated = _stand(self, self.steps, move)
            self.stops = stops_of(self, self.steps, before)


@dataclass(slots=True)
class Findings:
    """What a run found: a row a file, and what was walked over.

    `visited` has elements and flows by process, `hit` rows of tables by decision.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    visited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    hit: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def probe(worlds: Worlds, seeds: Seeds, key: str, path: Path, found: Findings) -> None:
    """Run one file, in a world of its own."""
    began = perf_counter()
    row: dict[str, Any] = {"file": path.name, "title": path.stem, "kind": "scenario", "steps": 0}
    try:
        script = read_script(path)
        row["title"] = script.title
        with _limited(LONGEST), worlds() as world:
            if isinstance(script, TableTest):
                row |= {"kind": "table", "table": script.table}
                row |= _test(world, seeds, key, script, found)
            else:
                row |= _play(Prober(world, key, path, script), script, found)
    except ScenarioUnreadable as unreadable:
        row |= {"kind": "unreadable", "problems": [str(unreadable.params["reason"])]}
    except TooLong:
        row |= {"problems": [f"it took longer than {LONGEST} seconds"]}
    except (DomainError, FeelError, DmnError) as wrong:
        row |= {"problems": [str(wrong)]}
    row["problems"] = row.get("problems", [])[:MOST_PROBLEMS]
    found.rows.append(
        {**row, "ok": not row["problems"], "seconds": round(perf_counter() - began, 2)}
    )


def coverage(published: Published, seeds: Seeds, found: Findings) -> dict[str, Any]:
    """Return the share of a process's elements and decision rows that were walked over.

    {percent, visited: [element], missed: [element], tables: [{decision, rows, hit: [row]}]}.
    """
    graph = published.program.processes[published.key]
    elements = {node.id for _graph, node in graph.walk()}
    elements |= {flow for inner, _node in graph.walk() for flow in inner.flows}
    seen = elements & found.visited[published.key]
    tables = list(_tables(seeds, published.key, found))
    every = len(elements) + sum(table["rows"] for table in tables)
    walked = len(seen) + sum(len(table["hit"]) for table in tables)
    return {
        "percent": 100 * walked // every if every else 0,
        "visited": sorted(seen),
        "missed": sorted(elements - seen),
        "tables": tables,
    }


def _tables(seeds: Seeds, key: str, found: Findings) -> Iterator[dict[str, Any]]:
    for folder, decision in decisions_of(seeds):
        model = model_of(seeds, key, decision) if folder == key else None
        table = model.graph.node(decision).table if model else None
        if table is not None:
            rows = {rule.row for rule in table.rules}
            hit = sorted(found.hit[decision] & rows)
            yield {"decision": decision, "rows": len(rows), "hit": hit}


def _test(world: World, seeds: Seeds, key: str, test: TableTest, found: Findings) -> dict[str, Any]:
    run = TableRun(world, test, model_of(seeds, key, test.table))
    run.run()
    found.hit[test.table] |= run.hit
    return {"problems": run.problems, "steps": run.cases}


def _play(player: Prober, scenario: Scenario, found: Findings) -> dict[str, Any]:
    player.play()
    _take_places(player, found)
    _take_rows(player, found)
    told = {"problems": player.problems, "steps": player.steps}
    if player.problems and not player.deviated:
        player.deviated = _last_stand(player, scenario)
    first = {"first": player.deviated, "stops": player.stops} if player.problems else {}
    return told | first


def _take_places(player: Prober, found: Findings) -> None:
    for place in visited_places(player.world):
        process, _slash, element = place.rpartition("/")
        if process:
            found.visited[process].add(element)


def _take_rows(player: Prober, found: Findings) -> None:
    if not player.case_id:
        return
    with player.world.acting() as ctx:
        for decision in Look(ctx, player.case_id).decisions:
            found.hit[str(decision["decision"])] |= {*(decision.get("rows") or [])} - {None}


def _last_stand(player: Prober, scenario: Scenario) -> dict[str, Any]:
    """Return where a play stood that broke off, or that ended otherwise than it should."""
    moves = [*scenario.before, *scenario.steps]
    if not player.case_id and player.steps >= len(scenario.before):
        return _stand(player, BEGINNING, None)
    if player.steps < len(moves):
        player.stops = stops_of(player, player.steps + 1)
        return _stand(player, player.steps + 1, moves[player.steps])
    stand = _stand(player, ENDING, None)
    player.stops = stops_of(player, ENDING)
    with player.world.acting() as ctx:
        missing = first_missing(scenario.expect.path, Look(ctx, player.case_id).visited)
    return {**stand, "missing": [f"{player.key}/{missing}"] if missing else []}


def _stand(player: Prober, step: int, move: Move | None) -> dict[str, Any]:
    """Return a moment of a play for its diagrams: what was visited, is open, is stuck, was meant.

    `step` counts from one, 0 is the beginning and -1 the end.
    """
    world = player.world
    with world.acting() as ctx:
        open_now = select(WorkItem.element).where(WorkItem.state == WorkState.OPEN)
        failed = select(Incident.element).where(Incident.resolved_at.is_(None))
        found = {
            "open": sorted(set(ctx.session.scalars(open_now))),
            "waiting": sorted(set(ctx.session.scalars(select(Subscription.element)))),
            "stuck": sorted(set(ctx.session.scalars(failed))),
        }
    meant = (move.task or move.message or "") if move else ""
    process = (move.process if move else None) or player.key
    return {
        "step": step,
        "what": meant,
        "missing": [f"{process}/{meant}"] if move and move.task else [],
        "visited": sorted(place for place in visited_places(world) if "/" in place),
        **found,
    }


@contextmanager
def _limited(seconds: int) -> Iterator[None]:
    """Stop what runs inside after so many seconds. Raises TooLong."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
