"""Running a step: load, run without a lock, write in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from workflow_app.domain.states import OutboxKind
from workflow_app.engine import Env, Step
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.work import InboundMessage
from workflow_app.services.case_store import Loaded, LostRace, open_scope
from workflow_app.services.operations import ScopedOperations
from workflow_app.services.outgoing import message_payload, outbox, outbox_row, outbox_values
from workflow_app.services.step_writer import StepWriter, Submitted

if TYPE_CHECKING:
    from workflow_app.services.chain import Event
    from workflow_app.services.context import Context
    from workflow_app.services.scope import StepScope

ATTEMPTS = 5
_inbound = table_of(InboundMessage)
_cases = table_of(Case)

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
            _hold(ctx, loaded.row.id)
    raise LostRace


def _hold(ctx: Context, case_id: int) -> None:
    """Lock the case, so that the next try cannot be overtaken; SQLite has its write lock by now."""
    held = select(_cases.c.id).where(_cases.c.id == case_id).with_for_update()
    ctx.session.connection().execute(held)


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
            sent = message_payload(thrown.name, str(thrown.correlation or ""), thrown.payload)
            outbox_row(scope, OutboxKind.MESSAGE, sent)
        elif thrown.kind == "signal":
            told = {"signal": thrown.name, "payload": thrown.payload}
            outbox_row(scope, OutboxKind.SIGNAL, told)


def _deliver_early(ctx: Context, case_id: int, step: Step) -> None:
    """Send on the oldest message that came before anybody waited.

    It leaves after the commit like any other, so that its failing does not undo this step.
    """
    if not step.subscriptions:
        return
    keys = {(s.message, str(s.correlation or "")) for s in step.subscriptions}
    rows = ctx.session.connection().execute(
        select(_inbound)
        .where(_inbound.c.message.in_({m for m, _ in keys}), _inbound.c.delivered_at.is_(None))
        .order_by(_inbound.c.id)
    )
    for row in rows.all():
        if (row.message, row.correlation) not in keys:
            continue
        ctx.session.connection().execute(
            update(_inbound).where(_inbound.c.id == row.id).values(delivered_at=ctx.now)
        )
        sent = message_payload(row.message, row.correlation, row.payload)
        values = outbox_values(OutboxKind.MESSAGE, sent, ctx.now)
        ctx.session.connection().execute(outbox.insert().values(case_id=case_id, **values))
        return
