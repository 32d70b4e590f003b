"""Sub-processes, called processes and event sub-processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.domain.text import N_
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.run import MAX_DEPTH
from workflow_app.engine.specs.element import Element
from workflow_app.engine.specs.ledger import record
from workflow_app.engine.tokens import FINISHED, Token, case_of, is_waiting, run_of

if TYPE_CHECKING:
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Live, Scope


NO_START = N_("no start event begins: no condition holds, and no trigger was named")
TOO_DEEP = N_("processes call each other too deeply")


class Container(Element):
    """An activity that opens a scope: `inner` is the name of the scope's process spec."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.inner = ""
        self.by_event = node.by_event

    @override
    def work(self, token: Token) -> bool | None:
        """Open the scope and let its first tokens go."""
        if token.workflow.level >= MAX_DEPTH:
            raise StepFailed(self.element, TOO_DEEP)
        run_of(token).log("entered", self, token, self.passing(token))
        token.data.update(self.map_in(token))
        scope = case_of(token).create_subprocess(token, self.inner)
        scope.spec.declare(scope.data, token.data)
        self.arm(token)
        run_of(token).touched[id(scope)] = scope
        self.enter(token, scope)
        return None

    def enter(self, _token: Token, scope: Scope) -> None:
        """Let the first tokens of the scope go."""
        enter_scope(scope)

    def returned(self, token: Token, scope: Live) -> None:
        """Take over what the scope leaves and go on."""
        del case_of(token).subprocesses[token.id]
        if self.mapped_out or not scope.spec.shares:
            gives = not self.mapped_out
            self.write_back(token, scope.spec.handed_over(scope.data) if gives else scope.data)
        if self.undo is not None:
            record(token, scope)
        token.complete()

    @override
    def note(self, token: Token) -> None:
        """Leave it to `returned`, which still has the scope."""


def listen(scope: Case | Scope) -> bool:
    """Let the event sub-processes of a scope wait; say whether none interrupted it at once."""
    for listener in scope.spec.listeners:
        token = Token(scope, listener, scope.task_tree)
        listener._update(token)  # noqa: SLF001 - SpiffWorkflow's hook
        if listener.interrupting and not is_waiting(token):
            return False
    return True


def enter_scope(scope: Case | Scope, start: str | None = None) -> None:
    """Arm the event sub-processes and set the first tokens; `start` names the trigger that came.

    Without one the plain start events begin, and the conditional ones whose condition holds over
    the data given (BPMN 2.0.2 leaves open what a conditional start may read). Raises StepFailed
    where none does.
    """
    if not listen(scope):
        return
    if start is not None:
        scope.spec.ways[start].begin(scope, start)
        return
    asked = [spec for spec in scope.spec.asked if spec.opens(scope)]
    specs = [*(scope.spec.entries[name] for name in scope.spec.plain_entries()), *asked]
    if not specs and scope.spec.asked:
        raise StepFailed(scope.spec.asked[0].element, NO_START)
    for token in [Token(scope, spec, scope.task_tree) for spec in specs]:
        if not token.state & FINISHED:
            token.task_spec._update(token)  # noqa: SLF001 - SpiffWorkflow's hook
