"""The complex gateway: a join that goes on by a condition, then resets (BPMN 2.0.2 §13.4.5).

It waits for its activation condition, takes one token from each flow that has any, and goes on;
the rest of what can still come is then taken in one go before it waits for its condition again.
Decisions where the standard is silent or leads astray:

* a flow without a condition is taken at the start only, so that “three of five” goes on once; a
  written condition is asked in both phases and may read `waitingForStart`;
* the reset sends nothing where it takes nothing;
* flows that only the gateway's own tokens can reach (a loop back) do not belong to the reset, as
  with the parallel gateway.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from workflow_app.engine.specs.gateways import ARRIVED, Join, may_still_come
from workflow_app.engine.tokens import Token, is_waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.element import Edge
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.feel import Expression

TAKEN = "taken"
COUNTS = "counts"
START = "waitingForStart"
COUNT = "activationCount"


class ComplexGateway(Join):
    """Joins by a condition, splits by conditions.

    The token that waits holds the arrivals by flow, and while it waits for the reset the flows
    that were taken from at the start.
    """

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.activation: Expression | None = None
        self.groups: tuple[frozenset[str], ...] = ()

    @override
    def arrived(self, token: Token) -> bool:
        """Say whether the gateway goes on, in one phase or the other."""
        came: dict[str, int] = token.internal_data.get(ARRIVED, {})
        if not self.incoming:
            came = {"": 1}
        taken = token.internal_data.get(TAKEN)
        token._set_state(TaskState.WAITING)  # noqa: SLF001 - SpiffWorkflow's way to wait
        if taken is None:
            return self._starts(token, came)
        return self._resets(token, came, frozenset(taken))

    def _starts(self, token: Token, came: dict[str, int]) -> bool:
        if not came or not self.activated(token, came):
            return False
        self._move_on(token, came, frozenset(came))
        return True

    @override
    def activated(self, token: Token, came: dict[str, int]) -> bool:
        """Evaluate the activation condition over the data and the numbers of tokens."""
        if self.activation is None:
            return True
        scope = token.visible() | self._counts(came)
        return self.give(token, self.activation, scope) is True

    def _counts(self, came: dict[str, int]) -> Data:
        counts = {flow: came.get(flow, 0) for flow in self.incoming}
        return {**counts, COUNT: sum(counts.values())}

    def _resets(self, token: Token, came: dict[str, int], taken: frozenset[str]) -> bool:
        """Reset when nothing more can come on a flow that was not taken from."""
        awaited = self._awaited(taken)
        missing = [flow for flow in awaited if flow not in came]
        there = taken | (awaited & came.keys())
        if missing and may_still_come(self, token, missing, there):
            return False
        self._move_on(token, came, awaited & came.keys(), starts=False)
        return True

    def _awaited(self, taken: frozenset[str]) -> frozenset[str]:
        """Return the flows that belong to the reset."""
        own = [group for group in self.groups if group & taken]
        return frozenset().union(*own) - taken

    def _move_on(
        self, token: Token, came: dict[str, int], used: frozenset[str], *, starts: bool = True
    ) -> None:
        """Take a token from each flow used; what is left waits for the next phase."""
        rest = {flow: count - (flow in used) for flow, count in came.items()}
        rest = {flow: count for flow, count in rest.items() if count > 0}
        memory: dict[str, Any] = {ARRIVED: rest}
        if starts:
            memory[TAKEN] = sorted(used)
        token.internal_data.clear()
        token.internal_data[COUNTS] = self._counts(dict.fromkeys(used, 1)) | {START: starts}
        if (starts and self._awaited(used)) or rest:
            later = Token(token.workflow, self, token.workflow.task_tree, memory=memory)
            later._set_state(TaskState.WAITING)  # noqa: SLF001 - it is looked at after this one

    @override
    def reconsider(self, token: Token) -> None:
        """Look again after other tokens moved or data changed."""
        self._update(token)

    @override
    def remembered(self, token: Token) -> set[str]:
        """Return the flows with tokens, and those that were taken from at the start."""
        return super().remembered(token) | set(token.internal_data.get(TAKEN, ()))

    @override
    def on_its_way(self, token: Token) -> bool:
        """Say whether tokens wait here: one that only waits for the reset holds none."""
        return not is_waiting(token) or bool(token.internal_data.get(ARRIVED))

    @override
    def passing(self, token: Token) -> Data | None:
        """Tell history which phase it was."""
        return {START: token.internal_data.get(COUNTS, {}).get(START, True)}

    @override
    def choose(self, token: Token) -> Sequence[Edge]:
        """Return the flows to take in this phase. Raises StepFailed for none at the start."""
        counts: Data = token.internal_data.pop(COUNTS)
        starts = counts[START]
        if not starts and not counts[COUNT]:
            return ()
        scope = token.visible() | counts
        taken = [
            edge
            for edge in self.edges
            if edge is not self.default
            and (self.holds(edge, scope, token) if edge.condition is not None else starts)
        ]
        if taken or not self._asks():
            return taken
        return self.otherwise() if starts or self.default is not None else ()

    def _asks(self) -> bool:
        """Say whether conditions choose; where none is written all flows are taken at the start."""
        return self.default is not None or any(edge.condition is not None for edge in self.edges)
