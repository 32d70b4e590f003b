"""Trying a stuck step again, once its cause is mended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from workflow_app.domain.actors import KEY_HOLDER, Actor, Permission
from workflow_app.domain.errors import Conflict, NotYours
from workflow_app.domain.permissions import may
from workflow_app.domain.states import OutboxState
from workflow_app.domain.text import N_
from workflow_app.engine import Env, Step, deliver, fire_timers
from workflow_app.queries.incidents import open_incidents
from workflow_app.services.accounts import actor_named
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.chain import Event, append_event, hold_case
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.outgoing import outbox
from workflow_app.services.reading import readable_case
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import (
    OUTGOING,
    Attempt,
    mark_going_on,
    resolve_incident,
    sticking,
)
from workflow_app.services.tasks import complete_task

if TYPE_CHECKING:
    from workflow_app.models.case import Incident
    from workflow_app.services.context import Context

NOTHING_STUCK = N_("Nothing is stuck in this case any more.")


def supervised_case(ctx: Context, number: str) -> Loaded:
    """Return a case that the actor supervises. Raises NotFound, NotAllowed."""
    loaded = readable_case(ctx, number)
    if not may(ctx.actor, Permission.SUPERVISE, loaded.row.territory_path):
        raise NotYours
    return loaded


def stuck_at(ctx: Context, case_id: int, incident_id: int | None = None) -> Incident:
    """Return an open incident of a case, the last one unless named. Raises Conflict for none."""
    found = open_incidents(ctx.session, case_id)
    wanted = [one for one in found if incident_id in (None, one.id)]
    if not wanted:
        raise Conflict(NOTHING_STUCK)
    return wanted[0]


def retry_incident(
    ctx: Context, number: str, incident_id: int | None = None, reason: str = ""
) -> None:
    """Repeat the attempt that got a case stuck, in the name of whoever made it.

    What leaves through the outbox is tried again after the commit. Raises NotFound, NotAllowed,
    Conflict when nothing is stuck or somebody was faster, CaseStuck when it fails again.
    """
    loaded = supervised_case(ctx, number)
    hold_case(ctx, loaded.row.id)
    incident = stuck_at(ctx, loaded.row.id, incident_id)
    if not resolve_incident(ctx, incident.id):
        raise Conflict(NOTHING_STUCK)
    _repeat(ctx, loaded, incident)
    told = {"reason": reason, "incident": incident.id} if reason else None
    append_event(ctx, loaded.row.id, Event("retried", incident.element, None, ctx.now, told))


def send_all_again(ctx: Context) -> int:
    """Put every failed item that belongs to no case back in line; returns how many.

    Such as mails with a link to begin a case: nobody supervises them, so no page shows them.
    """
    failed = (outbox.c.state == OutboxState.FAILED, outbox.c.case_id.is_(None))
    again = {"state": OutboxState.WAITING, "attempts": 0, "not_before": ctx.now}
    return ctx.connection.execute(update(outbox).where(*failed).values(**again)).rowcount


def _send_again(ctx: Context, case_id: int, item_id: int) -> None:
    """Put an item of the outbox back in line; an error it brought is forgotten, a result kept."""
    failed = (outbox.c.id == item_id, outbox.c.state == OutboxState.FAILED)
    row = ctx.session.execute(select(outbox.c.answer).where(*failed)).first()
    if row is None:
        raise Conflict(NOTHING_STUCK)
    kept = row.answer if row.answer and "result" in row.answer else None
    again = {"state": OutboxState.WAITING, "attempts": 0, "not_before": ctx.now, "answer": kept}
    ctx.session.execute(update(outbox).where(*failed).values(**again))
    mark_going_on(ctx, case_id)


def _repeat(ctx: Context, loaded: Loaded, incident: Incident) -> None:
    attempt = Attempt(**incident.attempt)
    if attempt.kind == OUTGOING and attempt.item is not None:
        _send_again(ctx, loaded.row.id, attempt.item)
        return
    first = replace(ctx, actor=_first_actor(ctx, loaded.row.id, attempt.actor))
    if attempt.kind == "complete" and attempt.item is not None:
        complete_task(first, attempt.item, attempt.answers)
        return
    if attempt.kind == "answer" and attempt.task_id is not None:
        deliver_answers(first, loaded.row.id, attempt.task_id, attempt.answers)
        return

    def act(current: Loaded, env: Env) -> Step:
        program = current.published.program
        if attempt.kind == "timers":
            return fire_timers(program, current.state, env)
        return deliver(program, current.state, attempt.task_id or "", attempt.answers, env)

    with sticking(loaded.row.id, attempt):
        step_case(ctx, lambda: load_case(ctx, loaded.row.id), act)


def _first_actor(ctx: Context, case_id: int, username: str) -> Actor:
    if username == KEY_HOLDER:
        return key_holder_actor(case_id)
    return actor_named(ctx.session, username, ctx.now) or ctx.actor
