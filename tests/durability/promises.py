"""What must hold whatever happened: nothing lost, nothing doubled, nothing half visible."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tests.durability.pairs import ASKING, TELLING
from workflow_app.domain.states import CaseState, OutboxKind, OutboxState, TimerKind, WorkState
from workflow_app.engine import codec
from workflow_app.engine.waits import message_waits, timer_waits, waiting_tokens
from workflow_app.models.case import Answer, Case, History
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.work import (
    DueTimer,
    InboundMessage,
    Outbox,
    SentMail,
    Subscription,
    WorkItem,
)
from workflow_app.services.auditing import verify_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from tests.durability.clients import Sent
    from workflow_app.services.context import Context


def broken_promises(ctx: Context, sent: list[Sent]) -> list[str]:
    """Return a sentence for everything that does not hold."""
    session = ctx.session
    found = [f"the chain of {number} breaks at {seq}" for number, seq in verify_all(ctx)[1]]
    found += _completions(session, sent)
    found += _starts(session, sent)
    found += _rows(ctx)
    found += _messages(session)
    return found


def _completions(session: Session, sent: list[Sent]) -> Iterator[str]:
    """Every acknowledged completion is there once; any other once or not at all."""
    query = select(Answer.task_id, Answer.data, Answer.case_id).where(Answer.task_id.is_not(None))
    given = session.execute(query).all()
    tokens = Counter(int(row.data["token"]) for row in given if row.data.get("token") is not None)
    tasks = dict(session.execute(select(WorkItem.id, WorkItem.task_id)).all())
    known = {one.token for one in sent if one.what == "complete"}
    for one in sent:
        if one.what == "complete" and one.status == 303 and tokens[one.token] != 1:
            yield f"acknowledged and {tokens[one.token]} times there: {one}"
        if one.what == "complete" and one.status == 409 and tokens[one.token]:
            yield f"refused and there: {one}"
    yield from (f"token {token} is there {n} times" for token, n in tokens.items() if n > 1)
    yield from (f"nobody sent token {token}" for token in tokens.keys() - known)
    yield from _history(session, {row.task_id for row in given}, set(tasks.values()))


def _history(session: Session, answered: set[str], known: set[str]) -> Iterator[str]:
    """A task is entered once and completed or cancelled once; a completed one has an answer."""
    query = select(History.task_id, History.kind).where(History.task_id.in_(known))
    told = Counter((row.task_id, row.kind) for row in session.execute(query))
    states = dict(session.execute(select(WorkItem.task_id, WorkItem.state)).all())
    for task, state in states.items():
        kinds = {kind: told[task, kind] for kind in ("entered", "completed", "cancelled")}
        ends = {} if state == WorkState.OPEN else {str(state): 1}
        if kinds != {"entered": 1, "completed": 0, "cancelled": 0} | ends:
            yield f"task {task} is {state} and history says {kinds}"
        if (state == WorkState.COMPLETED) != (task in answered):
            yield f"task {task} is {state}, answered: {task in answered}"


def _starts(session: Session, sent: list[Sent]) -> Iterator[str]:
    words = Counter(session.scalars(select(Case.start_word)))
    for one in sent:
        if one.what == "start" and one.status == 303 and words[one.subject] != 1:
            yield f"acknowledged and {words[one.subject]} times there: {one}"


def _rows(ctx: Context) -> Iterator[str]:
    """What the tables say a case waits for is what its engine state says."""
    session = ctx.session
    for case in session.scalars(select(Case)):
        tasks, timers, waits = _waits_of(ctx, case)
        yield from _same(case, "tasks", tasks, _open_tasks(session, case.id))
        yield from _same(case, "timers", timers, _rows_of(session, DueTimer, case.id))
        yield from _same(case, "waits", waits, _rows_of(session, Subscription, case.id))
        if case.phase == CaseState.STUCK:
            yield f"case {case.number} is stuck"


def _same(case: Case, what: str, state: Iterable[str], rows: Iterable[str]) -> Iterator[str]:
    if sorted(state) != sorted(rows):
        yield f"{what} of {case.number}: the state has {sorted(state)}, the rows {sorted(rows)}"


def _waits_of(ctx: Context, case: Case) -> tuple[list[str], list[str], list[str]]:
    if case.state is None:
        return [], [], []
    program = ctx.platform.programs.get(ctx.session, case.process_version_id).program
    loaded = codec.load(program, bytes(case.state))
    waiting = list(waiting_tokens(loaded))
    live = [token for workflow in loaded.workflows() for token in workflow.live.values()]
    return (
        [token.id for token in live if token.task_spec.manual],
        [wait.task_id for wait in timer_waits(waiting)],
        [wait.task_id for wait in message_waits(waiting)],
    )


def _open_tasks(session: Session, case_id: int) -> list[str]:
    query = select(WorkItem.task_id).where(
        WorkItem.case_id == case_id, WorkItem.state == WorkState.OPEN
    )
    return list(session.scalars(query))


def _rows_of(session: Session, table: Any, case_id: int) -> list[str]:
    query = select(table.task_id).where(table.case_id == case_id)
    if table is DueTimer:
        query = query.where(DueTimer.kind == TimerKind.ENGINE)
    return list(session.scalars(query))


def _messages(session: Session) -> Iterator[str]:
    """What one case of a pair threw came to the other once, or lies there until it waits."""
    for thrown, thrower, caught, catcher in (
        ("go", ASKING, "told", TELLING),
        ("back", TELLING, "answered", ASKING),
    ):
        out = _pairs(session, thrower, thrown, "completed")
        came = _pairs(session, catcher, caught, "message")
        lies = select(InboundMessage.correlation).where(InboundMessage.message == thrown)
        lying = Counter(session.scalars(lies))
        waits = select(Subscription.correlation).where(Subscription.message == thrown)
        for pair in lying.keys() & set(session.scalars(waits)):
            yield f"{thrown} of {pair} lies there while a case waits for it"
        for pair in out.keys() | came.keys() | lying.keys():
            if out[pair] != came[pair] + lying[pair] or out[pair] > 1:
                yield (
                    f"{thrown} of {pair} was thrown {out[pair]} times, came {came[pair]} times "
                    f"and lies there {lying[pair]} times"
                )


def _pairs(session: Session, process: str, element: str, kind: str) -> Counter[str]:
    """Return how often something happened, by pair."""
    query = (
        select(Case.title)
        .join(History, History.case_id == Case.id)
        .join(ProcessVersion, ProcessVersion.id == Case.process_version_id)
        .where(ProcessVersion.key == process, History.kind == kind)
        .where(History.element == f"{process}/{element}")
    )
    return Counter(session.scalars(query))


def broken_deliveries(session: Session, received: Counter[str]) -> Iterator[str]:
    """Every outgoing entry was handled, marked once, and every mail arrived at least once."""
    for row in session.scalars(select(Outbox)):
        if row.state != OutboxState.DONE:
            yield f"outgoing {row.id} ({row.kind}) is {row.state}: {row.last_error}"
        if row.kind == OutboxKind.MAIL and not received[f"outbox-{row.id}"]:
            yield f"mail {row.id} never arrived"
    mails = set(session.scalars(select(Outbox.id).where(Outbox.kind == OutboxKind.MAIL)))
    kept = Counter(session.scalars(select(SentMail.outbox_id)))
    if kept != Counter(mails):
        yield f"{len(kept)} mails are kept as sent, {len(mails)} were to be"
    yield from (f"{word} is nobody's mail" for word in received if int(word[7:]) not in mails)
    yield from _mails_asked_for(session)


def _mails_asked_for(session: Session) -> Iterator[str]:
    """A case has as many mails of its diagram in the outbox as its history says it wrote.

    News of tasks go to the office besides, without a key of mails.toml.
    """
    asked = Counter(
        session.scalars(
            select(History.case_id).where(
                History.kind == "operation", History.element.like("%/mail%")
            )
        )
    )
    rows = session.execute(
        select(Outbox.case_id, Outbox.payload).where(Outbox.kind == OutboxKind.MAIL)
    )
    put = Counter(row.case_id for row in rows if "mail" in row.payload)
    if asked != put:
        yield f"mails asked for and put out differ: {asked - put} {put - asked}"
