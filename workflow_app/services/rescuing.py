"""What a supervisor may do to a case that cannot go on: each with a reason, each in its history."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from workflow_app.domain.errors import Conflict
from workflow_app.domain.text import N_
from workflow_app.engine.mending import (
    CannotMend,
    DataScope,
    Stand,
    cancel,
    change_data,
    data_scopes,
    move,
    stands,
)
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.services.blindness import blind_now
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.chain import Event
from workflow_app.services.retrying import supervised_case
from workflow_app.services.steps import step_case

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.engine import Env, Step
    from workflow_app.services.context import Context

CANCELLED = "cancelled"
OURS = frozenset({"case"})
_cases = table_of(Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Names of one scope with their new values; `seen` is the digest of what the person saw."""

    scope: str
    changes: Mapping[str, Any]
    seen: str
    reason: str


def correctable(ctx: Context, loaded: Loaded) -> tuple[DataScope, ...]:
    """Return the data of a case that can be corrected; what the service keeps there is left out.

    It holds the key of the case, which no official may know. Left out too are the parts in which
    people are asked blind, until all have answered. Raises Conflict when the case is over.
    """
    blind = blind_now(ctx, loaded.published, loaded.row.id)
    return tuple(
        replace(scope, data={name: scope.data[name] for name in scope.data if name not in OURS})
        for scope in data_scopes(loaded.published.program, loaded.state)
        if not blind.processes & {scope.process, _called_by(loaded, scope)}
    )


def _called_by(loaded: Loaded, scope: DataScope) -> str | None:
    """Return the process whose data a scope holds, where a call activity holds it."""
    graph = loaded.published.program.processes.get(scope.process)
    nodes = graph.walk() if graph is not None else ()
    return next((n.extensions.process for _graph, n in nodes if n.id == scope.element), None)


def standing(loaded: Loaded) -> tuple[Stand, ...]:
    """Return where a case stands and where it can be moved to. Raises Conflict as above."""
    return stands(loaded.published.program, loaded.state)


def digest_of(value: object) -> str:
    """Return what stands for a value in the history, which must not tell the value itself."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def correct_data(ctx: Context, number: str, correction: Correction) -> Step:
    """Change data of a case.

    Raises NotFound, NotAllowed, CannotMend for a name the process does not know, Conflict when the
    data is no longer what the person saw, StepFailed.
    """
    loaded = supervised_case(ctx, number)
    scope = _seen_scope(ctx, loaded, correction)
    for name in OURS & correction.changes.keys():
        raise CannotMend(N_("“%(name)s” is kept by the service itself."), name=name)
    told = {
        name: {"old": digest_of(scope.data.get(name)), "new": digest_of(value)}
        for name, value in correction.changes.items()
    }
    place = f"{scope.process}/{scope.element}" if scope.element else ""
    event = Event("corrected", place, None, ctx.now, {"reason": correction.reason, "names": told})

    def act(current: Loaded, env: Env) -> Step:
        at = _seen_scope(ctx, current, correction).id
        program = current.published.program
        return change_data(program, current.state, correction.changes, env, scope=at)

    return _step(ctx, loaded, act, event)


def _seen_scope(ctx: Context, loaded: Loaded, correction: Correction) -> DataScope:
    """Return the scope to correct. Raises Conflict unless it is as the person saw it."""
    for scope in correctable(ctx, loaded):
        if scope.id == correction.scope and digest_of(scope.data) == correction.seen:
            return scope
    raise Conflict


def move_token(ctx: Context, number: str, task_id: str, target: str, reason: str) -> Step:
    """Take the case from one place where it stands to another element of the same scope.

    Raises NotFound, NotAllowed, Conflict when it stands there no longer, CannotMend, StepFailed.
    """
    loaded = supervised_case(ctx, number)
    here = [stand for stand in standing(loaded) if stand.task_id == task_id]
    place = f"{here[0].process}/{here[0].element}" if here else ""
    told = {"reason": reason, "to": target}

    def act(current: Loaded, env: Env) -> Step:
        return move(current.published.program, current.state, task_id, target, env)

    return _step(ctx, loaded, act, Event("moved", place, task_id, ctx.now, told))


def cancel_case(ctx: Context, number: str, reason: str) -> Step:
    """End a case where it stands. Raises NotFound, NotAllowed, Conflict when it is over."""
    loaded = supervised_case(ctx, number)

    def act(current: Loaded, env: Env) -> Step:
        return cancel(current.published.program, current.state, env)

    step = _step(ctx, loaded, act, Event("given_up", "", None, ctx.now, {"reason": reason}))
    ended = update(_cases).where(_cases.c.id == loaded.row.id)
    ctx.session.execute(ended.values(outcome=CANCELLED))
    return step


def _step(ctx: Context, loaded: Loaded, act: Callable[[Loaded, Env], Step], event: Event) -> Step:
    return step_case(ctx, lambda: load_case(ctx, loaded.row.id), act, events=(event,))
