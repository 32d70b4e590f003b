"""What a case's page shows: open items, waits, answers, documents, history, clock, incidents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from workflow_app.domain.deadlines import Pause, stopped_time
from workflow_app.domain.states import ClockEventKind, TimerKind, WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, ClockEvent, Document, History, HistoryPayload
from workflow_app.models.people import Account
from workflow_app.models.work import DueTimer, Subscription, WorkItem

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

TIMELINE_KINDS = (
    "started",
    "completed",
    "status",
    "claimed",
    "released",
    "timer",
    "message",
    "decision",
    "compensated",
    "cancel",
    "stuck",
    "retried",
    "corrected",
    "moved",
    "given_up",
    "migrated",
    "migration_undone",
    "reminded",
    "escalated",
    "error",
    "ended",
)
TIMELINE_LENGTH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineRow:
    """One line of a case's history with what it said, if that is still there."""

    seq: int
    kind: str
    element: str
    task_id: str | None
    actor: str
    at: datetime
    data: dict[str, Any]


def open_items(session: Session, case_id: int) -> list[Row[Any]]:
    """Return the case's open work items, oldest first."""
    items = table_of(WorkItem)
    query = select(items).where(items.c.case_id == case_id, items.c.state == WorkState.OPEN)
    return list(session.execute(query.order_by(items.c.id)))


def waits(session: Session, case_id: int) -> tuple[list[Row[Any]], list[Row[Any]]]:
    """Return (subscriptions, engine timers) that the case waits for."""
    subscriptions, timers = table_of(Subscription), table_of(DueTimer)
    messages = session.execute(select(subscriptions).where(subscriptions.c.case_id == case_id))
    due = session.execute(
        select(timers)
        .where(timers.c.case_id == case_id, timers.c.kind == TimerKind.ENGINE)
        .order_by(timers.c.due_at)
    )
    return list(messages), list(due)


def answers(session: Session, case_id: int) -> list[Row[Any]]:
    """Return the submitted forms with the title of whoever sent each, oldest first."""
    query = (
        select(table_of(Answer), Account.title.label("actor_title"))
        .outerjoin(Account, Account.username == table_of(Answer).c.actor)
        .where(table_of(Answer).c.case_id == case_id)
        .order_by(table_of(Answer).c.id)
    )
    return list(session.execute(query))


def documents(session: Session, case_id: int, *, for_key_holder: bool = False) -> list[Document]:
    """Return the case's documents that are ready, newest first."""
    query = select(Document).where(Document.case_id == case_id, Document.store_key.is_not(None))
    if for_key_holder:
        query = query.where(Document.for_key_holder.is_(True))
    return list(
        session.scalars(
            query.order_by(Document.letter.is_(None), Document.created_at.desc(), Document.id)
        )
    )


def timeline(session: Session, case_id: int) -> list[TimelineRow]:
    """Return the lines of the history that people read, newest first."""
    history, payload = table_of(History), table_of(HistoryPayload)
    both = (payload.c.case_id == history.c.case_id) & (payload.c.seq == history.c.seq)
    query = (
        select(history, payload.c.payload)
        .outerjoin(payload, both)
        .where(history.c.case_id == case_id, history.c.kind.in_(TIMELINE_KINDS))
        .order_by(history.c.seq.desc())
        .limit(TIMELINE_LENGTH)
    )
    return [_line(row) for row in session.execute(query)]


def visited(session: Session, case_id: int) -> dict[str, str]:
    """Return the last kind of event by element (`<process>/<id>`) that the case has been at."""
    history = table_of(History)
    query = select(history.c.element, history.c.kind).where(history.c.case_id == case_id)
    return {row.element: row.kind for row in session.execute(query.order_by(history.c.seq))}


def statuses(session: Session, case_id: int) -> list[tuple[str, datetime]]:
    """Return the statuses that the case has had, oldest first, with the time each began."""
    history, payload = table_of(History), table_of(HistoryPayload)
    query = (
        select(history.c.at, payload.c.payload)
        .join(payload, (payload.c.case_id == history.c.case_id) & (payload.c.seq == history.c.seq))
        .where(history.c.case_id == case_id, history.c.kind == "status")
        .order_by(history.c.seq)
    )
    return [(json.loads(row.payload)["status"], row.at) for row in session.execute(query)]


def is_paused(session: Session, case_id: int) -> bool:
    """Tell whether the case's clock stands."""
    query = select(ClockEvent.kind).where(ClockEvent.case_id == case_id)
    return session.scalar(query.order_by(ClockEvent.id.desc()).limit(1)) == ClockEventKind.PAUSED


def pauses(session: Session, case_id: int) -> list[Pause]:
    """Return the stretches in which the case's clock stood."""
    found: list[Pause] = []
    query = select(ClockEvent).where(ClockEvent.case_id == case_id).order_by(ClockEvent.id)
    for event in session.scalars(query):
        if event.kind == ClockEventKind.PAUSED:
            found.append(Pause(began=event.at))
        elif found:
            found[-1] = Pause(began=found[-1].began, ended=event.at)
    return found


def stopped(session: Session, case_id: int, since: datetime, now: datetime) -> timedelta:
    """Return how long the case's clock has stood."""
    return stopped_time(pauses(session, case_id), since, now)


def titles(session: Session, usernames: set[str]) -> dict[str, str]:
    """Return the titles of accounts by username."""
    query = select(Account.username, Account.title).where(Account.username.in_(usernames))
    return {row.username: row.title for row in session.execute(query)}


def _line(row: Row[Any]) -> TimelineRow:
    return TimelineRow(
        seq=row.seq,
        kind=row.kind,
        element=row.element,
        task_id=row.task_id,
        actor=row.actor,
        at=row.at,
        data=json.loads(row.payload) if row.payload else {},
    )
