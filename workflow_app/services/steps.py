"""Running a step: load, run without a lock, write in one transaction.

Early messages follow at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.domain.states import OutboxKind
from workflow_app.engine import Env, Step, deliver
from workflow_app.models.base import table_of
from workflow_app.models.work import InboundMessage
from workflow_app.services.case_store import Loaded, LostRace, load_case, open_scope
from workflow_app.services.operations import ScopedOperations
from workflow_app.services.outgoing import outbox_row
from workflow_app.services.step_writer import StepWriter, Submitted

if TYPE_CHECKING:
    from workflow_app.services.chain import Event
    from workflow_app.services.context import Context
    from workflow_app.services.scope import StepScope

ATTEMPTS = 5
_inbound = table_of(InboundMessage)

Act = Callable[[Loaded, Env], Step]


def step_case(
    ctx: Context,
    load: Callable[[], Loaded],
    act: Act,
    *,
    submitted: Submitted | None = None,
    events: tuple[Event, ...] = (),
) -> Step:
    """Run one step of a loaded case and write it; reads again when somebody was faster.

    Raises LostRace after five tries, engine.StepFailed when an expression or operation fails, and
    whatever `load` raises when the case moved on in between.
    """
    for _ in range(ATTEMPTS):
        loaded = load()
        try:
            return _attempt(ctx, loaded, act, submitted, events)
        except LostRace:
            continue
    raise LostRace


def first_step(
    scope: StepScope, run: Callable[[Env], Step], submitted: Submitted | None
) -> tuple[int, Step]:
    """Run and write the step that creates a case; returns its id. Raises LostRace."""
    step = run(environment(scope))
    _send_thrown(scope, step)
    case_id = StepWriter(scope, step, None).write(submitted)
    _deliver_early(scope.ctx, case_id, step)
    return case_id, step


def environment(scope: StepScope) -> Env:
    """Return what the engine needs from outside for one step."""
    return Env(
        now=scope.ctx.now, functions=scope.host.functions, operations=ScopedOperations(scope)
    )


def _attempt(
    ctx: Context, loaded: Loaded, act: Act, submitted: Submitted | None, events: tuple[Event, ...]
) -> Step:
    scope = open_scope(ctx, loaded)
    step = act(loaded, environment(scope))
    _send_thrown(scope, step)
    StepWriter(scope, step, loaded).write(submitted, events)
    _deliver_early(ctx, loaded.row.id, step)
    return step


def _send_thrown(scope: StepScope, step: Step) -> None:
    for thrown in step.thrown:
        if thrown.kind == "message":
            outbox_row(
                scope,
                OutboxKind.MESSAGE,
                {
                    "message": thrown.name,
                    "correlation": str(thrown.correlation or ""),
                    "payload": thrown.payload,
                },
            )


def _deliver_early(ctx: Context, case_id: int, step: Step) -> None:
    """Hand over messages that came before anybody waited, one step each, oldest first."""
    if not step.subscriptions:
        return
    keys = {(s.message, str(s.correlation or "")): s.task_id for s in step.subscriptions}
    rows = ctx.session.connection().execute(
        select(_inbound)
        .where(_inbound.c.message.in_({m for m, _ in keys}), _inbound.c.delivered_at.is_(None))
        .order_by(_inbound.c.id)
    )
    for row in rows.all():
        waiting = keys.get((row.message, row.correlation))
        if waiting is None:
            continue
        ctx.session.connection().execute(
            update(_inbound).where(_inbound.c.id == row.id).values(delivered_at=ctx.now)
        )
        _deliver_one(ctx, case_id, waiting, row.payload)
        return


def _deliver_one(ctx: Context, case_id: int, task_id: str, payload: dict[str, Any]) -> None:
    def act(loaded: Loaded, env: Env) -> Step:
        return deliver(loaded.published.program, loaded.state, task_id, payload, env)

    step_case(ctx, lambda: load_case(ctx, case_id), act)
