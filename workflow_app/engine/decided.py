"""What history keeps of a decision: each table's inputs, the rows it took, what it came to.

An event `decision` holds `decision` (its id), `result`, `rules` (the ids of the rules that its own
table took) and `tables`, in the order in which they were asked, each with

    id, name    of the decision that asked; no name where it is the id
    table       its id; left out where the decision's own table has none
    inputs      [words of the column, value] for each input column
    rows        the rows taken, counted from one
    rules       their ids; left out in the decision's own table, which is told above
    outputs     what each row gives; left out where the value tells it
    value       what the table came to; left out where it is the result
    more        how many rows more it took than are kept

`more_tables` is true where tables asked earlier are not kept. Nothing is said twice, for history is
kept for decades; a value too large for it is a mark instead. Events from before have no `tables`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.feel import FeelError, to_json

if TYPE_CHECKING:
    from workflow_app.dmn import DecisionModel, DecisionResult, MatchedRule, TableOutcome
    from workflow_app.engine.contract import Data

MAX_TABLES = 10
MAX_ROWS = 30
# Characters that a value may take up in history.
MAX_VALUE = 400
LEFT_OUT = "…"


@dataclass(frozen=True, slots=True)
class RowTaken:
    """A row that a table took; `gave` is its output, or a context of several.

    `row` counts from one and is None in events from before rows were kept.
    """

    rule: str
    row: int | None
    gave: Any


@dataclass(frozen=True, slots=True)
class TableTaken:
    """A table that took part in a decision, as history tells it; `table` is its id or empty.

    `more` is the number of rows taken beyond those told.
    """

    decision: str
    name: str
    table: str
    inputs: tuple[tuple[str, Any], ...]
    rows: tuple[RowTaken, ...]
    value: Any
    more: int = 0


def decision_event(model: DecisionModel, decision: str, answer: DecisionResult) -> Data:
    """Return what history keeps of a decision. Raises FeelError for a result that is no data."""
    told: Data = {
        "decision": decision,
        "rules": list(answer.rules[:MAX_ROWS]),
        "result": to_json(answer.value),
    }
    told["tables"] = [
        _table(outcome, model) | _own(outcome, model, decision, answer)
        for outcome in answer.tables[-MAX_TABLES:]
    ]
    if len(answer.tables) > MAX_TABLES:
        told["more_tables"] = True
    return told


def _table(outcome: TableOutcome, model: DecisionModel) -> Data:
    known = model.decisions.get(outcome.decision)
    told: Data = {"id": outcome.decision}
    if known is not None and known.title != known.id:
        told["name"] = known.title
    if outcome.table:
        told["table"] = outcome.table
    told["inputs"] = [[label, kept(value)] for label, value in outcome.inputs]
    told["rows"] = [rule.row for rule in outcome.rules[:MAX_ROWS]]
    told |= _outputs(outcome)
    if len(outcome.rules) > MAX_ROWS:
        told["more"] = len(outcome.rules) - MAX_ROWS
    return told


def _outputs(outcome: TableOutcome) -> Data:
    gave = [_shaped(rule) for rule in outcome.rules]
    told = gave[:1] == [outcome.value] if len(gave) == 1 else gave == outcome.value
    return {} if told or not gave else {"outputs": [kept(one) for one in gave[:MAX_ROWS]]}


def _own(
    outcome: TableOutcome, model: DecisionModel, decision: str, answer: DecisionResult
) -> Data:
    """Return what must be told of a table that the event itself does not tell."""
    rules = tuple(rule.id for rule in outcome.rules)
    last = outcome is answer.tables[-1] and outcome.table == model.graph.table_id(decision)
    own = last and rules == answer.rules
    told: Data = {} if own else {"rules": list(rules[:MAX_ROWS])}
    if not own or outcome.value != answer.value:
        told["value"] = kept(outcome.value)
    return told


def _shaped(rule: MatchedRule) -> object:
    return rule.outputs[0][1] if len(rule.outputs) == 1 else dict(rule.outputs)


def kept(value: object) -> Any:
    """Return a value as history keeps it: JSON, or a mark with the kind and size it had."""
    if _room_after(value, MAX_VALUE) >= 0:
        try:
            return to_json(value)
        except FeelError:
            return {LEFT_OUT: "other"}
    if isinstance(value, str):
        return {LEFT_OUT: "text", "size": len(value), "start": value[: MAX_VALUE // 2]}
    if isinstance(value, Mapping):
        return {LEFT_OUT: "context", "size": len(value)}
    return {LEFT_OUT: "list", "size": len(value) if isinstance(value, Sequence) else 1}


def _room_after(value: object, room: int) -> int:
    """Return the characters left when a value is written; it stops where none are."""
    if isinstance(value, str):
        return room - len(value)
    if not isinstance(value, list | dict):
        return room - len(str(value))
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    for part in parts:
        room = _room_after(part, room - 2)
        if room < 0:
            break
    return room


def is_left_out(value: object) -> bool:
    """Say whether a value is the mark of one too large for history."""
    return isinstance(value, dict) and LEFT_OUT in value


def tables_of(event: Mapping[str, Any]) -> tuple[TableTaken, ...]:
    """Return the tables that an event tells of, in the order in which they were asked."""
    tables = event.get("tables")
    if tables is None:
        rows = [RowTaken(rule, None, event.get("result")) for rule in event.get("rules", ())]
        decision = str(event.get("decision", ""))
        return (TableTaken(decision, decision, "", (), tuple(rows), event.get("result")),)
    return tuple(_taken(told, event) for told in tables)


def _taken(told: Mapping[str, Any], event: Mapping[str, Any]) -> TableTaken:
    value = told.get("value", event.get("result"))
    rows = told["rows"]
    gave = told.get("outputs") or ([value] if len(rows) == 1 else value)
    rules = told.get("rules", event["rules"])
    return TableTaken(
        told["id"],
        told.get("name", told["id"]),
        told.get("table", ""),
        tuple((label, held) for label, held in told["inputs"]),
        tuple(RowTaken(*taken) for taken in zip(rules, rows, _each(gave, len(rows)), strict=True)),
        value,
        told.get("more", 0),
    )


def _each(gave: Any, count: int) -> list[Any]:
    """Return what each row gave; the whole mark for each where the list of them was too large."""
    return gave[:count] if isinstance(gave, list) else [gave] * count
