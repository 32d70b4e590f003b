"""What went wrong behind people's backs: side effects that never left, and cases that are stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.states import OutboxState
from workflow_app.models.case import Incident
from workflow_app.models.work import Outbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.services.scenarios.world import World


def mishaps(world: World) -> Iterator[str]:
    """Yield a sentence for every failed side effect and open incident of any case in a world."""
    with world.acting() as ctx:
        failed = select(Outbox).where(Outbox.state == OutboxState.FAILED).order_by(Outbox.id)
        for row in ctx.session.scalars(failed):
            if row.payload.get("notice"):
                # Whoever keeps the register was told, and serves it by post.
                continue
            name = row.payload.get("mail") or row.payload.get("letter") or row.element or ""
            yield f"{row.kind} {name} did not leave: {row.last_error}"
        stuck = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.id)
        for incident in ctx.session.scalars(stuck):
            yield f"an incident is open at {incident.element}: {incident.reason}"
