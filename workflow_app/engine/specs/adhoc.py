"""Ad-hoc sub-processes: what nothing leads to may be done in any order (BPMN 2.0.2 §13.3.5).

Parallel: everything that is to be done begins at once. Sequential: one activity at a time, in the
order of the list that says what is to be done, else as drawn. Without a completion condition the
sub-process ends when all of it is done. With one it ends as soon as that is true after an activity;
while it is not, what is to be done is asked again each time nothing is left, so that it may be done
once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from workflow_app.domain.text import N_
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.element import Edge
from workflow_app.engine.specs.scopes import Container, listen
from workflow_app.engine.tokens import Token, run_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Live, Scope
    from workflow_app.feel import Expression

AHEAD, QUEUE, ENOUGH = "todo", "queue", "enough"
NO_LIST = N_("what is to be done is %(found)s, no list of element ids")
UNKNOWN = N_("“%(element)s” is not inside, or something leads to it, so it cannot be begun")


class AdHoc(Container):
    """An ad-hoc sub-process."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.sequential = False
        self.cancels = True
        self.condition: Expression | None = None
        self.active: Expression | None = None

    @override
    def enter(self, token: Token, scope: Scope) -> None:
        """Let the event sub-processes wait, then begin what is to be done."""
        if listen(scope):
            self._round(token, scope)

    @override
    def inside(self, owner: Token, token: Token) -> None:
        """Decide what follows what completed inside."""
        spec, scope = token.task_spec, token.workflow
        if spec.compensates:
            return
        if spec.listens:  # beside the activities: it begins at once, and may end their turn
            owner.internal_data.update({ENOUGH: True} if spec.interrupting else {})
            spec.follow(token, spec.choose(token))
            return
        if self._is_over(owner, token):
            return
        if self.sequential:
            queue = owner.internal_data.setdefault(QUEUE, [])
            queue += self._enabled(token)
            self._pump(owner, scope)
        else:
            spec.follow(token, spec.choose(token))
        if not scope.live:
            self._round(owner, scope)

    @override
    def returned(self, token: Token, scope: Live) -> None:
        """End when nothing is left; where a step was given up on its own, the rest still runs."""
        here: Any = scope
        if ENOUGH not in token.internal_data:
            self._pump(token, here)
            if not scope.live and token.internal_data.get(AHEAD):
                self._round(token, here)
        if not scope.live:
            super().returned(token, scope)

    def _is_over(self, owner: Token, token: Token) -> bool:
        """Say whether it is enough; what is under way ends by itself, or is cut off."""
        memory, scope = owner.internal_data, token.workflow
        if token.task_spec.counts and ENOUGH not in memory and self._is_enough(owner):
            memory[ENOUGH] = True
        if ENOUGH in memory and (self.cancels or not _busy(scope.live.values())):
            scope.shut()
        return ENOUGH in memory

    def _is_enough(self, owner: Token) -> bool:
        return self.condition is not None and self.give(owner, self.condition) is True

    def _enabled(self, token: Token) -> list[list[str]]:
        """Return what a completed token enables, as flow id and spec name."""
        spec, run = token.task_spec, run_of(token)
        edges = [edge for edge in spec.choose(token) for _ in range(spec.gives)]
        for edge in edges:
            if edge.id:
                run.log_as("flow", spec, edge.id)
        return [[edge.id, edge.target] for edge in edges]

    def _round(self, owner: Token, scope: Case | Scope) -> None:
        """Begin what is to be done; where that is over, ask again until it is enough."""
        memory = owner.internal_data
        if AHEAD not in memory or (not memory[AHEAD] and self.condition is not None):
            memory[AHEAD] = self._to_do(owner, scope)
        if self.sequential:
            self._pump(owner, scope)
            return
        begun, memory[AHEAD] = memory[AHEAD], []
        for element in begun:
            self._begin(scope, scope.spec.entries[element].name)

    def _to_do(self, owner: Token, scope: Case | Scope) -> list[str]:
        """Return the ids of what is to be done. Raises StepFailed for what cannot be begun."""
        entries = scope.spec.entries
        if self.active is None:
            return list(entries)
        found = self.give(owner, self.active)
        if not isinstance(found, list):
            raise StepFailed(self.element, NO_LIST, found=repr(found))
        for element in found:
            if element not in entries:
                raise StepFailed(self.element, UNKNOWN, element=element)
        return found

    def _pump(self, owner: Token, scope: Case | Scope) -> None:
        """Begin the next activity as long as none is under way; a join may gather meanwhile."""
        memory = owner.internal_data
        while not _busy(token for token in scope.live.values() if not token.task_spec.by_event):
            if memory.get(QUEUE):
                flow, target = memory[QUEUE].pop(0)
                self._begin(scope, target, flow)
            elif memory.get(AHEAD):
                self._begin(scope, scope.spec.entries[memory[AHEAD].pop(0)].name)
            else:
                return

    def _begin(self, scope: Case | Scope, name: str, flow: str = "") -> None:
        """Send a token to an element; none of those that are there already moves."""
        known = set(scope.live)
        spec, top = scope.spec.task_specs[name], scope.task_tree
        if flow:
            spec.arrive(top, Edge(flow, name))
        else:
            Token(scope, spec, top)
        for token in [token for key, token in scope.live.items() if key not in known]:
            if token.state == TaskState.FUTURE:
                spec._update(token)  # noqa: SLF001 - SpiffWorkflow's hook


def _busy(tokens: Iterable[Token]) -> bool:
    """Say whether an activity is under way, or something that will lead to one at once."""
    for token in tokens:
        if token.task_spec.counts and token.state != TaskState.FUTURE:
            return True
        if token.state == TaskState.READY:
            return True
    return False
