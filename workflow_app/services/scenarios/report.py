"""Playing all scenarios, testing all tables, and telling how they went.

Scenarios, steps, and the share of elements visited; tables, cases, and tables without a test.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.dmn import DmnError
from workflow_app.services.closure import Seeds
from workflow_app.services.publishing import Outcome
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import (
    Scenario,
    ScenarioUnreadable,
    TableTest,
    read_script,
    scenario_files,
)
from workflow_app.services.scenarios.tables import TableRun, decisions_of, model_of
from workflow_app.services.scenarios.visits import visited_places
from workflow_app.services.scenarios.world import World, make_world, own_copy

if TYPE_CHECKING:
    from pathlib import Path

    from workflow_app.config import Settings


@dataclass(slots=True)
class Report:
    """What was played and how it went, line by line."""

    lines: list[str] = field(default_factory=list)
    scenarios: int = 0
    steps: int = 0
    tables: int = 0
    cases: int = 0
    failed: int = 0
    visited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tested: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, name: str, title: str, problems: list[str], done: str) -> None:
        """Add the lines of one file: what was done, or what differs."""
        if problems:
            self.failed += 1
            self.lines.append(f"FAILED {name}: {title}")
            self.lines += [f"    {problem}" for problem in problems]
        else:
            self.lines.append(f"ok     {name} ({done})")


def run_all(
    settings: Settings, keys: frozenset[str] = frozenset(), seeds: Seeds | None = None
) -> Report:
    """Play every scenario and test every table of the named processes, or of all."""
    report = Report()
    seeds = seeds or Seeds.from_folders(settings.processes, settings.forms)
    with make_world(settings, seeds) as world:
        for result in world.loaded:
            if result.outcome is Outcome.REFUSED:
                report.failed += 1
                report.lines += [f"REFUSED {result.key}: {f.text()}" for f in result.findings]
        for key, path in scenario_files(settings.processes, keys):
            _run_file(world, seeds, key, path, report)
        _coverage(world, report)
    _untested(seeds, keys, report)
    report.lines.append(
        f"{report.scenarios} scenarios, {report.steps} steps, {report.tables} tables,"
        f" {report.cases} cases, {report.failed} failed"
    )
    return report


def _run_file(world: World, seeds: Seeds, key: str, path: Path, report: Report) -> None:
    try:
        script = read_script(path)
    except ScenarioUnreadable as unreadable:
        report.tell(f"{key}/{path.stem}", "it cannot be read", [str(unreadable)], "")
        return
    if isinstance(script, TableTest):
        _test_table(world, seeds, (key, path), script, report)
    else:
        with own_copy(world) as own:
            _play(own, Player(own, key, path, script), script, report)


def _test_table(
    world: World, seeds: Seeds, place: tuple[str, Path], test: TableTest, report: Report
) -> None:
    key, path = place
    try:
        run = TableRun(world, test, model_of(seeds, key, test.table))
        run.run()
        problems, cases = run.problems, run.cases
    except DmnError as unreadable:
        problems, cases = [str(unreadable)], 0
    report.tables += 1
    report.cases += cases
    report.tested.add((key, test.table))
    report.tell(f"{key}/{path.stem}", test.title, problems, f"{cases} cases")


def _play(world: World, player: Player, scenario: Scenario, report: Report) -> None:
    player.play()
    report.scenarios += 1
    report.steps += player.steps
    name = f"{player.key}/{player.path.stem}"
    report.tell(name, scenario.title, player.problems, f"{player.steps} steps")
    for place in visited_places(world):
        process, _slash, element = place.rpartition("/")
        if process:
            report.visited[process].add(element)


def _untested(seeds: Seeds, keys: frozenset[str], report: Report) -> None:
    """Name the decisions that no file tests."""
    missed = [
        f"{key}/{decision}"
        for key, decision in decisions_of(seeds)
        if (not keys or key in keys) and (key, decision) not in report.tested
    ]
    if missed:
        report.lines.append(f"without a test: {', '.join(missed)}")


def _coverage(world: World, report: Report) -> None:
    ctx = world.context()
    for key in sorted(report.visited):
        published = ctx.platform.programs.latest(ctx.session, key)
        graph = published.program.processes[key]
        elements = {node.id for _graph, node in graph.walk()}
        elements |= {flow for inner, _node in graph.walk() for flow in inner.flows}
        seen = elements & report.visited[key]
        missed = ", ".join(sorted(elements - seen))
        share = round(100 * len(seen) / len(elements))
        tail = f"; not visited: {missed}" if missed else ""
        report.lines.append(f"{key}: {len(seen)} of {len(elements)} elements, {share} %{tail}")
    ctx.session.close()
