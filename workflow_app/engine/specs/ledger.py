"""What a scope knows of its completed activities that can be compensated (BPMN 2.0.2 §10.7).

The ledger stands in `workflow.memory` under `LEDGER`, the earliest entry first. An entry is JSON:

    spec    name of the task spec that did the work
    data    what was local to the visit: mapped inputs, a loop's item, what an instance wrote
    inside  of a scope: its own data when it completed (the snapshot of §13.5.5)
    ledger  of a scope: the entries of what completed inside it
    plain   of a scope that was interrupted, not completed: its own handler has no part in it

Only activities that have something to compensate them with are written down, so that a case
without compensation keeps nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workflow_app.engine.contract import Data
    from workflow_app.engine.tokens import Live, Token

LEDGER = "ledger"
SPEC, LOCAL, INSIDE, PLAIN = "spec", "data", "inside", "plain"
INSTANCE = "loopCounter"

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Undo:
    """How an activity is compensated, by spec names.

    `handler` does it where a boundary event points to one; `reopen` opens a scope again.
    """

    handler: str | None = None
    reopen: str | None = None


def record(token: Token, scope: Live | None = None) -> None:
    """Write a completed activity down; `scope` is the one it opened, if any."""
    undo: Undo | None = token.task_spec.undo
    if undo is None:
        return
    if undo.handler is not None:
        _write(token, _entry(token, _seen_inside(scope)))
    elif scope is not None and (scope.memory.get(LEDGER) or scope.spec.compensator):
        entry = _entry(token, {})
        _write(token, entry | {INSIDE: scope.data, LEDGER: scope.memory.get(LEDGER, [])})


def _seen_inside(scope: Live | None) -> Data:
    """Return what a handler outside sees of a sub-process; a called process keeps its own."""
    return scope.data if scope is not None and scope.spec.shares else {}


def _entry(token: Token, inside: Data) -> Entry:
    """Return an entry; what an instance wrote is no longer an instance's, so its number goes."""
    local = {name: item for name, item in token.data.items() if name != INSTANCE}
    return {SPEC: token.task_spec.worker, LOCAL: local | inside}


def _write(token: Token, entry: Entry) -> None:
    """Give the entry to the scope; a repeated activity keeps it until the last turn."""
    carrier = token.carrier()
    repeated = carrier is not None and carrier.task_spec.turns
    books = carrier.internal_data if carrier is not None and repeated else token.workflow.memory
    books.setdefault(LEDGER, []).append(entry)


def hand_over(token: Token) -> None:
    """Give the scope what the turns of a repeated activity left, now that all of it completed."""
    put_back(token.workflow, token.internal_data.pop(LEDGER, []))


def take(workflow: Live, element: str | None = None) -> list[Entry]:
    """Take the entries of one activity, or all, out of a scope's ledger: each is undone once."""
    ledger: list[Entry] = workflow.memory.pop(LEDGER, [])
    if element is None:
        return ledger
    specs = workflow.spec.task_specs
    put_back(workflow, [entry for entry in ledger if specs[entry[SPEC]].element != element])
    return [entry for entry in ledger if specs[entry[SPEC]].element == element]


def put_back(workflow: Live, entries: list[Entry]) -> None:
    """Write entries down (again)."""
    if entries:
        workflow.memory.setdefault(LEDGER, []).extend(entries)


def salvage(workflow: Live, scopes: dict[str, Any]) -> None:
    """Gather what completed inside scopes that are still open, and interrupt those.

    A transaction that is cancelled undoes the finished parts of its unfinished activities too, but
    not what a handler did: that was undoing already.
    """
    for token in [*workflow.live.values()]:
        put_back(workflow, token.internal_data.pop(LEDGER, []))
        scope = scopes.get(token.id)
        if scope is None:
            continue
        salvage(scope, scopes)
        scope.shut()
        left = scope.memory.pop(LEDGER, [])
        if left and workflow.spec.task_specs[token.task_spec.worker].undo is not None:
            entry = _entry(token, {}) | {INSIDE: scope.data, LEDGER: left, PLAIN: True}
            put_back(workflow, [entry])
