"""Playing all scenarios and telling how they went.

Scenarios, steps, and the share of elements visited.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.services.publishing import Outcome
from workflow_app.services.scenarios.looks import Look
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import read_scenario, scenario_files
from workflow_app.services.scenarios.world import World, make_world, own_copy

if TYPE_CHECKING:
    from workflow_app.config import Settings
    from workflow_app.services.closure import Seeds


@dataclass(slots=True)
class Report:
    """What was played and how it went, line by line."""

    lines: list[str] = field(default_factory=list)
    scenarios: int = 0
    steps: int = 0
    failed: int = 0
    visited: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def run_all(
    settings: Settings, keys: frozenset[str] = frozenset(), seeds: Seeds | None = None
) -> Report:
    """Play every scenario of the named processes, or of all."""
    report = Report()
    with make_world(settings, seeds) as world:
        for result in world.loaded:
            if result.outcome is Outcome.REFUSED:
                report.failed += 1
                report.lines += [f"REFUSED {result.key}: {f.text()}" for f in result.findings]
        for key, path in scenario_files(settings.processes, keys):
            with own_copy(world) as own:
                _play(own, key, Player(own, key, path, read_scenario(path)), report)
        _coverage(world, report)
    report.lines.append(
        f"{report.scenarios} scenarios, {report.steps} steps, {report.failed} failed"
    )
    return report


def _play(world: World, key: str, player: Player, report: Report) -> None:
    player.play()
    report.scenarios += 1
    report.steps += player.steps
    name = f"{key}/{player.path.stem}"
    if player.problems:
        report.failed += 1
        report.lines.append(f"FAILED {name}: {player.scenario.title}")
        report.lines += [f"    {problem}" for problem in player.problems]
    else:
        report.lines.append(f"ok     {name} ({player.steps} steps)")
    if player.case_id:
        ctx = world.context()
        for place in Look(ctx, player.case_id).places:
            process, _slash, element = place.rpartition("/")
            if process:
                report.visited[process].add(element)
        ctx.session.close()


def _coverage(world: World, report: Report) -> None:
    ctx = world.context()
    for key in sorted(report.visited):
        published = ctx.platform.programs.latest(ctx.session, key)
        graph = published.program.processes[key]
        elements = {node.id for _graph, node in graph.walk()}
        seen = elements & report.visited[key]
        missed = ", ".join(sorted(elements - seen))
        share = round(100 * len(seen) / len(elements))
        tail = f"; not visited: {missed}" if missed else ""
        report.lines.append(f"{key}: {len(seen)} of {len(elements)} elements, {share} %{tail}")
    ctx.session.close()
