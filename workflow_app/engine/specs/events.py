"""Events: what waits for something and what throws it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.element import Element, run_of
from workflow_app.engine.throwing import send_message, send_signal, throw_up
from workflow_app.engine.timers import Due, UnreadableTimer, first_due
from workflow_app.engine.tokens import ROOT, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.feel import Expression

OUTSIDE = frozenset({"message", "timer", "signal", "conditional"})
DUE = "due"
KEY = "key"
PAYLOAD = "payload"
WAS = "was"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A compiled `model.Trigger`."""

    kind: str
    name: str = ""
    code: str | None = None
    form: str = ""
    expression: Expression | None = None

    @property
    def outside(self) -> bool:
        """Whether a token must wait for it (errors and escalations come from inside)."""
        return self.kind in OUTSIDE


class Catch(Element):
    """Intermediate catch events and receive tasks; base of all that wait for a trigger."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.trigger = Trigger("none")
        self.properties: Mapping[str, str] = node.extensions.properties
        self.form: str | None = None
        self.repeats = False

    @override
    def arrived(self, token: Token) -> bool:
        """Wait for the trigger."""
        if not self.trigger.outside:
            return True
        if not self.quiet:
            run_of(token).log("entered", self, token, self.passing(token))
        self.prepare(token)
        self.arm(token)
        token._set_state(TaskState.WAITING)  # noqa: SLF001 - SpiffWorkflow's way to wait
        self.reconsider(token)
        return False

    def prepare(self, token: Token) -> None:
        """Work out the due time or the correlation key. Raises StepFailed."""
        trigger = self.trigger
        if trigger.kind == "timer" and DUE not in token.internal_data:
            token.internal_data[DUE] = pack(self._first_due(token))
        if trigger.kind == "message" and trigger.expression is not None:
            token.internal_data[KEY] = self.give(token, trigger.expression)

    def recall(self, token: Token) -> None:
        """Work out a correlation key that was not known yet when the waiting began.

        An event sub-process waits from the beginning, before the case has its number.
        """
        if self.trigger.kind == "message" and token.internal_data.get(KEY) is None:
            self.prepare(token)

    def _first_due(self, token: Token) -> Due:
        if self.trigger.expression is None:
            raise StepFailed(self.element, "the timer has no time")
        found = self.give(token, self.trigger.expression)
        try:
            return first_due(self.trigger.form, found, run_of(token).now)
        except UnreadableTimer as error:
            raise StepFailed(self.element, str(error)) from error

    @override
    def reconsider(self, token: Token) -> None:
        """Fire a conditional event whose condition has become true."""
        if self.trigger.kind != "conditional" or self.trigger.expression is None:
            return
        holds = self.give(token, self.trigger.expression) is True
        before = token.internal_data.get(WAS, False)
        token.internal_data[WAS] = holds
        if holds and not before:
            self.fire(token, {})

    def fire(self, token: Token, payload: Data) -> None:
        """Let a waiting token go on with what came."""
        token.internal_data[PAYLOAD] = payload
        token._ready()  # noqa: SLF001 - SpiffWorkflow's hook

    def again(self, token: Token) -> None:
        """Wait for the next occasion where the event does not interrupt."""
        memory: dict[str, Any] = {}
        if self.trigger.kind == "timer":
            due = unpack(token.internal_data[DUE]).following(run_of(token).now)
            if due is None:
                return
            memory[DUE] = pack(due)
        if WAS in token.internal_data:
            memory[WAS] = True
        above = token.workflow.tasks[token._parent or ROOT]  # noqa: SLF001 - its own class
        self._update(Token(token.workflow, self, above, memory=memory))

    @override
    def work(self, token: Token) -> bool | None:
        """Take what came into the case's data."""
        payload: Data = token.internal_data.pop(PAYLOAD, {})
        if self.trigger.kind != "none":
            told: Data = {"message": self.trigger.name} if self.trigger.name else {}
            run_of(token).log(self.trigger.kind, self, token, told | {"payload": payload})
        self.write_back(token, payload)
        return True


class Aside(Catch):
    """An event that waits beside the path. History hears of it when it fires."""

    quiet = True

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.interrupting = node.interrupting


class Boundary(Aside):
    """A boundary event; its token hangs on the activity's."""

    @override
    def fire(self, token: Token, payload: Data) -> None:
        """Interrupt the activity at once, or wait on beside it."""
        activity = token.carrier()
        if not self.interrupting and self.trigger.outside:
            self.again(token)
        token.detach()
        if self.interrupting and activity is not None:
            activity.cancel()
        super().fire(token, payload)


class Listener(Aside):
    """The start of an event sub-process, waiting in the scope around it."""

    listens = True

    @override
    def fire(self, token: Token, payload: Data) -> None:
        """Interrupt everything else of the scope at once, or wait on beside it."""
        token.workflow.wake(token)
        if self.interrupting:
            token.workflow.shut(spared=token)
        elif self.trigger.outside:
            self.again(token)
        super().fire(token, payload)


class Start(Element):
    """A start event; what it waited for has happened before the token is there."""


class Throw(Element):
    """An intermediate throw event, a send task with a message, an end event."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.trigger = Trigger("none")

    @override
    def work(self, token: Token) -> bool | None:
        """Throw what is drawn."""
        if self.trigger.kind == "message":
            key = self.trigger.expression
            correlation = self.give(token, key) if key is not None else None
            send_message(self, token, self.trigger.name, self.map_in(token), correlation)
        elif self.trigger.kind == "signal":
            send_signal(self, token, self.trigger.name, self.map_in(token))
        elif self.trigger.kind == "escalation":
            self._escalate(token)
        return True

    def _escalate(self, token: Token) -> None:
        """Nobody has to catch an escalation (BPMN 2.0.2 §10.5.6)."""
        if not throw_up(token, "escalation", self.trigger.code, self.trigger.name):
            run_of(token).let_out(self, "escalation", self.trigger.code or "")


class End(Throw):
    """An end event; an error or terminate end ends more than its own path."""

    @override
    def work(self, token: Token) -> bool | None:
        """Throw; an error or termination takes more than this path along."""
        if self.trigger.kind == "error":
            self._fail(token)
        elif self.trigger.kind == "terminate":
            token.workflow.shut(spared=token)
        else:
            super().work(token)
        return True

    def _fail(self, token: Token) -> None:
        """Throw the error; uncaught in the case's own process it ends the case."""
        trigger = self.trigger
        if throw_up(token, "error", trigger.code, trigger.name):
            return
        if token.workflow.owner is not None:
            raise StepFailed(self.element, f"nobody catches the error {trigger.code}")
        token.workflow.shut(spared=token)
        run_of(token).let_out(self, "error", trigger.code or "")


def pack(due: Due) -> list[Any]:
    """Return a due time as JSON."""
    return [due.at.isoformat(), due.left, due.every]


def unpack(stored: list[Any]) -> Due:
    """Return what `pack` stored."""
    return Due(datetime.fromisoformat(stored[0]), stored[1], stored[2])
