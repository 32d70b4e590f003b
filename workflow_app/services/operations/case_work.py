"""Operations on the case itself: its number, its status, its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.domain.deadlines import Pause, add_calendar_days, due_after_pauses
from workflow_app.domain.ids import is_provisional
from workflow_app.domain.states import ClockEventKind
from workflow_app.models.base import table_of
from workflow_app.models.case import ClockEvent
from workflow_app.models.catalogue import Counter
from workflow_app.models.upsert import insert_or
from workflow_app.services.case_terms import move_words
from workflow_app.services.chain import Event

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

_counters = table_of(Counter)
_clock = table_of(ClockEvent)


def number_case(scope: StepScope, call: Call) -> dict[str, Any]:
    """Give the case its number, `{prefix}-{territory}-{year}-{sequence}`; once given it stays."""
    if is_provisional(scope.case.number):
        prefix = scope.published.manifest.prefix
        scope.update_case(number=_take_number(scope, prefix))
    return {"case": {**call.data.get("case", {}), "number": scope.case.number}}


def number_next(scope: StepScope, call: Call) -> dict[str, Any]:
    """Return the next number of a series, such as that of certificates."""
    return {"number": _take_number(scope, str(call.need("series")))}


def set_status(scope: StepScope, call: Call) -> None:
    """Set the status that people read, and the outcome when one is given."""
    status = str(call.need("status"))
    scope.update_case(status=status)
    scope.events.append(Event("status", "", None, scope.ctx.now, {"status": status}))
    if call.get("outcome") is not None:
        scope.update_case(outcome=str(call.get("outcome")))


def pause_clock(scope: StepScope, call: Call) -> None:
    """Stop the case's statutory clock, with the reason."""
    if _running_pause(scope) is None:
        _clock_event(scope, ClockEventKind.PAUSED, str(call.get("reason") or ""))
        scope.clock.append(None)


def resume_clock(scope: StepScope, call: Call) -> None:
    """Let the clock go on; the term moves by the time it stood."""
    began = _running_pause(scope)
    if began is None:
        return
    _clock_event(scope, ClockEventKind.RESUMED, str(call.get("reason") or ""))
    now, calendar = scope.ctx.now, scope.host.calendar

    def moved(due: datetime) -> datetime:
        pause = Pause(began=began, ended=now)
        return due_after_pauses(due, [pause], since=began, now=now, calendar=calendar)

    scope.clock.append(moved)
    if scope.case.term_due is not None:
        scope.update_case(term_due=moved(scope.case.term_due))
        move_words(scope)


def begin_term(scope: StepScope, call: Call) -> None:
    """Let the case's term begin now: it ends after `days` calendar days, on a working day."""
    days = int(call.need("days"))
    scope.update_case(term_due=add_calendar_days(scope.ctx.now, days, scope.host.calendar))


def move_term(scope: StepScope, call: Call) -> None:
    """Move the case's term on by some calendar days; the end falls on a working day."""
    if scope.case.term_due is None:
        return
    days = int(call.need("days"))
    scope.update_case(term_due=add_calendar_days(scope.case.term_due, days, scope.host.calendar))
    move_words(scope)


def _take_number(scope: StepScope, prefix: str) -> str:
    country = scope.case.path.split("/", 1)[0]
    series = f"{prefix}-{country}-{scope.host.today().year}"
    last = scope.taken.get(series)
    if last is None:
        last = scope.ctx.session.scalar(select(Counter.value).where(Counter.series == series))
    scope.taken[series] = (last or 0) + 1
    if last is None:
        first = insert_or(scope.ctx.session, _counters).values(series=series, value=0)
        scope.ensured.append(first.on_conflict_do_nothing(index_elements=["series"]))
    scope.guards.append(
        update(_counters)
        .where(_counters.c.series == series, _counters.c.value == (last or 0))
        .values(value=(last or 0) + 1)
    )
    return f"{series}-{(last or 0) + 1:04d}"


def _running_pause(scope: StepScope) -> Any:
    for row in reversed(scope.rows):
        if row.table is _clock:
            return row.values["at"] if row.values["kind"] == ClockEventKind.PAUSED else None
    if scope.case.id is None:
        return None
    last = scope.ctx.session.execute(
        select(_clock.c.kind, _clock.c.at)
        .where(_clock.c.case_id == scope.case.id)
        .order_by(_clock.c.id.desc())
        .limit(1)
    ).first()
    return last.at if last is not None and last.kind == ClockEventKind.PAUSED else None


def _clock_event(scope: StepScope, kind: ClockEventKind, reason: str) -> None:
    scope.insert(_clock, kind=kind, reason=reason, at=scope.ctx.now)
