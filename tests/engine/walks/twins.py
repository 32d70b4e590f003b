"""One case twice in our engine: stored and loaded at every step, and never pruned or stored at all.

Both go through the same verbs. Ids are counted instead of drawn by lot, so that whole steps can be
compared.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from workflow_app.engine import (
    BpmnError,
    Env,
    Step,
    complete,
    current_scope,
    deliver,
    fire_timers,
    mending,
    retry,
    start,
    tokens,
)
from workflow_app.engine import steps as verbs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine import Program
    from workflow_app.engine.tokens import Case

FAILURE = "E2"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Operations:
    """An operation that gives back what it was given, or fails when it is told to."""

    def call(
        self, _kind: str, inputs: dict[str, Any], _headers: Mapping[str, str], _data: Any, /
    ) -> dict[str, Any]:
        if inputs.get("fails"):
            raise BpmnError(FAILURE, FAILURE)
        return {"echo": inputs}


class Kept:
    """Stands where the codec does and keeps the live case itself."""

    def __init__(self) -> None:
        self.case: Case

    def load(self, _program: Program, _state: bytes) -> Case:
        return self.case

    def prune(self, _case: Case) -> int:
        return 0

    def dump(self, case: Case) -> bytes:
        self.case = case
        return b"alive"


class Twin:
    """A case that is played through the engine's verbs."""

    def __init__(self, program: Program, codec: Any) -> None:
        self.program = program
        self.codec = codec
        self.now = NOON
        self.open: list[Any] = []
        self.history: list[Any] = []
        self.step: Step
        self._ids = count()

    @contextmanager
    def _world(self) -> Iterator[Env]:
        """Let the engine use this twin's codec and ids."""
        kept = verbs.codec, tokens.token_hex
        verbs.codec = mending.codec = self.codec
        tokens.token_hex = lambda _size: f"t{next(self._ids)}"
        try:
            yield Env(self.now, {}, Operations())
        finally:
            verbs.codec, tokens.token_hex = kept
            mending.codec = verbs.codec

    def start(self, data: dict[str, Any]) -> None:
        with self._world() as env:
            self._took(start(self.program, None, data, env))

    def complete(self, turn: int, answers: dict[str, Any]) -> None:
        with self._world() as env:
            task = self.tasks()[turn]
            self._took(complete(self.program, self.state, task.task_id, answers, env))

    def deliver(self, turn: int, payload: dict[str, Any]) -> None:
        with self._world() as env:
            wait = self.waits()[turn]
            self._took(deliver(self.program, self.state, wait.task_id, payload, env))

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        with self._world() as env:
            self._took(fire_timers(self.program, self.state, env))

    def stands(self) -> list[mending.Stand]:
        """Return the places from which a person could move the case, by id."""
        with self._world():
            found = mending.stands(self.program, self.state)
        return sorted((one for one in found if one.targets), key=lambda one: one.task_id)

    def move(self, turn: int) -> None:
        """Move a token to another element, as a supervisor does."""
        places = self.stands()
        stand = places[turn % len(places)]
        target = sorted(stand.targets)[turn % len(stand.targets)]
        with self._world() as env:
            self._took(mending.move(self.program, self.state, stand.task_id, target, env))

    def retry(self) -> None:
        with self._world() as env:
            self._took(retry(self.program, self.state, env))

    def tasks(self) -> list[Any]:
        """Return the open tasks by element, the older first."""
        return sorted(self.open, key=lambda task: task.element)

    def waits(self) -> list[Any]:
        """Return the messages and signals waited for, in an order that loading does not change."""
        return sorted(self.step.subscriptions, key=lambda wait: wait.task_id)

    @property
    def state(self) -> bytes:
        assert self.step.state is not None
        return self.step.state

    def _took(self, step: Step) -> None:
        closed = {task.task_id for task in step.closed}
        assert closed <= {task.task_id for task in self.open}, "a task was closed that was not open"
        self.open = [task for task in self.open if task.task_id not in closed]
        self.open += step.opened
        self.history += step.history
        self.step = step

    def picture(self) -> Step:
        """Return all that the last step gave; the order of what waits means nothing."""
        return replace(
            self.step,
            state=b"" if self.step.state else None,
            timers=tuple(sorted(self.step.timers)),
            subscriptions=tuple(self.waits()),
        )

    def seen(self) -> list[tuple[str, dict[str, Any]]]:
        """Return what every open task sees now."""
        with self._world():
            return [
                (task.task_id, current_scope(self.program, self.state, task.task_id))
                for task in self.tasks()
                if self.step.state
            ]
