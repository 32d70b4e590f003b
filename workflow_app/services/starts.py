"""Cases that nobody starts by hand: by a message, a signal or the time.

What is to be started stands in the outbox, one row a case, so that one that fails keeps no other
from starting, and none starts twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import delete, insert, select, update

from workflow_app.domain.errors import DomainError, NotFound
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.engine import Due, StartForm, StepFailed, first_due, start
from workflow_app.feel import FeelError, to_json
from workflow_app.models.applicants import CaseLink
from workflow_app.models.base import table_of
from workflow_app.models.starts import ProcessStart, RunningKey
from workflow_app.services.case_store import LostRace, load_case
from workflow_app.services.chain import Event
from workflow_app.services.host import Host
from workflow_app.services.outgoing import outbox, outbox_values
from workflow_app.services.scope import StepScope
from workflow_app.services.starting import about_case, home_path, new_facts
from workflow_app.services.steps import ATTEMPTS, first_step
from workflow_app.services.taking import NoNewCases, newest_taking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Row

    from workflow_app.services.context import Context
    from workflow_app.services.kept import Sent
    from workflow_app.services.programs import Published

log = structlog.get_logger()
MESSAGE, SIGNAL, TIMER = "message", "signal", "timer"
STARTED = "started"
NO_TIME = N_("the timer has no time")
_starts = table_of(ProcessStart)
_running = table_of(RunningKey)
_links = table_of(CaseLink)


def replace_starts(ctx: Context, version_id: int, published: Published) -> None:
    """Let the start events of a version just published take the place of the one before.

    A timer drawn as before keeps its rhythm. Raises engine.StepFailed for a time nobody can read.
    """
    own = _starts.c.process_key == published.key
    before = {(r.element, r.text): r for r in ctx.session.execute(select(_starts).where(own))}
    ctx.session.execute(delete(_starts).where(own))
    for form in published.program.starts.values():
        if form.kind in {MESSAGE, SIGNAL, TIMER}:
            row = _start_row(ctx, form, before.get((form.element, form.timer or "")))
            row |= {"process_key": published.key, "version_id": version_id}
            ctx.session.execute(insert(_starts).values(**row))


def drop_starts(ctx: Context, key: str) -> None:
    """Let no message, signal or time start cases of a process any more."""
    ctx.session.execute(delete(_starts).where(_starts.c.process_key == key))


def _start_row(ctx: Context, form: StartForm, before: Row[Any] | None) -> dict[str, Any]:
    row = {
        "element": form.element,
        "kind": form.kind,
        "name": form.message or "",
        "text": form.timer or "",
    }
    if form.kind != TIMER:
        return row
    if before is not None:
        return row | {"due_at": before.due_at, "left": before.left, "every": before.every}
    due = _first_due(ctx, form)
    return row | {"due_at": due.at, "left": due.left, "every": due.every}


def _first_due(ctx: Context, form: StartForm) -> Due:
    if form.time is None:
        raise StepFailed(form.element, NO_TIME)
    host = Host(ctx, home_path(ctx))
    try:
        found = to_json(form.time.evaluate({}, host.functions))
        return first_due(form.timer_form, found, ctx.now, host.calendar.zone)
    except (FeelError, DomainError, ValueError) as error:
        raise StepFailed.because(form.element, error) from error


def message_starts(ctx: Context, sent: Sent) -> list[Row[Any]]:
    """Return the message starts that a message is for: those of every process that begins so."""
    found = _named(ctx, MESSAGE, sent.message)
    return [row for row in found if sent.process in (None, row.process_key)]


def _named(ctx: Context, kind: str, name: str) -> list[Row[Any]]:
    query = select(_starts).where(_starts.c.kind == kind, _starts.c.name == name)
    return list(ctx.connection.execute(query.order_by(_starts.c.process_key)))


def is_running(ctx: Context, process: str, correlation: str) -> bool:
    """Tell whether a case of the process runs that a message with this key started."""
    if not correlation:
        return False
    held = select(_running.c.case_id).where(
        _running.c.process_key == process, _running.c.correlation == correlation
    )
    return ctx.connection.execute(held).first() is not None


def ask_to_start(ctx: Context, row: Row[Any], sent: Sent) -> None:
    """Have a message start a case of one process."""
    _ask(ctx, row, sent.payload, sender=sent.sender, sent=sent.packed())


def start_by_signal(
    ctx: Context, signal: str, payload: Mapping[str, Any], sender: int | None
) -> None:
    """Have a signal start one case of every process that begins with it."""
    for row in _named(ctx, SIGNAL, signal):
        _ask(ctx, row, payload, sender=sender)


def _ask(
    ctx: Context,
    row: Row[Any],
    data: Mapping[str, Any],
    *,
    sender: int | None = None,
    sent: Mapping[str, Any] | None = None,
) -> None:
    asked = {
        "process": row.process_key,
        "element": row.element,
        "kind": row.kind,
        "name": row.name,
        "data": dict(data),
        "sent": sent,
    }
    values = outbox_values(OutboxKind.START, asked, ctx.now)
    ctx.connection.execute(outbox.insert().values(case_id=sender, **values))


def due_starts(ctx: Context, limit: int) -> list[Row[Any]]:
    """Return timer starts that are due, the oldest first."""
    due = select(_starts.c.id).where(_starts.c.due_at <= ctx.now)
    return list(ctx.session.execute(due.order_by(_starts.c.due_at).limit(limit)))


def fire_start(ctx: Context, start_id: int) -> None:
    """Ask for the cases of a timer start that is due, and set it to its next time.

    However many occasions were missed, it fires once. Raises LostRace when another worker has it,
    StepFailed when its list cannot be worked out.
    """
    row = ctx.session.execute(select(_starts).where(_starts.c.id == start_id)).first()
    if row is None or row.due_at is None or row.due_at > ctx.now:
        return
    following = _following(ctx, row)
    mine = update(_starts).where(_starts.c.id == row.id, _starts.c.due_at == row.due_at)
    then = {"due_at": following.at, "left": following.left} if following else {"due_at": None}
    if ctx.connection.execute(mine.values(**then)).rowcount != 1:
        raise LostRace
    for data in _occasions(ctx, row):
        _ask(ctx, row, data)


def put_off_start(ctx: Context, start_id: int) -> None:
    """Take a timer start that failed off the sweep until its next time."""
    row = ctx.session.execute(select(_starts).where(_starts.c.id == start_id)).first()
    if row is not None and row.due_at is not None:
        following = _following(ctx, row)
        then = {"due_at": following.at, "left": following.left} if following else {"due_at": None}
        ctx.session.execute(update(_starts).where(_starts.c.id == start_id).values(**then))


def _following(ctx: Context, row: Row[Any]) -> Due | None:
    zone = Host(ctx, home_path(ctx)).calendar.zone
    return Due(row.due_at, row.left, row.every).following(ctx.now, zone)


def _occasions(ctx: Context, row: Row[Any]) -> list[dict[str, Any]]:
    """Return the start data of each case: one an item of `forEach`, else one without data."""
    published = ctx.platform.programs.get(ctx.session, row.version_id)
    form = published.program.starts[row.element]
    if form.for_each is None:
        return [{}]
    host = Host(ctx, home_path(ctx))
    try:
        found = to_json(form.for_each.evaluate({}, host.functions))
    except (FeelError, DomainError) as error:
        raise StepFailed.because(row.element, error) from error
    return [{form.item: item} for item in (found if isinstance(found, list) else [found])]


def begin_case(ctx: Context, asked: Mapping[str, Any], sender: int | None) -> bool:
    """Start the case that an outgoing item asks for; False when one with its key runs already.

    A process that no longer begins this way starts nothing. Raises StepFailed, LostRace.
    """
    found = _start_now(ctx, asked)
    if found is None:
        log.info("start_gone", process=asked["process"], element=asked["element"])
        return True
    published, form = found
    correlation = asked["sent"]["correlation"] if asked["sent"] else ""
    for _ in range(ATTEMPTS):
        if is_running(ctx, published.key, correlation):
            return False
        try:
            _begin(ctx, published, form, asked, sender)
        except LostRace:
            continue
        return True
    raise LostRace


def _start_now(ctx: Context, asked: Mapping[str, Any]) -> tuple[Published, StartForm] | None:
    try:
        published = newest_taking(ctx, asked["process"])
    except (NotFound, NoNewCases):
        return None
    form = published.program.starts.get(asked["element"])
    same = form is not None and (form.kind, form.message or "") == (asked["kind"], asked["name"])
    return (published, form) if form is not None and same else None


def _begin(
    ctx: Context,
    published: Published,
    form: StartForm,
    asked: Mapping[str, Any],
    sender: int | None,
) -> None:
    came_from = load_case(ctx, sender).facts if sender is not None else None
    try:
        facts = new_facts(ctx, published, asked["data"], sender=came_from)
    except (FeelError, DomainError) as error:
        raise StepFailed.because(form.element, error) from error
    scope = StepScope(ctx=ctx, published=published, case=facts, host=Host(ctx, facts.path))
    if asked["sent"] and asked["sent"]["correlation"]:
        key = asked["sent"]["correlation"]
        scope.insert(_running, process_key=published.key, correlation=key)
    if came_from is not None:
        scope.insert(_links, earlier_id=sender, kind=asked["name"] or form.kind, at=ctx.now)
    told = {"by": form.kind, "name": asked["name"]}
    told |= {"case": came_from.number} if came_from is not None else {}
    scope.events.append(Event(STARTED, f"{published.key}/{form.element}", None, ctx.now, told))
    data = {**asked["data"], "case": about_case(published, facts)}
    first_step(scope, lambda env: start(published.program, form.element, data, env), None)
