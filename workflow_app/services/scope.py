"""What operations see of a step, and what they ask to be written when it ends.

The diagram runs without a database lock; an operation therefore never writes. It reads through the
session, puts rows, updates and guards here, and the step's one transaction applies them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.sql.dml import Delete, Insert, Update

    from workflow_app.services.chain import Event
    from workflow_app.services.context import Context
    from workflow_app.services.host import Host
    from workflow_app.services.programs import Published


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is known of a case while a step runs; `id` is None before the first."""

    id: int | None
    number: str | None
    secret: str
    title: str
    language: str
    territory: str
    path: str
    status: str
    key_holder_email: str | None
    started_at: datetime
    term_due: datetime | None


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to insert in the step's transaction; its case_id is filled in by the writer."""

    table: Table
    values: Mapping[str, Any]


@dataclass(slots=True)
class StepScope:
    """One step's surroundings: the case, its program, and what the operations asked for.

    `ensured` rows may be there already; a guard that hits no row means that somebody was faster.
    `afresh` asks for the rows of what the case waits for even where it waits for the same;
    `excluded` has those to be kept out of the case from now on, each with the reason. `clock` is
    what happened to the case's clock, in order: None for a stop, else what a due time became.
    """

    ctx: Context
    published: Published
    case: CaseFacts
    host: Host
    rows: list[NewRow] = field(default_factory=list)
    changes: list[Update | Delete] = field(default_factory=list)
    ensured: list[Insert] = field(default_factory=list)
    guards: list[Update] = field(default_factory=list)
    updates: dict[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    afresh: bool = False
    excluded: dict[str, str] = field(default_factory=dict)
    clock: list[Callable[[datetime], datetime] | None] = field(default_factory=list)

    def insert(self, table: Table, **values: Any) -> None:
        """Ask for a row."""
        self.rows.append(NewRow(table, values))

    def update_case(self, **values: Any) -> None:
        """Ask for a change of the case's own columns, visible to later operations of the step."""
        self.updates.update(values)
        known = {name: value for name, value in values.items() if name in CaseFacts.__slots__}
        self.case = replace(self.case, **known)
