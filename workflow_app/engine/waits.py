"""What a case waits for, as the services store it: tasks, timers, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.domain.text import N_
from workflow_app.engine.contract import MessageWait, OpenTask, Requested, TimerWait
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.events import DEAF, DUE, HELD, KEY, Catch
from workflow_app.engine.specs.tasks import is_pending
from workflow_app.engine.timers import UnreadableTimer, first_due, unpack
from workflow_app.engine.tokens import is_waiting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from workflow_app.engine.program import Program
    from workflow_app.engine.run import Run
    from workflow_app.engine.tokens import Case, Token
    from workflow_app.feel import Expression

DEFAULT_PRIORITY = 50
MOST_PRIORITY = 2**31 - 1  # what a database holds as a whole number


def waiting_tokens(case: Case) -> Iterator[Token]:
    """Yield the tokens that wait for an event."""
    for workflow in case.awake():
        for token in [*workflow.live.values(), *workflow.listeners.values()]:
            if is_waiting(token) and isinstance(token.task_spec, Catch):
                yield token


def timer_waits(tokens: Iterable[Token]) -> tuple[TimerWait, ...]:
    """Return the running timers, those behind event gateways included; one that rests is none."""
    return tuple(
        TimerWait(
            token.id,
            token.task_spec.element,
            token.task_spec.process,
            unpack(token.internal_data[DUE]).at,
        )
        for token in tokens
        if DUE in token.internal_data and HELD not in token.internal_data
    )


def message_waits(tokens: Iterable[Token]) -> tuple[MessageWait, ...]:
    """Return the messages and signals that are heard now, with their correlation keys."""
    return tuple(
        _message_wait(token)
        for token in tokens
        if token.task_spec.trigger.kind in {"message", "signal"}
        and not token.internal_data.get(DEAF)
    )


def _message_wait(token: Token) -> MessageWait:
    spec: Catch = token.task_spec
    return MessageWait(
        task_id=token.id,
        element=spec.element,
        process=spec.process,
        name=spec.bpmn_name,
        kind=spec.trigger.kind,
        message=spec.trigger.name,
        correlation=token.internal_data.get(KEY),
        form=spec.form,
        by=spec.properties.get("by"),
        keyed=spec.trigger.kind == "message" and spec.trigger.expression is not None,
    )


def requested(run: Run) -> tuple[Requested, ...]:
    """Return the operations asked for in this step whose tasks still wait for them."""
    return tuple(
        Requested(
            task_id=token.id,
            element=token.task_spec.element,
            process=token.task_spec.process,
            operation=token.task_spec.operation,
            request=request,
        )
        for token, request in run.requested
        if is_pending(token)
    )


def call_path(token: Token) -> tuple[str, ...]:
    """Return the elements around the token, the outermost first."""
    owner = token.workflow.owner
    return () if owner is None else (*call_path(owner), owner.task_spec.element)


def lane_of(token: Token | None) -> str | None:
    """Return the token's lane; a process that names none inherits its caller's."""
    while token is not None:
        if token.task_spec.lane:
            lane: str = token.task_spec.lane
            return lane
        token = token.workflow.owner
    return None


def open_task(program: Program, run: Run, token: Token) -> OpenTask:
    """Return what the inbox needs to know of an open user task. Raises StepFailed."""
    info = program.tasks[f"{token.task_spec.process}/{token.task_spec.element}"]
    data = token.visible()
    asked = _Asked(run, token, data)
    lane = lane_of(token)
    groups = asked.words(info.candidate_groups)
    return OpenTask(
        task_id=token.id,
        element=info.element,
        process=info.process,
        name=info.name,
        lane=lane,
        assignee=asked.word(info.assignee),
        groups=groups or ((lane,) if lane else ()),
        users=asked.words(info.candidate_users),
        due_at=asked.moment(info.due),
        follow_up_at=asked.moment(info.follow_up),
        priority=asked.number(info.priority),
        form=info.form,
        data=data,
        path=call_path(token),
    )


class _Asked:
    """Evaluates a user task's expressions to the types that an inbox stores."""

    def __init__(self, run: Run, token: Token, data: dict[str, Any]) -> None:
        self._run = run
        self._token = token
        self._data = data

    def _value(self, expression: Expression | None) -> Any:
        if expression is None:
            return None
        return self._token.task_spec.give(self._token, expression, self._data)

    def word(self, expression: Expression | None) -> str | None:
        found = self._value(expression)
        return str(found) if found not in (None, "") else None

    def words(self, expression: Expression | None) -> tuple[str, ...]:
        found = self._value(expression)
        listed = found if isinstance(found, list) else [found]
        return tuple(str(item) for item in listed if item not in (None, ""))

    def number(self, expression: Expression | None) -> int:
        found = self._value(expression)
        try:
            number = DEFAULT_PRIORITY if found is None else int(found)
        except (TypeError, ValueError):
            number = MOST_PRIORITY + 1
        if abs(number) > MOST_PRIORITY:
            why = N_("the priority is %(found)s, no number")
            raise StepFailed(self._token.task_spec.element, why, found=repr(found))
        return number

    def moment(self, expression: Expression | None) -> datetime | None:
        found = self._value(expression)
        if found in (None, ""):
            return None
        try:
            return first_due("date", found, self._run.now, self._run.env.zone).at
        except UnreadableTimer as error:
            raise StepFailed(self._token.task_spec.element, error.why, **error.details) from error
