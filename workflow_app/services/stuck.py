"""Cases whose next step fails: marked with the reason, and repeated once the cause is mended."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, update

from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.engine import StepFailed
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Incident
from workflow_app.services.chain import Event, append_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.services.context import Context

_incidents = table_of(Incident)
_cases = table_of(Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried, so that it can be tried again: completing an item, timers, or a message."""

    kind: str
    item: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    task_id: str | None = None


class CaseStuck(DomainError):
    """A step failed; the case stays where it was and waits for a person (params: element.

    Reason).
    """

    message = N_("The step “%(element)s” could not run: %(reason)s The case stays where it was.")

    def __init__(self, case_id: int, failure: StepFailed, attempt: Attempt) -> None:
        self.case_id = case_id
        self.failure = failure
        self.attempt = attempt
        super().__init__(element=failure.element, reason=failure.reason)


@contextmanager
def sticking(case_id: int, attempt: Attempt) -> Iterator[None]:
    """Turn a failing step inside the block into CaseStuck.

    Which the edge records after rolling back.
    """
    try:
        yield
    except StepFailed as failure:
        raise CaseStuck(case_id, failure, attempt) from failure


def record_incident(ctx: Context, stuck: CaseStuck) -> None:
    """Mark the case as stuck with the reason; for the edge, in a transaction of its own."""
    ctx.session.execute(
        update(_incidents)
        .where(_incidents.c.case_id == stuck.case_id, _incidents.c.resolved_at.is_(None))
        .values(resolved_at=ctx.now, resolved_by="superseded")
    )
    ctx.session.execute(
        insert(_incidents).values(
            case_id=stuck.case_id,
            element=stuck.failure.element,
            reason=stuck.failure.reason,
            attempt={**asdict(stuck.attempt), "actor": ctx.actor.username},
            at=ctx.now,
        )
    )
    ctx.session.execute(
        update(_cases).where(_cases.c.id == stuck.case_id).values(phase=CaseState.STUCK)
    )
    reason = {"reason": stuck.failure.reason}
    append_event(ctx, stuck.case_id, Event("stuck", stuck.failure.element, None, ctx.now, reason))
