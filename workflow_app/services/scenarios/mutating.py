"""Spoiling processes one place at a time, to see whether their scenarios notice.

A condition says the opposite, or a decision table lacks a rule. What no scenario and no test of a
table notices is a survivor: nothing holds the diagram to that condition or rule.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from time import perf_counter
from typing import TYPE_CHECKING

from lxml import etree
from typing_extensions import override

from workflow_app.dmn import DmnError, load_decisions
from workflow_app.engine import InvalidSource, Source
from workflow_app.engine.documents import read_xml
from workflow_app.feel import FeelError
from workflow_app.services.closure import Seeds
from workflow_app.services.programs import ProgramCache, Published, publish_in_memory
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import Scenario, TableTest, read_script, scenario_files
from workflow_app.services.scenarios.tables import TableRun
from workflow_app.services.scenarios.visits import visited_places
from workflow_app.services.scenarios.world import World, make_world, own_copy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from workflow_app.config import Settings

#: Where BPMN writes something that is true or false, and the attribute of its owner to look at.
CONDITIONS = frozenset(
    {"conditionExpression", "condition", "completionCondition", "loopCondition"}
    | {"activationCondition"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One spoilt file: `place` is the element whose visit is needed to notice (none for tables)."""

    path: str
    text: str
    says: str
    place: str | None = None
    table: str | None = None

    @property
    def key(self) -> str:
        """Return the folder that the file belongs to."""
        return self.path.split("/")[1]


@dataclass(slots=True)
class Survey:
    """How the scenarios fared: what was spoilt, and what nobody noticed."""

    tried: int = 0
    survivors: list[Mutation] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A scenario as it is played unspoilt: where it goes, and how long it takes in seconds.

    One that is not sound fails by itself, and so proves nothing.
    """

    key: str
    path: Path
    scenario: Scenario
    places: frozenset[str]
    seconds: float
    sound: bool


class _SpoiltPrograms(ProgramCache):
    """Programs as they are published, with one file of theirs replaced."""

    def __init__(self, sound: ProgramCache, mutation: Mutation) -> None:
        super().__init__()
        self._sound = sound
        self._mutation = mutation
        self._spoilt: dict[int, Published] = {}

    @override
    def get(self, session: Session, version_id: int) -> Published:
        """Return a version's program with the spoilt file in it. Raises as ProgramCache.get."""
        sound = self._sound.get(session, version_id)
        if self._mutation.path not in sound.source.files:
            return sound
        if version_id not in self._spoilt:
            files = {**sound.source.files, self._mutation.path: self._mutation.text}
            self._spoilt[version_id] = publish_in_memory(
                Source(key=sound.key, files=files),
                version_id=version_id,
                number=sound.number,
                words=sound.words,
            )
        return self._spoilt[version_id]


@dataclass(slots=True)
class _Unspoilt:
    """The scenarios as they go unspoilt, each played when it is first asked for."""

    world: World
    scenarios: list[tuple[str, Path, Scenario]]
    problems: list[str]
    known: dict[Path, Played] = field(default_factory=dict)

    def nearest(self, process: str) -> Iterator[Played]:
        """Yield the process's own scenarios, the quickest first, then those of the others."""
        own = [self._played(*one) for one in self.scenarios if one[0] == process]
        yield from sorted(own, key=lambda one: one.seconds)
        yield from (self._played(*one) for one in self.scenarios if one[0] != process)

    def _played(self, key: str, path: Path, scenario: Scenario) -> Played:
        if path not in self.known:
            began = perf_counter()
            with own_copy(self.world) as own:
                player = Player(own, key, path, scenario)
                player.play()
                places = frozenset(visited_places(own))
            self.problems += [f"{key}/{path.stem}: {problem}" for problem in player.problems]
            self.known[path] = Played(
                key=key,
                path=path,
                scenario=scenario,
                places=places,
                seconds=perf_counter() - began,
                sound=not player.problems,
            )
        return self.known[path]


def mutations(seeds: Seeds, keys: frozenset[str] = frozenset()) -> Iterator[Mutation]:
    """Yield every spoilt file of the named processes, or of all."""
    for path, text in seeds.files.items():
        if keys and path.split("/")[1] not in keys:
            continue
        if path.endswith(".bpmn"):
            yield from _negated(path, text)
        elif path.endswith(".dmn"):
            yield from _without_rules(path, text)


def survey_in_parallel(settings: Settings, keys: frozenset[str], jobs: int) -> Survey:
    """Spoil the named processes (or all) on so many processors; survivors in the files' order."""
    seeds = Seeds.from_folders(settings.processes, settings.forms)
    wanted = list(mutations(seeds, keys))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        parts = list(pool.map(partial(_share, settings, keys, jobs), range(jobs)))
    survivors = {one for part in parts for one in part.survivors}
    return Survey(
        tried=sum(part.tried for part in parts),
        survivors=[one for one in wanted if one in survivors],
        problems=sorted({problem for part in parts for problem in part.problems}),
    )


def _share(settings: Settings, keys: frozenset[str], jobs: int, number: int) -> Survey:
    seeds = Seeds.from_folders(settings.processes, settings.forms)
    return survey(settings, seeds, list(mutations(seeds, keys))[number::jobs])


def survey(settings: Settings, seeds: Seeds, wanted: list[Mutation]) -> Survey:
    """Play the scenarios against each spoilt file until one fails; unspoilt they come first."""
    found = Survey()
    with make_world(settings, seeds) as world:
        unspoilt = _Unspoilt(world, _scenarios(settings), found.problems)
        tests = dict(_table_tests(settings))
        for mutation in wanted:
            found.tried += 1
            test = tests.get((mutation.key, mutation.table or ""))
            if not (_table_notices(world, mutation, test) or _noticed(world, mutation, unspoilt)):
                found.survivors.append(mutation)
    return found


def _negated(path: str, text: str) -> Iterator[Mutation]:
    root = read_xml(text)
    for condition in [e for e in root.iter("*") if _name(e) in CONDITIONS]:
        said = (condition.text or "").strip()
        if not said.startswith("="):
            continue
        owner = _owner(condition)
        condition.text = f"=not({said[1:].strip()})"
        yield Mutation(
            path=path,
            text=etree.tostring(root, encoding="unicode"),
            says=f"{owner.get('id')}: not({said[1:].strip()})",
            place=f"{_process_of(condition)}/{owner.get('sourceRef') or owner.get('id')}",
        )
        condition.text = said


def _without_rules(path: str, text: str) -> Iterator[Mutation]:
    root = read_xml(text)
    for rule in [e for e in root.iter("*") if _name(e) == "rule"]:
        table = rule.getparent()
        if table is None:
            continue
        decision = next(e for e in rule.iterancestors() if _name(e) == "decision")
        place = table.index(rule)
        table.remove(rule)
        yield Mutation(
            path=path,
            text=etree.tostring(root, encoding="unicode"),
            says=f"{decision.get('id')}: without rule {rule.get('id')}",
            table=decision.get("id"),
        )
        table.insert(place, rule)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _owner(condition: etree._Element) -> etree._Element:
    """Return the flow, event or activity that a condition belongs to."""
    kinds = ("EventDefinition", "LoopCharacteristics")
    return next(e for e in condition.iterancestors() if not _name(e).endswith(kinds))


def _process_of(element: etree._Element) -> str:
    return next(e.get("id", "") for e in element.iterancestors() if _name(e) == "process")


def _scenarios(settings: Settings) -> list[tuple[str, Path, Scenario]]:
    found = ((key, path, read_script(path)) for key, path in scenario_files(settings.processes))
    return [(key, path, said) for key, path, said in found if not isinstance(said, TableTest)]


def _table_tests(settings: Settings) -> Iterator[tuple[tuple[str, str], TableTest]]:
    for key, path in scenario_files(settings.processes):
        script = read_script(path)
        if isinstance(script, TableTest):
            yield (key, script.table), script


def _table_notices(world: World, mutation: Mutation, test: TableTest | None) -> bool:
    if test is None:
        return False
    try:
        run = TableRun(world, test, load_decisions(mutation.text.encode()))
        run.run()
    except DmnError:
        return True
    return bool(run.problems)


def _noticed(world: World, mutation: Mutation, unspoilt: _Unspoilt) -> bool:
    """Play what visits the place until one fails."""
    near = (one for one in unspoilt.nearest(mutation.key) if one.sound)
    fitting = (one for one in near if mutation.place is None or mutation.place in one.places)
    return any(_fails(world, mutation, one) for one in fitting)


def _fails(world: World, mutation: Mutation, played: Played) -> bool:
    with own_copy(world) as own:
        programs = _SpoiltPrograms(world.platform.programs, mutation)
        own.platform = replace(world.platform, programs=programs)
        player = Player(own, played.key, played.path, played.scenario, hasty=True)
        try:
            player.play()
        except (InvalidSource, FeelError):
            return True
        return bool(player.problems)
