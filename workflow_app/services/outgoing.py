"""Putting side effects into the outbox, from which they leave after the commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workflow_app.domain.states import OutboxKind, OutboxState
from workflow_app.models.base import table_of
from workflow_app.models.work import Outbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import Requested
    from workflow_app.services.scope import StepScope

outbox = table_of(Outbox)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often the diagram wants something tried, and the first pause (s); None is our habit."""

    tries: int | None = None
    pause: int | None = None


HABIT = Patience()
#: The time of a row that no worker takes up: something else brings its answer.
HELD = datetime(9999, 12, 31, tzinfo=UTC)


def outbox_row(
    scope: StepScope, kind: OutboxKind, payload: Mapping[str, Any], patience: Patience = HABIT
) -> None:
    """Ask the step's transaction for one outgoing item."""
    values = outbox_values(kind, payload, scope.ctx.now)
    scope.insert(outbox, **values, tries=patience.tries, pause=patience.pause)


def operation_row(scope: StepScope, asked: Requested) -> None:
    """Ask the step's transaction for the operation that a task waits for.

    One whose request says `held` is not asked of anybody; its answer is brought.
    """
    request = dict(asked.request)
    row = outbox_values(OutboxKind.OPERATION, request, scope.ctx.now)
    if request.get("held"):
        row["not_before"] = HELD
    row |= {"task_id": asked.task_id, "element": f"{asked.process}/{asked.element}"}
    scope.insert(outbox, **row, tries=request.pop("tries"), pause=request.pop("pause"))


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
