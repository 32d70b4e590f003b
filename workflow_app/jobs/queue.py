"""The queue of nudges on PostgreSQL: each says that one row is due; the row says what to do.

Losing every nudge loses nothing, for a sweep looks for due rows every few seconds; following one
twice changes nothing, for whoever comes second finds the row done. Nudges for what leaves are laid
by a trigger in the transaction that writes the row (revision 0004). Timers get theirs when they
fall due: the queue never holds what lies in the future, so taking a nudge costs the same whatever
waits.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from sqlalchemy import make_url, text

from workflow_app.services.background import do_due_thing, due_things
from workflow_app.services.context import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from workflow_app.services.background import Contexts, DueThing

log = structlog.get_logger()
#: Croniter counts seconds in the sixth place.
EVERY_FIVE_SECONDS = "* * * * * */5"
SWEEP_LIMIT = 1000
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 20.0

# An earlier nudge for the same row is as good: a collision must not fail the others.
_NUDGE = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args) "
    "SELECT 'due', 'due', thing.lock, thing.name, thing.args "
    "FROM jsonb_to_recordset(CAST(:things AS jsonb)) "
    "AS thing(lock text, name text, args jsonb) ON CONFLICT DO NOTHING"
)


def make_queue(database_url: str, contexts: Contexts, *, threads: int) -> App:
    """Return Procrastinate's application with our tasks; `threads` is how many run at once.

    `contexts` gives a fresh context as the system, its session bound to the caller.
    """
    address = make_url(database_url).set(drivername="postgresql")
    connector = PsycopgConnector(
        conninfo=address.render_as_string(hide_password=False), min_size=1, max_size=threads + 2
    )
    queue = App(connector=connector)
    _add_tasks(queue, contexts)
    return queue


def _add_tasks(queue: App, contexts: Contexts) -> None:
    @queue.task(name="due", queue="due")
    def due(kind: str, thing: int) -> None:
        do_due_thing(contexts, kind, thing)

    # No lock: one that a killed sweep holds would keep every later sweep away.
    @queue.periodic(cron=EVERY_FIVE_SECONDS)
    @queue.task(name="sweep", queue="due", queueing_lock="sweep")
    def sweep(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate says when it meant it to run
        nudge_due(contexts)

    @queue.periodic(cron=EVERY_FIVE_SECONDS)
    @queue.task(name="forget", queue="due", queueing_lock="forget")
    async def forget(timestamp: int) -> None:  # noqa: ARG001 - likewise
        await forget_stalled(queue)


def nudge_due(contexts: Contexts) -> int:
    """Lay a nudge for every due row that has none; returns how many rows are due."""
    things = due_things(contexts, limit=SWEEP_LIMIT)
    if things:
        ctx = contexts()
        try:
            with transaction(ctx.session):
                _lay(ctx.session, things)
        finally:
            ctx.session.close()
    return len(things)


async def forget_stalled(queue: App) -> None:
    """Drop nudges that a killed worker had taken, and so their locks; the sweep finds the rows."""
    stalled = await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS)
    for job in stalled:
        log.warning("nudge_stalled", job=job.id, task=job.task_name, lock=job.lock)
        # Another worker may have dropped it in between.
        with suppress(ConnectorException):
            await queue.job_manager.finish_job(job=job, status=Status.FAILED, delete_job=True)
    await queue.job_manager.prune_stalled_workers(seconds_since_heartbeat=STALLED_SECONDS)


def _lay(session: Session, things: Sequence[DueThing]) -> None:
    rows = [
        {
            "lock": f"case-{thing.case_id}" if thing.case_id is not None else None,
            "name": f"{thing.kind}-{thing.id}",
            "args": {"kind": thing.kind, "thing": thing.id},
        }
        for thing in things
    ]
    session.execute(_NUDGE, {"things": json.dumps(rows)})
