"""All due work once over: timers first, then what leaves; each item in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from workflow_app.services.case_store import LostRace
from workflow_app.services.context import Context, transaction
from workflow_app.services.deliveries import deliver_item, waiting_items
from workflow_app.services.due import due_rows, handle_due, postpone_stuck
from workflow_app.services.stuck import CaseStuck, record_incident

log = structlog.get_logger()
ROUNDS = 50

Contexts = Callable[[], Context]


def do_due_work(contexts: Contexts) -> int:
    """Fire timers and deliver the outbox until nothing is due; returns how many items were handled.

    `contexts` gives a fresh context as the system, its session bound to the caller.
    """
    handled = 0
    for _ in range(ROUNDS):
        timers = [row.id for row in _read(contexts, due_rows)]
        items = _read(contexts, waiting_items)
        if not timers and not items:
            break
        handled += sum(_one(contexts, handle_due, timer) for timer in timers)
        handled += sum(_one(contexts, deliver_item, item) for item in items)
    return handled


def _read(contexts: Contexts, query: Callable[[Context], list]) -> list:  # type: ignore[type-arg]
    ctx = contexts()
    try:
        return query(ctx)
    finally:
        ctx.session.close()


def _one(contexts: Contexts, handle: Callable[[Context, int], None], item: int) -> bool:
    ctx = contexts()
    try:
        with transaction(ctx.session):
            handle(ctx, item)
    except CaseStuck as stuck:
        _record(contexts, stuck)
    except (LostRace, IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", item=item, reason=str(race))
        return False
    finally:
        ctx.session.close()
    return True


def _record(contexts: Contexts, stuck: CaseStuck) -> None:
    ctx = contexts()
    log.warning("case_stuck", case_id=stuck.case_id, element=stuck.failure.element)
    try:
        with transaction(ctx.session):
            record_incident(ctx, stuck)
            if stuck.attempt.kind == "timers":
                postpone_stuck(ctx, stuck.case_id)
    finally:
        ctx.session.close()
