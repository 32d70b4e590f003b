"""Tasks: for people, scripts, decisions, operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from workflow_app.domain.text import N_
from workflow_app.engine.contract import Pending
from workflow_app.engine.decided import decision_event
from workflow_app.engine.errors import BpmnError, BpmnEscalation, StepFailed
from workflow_app.engine.expressions import put
from workflow_app.engine.specs.element import CAME, Element
from workflow_app.engine.throwing import escalate
from workflow_app.engine.tokens import run_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.dmn import DecisionModel
    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Token
    from workflow_app.feel import Expression

NO_DECISION = N_("the decision %(decision)s is not there")
NO_CONTEXT = N_("the script gives no context, and no result variable is named")
ANSWERS = "answers"
OUTCOME = "outcome"


class PassingTask(Element):
    """A task that nobody manages (`task`, `manualTask`): the token passes."""

    @override
    def work(self, token: Token) -> bool | None:
        """Take in what data associations bring, for those that lead out again."""
        if self.carried_in:
            token.data.update(self.map_in(token))
        return True


class UserTask(Element):
    """Waits for a person's answers."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.manual = True

    @override
    def _on_ready(self, my_task: Token) -> None:
        run = run_of(my_task)
        run.opened.append(my_task)
        my_task.data.update(self.map_in(my_task))
        run.log("entered", self, my_task, self.passing(my_task))
        self.arm(my_task)

    @override
    def work(self, token: Token) -> bool | None:
        """Take the answers over."""
        answers: Data = token.internal_data.pop(ANSWERS, {})
        self.write_back(token, answers)
        run_of(token).close(token, "completed")
        return True

    @override
    def _on_cancel(self, my_task: Token) -> None:
        if CAME not in my_task.internal_data:
            run_of(my_task).close(my_task, "cancelled")
        super()._on_cancel(my_task)


class ScriptTask(Element):
    """Evaluates FEEL; a context is merged, any value goes into the result variable."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.script: Expression | None = None
        self.result: str | None = None

    @override
    def work(self, token: Token) -> bool | None:
        """Evaluate and write. Raises StepFailed for a value that has no name to go to."""
        if self.script is None:
            return True
        scope = token.visible() | self.map_in(token)
        found = self.give(token, self.script, scope)
        if self.result:
            found = named(self.result, found, token)
        if not isinstance(found, dict):
            raise self.unfit(token, self.script, NO_CONTEXT, {}, scope)
        self.write_back(token, found)
        return True


class BusinessRuleTask(Element):
    """Asks a decision table (DMN) and writes its result."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.model: DecisionModel | None = None
        self.decision = ""
        self.result: str | None = None

    @override
    def work(self, token: Token) -> bool | None:
        """Evaluate the decision, tell history what it went by, write the result."""
        if self.model is None:
            raise StepFailed(self.element, NO_DECISION, decision=self.decision)
        run = run_of(token)
        scope = token.visible() | self.map_in(token)
        answer = self.model.evaluate(self.decision, scope, run.functions)
        if run.escalated:
            escalate(self, token)
        told = decision_event(self.model, self.decision, answer)
        run.log("decision", self, token, told)
        found = told["result"]
        if self.result or not isinstance(found, dict):
            found = named(self.result or self.decision, found, token)
        self.write_back(token, found)
        return True


class OperationTask(Element):
    """A service or send task: one registered operation of the host."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.operation = node.extensions.operation or ""
        self.headers: Mapping[str, str] = node.extensions.headers
        if node.extensions.retries:
            self.headers = {"retries": node.extensions.retries, **self.headers}

    @override
    def work(self, token: Token) -> bool | None:
        """Call the operation, or take its result; raises BpmnError to the diagram."""
        if OUTCOME in token.internal_data:
            return self._take(token, token.internal_data.pop(OUTCOME))
        run = run_of(token)
        inputs = self.map_in(token)
        scope = token.visible()
        try:
            found = run.env.operations.call(self.operation, inputs, self.headers, scope)
        except BpmnEscalation as raised:
            run.escalated.append((raised.code, raised.text))
            escalate(self, token)
            found = None
        if isinstance(found, Pending):
            self._wait(token, found)
            return None
        return self._done(token, found)

    def _wait(self, token: Token, pending: Pending) -> None:
        """Let the token wait; its boundary events begin to."""
        run = run_of(token)
        run.log("entered", self, token, self.passing(token))
        run.requested.append((token, pending.request))
        self.arm(token)

    def _take(self, token: Token, outcome: Data) -> bool:
        if "code" in outcome:
            raise BpmnError(outcome["code"], outcome["text"])
        return self._done(token, outcome["result"])

    def _done(self, token: Token, found: Data | None) -> bool:
        run = run_of(token)
        told = {"operation": self.operation, "headers": dict(self.headers), "result": found}
        run.log("operation", self, token, told)
        if found or self.mapped_out:
            self.write_back(token, self._named(token, found or {}))
        return True

    def _named(self, token: Token, found: Data) -> Data:
        name = self.headers.get("resultVariable")
        if self.mapped_out:
            return found
        return named(name, found, token) if name else deep(token.visible(), found)


def is_pending(token: Token) -> bool:
    """Say whether the token waits for an operation that the host does after the commit."""
    return isinstance(token.task_spec, OperationTask) and token.state == TaskState.STARTED


def named(path: str, item: Any, token: Token) -> Data:
    """Return the item under a dotted name, other parts of that context kept."""
    name = path.partition(".")[0]
    seen = token.visible()
    whole: Data = {name: seen[name]} if name in seen else {}
    put(whole, path, item)
    return whole


def deep(old: Mapping[str, Any], new: Mapping[str, Any]) -> Data:
    """Return `new` with contexts filled up from what stands under the same names in `old`."""
    merged: Data = {}
    for name, item in new.items():
        held = old.get(name)
        if isinstance(item, dict) and isinstance(held, dict):
            merged[name] = held | deep(held, item)
        else:
            merged[name] = item
    return merged
