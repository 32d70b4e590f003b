"""Messages between cases: delivered to whoever waits, kept for whoever will."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, select

from workflow_app.domain.correlation import BROADCAST
from workflow_app.domain.errors import Conflict
from workflow_app.engine import Env, Step, deliver
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.work import Subscription
from workflow_app.services.case_store import Loaded, LostRace, load_case
from workflow_app.services.kept import Sent, keep
from workflow_app.services.links import link_cases
from workflow_app.services.starts import ask_to_start, is_running, message_starts
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context

_waits = table_of(Subscription)
_cases = table_of(Case)
_versions = table_of(ProcessVersion)


def send_message(
    ctx: Context, message: str, correlation: str, payload: Mapping[str, Any]
) -> Step | None:
    """Deliver a message that comes from no case; see `send`. `correlation` is a key as text."""
    return send(ctx, Sent(message=message, correlation=correlation, payload=payload))


def send(ctx: Context, sent: Sent) -> Step | None:
    """Deliver a message to the case that waits for it, else let it start cases, else keep it.

    Of several that wait under one key the oldest case has it. Raises CaseStuck, and LostRace when
    somebody began to wait at the same moment, or ceased to.
    """
    if sent.is_over(ctx.now):
        return None
    wait = _waiting(ctx, sent)
    if wait is not None:
        return _arrive(ctx, wait, sent)
    starts = message_starts(ctx, sent)
    if not starts:
        _keep(ctx, sent)
    for row in starts:
        own = replace(sent, process=row.process_key)
        if is_running(ctx, row.process_key, sent.correlation):
            _keep(ctx, own)
        else:
            ask_to_start(ctx, row, own)
    return None


def _keep(ctx: Context, sent: Sent) -> None:
    """Keep a message. Raises LostRace when what it waits for came about at the same moment."""
    keep(ctx, sent)
    ended = sent.process and not is_running(ctx, sent.process, sent.correlation)
    if ended or _waiting(ctx, sent) is not None:
        raise LostRace


def _waiting(ctx: Context, sent: Sent) -> Any:
    query = select(_waits.c.case_id, _waits.c.task_id).where(
        _waits.c.message == sent.message, _waits.c.correlation == sent.correlation
    )
    if sent.process is not None:
        meant = _versions.c.key == sent.process
        query = query.join(_cases, _cases.c.id == _waits.c.case_id)
        query = query.join(_versions, _versions.c.id == _cases.c.process_version_id).where(meant)
    oldest = query.order_by(_waits.c.case_id, _waits.c.id.desc()).limit(1)
    found: Any = ctx.connection.execute(oldest).first()
    return found


def _arrive(ctx: Context, wait: Any, sent: Sent) -> Step:
    try:
        step = _deliver(ctx, wait.case_id, wait.task_id, sent.payload)
    except LostRace:
        raise
    except Conflict as gone:
        raise LostRace from gone
    if sent.sender is not None and sent.sender != wait.case_id:
        link_cases(ctx, wait.case_id, sent.sender, sent.message)
    return step


def waiting_for_signal(ctx: Context, signal: str, *, thrown_by: int | None) -> list[int]:
    """Return the cases that wait for a signal, the one that threw it left out: it has had it."""
    query = select(_waits.c.case_id).where(_signalled(signal), _waits.c.case_id != thrown_by)
    return list(ctx.session.scalars(query.distinct().order_by(_waits.c.case_id)))


def signal_case(ctx: Context, case_id: int, signal: str, payload: Mapping[str, Any]) -> None:
    """Wake everything in one case that waits for a signal. Raises CaseStuck."""
    query = select(_waits.c.task_id).where(_signalled(signal), _waits.c.case_id == case_id)
    for task_id in ctx.session.scalars(query.order_by(_waits.c.id)).all():
        if ctx.session.scalar(query.where(_waits.c.task_id == task_id)) is not None:
            _deliver(ctx, case_id, task_id, payload)


def _signalled(signal: str) -> ColumnElement[bool]:
    return and_(_waits.c.message == signal, _waits.c.correlation == BROADCAST)


def _deliver(ctx: Context, case_id: int, task_id: str, payload: Mapping[str, Any]) -> Step:
    def act(current: Loaded, env: Env) -> Step:
        return deliver(current.published.program, current.state, task_id, payload, env)

    with sticking(case_id, Attempt(kind="message", task_id=task_id, answers=dict(payload))):
        return step_case(ctx, lambda: load_case(ctx, case_id), act)
