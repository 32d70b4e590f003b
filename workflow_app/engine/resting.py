"""Timers that follow the case's clock: they rest while it stands, and are due later by that time.

An event with the property `rests` is one. What the host's operations did to the clock it tells
after the step, since the engine knows no clock of a case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow_app.engine import codec
from workflow_app.engine.specs.events import DUE, HELD
from workflow_app.engine.timers import pack, unpack
from workflow_app.engine.waits import timer_waits, waiting_tokens

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from workflow_app.engine.contract import Step
    from workflow_app.engine.program import Program
    from workflow_app.engine.tokens import Token


def rest(program: Program, step: Step) -> Step:
    """Let the timers that follow the clock rest: the case's clock was stopped in this step."""

    def hold(token: Token) -> None:
        token.internal_data[HELD] = True

    return _each(program, step, hold)


def go_on(program: Program, step: Step, moved: Callable[[datetime], datetime]) -> Step:
    """Let resting timers run again; `moved` says when one is due that was due at a moment, UTC."""

    def release(token: Token) -> None:
        if token.internal_data.pop(HELD, None):
            due = unpack(token.internal_data[DUE])
            token.internal_data[DUE] = pack(replace(due, at=moved(due.at)))

    return _each(program, step, release)


def _each(program: Program, step: Step, change: Callable[[Token], None]) -> Step:
    if step.state is None:
        return step
    case = codec.load(program, step.state)
    waiting = list(waiting_tokens(case))
    for token in waiting:
        if token.task_spec.rests and DUE in token.internal_data:
            change(token)
    return replace(step, state=codec.dump(case), timers=timer_waits(waiting))
