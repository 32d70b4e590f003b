"""Messages between cases: delivered to whoever waits, kept for whoever will."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from workflow_app.engine import Env, Step, deliver
from workflow_app.models.base import table_of
from workflow_app.models.work import InboundMessage, Subscription
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context

_waits = table_of(Subscription)


def send_message(
    ctx: Context, message: str, correlation: str, payload: Mapping[str, Any]
) -> Step | None:
    """Deliver a message to the case that waits for it; keep it when none does yet.

    Raises CaseStuck.
    """
    wait = ctx.session.execute(
        select(_waits.c.case_id, _waits.c.task_id)
        .where(_waits.c.message == message, _waits.c.correlation == correlation)
        .order_by(_waits.c.id.desc())
        .limit(1)
    ).first()
    if wait is None:
        ctx.session.execute(
            insert(InboundMessage).values(
                message=message,
                correlation=correlation,
                payload=dict(payload),
                sender=ctx.actor.username,
                at=ctx.now,
            )
        )
        return None

    def act(current: Loaded, env: Env) -> Step:
        return deliver(current.published.program, current.state, wait.task_id, payload, env)

    with sticking(
        wait.case_id, Attempt(kind="message", task_id=wait.task_id, answers=dict(payload))
    ):
        return step_case(ctx, lambda: load_case(ctx, wait.case_id), act)
