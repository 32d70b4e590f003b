"""One step: what is to do next, what happened, and what must be looked at again.

The agenda replaces SpiffWorkflow's `do_engine_steps`. Events act at once when they are thrown, so
an interrupting boundary event wins over the sub-process it interrupts (engine.md gotcha 5).
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.engine.contract import ClosedTask, Data, Env, HistoryEvent, Thrown
from workflow_app.engine.errors import BpmnError, Interrupted, StepFailed
from workflow_app.engine.throwing import throw_error
from workflow_app.engine.tokens import is_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.tokens import Case, Live, Token

MAX_STEPS = 20_000
MAX_BEGUN = 50_000
MAX_DEPTH = 40
ENDLESS = N_("the process runs in a circle without end")
TOO_MANY = N_("more than %(most)s repetitions")


class Run:
    """The bookkeeping of one step of one case."""

    def __init__(self, case: Case, env: Env) -> None:
        self.case = case
        self.env = env
        self.functions: Mapping[str, Callable[..., object]] = {
            "now": lambda: env.now,
            "today": env.now.date,
            **env.functions,
            "throw error": _throw_error,
            "throw escalation": self._throw_escalation,
        }
        self.agenda: deque[Token] = deque()
        self.touched: dict[int, Live] = {}
        self.opened: list[Token] = []
        self.closed: list[ClosedTask] = []
        self.history: list[HistoryEvent] = []
        self.thrown: list[Thrown] = []
        self.requested: list[tuple[Token, Data]] = []
        self.escalated: list[tuple[str, str]] = []
        self.overdue: list[Token] = []
        self.end: str | None = None
        self.finished = False
        self._steps = self._begun = 0
        self._restless = any(spec.restless for spec in case.subprocess_specs.values())
        case.run = self

    @property
    def now(self) -> datetime:
        """The injected time."""
        return self.env.now

    def log(
        self, kind: str, spec: Element, token: Token | None = None, data: Data | None = None
    ) -> None:
        """Add a line of history about an element of the diagram."""
        self.log_as(kind, spec, spec.element, token=token, data=data)

    def log_as(
        self,
        kind: str,
        spec: Element,
        element: str,
        *,
        token: Token | None = None,
        data: Data | None = None,
    ) -> None:
        """Add a line of history about a flow, or an element with another id than the spec's."""
        name = spec.bpmn_name if element == spec.element else ""
        self.history.append(
            HistoryEvent(
                kind=kind,
                element=element,
                process=spec.process,
                name=name,
                task_id=token.id if token is not None else None,
                data=data,
                at=self.env.now,
            )
        )

    def close(self, token: Token, why: str) -> None:
        """Note that a user task is no longer open; one of this same step was never seen."""
        if token in self.opened:
            self.opened.remove(token)
            return
        self.closed.append(ClosedTask(token.id, token.task_spec.element, why))

    def let_out(self, spec: Element, kind: str, name: str) -> None:
        """Note an error or escalation that nobody in the case caught."""
        self.thrown.append(
            Thrown(kind=kind, name=name, payload={}, correlation=None, element=spec.element)
        )

    def drain(self) -> None:
        """Work until everything waits. Raises StepFailed."""
        self.settle()
        while self.agenda or self.overdue:
            if self.agenda:
                self.step(self.agenda.popleft())
            else:
                self._fire_overdue()
            if not self.agenda:
                self.stir()
                self.settle()

    def _fire_overdue(self) -> None:
        """Fire a timer that was due when it began to wait; it needs no sweep."""
        token = self.overdue.pop(0)
        if is_waiting(token):
            self._spend(token)
            self.attempt(partial(token.task_spec.fire, token, {}))
            self.settle()

    def attempt(self, act: Callable[[], object]) -> None:
        """Do something whose errors and escalations the diagram may catch. Raises StepFailed."""
        try:
            act()
        except Interrupted as found:
            self.interrupted(found)

    def interrupted(self, found: Interrupted) -> None:
        """Let the error climb that an expression threw. Raises StepFailed if nobody catches it."""
        if found.error is not None:
            throw_error(found.token, found.error.code, found.error.text)

    def _throw_escalation(self, code: object, text: object = "") -> None:
        """Note an escalation (FEEL); it climbs when the expression has been evaluated."""
        self.escalated.append((str(code), str(text)))

    def step(self, token: Token) -> None:
        """Run one token that is ready and see which scopes it emptied. Raises StepFailed."""
        if token.state != TaskState.READY:
            return
        self._spend(token)
        try:
            token.run()
        except Interrupted as found:
            self.interrupted(found)
        except BpmnError as error:
            throw_error(token, error.code, error.text)
        except StepFailed:
            raise
        except (DomainError, ValueError) as error:
            raise StepFailed.because(token.task_spec.element, error) from error
        self.settle()

    def _spend(self, token: Token) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise StepFailed(token.task_spec.element, ENDLESS)

    def count(self, token: Token) -> None:
        """Count a token that begins: quantities and nested loops multiply beyond any memory."""
        self._begun += 1
        if self._begun > MAX_BEGUN:
            raise StepFailed(token.task_spec.element, TOO_MANY, most=MAX_BEGUN)

    def settle(self) -> None:
        """Close scopes that ran empty, from the inside out."""
        while self.touched:
            _, workflow = self.touched.popitem()
            if not workflow.live:
                self._close(workflow)

    def _close(self, workflow: Live) -> None:
        for listener in list(workflow.listeners.values()):
            listener.cancel()
        owner = workflow.owner
        if owner is None:
            self.finished = True
        elif self.case.subprocesses.get(owner.id) is workflow:
            owner.task_spec.returned(owner, workflow)

    def stir(self) -> None:
        """Ask joins and conditions that depend on other tokens whether they may go on."""
        if not self._restless:
            return
        for workflow in self.case.awake():
            if workflow.spec.restless:
                for token in [*workflow.live.values(), *workflow.listeners.values()]:
                    if token.state == TaskState.WAITING:
                        self.attempt(partial(token.task_spec.reconsider, token))


def _throw_error(code: object, text: object = "") -> None:
    """Throw an error out of an expression (FEEL)."""
    raise BpmnError(str(code), str(text))
