"""Reading scenario files: `processes/<key>/scenarios/<name>.yaml`.

A file with `table` tests a decision table, any other plays a case; a leading underscore is answers
to borrow.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from workflow_app.adapters.holidays_calendar import DEFAULT_COUNTRY
from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.services.scenarios.including import (
    placed_steps,
    read_yaml,
    shared_file,
    with_inclusions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from workflow_app.services.scenarios.including import Chain


_Read = TypeVar("_Read")
#: What of a file is played, in this order.
PARTS = ("before", "steps")
# Where a fault is: people count cases and steps from one.
_NUMBERED = re.compile(r"\$\.(case|step)s\[(\d+)\]")


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must be true of a case after a step or at the end; what is left out is not looked at."""

    end: str | msgspec.UnsetType | None = msgspec.UNSET
    status: str | None = None
    outcome: str | None = None
    open: list[str] | None = None
    waiting: list[str] = []
    path: list[str] = []
    avoid: list[str] = []
    decisions: list[dict[str, Any]] = []
    documents: list[str] = []
    mails: list[str] = []
    register: dict[str, dict[str, Any]] = {}
    data: dict[str, Any] = {}
    stopped_days: int | None = None
    cases: dict[str, Expectation] = {}


class Beginning(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"by": "as", "name": "called"}
):
    """How a case starts: a form's answers, data for a start without a form, or a message.

    `follow` is the message by which it follows the case called `case`, on whose page it is begun.

    `entry` is the key of the register's entry over which the start form opens.

    `process` and `called` are for cases that begin in a step: of which process, and under which
    name later steps speak of it.
    """

    element: str | None = None
    by: str = "public"
    answers_from: str | None = None
    answers: dict[str, Any] = {}
    data: dict[str, Any] | None = None
    message: str | None = None
    correlation: str = ""
    process: str | None = None
    name: str | None = None
    follow: str | None = None
    case: str | None = None
    entry: str | None = None


class Answering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The office's answers to entries of a collection: by number, `*` for all without one."""

    collection: str
    entries: dict[str, dict[str, Any]]


class Move(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"by": "as", "process": "in"}
):
    """One step: complete a task, send a message, move the clock, or begin another case.

    `send` is a message from a case that is not played, under `correlation`, with `data`.

    Or `contribute` entries to a collection: `answers` of one (of the `seat`), a list of `entries`,
    or those of seats by their codes (`*` for all that are missing); or `answer` entries.

    `case` is the case it happens in, and the one that `expect` looks at (see `CaseBook`). `refused`
    are fields that the form refuses, `denied` is a piece of the sentence that refuses the step.
    """

    task: str | None = None
    message: str | None = None
    case: str | None = None
    start: Beginning | None = None
    advance: str | None = None
    advance_to: str | None = None
    by: str = ""
    process: str | None = None
    answers: dict[str, Any] = {}
    refused: list[str] = []
    denied: str | None = None
    expect: Expectation | None = None
    contribute: str | None = None
    entries: list[dict[str, Any]] | dict[str, dict[str, Any]] = []
    seat: str | None = None
    answer: Answering | None = None
    send: str | None = None
    correlation: str = ""
    data: dict[str, Any] = {}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How an operation fails in a scenario: with a BPMN error, so many times."""

    error: str
    times: int


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case, played from its start to where it should be."""

    title: str
    clock: str
    start: Beginning
    summary: str = ""
    register: dict[str, list[dict[str, Any]]] = {}
    language: str = "en"
    failing: dict[str, Fault] = {}
    before: list[Move] = []
    steps: list[Move] = []
    expect: Expectation = Expectation()


class TableCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set of inputs, and the value and rows that come of it, or a piece of the refusal."""

    title: str = ""
    inputs: dict[str, Any] = {}
    expect: Any = msgspec.UNSET
    rows: list[int] | None = None
    refused: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless exactly one of `expect` and `refused` is said."""
        if (self.expect is msgspec.UNSET) == (self.refused is None):
            msg = "one of `expect` and `refused` is needed, and only one"
            raise ValueError(msg)
        if self.refused is not None and not self.refused.strip():
            msg = "`refused` is a piece of the sentence that refuses"
            raise ValueError(msg)
        if self.refused is not None and self.rows:
            msg = "what is refused has no rows"
            raise ValueError(msg)


class TableTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decision table's cases; together they hit every row, and `gap` is outside all of them.

    `inputs` are those of every case, whose own go over them; `settings`, `register` and `lookups`
    (options by source) are there instead of, or beside, what the world holds.
    """

    table: str
    title: str
    clock: str
    cases: list[TableCase]
    gap: TableCase
    summary: str = ""
    territory: str = DEFAULT_COUNTRY
    inputs: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    register: dict[str, list[dict[str, Any]]] = {}
    lookups: dict[str, list[dict[str, Any]]] = {}

    def __post_init__(self) -> None:
        """Raise ValueError for a clock that does not say where on earth it hangs."""
        if datetime.fromisoformat(self.clock).tzinfo is None:
            msg = "`clock` has no offset, such as +04:00"
            raise ValueError(msg)


class ScenarioUnreadable(Invalid):
    """A scenario file is no scenario (params: file, reason)."""

    message = N_("%(file)s: %(reason)s")


def read_script(path: Path) -> Scenario | TableTest:
    """Read a scenario or a table's test. Raises ScenarioUnreadable."""
    found = _decoded(path, dict[str, Any])
    return _decoded(path, TableTest) if "table" in found else read_scenario(path)


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file with all that it includes. Raises ScenarioUnreadable."""
    return _decoded(path, Scenario)


def _decoded(path: Path, kind: type[_Read]) -> _Read:
    try:
        found = read_yaml(path)
        for part in PARTS:
            if isinstance(found.get(part), list):
                found[part] = list(with_inclusions(path, found[part]))
        return msgspec.convert(found, kind)
    except (msgspec.DecodeError, ValueError, OSError) as exc:
        reason = _NUMBERED.sub(lambda m: f"{m[1]} {int(m[2]) + 1}", str(exc))
        raise ScenarioUnreadable(file=path.name, reason=reason) from exc


def places_of(path: Path) -> list[tuple[str, Chain]]:
    """Return where each move of a scenario stands: its part of the file, and its place.

    In the order in which they are played. Raises as `with_inclusions`.
    """
    found = read_yaml(path)
    placed = ((part, placed_steps(path, found.get(part) or [])) for part in PARTS)
    return [(part, chain) for part, steps in placed for chain, _step in steps]


def borrowed_answers(path: Path, beginning: Beginning) -> dict[str, Any]:
    """Return the start form's answers: borrowed ones, then the scenario's own; null removes.

    `<process>/<name>` borrows those of another process.
    """
    found: dict[str, Any] = {}
    if beginning.answers_from:
        source = shared_file(path, beginning.answers_from)
        found = read_yaml(source)
    return merged(found, beginning.answers)


def merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Lay answers over borrowed ones, group by group; null removes."""
    found = dict(below)
    for name, value in above.items():
        inner = found.get(name)
        nested = isinstance(inner, dict) and isinstance(value, dict)
        found[name] = merged(dict(inner or {}), value) if nested else value
    return {name: value for name, value in found.items() if value is not None}


def scenario_files(folder: Path, keys: frozenset[str] = frozenset()) -> Iterator[tuple[str, Path]]:
    """Yield (process key, path) of every scenario below a processes folder."""
    for path in sorted(folder.glob("*/scenarios/*.yaml")):
        key = path.parent.parent.name
        if not path.name.startswith("_") and (not keys or key in keys):
            yield key, path
