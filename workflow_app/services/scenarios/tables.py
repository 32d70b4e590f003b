"""Testing decision tables: every case gives what it should, and every row is hit by one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from workflow_app.dmn import DmnError, load_decisions
from workflow_app.domain.errors import DomainError
from workflow_app.feel import FeelError, to_json
from workflow_app.feel.explaining.warnings import Cause
from workflow_app.models.people import Territory
from workflow_app.services.host import Host
from workflow_app.services.seeding import enter_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.dmn import DecisionModel
    from workflow_app.dmn.tables import Table
    from workflow_app.services.closure import Seeds
    from workflow_app.services.context import Context
    from workflow_app.services.scenarios.script import TableCase, TableTest
    from workflow_app.services.scenarios.world import World


@dataclass(slots=True)
class TableRun:
    """One table's test: what differs is in `problems`, what was hit in `hit`."""

    world: World
    test: TableTest
    model: DecisionModel | None
    problems: list[str] = field(default_factory=list)
    hit: set[int] = field(default_factory=set)
    cases: int = 0

    @property
    def table(self) -> Table | None:
        """Return the table, or None where the decision is none."""
        return self.model.graph.node(self.test.table).table if self.model else None

    def run(self) -> None:
        """Evaluate every case and the gap; nothing of it stays in the world."""
        if self.model is None:
            self.problems.append(f"there is no decision {self.test.table} in this folder")
            return
        self.world.clock.moment = datetime.fromisoformat(self.test.clock)
        ctx = self.world.context()
        try:
            self._evaluate(self.model, _functions(ctx, self.test))
        except (DomainError, FeelError) as wrong:
            self.problems.append(f"before the first case: {wrong}")
        except DBAPIError as wrong:
            self.problems.append(f"before the first case: {wrong.orig}")
        finally:
            ctx.session.rollback()
            ctx.session.close()

    def _evaluate(self, model: DecisionModel, functions: Mapping[str, Any]) -> None:
        for number, case in enumerate(self.test.cases, 1):
            where = f"case {number}" + (f" ({case.title})" if case.title else "")
            self.hit |= self._case(where, case, model, functions)
            self.cases += 1
        gap = self._case("gap", self.test.gap, model, functions)
        rules = self.table.rules if self.table else ()
        self.problems += [
            f"gap: row {rule.row} matches, so it is none"
            for rule in rules
            if rule.row in gap and rule.tests
        ]
        self.problems += [
            f"row {rule.row} ({rule.id}) is hit by no case"
            for rule in rules
            if rule.row not in self.hit
        ]

    def _case(
        self, where: str, case: TableCase, model: DecisionModel, functions: Mapping[str, Any]
    ) -> set[int]:
        data = {**self.test.inputs, **case.inputs}
        unread = sorted(set(data) - model.decisions[self.test.table].names)
        if unread:
            self.problems.append(f"{where}: the decision reads no {', '.join(unread)}")
        try:
            scope: Any = to_json(data)
            wanted = None if case.refused else to_json(case.expect)
            answer = model.evaluate(self.test.table, scope, functions)
            found = to_json(answer.value)
        except (DmnError, FeelError, DomainError) as refusal:
            self.problems += _refused(where, case, str(refusal))
            return set()
        # A decision's own table is asked last.
        rows = [rule.row for each in answer.tables[-1:] if self.table for rule in each.rules]
        differences = list(_differences(case, wanted, found, rows))
        if differences:
            differences += self._nulls(scope, functions)
        self.problems += (f"{where}: {text}" for text in differences)
        return set(rows)

    def _nulls(self, scope: Mapping[str, Any], functions: Mapping[str, Any]) -> list[str]:
        """Say which columns came out null by an error.

        A name that is not there is none: it may be a required decision's, or left out on purpose.
        """
        told = []
        for column in self.table.inputs if self.table else ():
            with suppress(FeelError, DomainError):
                explained = column.expression.explain(scope, functions)
                known = [one for one in explained.warnings if one.code is not Cause.UNKNOWN_NAME]
                if explained.value is None and known:
                    told.append(f"{column.label} is null: {known[0]}")
        return told


def model_of(seeds: Seeds, key: str, decision: str) -> DecisionModel | None:
    """Return the model in a process's own folder that holds a decision. Raises DmnError."""
    return next((model for model in _models(seeds, key) if decision in model.decisions), None)


def decisions_of(seeds: Seeds) -> Iterator[tuple[str, str]]:
    """Yield (folder, decision) of every decision table that can be read."""
    for key in sorted({path.split("/")[1] for path in seeds.files if path.endswith(".dmn")}):
        with suppress(DmnError):
            for model in _models(seeds, key):
                yield from (
                    (key, decision.id)
                    for decision in model.decisions.values()
                    if decision.hit_policy is not None
                )


def _models(seeds: Seeds, key: str) -> Iterator[DecisionModel]:
    for path, text in seeds.files.items():
        if path.startswith(f"processes/{key}/") and path.endswith(".dmn"):
            yield load_decisions(text.encode())


def _functions(ctx: Context, test: TableTest) -> Mapping[str, Callable[..., object]]:
    """Return what FEEL may call, the file's own settings, entries and options first.

    Raises SettingMissing for a setting that there is none of, NotFound for a register, DBAPIError.
    """
    path = ctx.session.scalar(select(Territory.path).where(Territory.code == test.territory))
    host = Host(ctx, path or test.territory)
    for key in test.settings:
        host.setting(key)
    for register, rows in test.register.items():
        enter_rows(ctx, register, rows)
    ctx.session.flush()
    given: Any = to_json({"settings": test.settings, "lookups": test.lookups})

    def setting(key: object) -> object:
        return given["settings"][key] if key in test.settings else host.setting(key)

    def lookup(source: str, *key: object) -> object:
        if source not in test.lookups:
            return host.find(source, *key)
        options = given["lookups"][source]
        if not key:
            return options
        return next((one for one in options if one.get("value") == key[0]), None)

    return {**host.functions, "setting": setting, "lookup": lookup}


def _refused(where: str, case: TableCase, reason: str) -> Iterator[str]:
    if case.refused is None:
        yield f"{where}: should give {case.expect!r}, is refused: {reason}"
    elif case.refused not in reason:
        yield f"{where}: should be refused with “{case.refused}”, is refused: {reason}"


def _differences(case: TableCase, wanted: object, found: object, rows: list[int]) -> Iterator[str]:
    if case.refused is not None:
        yield f"should be refused with “{case.refused}”, gives {found!r}"
        return
    yield from islice(_unlike(wanted, found, ""), 1)
    if case.rows is not None and case.rows != rows:
        yield f"rows should be {case.rows}, are {rows}"


def _unlike(wanted: Any, found: Any, place: str) -> Iterator[str]:
    """Yield where two values differ; true is not one."""
    if isinstance(wanted, dict) and isinstance(found, dict) and wanted.keys() == found.keys():
        for name in wanted:
            yield from _unlike(wanted[name], found[name], f"{place}{name}: ")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for number, (one, other) in enumerate(zip(wanted, found, strict=True), 1):
            yield from _unlike(one, other, f"{place}item {number}: ")
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{place}should give {wanted!r}, gives {found!r}"
