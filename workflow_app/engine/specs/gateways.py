"""Gateways; joins count arrivals by flow, which no loop can confuse (engine.md §1 bug 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.element import NO_WAY, Element
from workflow_app.engine.tokens import Token, is_waiting, run_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.element import Edge
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Scope

ARRIVED = "arrived"
BEGUN = "begun"


class ExclusiveGateway(Element):
    """Takes the first flow whose condition is true, else the default (BPMN 2.0.2 §13.4.2)."""

    @override
    def choose(self, token: Token) -> Sequence[Edge]:
        """Return one flow."""
        if len(self.edges) < 2 and not any(edge.condition for edge in self.edges):
            return self.edges
        scope = token.visible()
        for edge in self.edges:
            if edge is not self.default and self.holds(edge, scope, token):
                return (edge,)
        return self.otherwise()


class Join(Element):
    """A gateway that may wait for several flows; one token collects the arrivals."""

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.incoming: tuple[str, ...] = ()
        self.reach: dict[str, frozenset[str]] = {}

    @override
    def arrive(self, source: Token, edge: Edge) -> None:
        """Add the arrival to the token that already waits, or begin one."""
        waiting = self._waiting(source.workflow.live.values())
        if waiting is None:
            Token(source.workflow, self, source, memory={ARRIVED: {edge.id: 1}})
            return
        arrived = waiting.internal_data[ARRIVED]
        arrived[edge.id] = arrived.get(edge.id, 0) + 1
        self._update(waiting)

    def _waiting(self, tokens: Iterable[Token]) -> Token | None:
        return next(
            (token for token in tokens if token.task_spec is self and is_waiting(token)), None
        )

    @override
    def arrived(self, token: Token) -> bool:
        """Say whether the gateway is activated; what came too much waits for the next time."""
        came = token.internal_data.get(ARRIVED, {})
        if len(self.incoming) > 1 and not self.activated(token, came):
            token._set_state(8)  # noqa: SLF001 - SpiffWorkflow's way to wait
            return False
        self._leave_rest(token, came)
        return True

    def _leave_rest(self, token: Token, came: dict[str, int]) -> None:
        used = self.consumed(came)
        rest = {flow: count - (flow in used) for flow, count in came.items()}
        rest = {flow: count for flow, count in rest.items() if count > 0}
        token.internal_data.pop(ARRIVED, None)
        if rest:
            later = Token(token.workflow, self, token.workflow.task_tree, memory={ARRIVED: rest})
            self._update(later)

    def consumed(self, came: dict[str, int]) -> frozenset[str]:
        """Return the flows one token is taken from."""
        return frozenset(came)

    def remembered(self, token: Token) -> set[str]:
        """Return the flows that a waiting token keeps something about, by id."""
        return set(token.internal_data.get(ARRIVED, {}))

    def activated(self, token: Token, came: dict[str, int]) -> bool:
        """Say whether enough came."""
        raise NotImplementedError


class ParallelGateway(Join):
    """Waits for a token on each incoming flow, sends one along each outgoing flow.

    Taken to the letter, a gateway that is a join and the target of its own loop would wait for
    ever; flows that only its own tokens can reach are a set of their own (SpiffWorkflow #341).
    """

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.groups: tuple[frozenset[str], ...] = ()

    @override
    def activated(self, _token: Token, came: dict[str, int]) -> bool:
        """Say whether every flow of one set has a token."""
        return self._complete_set(came) is not None

    @override
    def consumed(self, came: dict[str, int]) -> frozenset[str]:
        """Return the set of flows that is complete."""
        return self._complete_set(came) or frozenset(came)

    def _complete_set(self, came: dict[str, int]) -> frozenset[str] | None:
        return next((group for group in self.groups if group <= came.keys()), None)

    @override
    def choose(self, _token: Token) -> Sequence[Edge]:
        """Return all flows; conditions behind a parallel gateway mean nothing."""
        return self.edges


def may_still_come(
    join: Join, token: Token, missing: Iterable[str], there: Collection[str]
) -> bool:
    """Say whether a token elsewhere can come on a missing flow, and on none that is there."""
    names = {
        other.task_spec.name
        for other in token.workflow.live.values()
        if other.task_spec is not join and other.task_spec.on_its_way(other)
    }
    reach = join.reach
    return any(
        any(name in reach[flow] for flow in missing)
        and not any(name in reach[flow] for flow in there)
        for name in names
    )


class InclusiveGateway(Join):
    """Waits while a token elsewhere could still come on an empty flow (BPMN 2.0.2 §13.4.3)."""

    @override
    def activated(self, token: Token, came: dict[str, int]) -> bool:
        """Say whether nothing more can come."""
        missing = [flow for flow in self.incoming if flow not in came]
        return not may_still_come(self, token, missing, came)

    @override
    def reconsider(self, token: Token) -> None:
        """Look again after other tokens moved."""
        self._update(token)

    @override
    def choose(self, token: Token) -> Sequence[Edge]:
        """Return the flows with true conditions, else the default. Raises StepFailed for none."""
        if len(self.edges) < 2:
            return self.edges
        taken = super().choose(token)
        if not taken:
            raise StepFailed(self.element, NO_WAY)
        return taken


class EventGateway(Element):
    """Lets several events wait; the first one wins (BPMN 2.0.2 §13.4.4).

    Every event has a token of its own, so two timers never share a due time (engine.md bug 7).
    One that starts a process may be parallel: the first event opens the case, the others are
    waited for, and each goes its way (§13.2 and §10.6.6).
    """

    gathers = True

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.together = node.together

    @override
    def begin(self, scope: Case | Scope, key: str) -> None:
        """Begin a case with the event that came."""
        self._update(Token(scope, self, scope.task_tree, memory={BEGUN: key}))

    @override
    def work(self, token: Token) -> bool | None:
        """Let the events behind the gateway wait, but for the one that began the case."""
        run_of(token).log("entered", self, token)
        begun = token.internal_data.pop(BEGUN, None)
        above = token.workflow.task_tree if self.together else token
        for edge in self.edges:
            spec = token.workflow.spec.task_specs[edge.target]
            if self.together:
                run_of(token).log_as("flow", self, edge.id)
            if begun is not None and begun.partition("#")[0] == spec.element:
                spec.begin_with(Token(token.workflow, spec, above), begun)
            elif begun is None or self.together:
                spec._update(Token(token.workflow, spec, above))  # noqa: SLF001 - Spiff's hook
        return True if self.together else None

    def gather(self, token: Token, winner: Token) -> None:
        """Note which way was taken and give the other events up."""
        taken = next(edge for edge in self.edges if edge.target == winner.task_spec.name)
        run_of(token).log_as("flow", self, taken.id)
        winner.detach()
        token.complete()

    @override
    def choose(self, _token: Token) -> Sequence[Edge]:
        """Return nothing: the event that came goes on itself."""
        return ()
