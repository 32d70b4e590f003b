"""Cases whose next step fails: marked with the reason, and repeated once the cause is mended."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.domain.errors import DomainError
from workflow_app.domain.reasons import as_stored
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.engine import StepFailed
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Incident
from workflow_app.services.case_store import load_case
from workflow_app.services.chain import Event, append_event, hold_case
from workflow_app.services.documents import keep_uploads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.services.context import Context

OUTGOING = "outgoing"
SUPERSEDED = "superseded"
_incidents = table_of(Incident)
_cases = table_of(Case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What was tried, so that it can be tried again.

    `kind` is "complete" (a work item), "answer" (a message's form), "message" (from another case),
    "timers" or "outgoing" (an item of the outbox; `task_id` waits for it, if any does). `actor` is
    the username in whose name it was tried, the present one's if empty.
    """

    kind: str
    item: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    task_id: str | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What a step left behind: the visits that ended and the waits that are still open."""

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
        super().__init__(element=failure.element, reason=failure.params["reason"])

    @property
    def holds(self) -> bool:
        """Whether the case cannot go on; a mail that does not leave holds nobody up."""
        return holds_up(asdict(self.attempt))


@contextmanager
def sticking(case_id: int, attempt: Attempt) -> Iterator[None]:
    """Turn a failing step inside the block into CaseStuck; the edge rolls back and records it."""
    try:
        yield
    except StepFailed as failure:
        raise CaseStuck(case_id, failure, attempt) from failure


def record_incident(ctx: Context, stuck: CaseStuck, *, tries: int | None = None) -> None:
    """Keep why a case is stuck and mark it so; for the edge, in a transaction of its own.

    `tries` is how often it was tried, one more than the last incident of the kind unless given. It
    takes the place of an earlier incident of the same attempt; another's stays open beside it.
    """
    hold_case(ctx, stuck.case_id)
    attempt = {**asdict(stuck.attempt), "actor": stuck.attempt.actor or ctx.actor.username}
    keep_uploads(ctx, stuck.attempt.answers)
    element = _full_name(ctx, stuck)
    told = told_of(stuck.failure)
    reason = {"reason": stuck.failure.reason, **told}
    append_event(ctx, stuck.case_id, Event("stuck", element, None, ctx.now, reason))
    same = [row for row in _open(ctx, stuck.case_id) if _is_again(row.attempt, attempt)]
    _resolve(ctx, [row.id for row in same], by=SUPERSEDED)
    ctx.session.execute(
        insert(_incidents).values(
            case_id=stuck.case_id,
            element=element,
            reason=stuck.failure.reason,
            attempt=attempt,
            at=ctx.now,
            kind=stuck.attempt.kind,
            tries=tries or 1 + max((row.tries for row in same), default=0),
            **told,
        )
    )
    if stuck.holds:
        mark_stuck(ctx, stuck.case_id)


def mark_stuck(ctx: Context, case_id: int) -> None:
    """Mark a case as stuck unless it is over."""
    going_on = (_cases.c.id == case_id, _cases.c.phase != CaseState.FINISHED)
    ctx.session.execute(update(_cases).where(*going_on).values(phase=CaseState.STUCK))


def told_of(failure: StepFailed) -> dict[str, Any]:
    """Return a failure's msgid and what fills it as JSON, so that each reader gets their words."""
    return as_stored(DomainError(failure.why, **failure.details))


def settle_incidents(ctx: Context, case_id: int, gone: Gone) -> None:
    """Resolve what a later step of a stuck case made pointless; it stays stuck while any is left.

    Timers need no incident any more: the step has put them back in line.
    """
    found = _open(ctx, case_id)
    settled = [row.id for row in found if _is_settled(row.attempt, gone)]
    _resolve(ctx, settled, by=ctx.actor.username)
    if any(holds_up(row.attempt) for row in found if row.id not in settled):
        mark_stuck(ctx, case_id)


def holds_up(attempt: Mapping[str, Any]) -> bool:
    """Tell whether the case cannot go on before this is mended."""
    return bool(attempt["kind"] != OUTGOING or attempt["task_id"] is not None)


def resolve_incident(ctx: Context, incident_id: int) -> bool:
    """Note that an incident was dealt with by the actor; False when it had been already."""
    still_open = (_incidents.c.id == incident_id, _incidents.c.resolved_at.is_(None))
    done = update(_incidents).where(*still_open)
    done = done.values(resolved_at=ctx.now, resolved_by=ctx.actor.username)
    return ctx.connection.execute(done).rowcount == 1


def mark_going_on(ctx: Context, case_id: int) -> None:
    """Mark a stuck case as open where nothing holds it up any more."""
    if not any(holds_up(row.attempt) for row in _open(ctx, case_id)):
        stuck = (_cases.c.id == case_id, _cases.c.phase == CaseState.STUCK)
        ctx.session.execute(update(_cases).where(*stuck).values(phase=CaseState.OPEN))


def _is_settled(attempt: Mapping[str, Any], gone: Gone) -> bool:
    if not holds_up(attempt):
        return False
    if gone.finished:
        return True
    if attempt["kind"] == "answer":
        return bool(attempt["task_id"] not in gone.waits)
    return bool(attempt["kind"] == "timers" or attempt["task_id"] in gone.closed)


def _is_again(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if new["kind"] == "message":
        return old == new
    if new["kind"] == OUTGOING:
        return bool(old["kind"] == OUTGOING and old["item"] == new["item"])
    return bool((old["kind"], old["task_id"]) == (new["kind"], new["task_id"]))


def _open(ctx: Context, case_id: int) -> list[Any]:
    query = select(_incidents.c.id, _incidents.c.attempt, _incidents.c.tries).where(
        _incidents.c.case_id == case_id, _incidents.c.resolved_at.is_(None)
    )
    return list(ctx.session.execute(query))


def _resolve(ctx: Context, incidents: list[int], *, by: str) -> None:
    if incidents:
        done = update(_incidents).where(_incidents.c.id.in_(incidents))
        ctx.session.execute(done.values(resolved_at=ctx.now, resolved_by=by))


def _full_name(ctx: Context, stuck: CaseStuck) -> str:
    """Return `<process>/<element id>` for the element that failed, as history names it."""
    if "/" in stuck.failure.element or not stuck.failure.element:
        return stuck.failure.element
    processes = load_case(ctx, stuck.case_id).published.program.processes
    for process, graph in processes.items():
        if any(node.id == stuck.failure.element for _graph, node in graph.walk()):
            return f"{process}/{stuck.failure.element}"
    return stuck.failure.element
