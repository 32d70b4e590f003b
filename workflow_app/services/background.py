"""All due work: timers first, then what leaves; each thing in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError

from workflow_app.services.announcing import announce, leave_unannounced, unannounced
from workflow_app.services.case_store import LostRace
from workflow_app.services.context import Context, transaction
from workflow_app.services.deliveries import (
    claim_item,
    deliver_item,
    give_back_item,
    give_up_item,
    waiting_items,
)
from workflow_app.services.digests import (
    begin_round,
    drop_digest,
    due_rounds,
    owed_digests,
    skip_round,
    write_digest,
)
from workflow_app.services.due import due_rows, give_up_due, handle_due
from workflow_app.services.indexing import index_case, mark_searched, unsearched
from workflow_app.services.kept import drop_message, expired_messages
from workflow_app.services.starts import due_starts, fire_start, put_off_start

log = structlog.get_logger()
ROUNDS = 50
BATCH = 100

Contexts = Callable[[], Context]
Small = Callable[[Context, int], None]


@dataclass(frozen=True, slots=True)
class DueThing:
    """One row that is due; `case_id` is None for what belongs to no case."""

    kind: str
    id: int
    case_id: int | None


def do_due_work(contexts: Contexts) -> int:
    """Fire timers and deliver the outbox until nothing is due; returns how many were handled.

    `contexts` gives a fresh context as the system, its session bound to the caller. A thing that
    fails, however it fails, does not keep the others from being handled.
    """
    handled = 0
    for _ in range(ROUNDS):
        things = due_things(contexts, limit=BATCH)
        if not things:
            break
        handled += sum(do_due_thing(contexts, thing.kind, thing.id) for thing in things)
    return handled


def due_things(contexts: Contexts, *, limit: int) -> list[DueThing]:
    """Return what is due now, at most `limit` of each kind, the oldest first."""
    ctx = contexts()
    try:
        return [
            *(DueThing("expired", row.id, None) for row in expired_messages(ctx, limit)),
            *(DueThing("start", row.id, None) for row in due_starts(ctx, limit)),
            *(DueThing("timer", row.id, row.case_id) for row in due_rows(ctx, limit)),
            *(DueThing("task", row.id, row.case_id) for row in unannounced(ctx, limit)),
            *(DueThing("search", 0, None) for _case in unsearched(ctx, 1)),
            *(DueThing("round", one, None) for one in due_rounds(ctx)),
            *(DueThing("digest", one, None) for one in owed_digests(ctx, limit)),
            *(DueThing("outgoing", row.id, row.case_id) for row in waiting_items(ctx, limit)),
        ]
    finally:
        ctx.session.close()


def do_due_thing(contexts: Contexts, kind: str, thing_id: int) -> bool:
    """Do one due thing if it is still there; False when somebody else was faster."""
    return _HANDLERS[kind](contexts, thing_id)


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


def _expire(contexts: Contexts, message: int) -> bool:
    with _work(contexts) as ctx:
        drop_message(ctx, message)
    return True


def _start(contexts: Contexts, start: int) -> bool:
    try:
        with _work(contexts) as ctx:
            fire_start(ctx, start)
    except (LostRace, IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", start=start, reason=str(race))
        return False
    except Exception:
        # The outer edge of a job: one row that cannot be handled must not stop all others.
        log.exception("start_failed", start=start)
        with _work(contexts) as ctx:
            put_off_start(ctx, start)
    return True


def _announce(contexts: Contexts, item: int) -> bool:
    return _small(contexts, item, announce, leave_unannounced)


def _begin_round(contexts: Contexts, country: int) -> bool:
    return _small(contexts, country, begin_round, skip_round)


def _write_digest(contexts: Contexts, digest: int) -> bool:
    return _small(contexts, digest, write_digest, drop_digest)


def _small(contexts: Contexts, thing: int, do: Small, give_up: Small) -> bool:
    """Do something small of which nothing depends; what fails for good is given up."""
    try:
        with _work(contexts) as ctx:
            do(ctx, thing)
    except (LostRace, IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", thing=thing, reason=str(race))
        return False
    except Exception:
        # The outer edge of a job: one row that cannot be handled must not stop all others.
        log.exception("telling_failed", thing=thing)
        with _work(contexts) as ctx:
            give_up(ctx, thing)
    return True


def _deliver(contexts: Contexts, item: int) -> bool:
    with _work(contexts) as ctx:
        if not claim_item(ctx, item):
            return False
    try:
        more = True
        while more:
            with _work(contexts) as ctx:
                more = deliver_item(ctx, item)
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


def _index(contexts: Contexts, _thing: int) -> bool:
    """Write the words of cases into the search index, many in one transaction."""
    try:
        with _work(contexts) as ctx:
            for case_id in unsearched(ctx, BATCH):
                index_case(ctx, case_id)
    except (IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", reason=str(race))
        return False
    except Exception:
        # The outer edge of a job: one case that cannot be read must not keep all others from it.
        log.exception("indexing_failed")
        _index_singly(contexts)
    return True


def _index_singly(contexts: Contexts) -> None:
    with _work(contexts) as ctx:
        waiting = unsearched(ctx, BATCH)
    for case_id in waiting:
        try:
            with _work(contexts) as ctx:
                index_case(ctx, case_id)
        except Exception:
            log.exception("indexing_failed", case_id=case_id)
            with _work(contexts) as ctx:
                mark_searched(ctx, case_id)


@contextmanager
def _work(contexts: Contexts) -> Iterator[Context]:
    ctx = contexts()
    try:
        with transaction(ctx.session):
            yield ctx
    finally:
        ctx.session.close()


_HANDLERS: Mapping[str, Callable[[Contexts, int], bool]] = {
    "expired": _expire,
    "start": _start,
    "timer": _fire,
    "task": _announce,
    "round": _begin_round,
    "digest": _write_digest,
    "outgoing": _deliver,
    "search": _index,
}
