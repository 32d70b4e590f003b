"""Cases whose next step fails: marked with the reason, and repeated once the cause is mended."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.engine import StepFailed
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Incident
from workflow_app.services.case_store import load_case
from workflow_app.services.chain import Event, append_event
from workflow_app.services.documents import keep_uploads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.services.context import Context

_incidents = table_of(Incident)
_cases = table_of(Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried, so that it can be tried again.

    `kind` is "complete" (a work item), "answer" (a message's form), "message" (from another case)
    or "timers"; `actor` is the username in whose name it was tried, the present one's if empty.
    """

    kind: str
    item: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    task_id: str | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What a step left behind: the tasks it closed and the waits that are still open."""

    closed: frozenset[str]
    waits: frozenset[str]
    finished: bool


class CaseStuck(DomainError):
    """A step failed; the case stays where it was (params: element, reason)."""

    message = N_("The step “%(element)s” could not run: %(reason)s The case stays where it was.")

    def __init__(self, case_id: int, failure: StepFailed, attempt: Attempt) -> None:
        self.case_id = case_id
        self.failure = failure
        self.attempt = attempt
        super().__init__(element=failure.element, reason=failure.reason)


@contextmanager
def sticking(case_id: int, attempt: Attempt) -> Iterator[None]:
    """Turn a failing step inside the block into CaseStuck; the edge rolls back and records it."""
    try:
        yield
    except StepFailed as failure:
        raise CaseStuck(case_id, failure, attempt) from failure


def record_incident(ctx: Context, stuck: CaseStuck) -> None:
    """Mark the case as stuck with the reason; for the edge, in a transaction of its own.

    It takes the place of an earlier incident of the same attempt; another's stays open beside it.
    """
    attempt = {**asdict(stuck.attempt), "actor": stuck.attempt.actor or ctx.actor.username}
    keep_uploads(ctx, stuck.attempt.answers)
    same = [row.id for row in _open(ctx, stuck.case_id) if _is_again(row.attempt, attempt)]
    _resolve(ctx, same, by="superseded")
    element = _full_name(ctx, stuck)
    ctx.session.execute(
        insert(_incidents).values(
            case_id=stuck.case_id,
            element=element,
            reason=stuck.failure.reason,
            attempt=attempt,
            at=ctx.now,
        )
    )
    ctx.session.execute(
        update(_cases).where(_cases.c.id == stuck.case_id).values(phase=CaseState.STUCK)
    )
    reason = {"reason": stuck.failure.reason}
    append_event(ctx, stuck.case_id, Event("stuck", element, None, ctx.now, reason))


def settle_incidents(ctx: Context, case_id: int, gone: Gone) -> None:
    """Resolve what a later step of a stuck case made pointless; it stays stuck while any is left.

    Timers need no incident any more: the step has put them back in line.
    """
    found = _open(ctx, case_id)
    settled = [row.id for row in found if gone.finished or _is_settled(row.attempt, gone)]
    _resolve(ctx, settled, by=ctx.actor.username)
    if len(settled) < len(found):
        still = update(_cases).where(_cases.c.id == case_id)
        ctx.session.execute(still.values(phase=CaseState.STUCK))


def resolve_incident(ctx: Context, incident_id: int) -> None:
    """Note that an incident was dealt with by the actor."""
    _resolve(ctx, [incident_id], by=ctx.actor.username)


def _is_settled(attempt: Mapping[str, Any], gone: Gone) -> bool:
    if attempt["kind"] == "answer":
        return attempt["task_id"] not in gone.waits
    return attempt["kind"] == "timers" or attempt["task_id"] in gone.closed


def _is_again(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if new["kind"] == "message":
        return old == new
    return (old["kind"], old["task_id"]) == (new["kind"], new["task_id"])


def _open(ctx: Context, case_id: int) -> list[Any]:
    query = select(_incidents.c.id, _incidents.c.attempt).where(
        _incidents.c.case_id == case_id, _incidents.c.resolved_at.is_(None)
    )
    return list(ctx.session.execute(query))


def _resolve(ctx: Context, incidents: list[int], *, by: str) -> None:
    if incidents:
        done = update(_incidents).where(_incidents.c.id.in_(incidents))
        ctx.session.execute(done.values(resolved_at=ctx.now, resolved_by=by))


def _full_name(ctx: Context, stuck: CaseStuck) -> str:
    """Return `<process>/<element id>` for the element that failed, as history names it."""
    processes = load_case(ctx, stuck.case_id).published.program.processes
    for process, graph in processes.items():
        if any(node.id == stuck.failure.element for _graph, node in graph.walk()):
            return f"{process}/{stuck.failure.element}"
    return stuck.failure.element
