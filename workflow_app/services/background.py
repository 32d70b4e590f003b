"""All due work once over: timers first, then what leaves; each item in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from workflow_app.services.case_store import LostRace
from workflow_app.services.context import Context, transaction
from workflow_app.services.deliveries import (
    claim_item,
    deliver_item,
    give_back_item,
    give_up_item,
    waiting_items,
)
from workflow_app.services.due import due_rows, give_up_due, handle_due

log = structlog.get_logger()
ROUNDS = 50

Contexts = Callable[[], Context]


def do_due_work(contexts: Contexts) -> int:
    """Fire timers and deliver the outbox until nothing is due; returns how many items were handled.

    `contexts` gives a fresh context as the system, its session bound to the caller. An item that
    fails, however it fails, does not keep the others from being handled.
    """
    handled = 0
    for _ in range(ROUNDS):
        timers = [row.id for row in _read(contexts, due_rows)]
        items = _read(contexts, waiting_items)
        if not timers and not items:
            break
        handled += sum(_fire(contexts, timer) for timer in timers)
        handled += sum(_deliver(contexts, item) for item in items)
    return handled


def _fire(contexts: Contexts, timer: int) -> bool:
    try:
        with _work(contexts) as ctx:
            handle_due(ctx, timer)
    except (LostRace, IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", timer=timer, reason=str(race))
        return False
    except Exception as failure:
        # The outer edge of a job: one row that cannot be handled must not stop all others.
        log.exception("timer_failed", timer=timer)
        with _work(contexts) as ctx:
            give_up_due(ctx, timer, failure)
    return True


def _deliver(contexts: Contexts, item: int) -> bool:
    with _work(contexts) as ctx:
        if not claim_item(ctx, item):
            return False
    try:
        with _work(contexts) as ctx:
            deliver_item(ctx, item)
    except (LostRace, IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", item=item, reason=str(race))
        with _work(contexts) as ctx:
            give_back_item(ctx, item)
        return False
    except Exception as failure:
        # The outer edge of a job: one row that cannot be handled must not stop all others.
        log.exception("delivery_failed", item=item)
        with _work(contexts) as ctx:
            give_up_item(ctx, item, failure)
    return True


def _read(contexts: Contexts, query: Callable[[Context], list[Any]]) -> list[Any]:
    ctx = contexts()
    try:
        return query(ctx)
    finally:
        ctx.session.close()


@contextmanager
def _work(contexts: Contexts) -> Iterator[Context]:
    ctx = contexts()
    try:
        with transaction(ctx.session):
            yield ctx
    finally:
        ctx.session.close()
