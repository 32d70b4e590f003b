"""What falls due: the timers that diagrams wait for, and the terms of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select, update

from workflow_app.adapters.words import Words
from workflow_app.domain.states import OutboxKind, TimerKind, WorkState
from workflow_app.domain.text import N_
from workflow_app.engine import Env, Step, StepFailed, fire_timers
from workflow_app.models.base import table_of
from workflow_app.models.work import DueTimer, WorkItem
from workflow_app.services.case_store import Loaded, load_case, open_scope
from workflow_app.services.case_terms import tell_of_breach, warn_of_term
from workflow_app.services.chain import Event, append_event, hold_case
from workflow_app.services.mails import (
    Recipient,
    person,
    role_holders,
    spelt,
    with_substitutes,
)
from workflow_app.services.news import supervising_roles
from workflow_app.services.notices import count_as_served
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, CaseStuck, record_incident, sticking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.scope import StepScope

_timers = table_of(DueTimer)
_items = table_of(WorkItem)


def due_rows(ctx: Context, limit: int) -> list[Row[Any]]:
    """Return at most `limit` timers that are due, oldest first, one engine timer a case."""
    rows = ctx.session.execute(
        select(_timers).where(_timers.c.due_at <= ctx.now).order_by(_timers.c.due_at).limit(limit)
    )
    seen: set[int] = set()
    chosen = []
    for row in rows:
        if row.kind == TimerKind.ENGINE and row.case_id in seen:
            continue
        if row.kind == TimerKind.ENGINE:
            seen.add(row.case_id)
        chosen.append(row)
    return chosen


def handle_due(ctx: Context, timer_id: int) -> None:
    """Do what one due row asks for, if it is still there. Raises CaseStuck."""
    row = ctx.session.execute(select(_timers).where(_timers.c.id == timer_id)).first()
    if row is None:
        return
    if row.kind == TimerKind.ENGINE:
        _fire(ctx, row)
        return
    hold_case(ctx, row.case_id)
    if _take(ctx, row.id):
        _WORDS[TimerKind(row.kind)](ctx, row)


def postpone_stuck(ctx: Context, case_id: int) -> None:
    """Take a stuck case's due timers off the sweep; retrying the incident fires them again."""
    ctx.session.execute(
        delete(_timers).where(
            _timers.c.case_id == case_id,
            _timers.c.kind == TimerKind.ENGINE,
            _timers.c.due_at <= ctx.now,
        )
    )


def give_up_due(ctx: Context, timer_id: int, failure: Exception) -> None:
    """Take a due row that failed off the sweep; the case of an engine timer becomes stuck."""
    row = ctx.session.execute(select(_timers).where(_timers.c.id == timer_id)).first()
    if row is None:
        return
    if row.kind != TimerKind.ENGINE:
        _take(ctx, timer_id)
        return
    if not isinstance(failure, CaseStuck):
        failed = StepFailed(row.element.rpartition("/")[2], str(failure))
        failure = CaseStuck(row.case_id, failed, Attempt(kind="timers"))
    record_incident(ctx, failure)
    postpone_stuck(ctx, row.case_id)


def _fire(ctx: Context, row: Row[Any]) -> None:
    def act(current: Loaded, env: Env) -> Step:
        return fire_timers(current.published.program, current.state, env)

    with sticking(row.case_id, Attempt(kind="timers")):
        step_case(ctx, lambda: load_case(ctx, row.case_id), act)


def _remind(ctx: Context, row: Row[Any]) -> None:
    item = ctx.session.execute(
        select(_items).where(_items.c.case_id == row.case_id, _items.c.task_id == row.task_id)
    ).first()
    if item is None or item.state != WorkState.OPEN:
        return
    scope = open_scope(ctx, load_case(ctx, row.case_id))
    late = row.kind == TimerKind.ESCALATION
    column = {"escalated_at": ctx.now} if late else {"reminded_at": ctx.now}
    ctx.session.execute(update(_items).where(_items.c.id == item.id).values(**column))
    people = _supervisors(scope) if late else _workers(scope, item)
    for recipient in with_substitutes(scope, [*people, *_standing_in(scope, item, late=late)]):
        mail = _term_mail(scope, item, recipient, late=late)
        values = outbox_values(OutboxKind.MAIL, mail, ctx.now)
        ctx.session.execute(outbox.insert().values(case_id=row.case_id, **values))
    kind = "escalated" if late else "reminded"
    append_event(ctx, row.case_id, Event(kind, item.element, item.task_id, ctx.now))


def _take(ctx: Context, timer_id: int) -> bool:
    """Remove a due row; False when another worker has it already."""
    taken = ctx.connection.execute(delete(_timers).where(_timers.c.id == timer_id))
    return taken.rowcount == 1


def _workers(scope: StepScope, item: Row[Any]) -> list[Recipient]:
    if item.assignee:
        return person(scope, item.assignee)
    return role_holders(scope, item.role) if item.role else []


def _standing_in(scope: StepScope, item: Row[Any], *, late: bool) -> list[Recipient]:
    """Return who does the overdue task of somebody away: they cannot know otherwise."""
    if not late or not item.assignee:
        return []
    holder = person(scope, item.assignee)
    return [one for one in with_substitutes(scope, holder) if one not in holder]


def _supervisors(scope: StepScope) -> list[Recipient]:
    roles = supervising_roles(scope.ctx)
    found = {r.email: r for role in roles for r in role_holders(scope, role)}
    return list(found.values())


def _term_mail(
    scope: StepScope, item: Row[Any], recipient: Recipient, *, late: bool
) -> dict[str, Any]:
    words = Words(recipient.language, scope.published.words.get(recipient.language, {}))
    facts = {
        "task": words.text(item.name),
        "case": scope.case.number or "",
        "title": scope.case.title,
        "due": spelt(item.due_at.isoformat(), recipient.language, scope),
        "link": recipient.link,
    }
    subject = N_("Overdue: %(task)s, %(case)s") if late else N_("Reminder: %(task)s, %(case)s")
    body = (
        N_("The task “%(task)s” in case %(case)s (%(title)s) was due on %(due)s.\n\n%(link)s")
        if late
        else N_("The task “%(task)s” in case %(case)s (%(title)s) is due on %(due)s.\n\n%(link)s")
    )
    return {
        "to": recipient.email,
        "language": recipient.language,
        "subject": words.text(subject, **facts),
        "text": words.text(body, **facts),
    }


_WORDS: Mapping[TimerKind, Callable[[Context, Row[Any]], None]] = {
    TimerKind.REMINDER: _remind,
    TimerKind.ESCALATION: _remind,
    TimerKind.SERVICE: count_as_served,
    TimerKind.WARNING: warn_of_term,
    TimerKind.BREACH: tell_of_breach,
}
