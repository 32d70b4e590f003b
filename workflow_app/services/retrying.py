"""Trying a stuck step again, once its cause is mended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import update

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, NotAllowed
from workflow_app.domain.permissions import may
from workflow_app.domain.text import N_
from workflow_app.engine import Env, Step, deliver, fire_timers
from workflow_app.models.case import Incident
from workflow_app.queries.case_file import open_incident
from workflow_app.services.accounts import actor_named
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.chain import Event, append_event
from workflow_app.services.reading import readable_case
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking
from workflow_app.services.tasks import complete_task

if TYPE_CHECKING:
    from workflow_app.services.context import Context


def retry_incident(ctx: Context, number: str) -> None:
    """Repeat the attempt that got a case stuck, in the name of whoever made it.

    Raises NotFound, NotAllowed, Conflict when nothing is stuck, CaseStuck when it fails again.
    """
    loaded = readable_case(ctx, number)
    if not may(ctx.actor, Permission.SUPERVISE, loaded.row.territory_path):
        raise NotAllowed
    incident = open_incident(ctx.session, loaded.row.id)
    if incident is None:
        raise Conflict(N_("Nothing is stuck in this case any more."))
    _repeat(ctx, loaded, incident)
    ctx.session.execute(
        update(Incident)
        .where(Incident.case_id == loaded.row.id, Incident.resolved_at.is_(None))
        .values(resolved_at=ctx.now, resolved_by=ctx.actor.username)
    )
    append_event(ctx, loaded.row.id, Event("retried", incident.element, None, ctx.now))


def _repeat(ctx: Context, loaded: Loaded, incident: Incident) -> None:
    known = dict(incident.attempt)
    first = actor_named(ctx.session, known.pop("actor", ""), ctx.now.date())
    attempt = Attempt(**known)
    if attempt.kind == "complete" and attempt.item is not None:
        complete_task(replace(ctx, actor=first or ctx.actor), attempt.item, attempt.answers)
        return

    def act(current: Loaded, env: Env) -> Step:
        program = current.published.program
        if attempt.kind == "timers":
            return fire_timers(program, current.state, env)
        return deliver(program, current.state, attempt.task_id or "", attempt.answers, env)

    with sticking(loaded.row.id, attempt):
        step_case(ctx, lambda: load_case(ctx, loaded.row.id), act)
