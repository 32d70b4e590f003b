"""Events that wait for something; what throws stands in `specs.throws`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from workflow_app.domain.text import N_
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.element import Element
from workflow_app.engine.timers import Due, UnreadableTimer, first_due, pack, unpack
from workflow_app.engine.tokens import ROOT, Token, is_waiting, run_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Scope
    from workflow_app.feel import Expression

MULTIPLE = "multiple"
OUTSIDE = frozenset({"message", "timer", "signal", "conditional"})
DUE = "due"
KEY = "key"
PAYLOAD = "payload"
WAS = "was"
DEAF = "deaf"
HELD = "held"
ROUND = "round"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A compiled `model.Trigger`, or several of them (`parts`), of which any or all are needed."""

    kind: str
    name: str = ""
    code: str | None = None
    form: str = ""
    expression: Expression | None = None
    parts: tuple[Trigger, ...] = ()
    together: bool = False

    @property
    def outside(self) -> bool:
        """Whether a token must wait for it (errors and escalations come from inside)."""
        if self.parts:
            return self.together or any(part.outside for part in self.parts)
        return self.kind in OUTSIDE

    @property
    def each(self) -> tuple[Trigger, ...]:
        """The triggers one by one."""
        return self.parts or (self,)


class Catch(Element):
    """Intermediate catch events and receive tasks; base of all that wait for a trigger.

    Where several triggers are drawn (BPMN 2.0.2 §10.5.5: multiple, parallel multiple), each waits
    as a token of its own that hangs on the event's.
    """

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.trigger = Trigger("none")
        self.parts: tuple[str, ...] = ()
        self.properties: Mapping[str, str] = node.extensions.properties
        self.form: str | None = None
        self.heard_while: Expression | None = None
        self.rests = self.properties.get("rests") == "true"
        self.instantiates = node.instantiates or node.kind == "startEvent"

    @property
    def stays(self) -> bool:
        """Whether the event goes on waiting when it has fired."""
        return False

    def waits(self, _token: Token) -> bool:
        """Say whether something has to happen first."""
        return self.trigger.outside

    @override
    def arrived(self, token: Token) -> bool:
        """Wait for the trigger."""
        if not self.waits(token):
            return True
        if not self.quiet:
            run_of(token).log("entered", self, token, self.passing(token))
        self.prepare(token)
        self.arm(token)
        token._set_state(TaskState.WAITING)  # noqa: SLF001 - SpiffWorkflow's way to wait
        for name in self.parts:
            self._open(token, name, {})
        self.reconsider(token)
        return False

    def _open(self, token: Token, name: str, memory: Data) -> None:
        """Let one of several triggers wait, unless an earlier one has fired already."""
        part = token.workflow.spec.task_specs[name]
        if is_waiting(token) and (self.trigger.together or part.trigger.outside):
            part._update(Token(token.workflow, part, token, memory=memory))  # noqa: SLF001

    def prepare(self, token: Token) -> None:
        """Work out the due time or the correlation key. Raises StepFailed."""
        trigger = self.trigger
        if trigger.kind == "timer" and DUE not in token.internal_data:
            due = self._first_due(token)
            token.internal_data[DUE] = pack(due)
            if due.at <= run_of(token).now:
                run_of(token).overdue.append(token)
        if trigger.kind == "message" and trigger.expression is not None:
            token.internal_data[KEY] = self.give(token, trigger.expression)

    def recall(self, token: Token) -> None:
        """Work out a correlation key that was not known yet, and whether a message is heard now.

        An event sub-process waits from the beginning, before the case has its number; what is
        drawn to be heard for a while only (`heard_while`) keeps its place and hears nothing else.
        """
        if self.heard_while is not None:
            token.internal_data[DEAF] = self.give(token, self.heard_while) is not True
        if self.trigger.kind == "message" and token.internal_data.get(KEY) is None:
            self.prepare(token)

    def _first_due(self, token: Token) -> Due:
        if self.trigger.expression is None:
            raise StepFailed(self.element, N_("the timer has no time"))
        found = self.give(token, self.trigger.expression)
        env = run_of(token).env
        try:
            return first_due(self.trigger.form, found, env.now, env.zone)
        except UnreadableTimer as error:
            raise StepFailed(self.element, error.why, **error.details) from error

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
        memory = None if self.parts else self.later(token)
        if memory is not None:
            above = token.workflow.tasks[token._parent or ROOT]  # noqa: SLF001 - its own class
            self._update(Token(token.workflow, self, above, memory=memory))

    def later(self, token: Token) -> Data | None:
        """Return what the next waiting has to remember, None where there is no next one."""
        memory: dict[str, Any] = {}
        if self.trigger.kind == "timer":
            env = run_of(token).env
            due = unpack(token.internal_data[DUE]).following(env.now, env.zone)
            if due is None:
                return None
            memory[DUE] = pack(due)
        if WAS in token.internal_data:
            memory[WAS] = True
        return memory

    def came(self, token: Token, part: Token, payload: Data) -> None:
        """Take one of several triggers: go on with it, or once all have come."""
        if not is_waiting(token):
            return
        later = part.task_spec.later(part) if self.stays else None
        if not self.trigger.together:
            self._fire_part(token, payload)
            if later is not None:
                self._open(token, part.task_spec.name, later)
            return
        held = token.internal_data.setdefault(ROUND, {})
        held[part.task_spec.name] = [payload, later]
        if len(held) == len(self.parts):
            self._all_came(token)

    def _all_came(self, token: Token) -> None:
        """Fire with everything that came; beside an activity the next round begins."""
        held = token.internal_data.pop(ROUND)
        payload: Data = {}
        for name in self.parts:
            payload |= held[name][0]
        self._fire_part(token, payload)
        for name in self.parts:
            if held[name][1] is not None:
                self._open(token, name, held[name][1])

    def _fire_part(self, token: Token, payload: Data) -> None:
        if not self.stays:
            self.fire(token, payload)
            return
        top = token.workflow.task_tree
        beside = Token(token.workflow, self, top, memory={PAYLOAD: payload})
        token.workflow.wake(beside)
        beside._ready()  # noqa: SLF001 - SpiffWorkflow's hook

    def catch(self, at: Token, trigger: Trigger, payload: Data) -> bool:
        """Take an error or escalation that climbs past `at`; say whether it was waited for."""
        if not self.trigger.together:
            above = at.workflow.task_tree if self.listens else at
            self.fire(Token(at.workflow, self, above), payload)
            return True
        for token in (*at.workflow.live.values(), *at.workflow.listeners.values()):
            here = token.task_spec is self and (self.listens or token.carrier() is at)
            for part in token.hanging() if here else ():
                if part.task_spec.trigger is trigger:
                    part.task_spec.fire(part, payload)
                    return True
        return False

    def begin_with(self, token: Token, key: str) -> None:
        """Begin a case at this event: what it waited for has happened, or one thing of several."""
        if not self.trigger.together:
            token._ready()  # noqa: SLF001 - SpiffWorkflow's hook
            return
        token.internal_data[ROUND] = {}
        self._update(token)
        first = f"{self.name}#{key.rpartition('#')[2]}"
        for part in token.hanging():
            if part.task_spec.name == first:
                part.task_spec.fire(part, {})

    @override
    def begin(self, scope: Case | Scope, key: str) -> None:
        """Begin a case here; where the event is not drawn to begin one, it waits."""
        if self.instantiates:
            self.begin_with(Token(scope, self, scope.task_tree), key)
        else:
            super().begin(scope, key)

    @override
    def work(self, token: Token) -> bool | None:
        """Take what came into the case's data."""
        payload: Data = token.internal_data.pop(PAYLOAD, {})
        if not self.parts:
            self.tell(token, payload)
        self.write_back(token, payload)
        return True

    def tell(self, token: Token, payload: Data) -> None:
        """Tell history what came."""
        if self.trigger.kind != "none":
            told: Data = {"message": self.trigger.name} if self.trigger.name else {}
            run_of(token).log(self.trigger.kind, self, token, told | {"payload": payload})


class Part(Catch):
    """One of several triggers of an event; its token hangs on the event's."""

    quiet = True

    @override
    def waits(self, _token: Token) -> bool:
        """Wait for an escalation too, where all of several triggers are needed."""
        return True

    @override
    def fire(self, token: Token, payload: Data) -> None:
        """Tell the event what came."""
        whole = token.carrier()
        token._set_state(TaskState.COMPLETED)  # noqa: SLF001 - its own class
        self.tell(token, payload)
        if whole is not None:
            whole.task_spec.came(whole, token, payload)


class ListeningPart(Part):
    """One of several triggers of an event sub-process; waiting for it keeps no scope open."""

    listens = True


class StartOfAll(Catch):
    """A process's start event that needs all of several triggers (BPMN 2.0.2 §10.5.2).

    The first opens the case, which does nothing before the others have come.
    """

    @override
    def waits(self, token: Token) -> bool:
        """Wait where a trigger began the case; a call activity goes through."""
        return ROUND in token.internal_data


class Aside(Catch):
    """An event that waits beside the path. History hears of it when it fires."""

    quiet = True

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.interrupting = node.interrupting

    @property
    @override
    def stays(self) -> bool:
        """Whether the event leaves the activity alone."""
        return not self.interrupting


class Boundary(Aside):
    """A boundary event; its token hangs on the activity's."""

    @override
    def fire(self, token: Token, payload: Data) -> None:
        """Interrupt the activity at once, or wait on beside it."""
        activity = token.carrier()
        if self.stays and self.trigger.outside:
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

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.conditions: tuple[Expression, ...] = ()

    @override
    def work(self, token: Token) -> bool | None:
        """Map what the case began with; an event sub-process has mapped it when it was woken."""
        if self.mapped_out and token.workflow.owner is None:
            self.write_back(token, {})
        return True

    def opens(self, scope: Case | Scope) -> bool:
        """Say whether the condition of a conditional start event holds over the case's data."""
        return any(self.give(scope.task_tree, each) is True for each in self.conditions)
