"""A case's live tokens as bytes and back (design.md §4, engine.md §Persistence).

Only what can still matter is kept: unfinished tokens, the data of open scopes. Finished tokens
are history. The specs come from the program. The first item of the state is its format: 1 had no
memory of a scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workflow_app.engine.errors import StateUnreadable
from workflow_app.engine.sleeping import OWNER, can_sleep
from workflow_app.engine.tokens import FINISHED, ROOT, Case, Scope

if TYPE_CHECKING:
    from workflow_app.engine.program import Program
    from workflow_app.engine.tokens import Token

FORMAT = 2
READABLE = frozenset({1, 2})
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()

Workflow = Case | Scope


def prune(case: Case) -> int:
    """Drop every finished token; what hung on one hangs on the root. Returns how many went."""
    return sum(_prune(workflow) for workflow in case.awake())


def _prune(workflow: Workflow) -> int:
    gone = [
        token for token in workflow.tasks.values() if token.state & FINISHED and token.id != ROOT
    ]
    for token in gone:
        del workflow.tasks[token.id]
    for token in workflow.tasks.values():
        token._children = [key for key in token._children if key in workflow.tasks]  # noqa: SLF001
        if token._parent not in workflow.tasks and token.id != ROOT:  # noqa: SLF001
            workflow.adopt(token)
    return len(gone)


def dump(case: Case) -> bytes:
    """Return a pruned case as bytes."""
    rows = [_workflow(case), *case.subprocesses.rows(_workflow)]
    return _encoder.encode([FORMAT, rows])


def _workflow(workflow: Workflow) -> list[Any]:
    owner = workflow.owner.id if workflow.owner is not None else None
    tokens = [_token(token) for token in workflow.tasks.values() if token.id != ROOT]
    return [owner, workflow.data, tokens, workflow.memory or None]


def _token(token: Token) -> list[Any]:
    parent = token._parent  # noqa: SLF001 - its own class
    return [
        token.id,
        token.task_spec.name,
        token.state,
        None if parent == ROOT else parent,
        token.internal_data or None,
        token.data or None,
    ]


def load(program: Program, state: bytes) -> Case:
    """Return the case that `dump` stored. Raises StateUnreadable."""
    decoded = _decoder.decode(state)
    if decoded[0] not in READABLE:
        raise StateUnreadable(format=decoded[0])
    case = program.empty_case()
    scopes = case.subprocesses
    for row in decoded[1]:
        if row[OWNER] is None:
            case.restore(row)
            continue
        scopes.sleep(row)
        if not can_sleep(row):
            scopes.rouse(row[OWNER])
    return case
