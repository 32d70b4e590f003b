"""What happens in a world without people, and when: timers, starts by time, what leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflow_app.domain.states import OutboxState
from workflow_app.models.starts import ProcessStart
from workflow_app.models.work import DueTimer, Outbox

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.services.scenarios.world import World

_DUE = (
    (DueTimer.due_at, select(func.min(DueTimer.due_at))),
    (ProcessStart.due_at, select(func.min(ProcessStart.due_at))),
    (
        Outbox.not_before,
        select(func.min(Outbox.not_before)).where(Outbox.state == OutboxState.WAITING),
    ),
)


def next_due(world: World, until: datetime) -> datetime | None:
    """Return when something happens next in a world, up to a moment; None for nothing."""
    ctx = world.context()
    try:
        moments = [ctx.session.scalar(query.where(at <= until)) for at, query in _DUE]
    finally:
        ctx.session.close()
    return min((moment for moment in moments if moment is not None), default=None)
