"""Events that throw: intermediate throw events, send tasks with a message, end events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from workflow_app.engine.specs.element import Element
from workflow_app.engine.specs.events import Trigger
from workflow_app.engine.throwing import send_message, send_signal, throw_up, uncaught
from workflow_app.engine.tokens import run_of

if TYPE_CHECKING:
    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Token

# Of several triggers those that may take the thrower along come last.
RANK = {"escalation": 1, "error": 2, "terminate": 3}


class Throw(Element):
    """An intermediate throw event, a send task with a message, an end event."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.trigger = Trigger("none")

    @override
    def work(self, token: Token) -> bool | None:
        """Throw everything that is drawn."""
        for trigger in sorted(self.trigger.each, key=lambda each: RANK.get(each.kind, 0)):
            self.throw(token, trigger)
        return True

    def throw(self, token: Token, trigger: Trigger) -> None:
        """Throw one thing."""
        if trigger.kind == "message":
            payload = self.map_in(token)
            send_message(self, token, trigger.name, payload, self._key(token, trigger, payload))
        elif trigger.kind == "signal":
            send_signal(self, token, trigger.name, self.map_in(token))
        elif trigger.kind == "escalation":
            self._escalate(token, trigger)

    def _key(self, token: Token, trigger: Trigger, payload: Data) -> Any:
        """Return the correlation key, which may be read from what the message carries."""
        if trigger.expression is None:
            return None
        return self.give(token, trigger.expression, token.visible() | payload)

    def _escalate(self, token: Token, trigger: Trigger) -> None:
        """Nobody has to catch an escalation (BPMN 2.0.2 §10.5.6)."""
        carried = self.map_in(token)
        if throw_up(token, "escalation", trigger.code, trigger.name, carried) is None:
            run_of(token).let_out(self, "escalation", trigger.code or "")


class End(Throw):
    """An end event; an error or terminate end ends more than its own path."""

    @override
    def throw(self, token: Token, trigger: Trigger) -> None:
        """Throw; an error or termination takes more than this path along."""
        if trigger.kind == "error":
            self._fail(token, trigger)
        elif trigger.kind == "terminate":
            token.workflow.shut(spared=token)
        else:
            super().throw(token, trigger)

    def _fail(self, token: Token, trigger: Trigger) -> None:
        """Throw the error; uncaught in the case's own process it ends the case."""
        if throw_up(token, "error", trigger.code, trigger.name, self.map_in(token)) is not None:
            return
        if token.workflow.owner is not None:
            raise uncaught(self, trigger.code, trigger.name)
        token.workflow.shut(spared=token)
        run_of(token).let_out(self, "error", trigger.code or "")
