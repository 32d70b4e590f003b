"""Sub-processes, called processes and event sub-processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.engine.errors import StepFailed
from workflow_app.engine.run import MAX_DEPTH
from workflow_app.engine.specs.element import Element, case_of, run_of
from workflow_app.engine.tokens import Token

if TYPE_CHECKING:
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Live, Scope


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
            raise StepFailed(self.element, "processes call each other too deeply")
        run_of(token).log("entered", self, token, self.passing(token))
        token.data.update(self.map_in(token))
        scope = case_of(token).create_subprocess(token, self.inner)
        self.arm(token)
        run_of(token).touched[id(scope)] = scope
        enter_scope(scope)
        return None

    def returned(self, token: Token, scope: Live) -> None:
        """Take over what the scope leaves and go on."""
        del case_of(token).subprocesses[token.id]
        if self.mapped_out or not scope.spec.shares:
            self.write_back(token, scope.data)
        token.complete()


def enter_scope(scope: Case | Scope, start: str | None = None) -> None:
    """Arm the event sub-processes and set the first tokens; `start` names one entry of several."""
    for listener in scope.spec.listeners:
        listener._update(Token(scope, listener, scope.task_tree))  # noqa: SLF001 - Spiff's hook
    for element in [start] if start is not None else scope.spec.plain_entries():
        spec = scope.spec.entries[element]
        spec._update(Token(scope, spec, scope.task_tree))  # noqa: SLF001 - SpiffWorkflow's hook
