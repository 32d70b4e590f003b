"""Running a step: load, run without a lock, write in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workflow_app.domain.correlation import key_text
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.engine import Env, Step, StepFailed, UnreadableTimer, go_on, rest
from workflow_app.services.case_store import Loaded, LostRace, open_scope
from workflow_app.services.case_terms import drop_words
from workflow_app.services.chain import hold_case
from workflow_app.services.kept import Sent, close_case, hand_over, kept_until
from workflow_app.services.operations import ScopedOperations
from workflow_app.services.outgoing import operation_row, outbox_row
from workflow_app.services.step_writer import StepWriter, Submitted

if TYPE_CHECKING:
    from workflow_app.engine import Thrown
    from workflow_app.services.chain import Event
    from workflow_app.services.context import Context
    from workflow_app.services.scope import StepScope

ATTEMPTS = 5

Act = Callable[[Loaded, Env], Step]


def step_case(
    ctx: Context,
    load: Callable[[], Loaded],
    act: Act,
    *,
    submitted: Submitted | None = None,
    events: tuple[Event, ...] = (),
    scope_of: Callable[[Context, Loaded], StepScope] = open_scope,
) -> Step:
    """Run one step of a loaded case and write it; reads again when somebody was faster.

    `scope_of` gives the surroundings of each try. Raises LostRace after five tries,
    engine.StepFailed when an expression or operation fails, and whatever `load` raises when the
    case moved on in between.
    """
    for _ in range(ATTEMPTS):
        loaded = load()
        try:
            return _attempt(scope_of(ctx, loaded), loaded, act, submitted, events)
        except LostRace:
            # The next try cannot be overtaken.
            hold_case(ctx, loaded.row.id)
    raise LostRace


def first_step(
    scope: StepScope, run: Callable[[Env], Step], submitted: Submitted | None
) -> tuple[int, Step]:
    """Run and write the step that creates a case; returns its id. Raises LostRace."""
    step = _with_clock(scope, run(environment(scope)))
    _send_thrown(scope, step)
    writer = StepWriter(scope, step, None)
    case_id = writer.write(submitted)
    _after(scope, writer, step)
    return case_id, step


def environment(scope: StepScope) -> Env:
    """Return what the engine needs from outside for one step."""
    return Env(
        now=scope.ctx.now,
        functions=scope.host.functions,
        operations=ScopedOperations(scope),
        zone=scope.host.calendar.zone,
    )


def _attempt(
    scope: StepScope,
    loaded: Loaded,
    act: Act,
    submitted: Submitted | None,
    events: tuple[Event, ...],
) -> Step:
    step = _with_clock(scope, act(loaded, environment(scope)))
    _send_thrown(scope, step)
    writer = StepWriter(scope, step, loaded)
    writer.write(submitted, events)
    _after(scope, writer, step)
    return step


def _with_clock(scope: StepScope, step: Step) -> Step:
    """Let the timers that follow the case's clock rest, or go on, as the step's operations said."""
    for moved in scope.clock:
        program = scope.published.program
        step = rest(program, step) if moved is None else go_on(program, step, moved)
    return step


def _after(scope: StepScope, writer: StepWriter, step: Step) -> None:
    """Look for messages that came before the case waited for them, or that came too late."""
    if step.finished:
        drop_words(scope.ctx.connection, writer.case_id)
        close_case(scope.ctx, writer.case_id, scope.case.number)
    elif writer.waits_anew:
        hand_over(scope.ctx, writer.case_id, scope.published.key, step.subscriptions)


def _send_thrown(scope: StepScope, step: Step) -> None:
    for asked in step.requested:
        operation_row(scope, asked)
    for thrown in step.thrown:
        if thrown.kind == "message":
            outbox_row(scope, OutboxKind.MESSAGE, _sent(scope, thrown).packed())
        elif thrown.kind == "signal":
            told = {"signal": thrown.name, "payload": thrown.payload}
            outbox_row(scope, OutboxKind.SIGNAL, told)


def _sent(scope: StepScope, thrown: Thrown) -> Sent:
    try:
        until = kept_until(thrown.lives, scope.ctx.now)
    except UnreadableTimer as error:
        raise StepFailed(thrown.element, N_("%(reason)s"), reason=error) from error
    key = key_text(thrown.correlation)
    return Sent(message=thrown.name, correlation=key, payload=thrown.payload, until=until)
