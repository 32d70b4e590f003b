"""A case's live tokens as bytes and back (design.md §4, engine.md §Persistence).

Only what can still matter is kept: unfinished tokens, the data of open scopes. Finished tokens
are history. The specs come from the program. The first item of the state is its format: 1 had no
memory of a scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from workflow_app.engine.errors import StateUnreadable
from workflow_app.engine.tokens import FINISHED, ROOT, Case, Scope, Token

if TYPE_CHECKING:
    from workflow_app.engine.program import Program

FORMAT = 2
READABLE = frozenset({1, 2})
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()

Workflow = Case | Scope


def prune(case: Case) -> int:
    """Drop every finished token; what hung on one hangs on the root. Returns how many went."""
    return sum(_prune(workflow) for workflow in case.workflows())


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
    rows = [_workflow(workflow) for workflow in case.workflows()]
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
    known: dict[str, Token] = {}
    for owner, data, tokens, *later in decoded[1]:
        workflow = _workflow_for(case, known.get(owner))
        workflow.memory = (later[0] if later else None) or {}
        _fill(workflow, data, tokens, known)
    return case


def _workflow_for(case: Case, owner: Token | None) -> Workflow:
    """Scopes follow the workflow of their owner, so the owner is always there already."""
    return case if owner is None else case.create_subprocess(owner, owner.task_spec.inner)


def _fill(
    workflow: Workflow, data: dict[str, Any], tokens: list[list[Any]], known: dict[str, Token]
) -> None:
    workflow.data = data
    specs = workflow.spec.task_specs
    for token_id, spec, state, parent, memory, local in tokens:
        known[token_id] = Token(
            workflow,
            specs[spec],
            workflow.tasks[parent or ROOT],
            state,
            token_id=token_id,
            data=local,
            memory=memory,
        )
