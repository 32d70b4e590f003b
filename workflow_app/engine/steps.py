"""The verbs of the engine: each takes a state and gives the next one, or leaves all as it was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from workflow_app.domain.text import N_
from workflow_app.engine import codec
from workflow_app.engine.contract import Data, Env, OpenTask, Step
from workflow_app.engine.errors import BpmnError, Interrupted, NotWaiting, StepFailed
from workflow_app.engine.run import Run
from workflow_app.engine.specs.events import DEAF, DUE, HELD
from workflow_app.engine.specs.scopes import enter_scope
from workflow_app.engine.specs.tasks import ANSWERS, OUTCOME, UserTask, is_pending
from workflow_app.engine.timers import unpack
from workflow_app.engine.tokens import is_waiting
from workflow_app.engine.waits import (
    message_waits,
    open_task,
    requested,
    timer_waits,
    waiting_tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from workflow_app.engine.program import Program
    from workflow_app.engine.tokens import Case, Token

UNSTORABLE = N_("the data hold something that cannot be stored: too large, too deep or no text")
BY_THEMSELVES = frozenset({"none", "conditional"})


def start(program: Program, start_element: str | None, data: Mapping[str, Any], env: Env) -> Step:
    """Start a case by a trigger (`Program.starts`), else at the plain start events.

    Beside the plain ones conditional start events begin whose condition holds over `data`.
    Raises NotWaiting for an unknown start, StepFailed.
    """
    if start_element is not None and start_element not in program.starts:
        raise NotWaiting(start_element)
    case = program.empty_case()
    case.data = case.spec.collections() | dict(data)
    run = Run(case, env)
    run.attempt(partial(enter_scope, case, start_element or _only_start(program)))
    return conclude(program, run)


def _only_start(program: Program) -> str | None:
    """Return the first start where every one waits for something; else the plain ones begin."""
    kinds = {start.kind for start in program.starts.values()}
    return next(iter(program.starts), None) if kinds.isdisjoint(BY_THEMSELVES) else None


def complete(
    program: Program, state: bytes, task_id: str, answers: Mapping[str, Any], env: Env
) -> Step:
    """Complete an open user task with its answers. Raises NotWaiting, StepFailed."""
    run = Run(codec.load(program, state), env)
    token = _open_token(run.case, task_id)
    token.internal_data[ANSWERS] = dict(answers)
    run.agenda.append(token)
    return conclude(program, run)


def _open_token(case: Case, task_id: str) -> Token:
    token = case.find(task_id)
    is_task = token is not None and isinstance(token.task_spec, UserTask)
    if token is None or not is_task or token.state != TaskState.READY:
        raise NotWaiting(task_id)
    return token


def deliver(
    program: Program, state: bytes, subscription: str, payload: Mapping[str, Any], env: Env
) -> Step:
    """Deliver a message or signal to the token that waits for it. Raises NotWaiting, StepFailed."""
    run = Run(codec.load(program, state), env)
    token = run.case.find(subscription)
    kind = getattr(getattr(token, "task_spec", None), "trigger", None)
    if token is None or kind is None or kind.kind not in {"message", "signal"}:
        raise NotWaiting(subscription)
    if not is_waiting(token) or token.internal_data.get(DEAF):
        raise NotWaiting(subscription)
    run.attempt(partial(token.task_spec.fire, token, dict(payload)))
    return conclude(program, run)


def finish(
    program: Program, state: bytes, task_id: str, outcome: Data | BpmnError | None, env: Env
) -> Step:
    """Give a task that waits for its operation the result, or the error that became of it.

    Raises NotWaiting, and StepFailed also for an error that nobody catches.
    """
    run = Run(codec.load(program, state), env)
    token = run.case.find(task_id)
    if token is None or not is_pending(token):
        raise NotWaiting(task_id)
    token.internal_data[OUTCOME] = (
        {"code": outcome.code, "text": outcome.text}
        if isinstance(outcome, BpmnError)
        else {"result": outcome}
    )
    token._ready()  # noqa: SLF001 - SpiffWorkflow's hook
    return conclude(program, run)


def waits_for_operation(program: Program, state: bytes, task_id: str) -> bool:
    """Say whether a task still waits for the operation that the host does after the commit."""
    token = codec.load(program, state).find(task_id)
    return token is not None and is_pending(token)


def fire_timers(program: Program, state: bytes, env: Env) -> Step:
    """Fire every timer that is due, the earliest first. Raises StepFailed."""
    run = Run(codec.load(program, state), env)
    while due := _due(run.case, env.now):
        for token in filter(is_waiting, due):  # one may take others along
            run.attempt(partial(token.task_spec.fire, token, {}))
            run.drain()
    return conclude(program, run)


def _due(case: Case, now: datetime) -> list[Token]:
    """Return the timers that are due, the earliest first; those that begin now come later."""
    timers = [token for token in waiting_tokens(case) if DUE in token.internal_data]
    due = [(unpack(token.internal_data[DUE]).at, token) for token in timers]
    past = [pair for pair in due if pair[0] <= now and HELD not in pair[1].internal_data]
    return [token for _, token in sorted(past, key=lambda pair: pair[0])]


def retry(program: Program, state: bytes, env: Env) -> Step:
    """Run on whatever can run, after the cause of a failure is gone. Raises StepFailed."""
    run = Run(codec.load(program, state), env)
    for workflow in run.case.workflows():
        for token in workflow.live.values():
            if token.state == TaskState.READY and not token.task_spec.manual:
                run.agenda.append(token)
    run.stir()
    return conclude(program, run)


def current_scope(program: Program, state: bytes, task_id: str) -> Data:
    """Return the data that the form of an open task or of an awaited message sees.

    Raises NotWaiting.
    """
    token = codec.load(program, state).find(task_id)
    if token is None:
        raise NotWaiting(task_id)
    return token.visible()


def called_from(
    program: Program, state: bytes, task_ids: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the call activities (`<process>/<element id>`) that open tasks stand in, outer first.

    By task id; a task that is not open is left out.
    """
    case = codec.load(program, state)
    tokens = ((task_id, case.find(task_id)) for task_id in task_ids)
    return {task_id: _calls_above(token) for task_id, token in tokens if token is not None}


def _calls_above(token: Token) -> tuple[str, ...]:
    found = []
    while (owner := token.workflow.owner) is not None:
        if not token.workflow.spec.shares:
            found.append(f"{owner.task_spec.process}/{owner.task_spec.bpmn_id}")
        token = owner
    return tuple(reversed(found))


def case_data(program: Program, state: bytes) -> Data:
    """Return the data of all open scopes together, the inner ones on top: for looking at a case."""
    found: Data = {}
    for workflow in codec.load(program, state).workflows():
        found |= workflow.data
    return found


def conclude(program: Program, run: Run) -> Step:
    """Run until everything waits and tell what came of it. Raises StepFailed."""
    run.drain()
    waiting, opened = _looked_at(program, run)
    case = run.case
    return Step(
        state=None if run.finished else _stored(case),
        finished=run.finished,
        end=run.end,
        data=case.data,
        opened=opened,
        closed=tuple(run.closed),
        timers=timer_waits(waiting),
        subscriptions=message_waits(waiting),
        history=tuple(run.history),
        thrown=tuple(run.thrown),
        requested=requested(run),
    )


def _looked_at(program: Program, run: Run) -> tuple[list[Token], tuple[OpenTask, ...]]:
    """Return what waits and what is open; the diagram may catch what their expressions throw."""
    while True:
        try:
            waiting = list(waiting_tokens(run.case))
            for token in waiting:
                token.task_spec.recall(token)
            opened = [token for token in run.opened if token.state == TaskState.READY]
            return waiting, tuple(open_task(program, run, token) for token in opened)
        except Interrupted as found:
            run.interrupted(found)
            run.drain()


def _stored(case: Case) -> bytes:
    if not case.subprocesses.sleeping() and not any(w.live for w in case.awake()):
        raise StepFailed(case.spec.name, N_("nothing is left that could go on"))
    codec.prune(case)
    try:
        return codec.dump(case)
    except (OverflowError, RecursionError, UnicodeEncodeError) as error:
        raise StepFailed(case.spec.name, UNSTORABLE) from error
