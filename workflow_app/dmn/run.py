"""What one evaluation of a model carries along, and the shape of compiled boxed expressions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.feel.bounds import SLOTS_PER_STEP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.dmn.errors import DmnError
    from workflow_app.feel.runtime import Runtime

Scope = dict[str, object]
Boxed = Callable[["Run", Scope], object]
# Requirements may be long chains, but each level costs Python frames.
MAX_REQUIREMENTS = 40
# A loop may ask the same table thousands of times; the last ones are kept, a decision's own among
# them.
MAX_TABLES = 100


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that a table took: its id, its row counted from one, and each output by its name."""

    id: str
    row: int
    outputs: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class TableOutcome:
    """A table that took part in a decision.

    ``decision`` is the id of the decision that asked it, ``inputs`` are the words and the value of
    each input column, ``rules`` those that its hit policy took, ``value`` is what it came to.
    """

    decision: str
    table: str
    inputs: tuple[tuple[str, object], ...]
    rules: tuple[MatchedRule, ...]
    value: object


@dataclass(slots=True)
class Run:
    """The runtime, the given data, decisions already made, and the tables that took part.

    ``fixed`` are inputs and decisions whose value is given, by key; ``troubles`` are the errors
    that a lenient model took for null.
    """

    runtime: Runtime
    given: Scope
    made: dict[str, object] = field(default_factory=dict)
    tables: deque[TableOutcome] = field(default_factory=lambda: deque(maxlen=MAX_TABLES))
    open: list[str] = field(default_factory=list)
    fixed: dict[str, object] = field(default_factory=dict)
    troubles: list[DmnError] = field(default_factory=list)

    def turn(self, *copied: Mapping[str, object]) -> None:
        """Use up the steps of one turn of a loop, or call, that copies some scopes."""
        self.runtime.spend(1 + sum(map(len, copied)) // SLOTS_PER_STEP)

    def within(self, runtime: Runtime) -> Run:
        """Begin a run that sees none of the data but notes what it does in this one."""
        return Run(runtime, {}, tables=self.tables, troubles=self.troubles)

    def record(
        self,
        table: str,
        inputs: tuple[tuple[str, object], ...],
        rules: tuple[MatchedRule, ...],
        value: object,
    ) -> None:
        """Note a table that took part in the decision being made."""
        decision = self.open[-1].rpartition("#")[2] if self.open else ""
        self.tables.append(TableOutcome(decision, table, inputs, rules, value))
