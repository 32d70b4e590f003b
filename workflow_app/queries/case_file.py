"""What a case's page shows: open items, waits, answers, documents, history, clock, incidents."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, and_, bindparam, func, literal_column, or_, select

from workflow_app.domain.deadlines import Pause, stopped_time
from workflow_app.domain.states import ClockEventKind, TimerKind, WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import (
    Answer,
    CaseMigration,
    ClockEvent,
    Document,
    History,
    HistoryPayload,
)
from workflow_app.models.people import Account
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.session import connection_of
from workflow_app.models.work import DueTimer, Subscription, WorkItem

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

TIMELINE_KINDS = (
    "started",
    "paper",
    "completed",
    "status",
    "claimed",
    "released",
    "handed_over",
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
    "undone",
    "reminded",
    "escalated",
    "warned",
    "breached",
    "served",
    "not_served",
    "error",
    "ended",
    "excluded",
    "commented",
    "comment_edited",
    "comment_deleted",
)
TIMELINE_LENGTH = 200
#: Above every number of a row.
LAST = 2**31 - 1

_items = table_of(WorkItem)
_subscriptions = table_of(Subscription)
_timers = table_of(DueTimer)
_answers = table_of(Answer)
_documents = table_of(Document)
_history = table_of(History)
_payload = table_of(HistoryPayload)
_clock = table_of(ClockEvent)
_moves = table_of(CaseMigration)
_accounts = table_of(Account)
_case: BindParameter[Any] = bindparam("case_key")
_both = (_payload.c.case_id == _history.c.case_id) & (_payload.c.seq == _history.c.seq)

_OPEN_ITEMS = PreparedSelect(
    select(_items)
    .where(_items.c.case_id == _case, _items.c.state == WorkState.OPEN)
    .order_by(_items.c.id)
)
_WAITS = PreparedSelect(select(_subscriptions).where(_subscriptions.c.case_id == _case))
_TIMERS = PreparedSelect(
    select(_timers)
    .where(_timers.c.case_id == _case, _timers.c.kind == TimerKind.ENGINE)
    .order_by(_timers.c.due_at)
)
_ANSWERS = PreparedSelect(
    select(_answers, _accounts.c.title.label("actor_title"))
    .outerjoin(_accounts, _accounts.c.username == _answers.c.actor)
    .where(_answers.c.case_id == _case, _answers.c.id < bindparam("before_key"))
    .where(_answers.c.form != "")
    .order_by(_answers.c.id.desc())
    .limit(bindparam("most"))
)
_DOCUMENTS = PreparedSelect(
    select(_documents)
    .where(_documents.c.case_id == _case, _documents.c.store_key.is_not(None))
    .order_by(_documents.c.letter.is_(None), _documents.c.created_at.desc(), _documents.c.id)
)
_DOCUMENTS_PAGE = PreparedSelect(
    select(_documents)
    .where(
        _documents.c.case_id == _case,
        _documents.c.store_key.is_not(None),
        or_(
            _documents.c.created_at < bindparam("before_time"),
            and_(
                _documents.c.created_at == bindparam("before_time"),
                _documents.c.id < bindparam("before_key"),
            ),
        ),
    )
    .order_by(_documents.c.created_at.desc(), _documents.c.id.desc())
    .limit(bindparam("most"))
)
_TIMELINE = PreparedSelect(
    select(_history, _payload.c.payload)
    .outerjoin(_payload, _both)
    .where(
        _history.c.case_id == _case,
        _history.c.seq < bindparam("before_key"),
        # Literals: a list of parameters cannot be compiled beforehand.
        _history.c.kind.in_([literal_column(f"'{kind}'") for kind in TIMELINE_KINDS]),
    )
    .order_by(_history.c.seq.desc())
    .limit(bindparam("most"))
)
_DECISION = PreparedSelect(
    select(_history, _payload.c.payload)
    .join(_payload, _both)
    .where(
        _history.c.case_id == _case,
        _history.c.seq == bindparam("seq_key"),
        _history.c.kind == "decision",
    )
)
_CHANGES = PreparedSelect(
    select(_history.c.seq, _history.c.kind)
    .where(
        _history.c.case_id == _case,
        _history.c.kind.in_([literal_column("'migrated'"), literal_column("'migration_undone'")]),
    )
    .order_by(_history.c.seq)
)
_MOVES = PreparedSelect(
    select(_moves.c.from_version_id, _moves.c.to_version_id)
    .where(_moves.c.case_id == _case)
    .order_by(_moves.c.id)
)
_last = (
    select(func.max(_history.c.seq).label("seq"))
    .where(_history.c.case_id == _case, _history.c.element != "")
    .group_by(_history.c.element)
    .subquery()
)
_VISITED = PreparedSelect(
    select(_history.c.element, _history.c.kind)
    .join(_last, _last.c.seq == _history.c.seq)
    .where(_history.c.case_id == _case)
)
_STATUSES = PreparedSelect(
    select(_history.c.at, _payload.c.payload)
    .join(_payload, _both)
    .where(_history.c.case_id == _case, _history.c.kind == "status")
    .order_by(_history.c.seq)
)
_CLOCK = PreparedSelect(select(_clock).where(_clock.c.case_id == _case).order_by(_clock.c.id))


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


def open_items(session: Session, case_id: int) -> list[Any]:
    """Return the case's open work items, oldest first."""
    return _read(_OPEN_ITEMS, session, case_id)


def waits(session: Session, case_id: int) -> tuple[list[Any], list[Any]]:
    """Return (subscriptions, engine timers) that the case waits for."""
    return _read(_WAITS, session, case_id), _read(_TIMERS, session, case_id)


def answers(session: Session, case_id: int, before: int = LAST, most: int = LAST) -> list[Any]:
    """Return submitted forms with the title of whoever sent each, newest first."""
    return _page(_ANSWERS, session, case_id, before, most)


def documents(session: Session, case_id: int, *, for_key_holder: bool = False) -> list[Any]:
    """Return the rows of the case's documents that are ready, newest first."""
    found = _read(_DOCUMENTS, session, case_id)
    return [row for row in found if row.for_key_holder or not for_key_holder]


def documents_page(
    session: Session, case_id: int, before: tuple[datetime, int], most: int
) -> list[Any]:
    """Return documents that are ready, newest first, from after the (time, id) on."""
    keys = {"case_key": case_id, "before_time": before[0], "before_key": before[1], "most": most}
    return _DOCUMENTS_PAGE.all(connection_of(session), keys)


def timeline(
    session: Session, case_id: int, before: int = LAST, most: int = TIMELINE_LENGTH
) -> list[TimelineRow]:
    """Return the lines of the history that people read, newest first."""
    return [_line(row) for row in _page(_TIMELINE, session, case_id, before, most)]


def decision(session: Session, case_id: int, seq: int) -> TimelineRow | None:
    """Return a decision of the history with what it went by; None for one whose data is erased."""
    keys = {"case_key": case_id, "seq_key": seq}
    found = _DECISION.first(connection_of(session), keys)
    return None if found is None else _line(found)


def version_at(session: Session, case_id: int, seq: int, now: int) -> int:
    """Return the version that a case belonged to at an event; `now` is the one it belongs to."""
    moves, standing = iter(_read(_MOVES, session, case_id)), []
    for event in _read(_CHANGES, session, case_id):
        undone = event.kind == "migration_undone"
        if not undone:
            standing.append(next(moves))
        left = standing.pop().to_version_id if undone else standing[-1].from_version_id
        if event.seq > seq:
            return int(left)
    return now


def visited(session: Session, case_id: int) -> dict[str, str]:
    """Return the last kind of event by element (`<process>/<id>`) that the case has been at."""
    return {row.element: row.kind for row in _read(_VISITED, session, case_id)}


def statuses(session: Session, case_id: int) -> list[tuple[str, datetime]]:
    """Return the statuses that the case has had, oldest first, with the time each began."""
    found = _read(_STATUSES, session, case_id)
    return [(json.loads(row.payload)["status"], row.at) for row in found]


def is_paused(session: Session, case_id: int) -> bool:
    """Tell whether the case's clock stands."""
    found = _read(_CLOCK, session, case_id)
    return bool(found) and found[-1].kind == ClockEventKind.PAUSED


def pauses(session: Session, case_id: int) -> list[Pause]:
    """Return the stretches in which the case's clock stood."""
    found: list[Pause] = []
    for event in _read(_CLOCK, session, case_id):
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
    if not usernames:
        return {}
    query = select(Account.username, Account.title).where(Account.username.in_(usernames))
    return {row.username: row.title for row in session.execute(query)}


def _read(query: PreparedSelect, session: Session, case_id: int) -> list[Any]:
    return query.all(connection_of(session), {"case_key": case_id})


def _page(
    query: PreparedSelect, session: Session, case_id: int, before: int, most: int
) -> list[Any]:
    keys = {"case_key": case_id, "before_key": before, "most": most}
    return query.all(connection_of(session), keys)


def _line(row: Any) -> TimelineRow:
    return TimelineRow(
        seq=row.seq,
        kind=row.kind,
        element=row.element,
        task_id=row.task_id,
        actor=row.actor,
        at=row.at,
        data=json.loads(row.payload) if row.payload else {},
    )
