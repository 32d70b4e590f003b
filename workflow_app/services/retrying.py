"""Trying a stuck step again, once its cause is mended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow_app.domain.actors import KEY_HOLDER, Actor, Permission
from workflow_app.domain.errors import Conflict, NotAllowed
from workflow_app.domain.permissions import may
from workflow_app.domain.text import N_
from workflow_app.engine import Env, Step, deliver, fire_timers
from workflow_app.queries.case_file import open_incident
from workflow_app.services.accounts import actor_named
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.chain import Event, append_event
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.reading import readable_case
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, resolve_incident, sticking
from workflow_app.services.tasks import complete_task

if TYPE_CHECKING:
    from workflow_app.models.case import Incident
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
    resolve_incident(ctx, incident.id)
    _repeat(ctx, loaded, incident)
    append_event(ctx, loaded.row.id, Event("retried", incident.element, None, ctx.now))


def _repeat(ctx: Context, loaded: Loaded, incident: Incident) -> None:
    attempt = Attempt(**incident.attempt)
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
    return actor_named(ctx.session, username, ctx.now.date()) or ctx.actor
