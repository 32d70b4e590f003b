"""The end of a case's term: a word to the head of the body before it, and one when it has passed.

Each case has one due row for each word. They are laid when the case begins, moved when its term
moves, and rest while its clock stands; a case that has its outcome needs neither.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Update, bindparam, delete, insert, or_, select, update

from workflow_app.domain.deadlines import warning_at
from workflow_app.domain.states import CaseState, TimerKind
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.prepared import Prepared
from workflow_app.models.work import DueTimer
from workflow_app.queries import case_file
from workflow_app.services.case_store import load_case
from workflow_app.services.chain import Event, append_event
from workflow_app.services.host import Host
from workflow_app.services.news import News, tell_roles
from workflow_app.services.outgoing import HELD

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.scope import CaseFacts, StepScope

#: Per cent of the term that are left when the head of the body is told.
LEFT = "term.warning_left"
RUNS_OUT = N_("Little time is left in case %(case)s (%(title)s): it has to be decided by %(due)s.")
RAN_OUT = N_("Case %(case)s (%(title)s) was to be decided by %(due)s. Its term has passed.")
_timers = table_of(DueTimer)
_cases = table_of(Case)
_DROP = Prepared(
    delete(_timers).where(
        _timers.c.case_id == bindparam("case_key"),
        or_(_timers.c.kind == TimerKind.WARNING, _timers.c.kind == TimerKind.BREACH),
    )
)


def lay_words(connection: Connection, case_id: int, host: Host, case: CaseFacts) -> None:
    """Lay the due rows of a case that has just begun, if it has a term."""
    if case.term_due is None:
        return
    rows = [
        {"case_id": case_id, "kind": kind, "task_id": "", "element": "", "due_at": at}
        for kind, at in _moments(host, case.started_at, case.term_due).items()
    ]
    connection.execute(insert(_timers), rows)


def move_words(scope: StepScope) -> None:
    """Ask the step to move a case's due rows after its term was moved."""
    case = scope.case
    if case.id is None or case.term_due is None:
        return
    moments = _moments(scope.host, case.started_at, case.term_due, case_id=case.id)
    scope.changes.extend(_moved(case.id, kind, at) for kind, at in moments.items())


def drop_words(connection: Connection, case_id: int) -> None:
    """Forget the due rows of a case that ended."""
    _DROP.run(connection, {"case_key": case_id})


def warn_of_term(ctx: Context, timer: Row[Any]) -> None:
    """Tell the head of the body that little of a case's term is left."""
    _tell(ctx, timer, "warned_at", News(kind="warned", why=RUNS_OUT, details={}))


def tell_of_breach(ctx: Context, timer: Row[Any]) -> None:
    """Tell the head of the body that a case's term passed, and count it as passed for good."""
    _tell(ctx, timer, "breached_at", News(kind="breached", why=RAN_OUT, details={}))


def _tell(ctx: Context, timer: Row[Any], column: str, news: News) -> None:
    loaded = load_case(ctx, timer.case_id)
    row = loaded.row
    if row.phase == CaseState.FINISHED or row.term_due is None or row.outcome is not None:
        return
    again = _when(ctx, loaded, TimerKind(timer.kind))
    words = {"task_id": "", "element": "", "kind": timer.kind, "case_id": row.id}
    ctx.session.execute(insert(_timers).values(due_at=again or HELD, **words))
    if again is not None:
        return
    ctx.session.execute(update(_cases).where(_cases.c.id == row.id).values(**{column: ctx.now}))
    append_event(ctx, row.id, Event(news.kind, "", None, ctx.now))
    told = {"case": row.number, "title": row.title, "due": row.term_due.isoformat()}
    page = f"/cases/{row.number}"
    news = News(kind=news.kind, why=news.why, details=told, case_id=row.id, page=page)
    tell_roles(ctx, row.territory_path, loaded.published.manifest.head, news)


def _when(ctx: Context, loaded: Loaded, kind: TimerKind) -> datetime | None:
    """Return when a word is due later after all: HELD while the clock stands, None for now."""
    if case_file.is_paused(ctx.session, loaded.row.id):
        return HELD
    host = Host(ctx, loaded.facts.path, loaded.row.id)
    begun, due = loaded.row.started_at, loaded.row.term_due
    at = _moments(host, begun, due, case_id=loaded.row.id)[kind]
    if at > ctx.now:
        return at
    before = ctx.session.scalar(
        select(_cases.c[_COLUMNS[kind]]).where(_cases.c.id == loaded.row.id)
    )
    return HELD if before is not None and before >= at else None


def _moments(
    host: Host, since: datetime, due: datetime, *, case_id: int | None = None
) -> dict[TimerKind, datetime]:
    session, now = host.ctx.session, host.ctx.now
    stood = case_file.stopped(session, case_id, since, now) if case_id else timedelta()
    left = float(host.number(LEFT))
    return {TimerKind.WARNING: warning_at(since, due, stood, left), TimerKind.BREACH: due}


def _moved(case_id: int, kind: TimerKind, at: datetime) -> Update:
    mine = (_timers.c.case_id == case_id, _timers.c.kind == kind)
    return update(_timers).where(*mine).values(due_at=at)


_COLUMNS = {TimerKind.WARNING: "warned_at", TimerKind.BREACH: "breached_at"}
