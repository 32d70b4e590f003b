"""The test bench of a decision: what it asks for, what it answers and why, and keeping that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from workflow_app.dmn import DmnError
from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.engine.decided import decision_event
from workflow_app.feel import FeelError, compile_expression, to_json
from workflow_app.feel.checking.typing import SPELLINGS
from workflow_app.feel.temporal.text import read_temporal
from workflow_app.form_builder.paths import set_path
from workflow_app.services.host import Host, home_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.dmn import DecisionModel
    from workflow_app.dmn.tables import Input, Table
    from workflow_app.domain.reasons import Reasoned
    from workflow_app.feel import FeelType, UnaryTests
    from workflow_app.services.context import Context

NO_NUMBER = N_("“%(label)s” must be a number, such as 12")
NO_TIME = N_("“%(label)s” must be a date or time, such as 2026-11-23")
NO_VALUE = N_("“%(label)s” cannot be read: %(reason)s")
#: The rows whose cells are looked at one by one, and the values offered of a column.
MOST_ROWS, MOST_CHOICES = 200, 30
LONGEST = 5_000
KINDS = {"number": "number", "string": "text", "boolean": "yes_no"}
TEMPORAL = {
    *("date", "time", "date and time"),
    *("days and time duration", "years and months duration"),
}
_PATH = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a decision reads: its path in a case's data, its words, and how it is entered.

    `kind` is number, text, yes_no, moment, or any: a value as FEEL writes it, or plain words.
    `choices` are texts that the table speaks of; `only` says that no other is allowed.
    """

    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    only: bool = False


@dataclass(frozen=True, slots=True)
class Entered:
    """What was entered, as a case's data would hold it, and what could not be read, by name."""

    data: Mapping[str, Any]
    faults: Mapping[str, DomainError]


@dataclass(frozen=True, slots=True)
class Tried:
    """What a decision came to: `event` as history would keep it, or the error that refused it.

    `missed` has for each row of the decision's own table the columns whose cells did not match,
    counted from nought.
    """

    data: Mapping[str, Any]
    event: Mapping[str, Any] | None = None
    refused: Reasoned | None = None
    missed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def asked_of(
    model: DecisionModel, decision: str, types: Mapping[str, FeelType]
) -> tuple[Asked, ...]:
    """Return what a decision and all that it requires read; `types` are those of a case's data."""
    names = model.decisions[decision].names
    found: dict[str, Asked] = {}
    for table in _tables(model, decision):
        for place, column in enumerate(table.inputs):
            path = column.expression.text.strip().removeprefix("=").strip()
            if _PATH.fullmatch(path) and path.partition(".")[0] in names and path not in found:
                found[path] = _of_column(path, column, table, place)
    roots = {path.partition(".")[0] for path in found}
    rest = [Asked(name, name, _kind_of(types.get(name))) for name in sorted(names - roots)]
    return (*found.values(), *rest)


def _tables(model: DecisionModel, decision: str) -> Iterator[Table]:
    """Yield the tables of a decision and of those it requires, its own first."""
    waiting, seen = [decision], {decision}
    while waiting:
        node = model.graph.find(waiting.pop(0))
        if node is None:
            continue
        yield from node.tables
        following = [key for key in node.requires if key not in seen]
        seen |= {*following}
        waiting += following


def _of_column(path: str, column: Input, table: Table, place: int) -> Asked:
    allowed = _texts(column.allowed.text) if column.allowed is not None else ()
    cells = (t.text for rule in table.rules[:MOST_ROWS] for p, t in rule.tests if p == place)
    seen = dict.fromkeys(text for cell in cells for text in _texts(cell))
    kind = SPELLINGS.get(column.type_name or "", column.type_name or "any")
    kind = KINDS.get(kind, "moment" if kind in TEMPORAL else "any")
    choices = allowed or tuple(seen)[:MOST_CHOICES]
    return Asked(path, column.label, kind, choices, only=bool(allowed))


def _texts(cell: str) -> tuple[str, ...]:
    """Return the texts in quotes that a cell speaks of."""
    return tuple(re.sub(r"\\(.)", r"\1", text) for text in _TEXT.findall(cell))


def _kind_of(kind: FeelType | None) -> str:
    return "any" if kind is None else KINDS.get(kind.name, "any")


def read_entries(asked: tuple[Asked, ...], given: Mapping[str, str]) -> Entered:
    """Read what was entered by name; what was left empty is nothing."""
    data: dict[str, Any] = {}
    faults: dict[str, DomainError] = {}
    for one in asked:
        text = given.get(one.name, "").strip()
        try:
            set_path(data, tuple(one.name.split(".")), _read(one, text) if text else None)
        except DomainError as fault:
            faults[one.name] = fault
    return Entered(data, faults)


def _read(asked: Asked, text: str) -> Any:
    """Return what a text means in a case's data. Raises DomainError."""
    if asked.kind == "number":
        return _number(asked, text)
    if asked.kind == "yes_no":
        return text == "true"
    if asked.kind == "moment" and read_temporal(text) is None:
        raise DomainError(NO_TIME, label=asked.label)
    return text if asked.kind in {"text", "moment"} else _value(asked, text)


def _number(asked: Asked, text: str) -> float:
    try:
        number = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation as exc:
        raise DomainError(NO_NUMBER, label=asked.label) from exc
    if not number.is_finite():
        raise DomainError(NO_NUMBER, label=asked.label)
    return int(number) if number == number.to_integral_value() else float(number)


def _value(asked: Asked, text: str) -> Any:
    """Return a value that FEEL writes; words that are no value are taken as they stand."""
    try:
        read = compile_expression(text[:LONGEST])
        return text if read.names else to_json(read.evaluate({}))
    except FeelError as fault:
        if re.fullmatch(r"[\w .,-]+", text):
            return text
        raise DomainError(NO_VALUE, label=asked.label, reason=fault) from fault


def try_decision(
    ctx: Context, model: DecisionModel, decision: str, data: Mapping[str, Any]
) -> Tried:
    """Make a decision over some data, with the settings and registers of this installation."""
    functions = Host(ctx, home_path(ctx)).functions
    try:
        answer = model.evaluate(decision, data, functions)
        event = decision_event(model, decision, answer)
    except (DmnError, FeelError, DomainError) as refused:
        return Tried(data, refused=refused)
    table = model.graph.node(decision).table
    own = [one for one in answer.tables[-1:] if table is not None and one.table == table.id]
    if table is None or not own:
        return Tried(data, event)
    values = [value for _label, value in own[0].inputs]
    return Tried(data, event, missed=_missed(table, values, data, functions))


def _missed(
    table: Table,
    values: list[Any],
    scope: Mapping[str, Any],
    functions: Mapping[str, Callable[..., object]],
) -> dict[int, tuple[int, ...]]:
    """Return for each row the columns whose cells do not take their value."""
    found = {}
    for rule in table.rules[:MOST_ROWS]:
        asked = ((place, test, values[place]) for place, test in rule.tests)
        failed = tuple(p for p, test, value in asked if not _takes(test, value, scope, functions))
        if failed:
            found[rule.row] = failed
    return found


def _takes(
    test: UnaryTests,
    value: object,
    scope: Mapping[str, Any],
    functions: Mapping[str, Callable[..., object]],
) -> bool:
    """Tell whether a cell takes a value; one that cannot be asked alone takes nothing."""
    try:
        return test.matches(value, scope, functions)
    except (DmnError, FeelError, DomainError):
        return False
