"""All due work: timers first, then what leaves; each thing in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

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
from workflow_app.services.designing.moving import do_item, due_items, fail_item
from workflow_app.services.designing.publishing import come_back, due_publications, publish_due
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
            *(DueThing("publication", one, None) for one in due_publications(ctx, limit)),
            *(DueThing("move", one, None) for one in due_items(ctx, limit)),
            *(DueThing("outgoing", row.id, row.case_id) for row in waiting_items(ctx, limit)),
        ]
    finally:
        ctx.session.close()


def do_due_thing(contexts: Contexts, kind: str, thing_id: int) -> bool:
    """Do one due thing if it is still there; False when somebody else was faster."""
    return _HANDLERS[kind](contexts, thing_id)


def _fire(contexts: Contexts, timer: int) -> bool:
    return _edge(
        "timer", timer, _one(contexts, handle_due, timer), _one(contexts, give_up_due, timer)
    )


def _expire(contexts: Contexts, message: int) -> bool:
    _one(contexts, drop_message, message)()
    return True


def _start(contexts: Contexts, start: int) -> bool:
    return _small(contexts, "start", start, fire_start, put_off_start)


def _announce(contexts: Contexts, item: int) -> bool:
    return _small(contexts, "task", item, announce, leave_unannounced)


def _begin_round(contexts: Contexts, country: int) -> bool:
    return _small(contexts, "round", country, begin_round, skip_round)


def _write_digest(contexts: Contexts, digest: int) -> bool:
    return _small(contexts, "digest", digest, write_digest, drop_digest)


def _publish(contexts: Contexts, draft: int) -> bool:
    return _edge(
        "publication",
        draft,
        _one(contexts, publish_due, draft),
        _one(contexts, come_back, draft),
    )


def _move(contexts: Contexts, item: int) -> bool:
    return _edge("move", item, _one(contexts, do_item, item), _one(contexts, fail_item, item))


def _deliver(contexts: Contexts, item: int) -> bool:
    with _work(contexts) as ctx:
        if not claim_item(ctx, item):
            return False
    give_up = _one(contexts, give_up_item, item)
    give_back = _one(contexts, give_back_item, item)
    return _edge("outgoing", item, partial(_deliver_all, contexts, item), give_up, lost=give_back)


def _deliver_all(contexts: Contexts, item: int) -> None:
    more = True
    while more:
        with _work(contexts) as ctx:
            more = deliver_item(ctx, item)


def _index(contexts: Contexts, _thing: int) -> bool:
    """Write the words of cases into the search index, many in one transaction."""

    def singly(_failure: Exception) -> None:
        with _work(contexts) as ctx:
            waiting = unsearched(ctx, BATCH)
        for case_id in waiting:
            _small(contexts, "search", case_id, index_case, mark_searched)

    return _edge("search", 0, _one(contexts, _index_waiting), singly)


def _index_waiting(ctx: Context) -> None:
    for case_id in unsearched(ctx, BATCH):
        index_case(ctx, case_id)


def _small(contexts: Contexts, kind: str, thing: int, do: Small, give_up: Small) -> bool:
    """Do something of which nothing depends; what fails for good is given up, whatever failed."""

    def given_up(_failure: Exception) -> None:
        _one(contexts, give_up, thing)()

    return _edge(kind, thing, _one(contexts, do, thing), given_up)


def _edge(
    kind: str,
    thing: int,
    do: Callable[[], None],
    give_up: Callable[[Exception], None],
    *,
    lost: Callable[[], None] | None = None,
) -> bool:
    """Do one thing at the outer edge of a job; False when somebody else was faster.

    One row that cannot be handled, however it fails, must not stop all others.
    """
    try:
        do()
    except (LostRace, IntegrityError, OperationalError) as race:
        log.info("due_work_lost_race", kind=kind, thing=thing, reason=str(race))
        if lost is not None:
            lost()
        return False
    except Exception as failure:
        log.exception("due_work_failed", kind=kind, thing=thing)
        give_up(failure)
    return True


def _one(contexts: Contexts, act: Callable[..., object], *given: object) -> Callable[..., None]:
    """Return an act in a transaction of its own, with what is given and what it is called with."""

    def run(*more: object) -> None:
        with _work(contexts) as ctx:
            act(ctx, *given, *more)

    return run


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
    "publication": _publish,
    "move": _move,
    "outgoing": _deliver,
    "search": _index,
}
