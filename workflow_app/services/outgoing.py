"""Putting side effects into the outbox, from which they leave after the commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.domain.states import OutboxKind, OutboxState
from workflow_app.models.base import table_of
from workflow_app.models.work import Outbox

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.services.scope import StepScope

outbox = table_of(Outbox)


def outbox_row(scope: StepScope, kind: OutboxKind, payload: Mapping[str, Any]) -> None:
    """Ask the step's transaction for one outgoing item."""
    scope.insert(outbox, **outbox_values(kind, payload, scope.ctx.now))


def message_payload(message: str, correlation: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an outgoing message to another case carries."""
    return {"message": message, "correlation": correlation, "payload": dict(payload)}


def outbox_values(kind: OutboxKind, payload: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the columns of an outgoing item, its case left out."""
    return {
        "kind": kind,
        "payload": dict(payload),
        "state": OutboxState.WAITING,
        "attempts": 0,
        "not_before": now,
        "created_at": now,
    }
