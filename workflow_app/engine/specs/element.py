"""What every element of a diagram has in common: arriving, working, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from workflow_app.domain.errors import DomainError
from workflow_app.domain.reasons import IN_TEXT
from workflow_app.domain.text import N_
from workflow_app.engine import carrying
from workflow_app.engine.errors import BpmnError, Interrupted, StepFailed
from workflow_app.engine.expressions import cause_of, evaluate, put
from workflow_app.engine.specs.ledger import INSTANCE, Undo, record
from workflow_app.engine.throwing import escalate
from workflow_app.engine.tokens import FINISHED, TURN, Token, run_of
from workflow_app.feel import FeelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workflow_app.engine.carrying import Carried
    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Scope
    from workflow_app.feel import Expression

CAME = "came"
NO_WAY = N_("no condition is true and no default flow is drawn")
CONDITION_FAILED = N_("the condition of flow %(flow)s (%(text)s): %(reason)s")
NO_BOOLEAN = N_("the condition of flow %(flow)s gave %(found)s, not true or false")


@dataclass(frozen=True, slots=True)
class Edge:
    """A sequence flow as its source sees it; `target` is a spec name."""

    id: str
    target: str
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A compiled `zeebe:input` or `zeebe:output`."""

    source: Expression
    target: str


class Element(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A flow node; stateless, so one spec serves all cases and threads (engine.md gotcha 13)."""

    name: str
    bpmn_name: str
    lane: str | None
    listens: ClassVar[bool] = False
    quiet: ClassVar[bool] = False
    gathers: ClassVar[bool] = False
    turns: ClassVar[bool] = False
    by_event: bool = False
    ends_scope: bool = False

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, lane=node.lane)
        self.element = node.id
        self.process = process
        self.bpmn_id = node.id
        self.bpmn_name = node.name
        self.edges: tuple[Edge, ...] = ()
        self.default: Edge | None = None
        self.boundaries: tuple[Any, ...] = ()
        self.mapped_in: tuple[Mapped, ...] = ()
        self.mapped_out: tuple[Mapped, ...] = ()
        self.carried_in: tuple[Carried, ...] = ()
        self.carried_out: tuple[Carried, ...] = ()
        self.kept: frozenset[str] = frozenset()
        self.private: frozenset[str] = frozenset()
        self.lives = node.extensions.properties.get("timeToLive")
        self.worker, self.compensates = name, node.compensates
        self.undo: Undo | None = None
        self.counts, self.takes, self.gives = False, 1, 1

    # -- SpiffWorkflow's hooks ---------------------------------------------------------------

    def _predict(self, *_args: object, **_kwargs: object) -> None:
        """Stock specs plant tokens for every possible future here; ours exist when they live."""

    def _update(self, my_task: Token) -> None:
        """Let a token that came work or wait; what it throws on arriving is caught here."""
        try:
            if self._update_hook(my_task):
                my_task._ready()  # noqa: SLF001 - SpiffWorkflow's hook
        except Interrupted as found:
            run_of(my_task).interrupted(found)

    def _run(self, my_task: Token) -> bool | None:
        """Work; stock code would mark a token as broken that the diagram catches an error of."""
        return self.work(my_task)

    def _update_hook(self, my_task: Token) -> bool:
        return self.enough_came(my_task) and self.arrived(my_task)

    def _on_ready(self, my_task: Token) -> None:
        run_of(my_task).agenda.append(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        for token in my_task.hanging():
            token.cancel()
        run = run_of(my_task)
        if self.carried_out:
            for name, item in carrying.send(self, my_task, run):
                assign(my_task, name, item)
        run.log("completed", self, my_task, self.passing(my_task))
        if not self.edges and my_task.workflow.owner is None and not self.compensates:
            run.end = self.element
        self.note(my_task)
        carrier = my_task.carrier()
        if carrier is not None and carrier.task_spec.gathers:
            carrier.task_spec.gather(carrier, my_task)
        owner = my_task.workflow.owner
        if owner is not None and my_task.workflow.spec.ad_hoc:
            owner.task_spec.inside(owner, my_task)
        else:
            self.follow(my_task, self.choose(my_task))

    def _on_cancel(self, my_task: Token) -> None:
        run = run_of(my_task)
        if not self.quiet and CAME not in my_task.internal_data:
            run.log("cancelled", self, my_task)
        for token in my_task.hanging():
            token.cancel()
        scope = run.case.subprocesses.pop(my_task.id, None)
        if scope is not None:
            scope.shut()
        carrier = my_task.carrier()
        if carrier is not None and carrier.task_spec.gathers:
            carrier.task_spec.lost(carrier, my_task)

    # -- what elements redefine --------------------------------------------------------------

    def arrived(self, _token: Token) -> bool:
        """Say whether a token that came may work now, else make it wait."""
        return True

    def work(self, _token: Token) -> bool | None:
        """Do the element's work; None leaves it running."""
        return True

    def passing(self, token: Token) -> Data | None:
        """Return what history says beside “completed”."""
        turn = token.data.get(INSTANCE)
        return None if turn is None else {INSTANCE: turn}

    def on_its_way(self, _token: Token) -> bool:
        """Say whether a live token here may still come to a join further on."""
        return True

    def reconsider(self, _token: Token) -> None:
        """Look again whether a waiting token may go on."""

    def note(self, token: Token) -> None:
        """Write down that an activity completed which can be compensated."""
        if self.undo is not None:
            record(token)

    def lost(self, _token: Token, _child: Token) -> None:
        """Hear that a token that hung on this one was cancelled on its own."""

    def inside(self, _owner: Token, token: Token) -> None:
        """Let a token that completed in an ad-hoc scope of this element go on."""
        token.task_spec.follow(token, token.task_spec.choose(token))

    def choose(self, token: Token) -> Sequence[Edge]:
        """Return the flows to take: all unconditional ones and those whose condition is true.

        The default flow is taken where none of the conditions is true (BPMN 2.0.2 table 10.3);
        beside flows that all go without asking it is not.
        """
        if self.default is None and all(edge.condition is None for edge in self.edges):
            return self.edges
        scope = token.visible()
        others = [edge for edge in self.edges if edge is not self.default]
        held = [edge for edge in others if edge.condition and self.holds(edge, scope, token)]
        taken = [edge for edge in others if edge.condition is None or edge in held]
        asked = self.default is not None and any(edge.condition for edge in others)
        if held or (taken and not asked):
            return taken
        return [*taken, *self.otherwise()]

    # -- helpers -----------------------------------------------------------------------------

    def otherwise(self) -> Sequence[Edge]:
        """Return the default flow. Raises StepFailed where none is drawn."""
        if self.default is None:
            raise StepFailed(self.element, NO_WAY)
        return (self.default,)

    def holds(self, edge: Edge, scope: Mapping[str, Any], token: Token) -> bool:
        """Evaluate a flow's condition. Raises StepFailed unless it gives true or false.

        Raises Interrupted for what the condition throws and the diagram catches.
        """
        if edge.condition is None:
            return True
        run = run_of(token)
        try:
            found = edge.condition.evaluate(scope, run.functions)
        except (FeelError, DomainError) as error:
            told = {"flow": edge.id, "text": edge.condition.text, "reason": error}
            raise StepFailed(self.element, CONDITION_FAILED, **told) from error
        except BpmnError as error:
            raise Interrupted(token, error) from error
        if run.escalated:
            escalate(self, token)
        if not isinstance(found, bool):
            told = {"flow": edge.id, "found": repr(found)}
            raise self.unfit(token, edge.condition, NO_BOOLEAN, told, scope)
        return found

    def unfit(
        self,
        token: Token,
        expression: Expression,
        why: str,
        told: Mapping[str, object],
        scope: Mapping[str, Any] | None = None,
    ) -> StepFailed:
        """Return the failure for a value that will not do, with the error that made it null."""
        seen = token.visible() if scope is None else scope
        cause = cause_of(expression, seen, run_of(token).functions)
        if cause is None:
            return StepFailed(self.element, why, **told)
        return StepFailed(self.element, IN_TEXT, text=DomainError(why, **told), reason=cause)

    def give(
        self, token: Token, expression: Expression, scope: Mapping[str, Any] | None = None
    ) -> Any:
        """Evaluate an expression of this element to JSON.

        Raises StepFailed, and Interrupted for what the expression throws and the diagram catches.
        """
        seen, run = token.visible() if scope is None else scope, run_of(token)
        try:
            found = evaluate(expression, seen, run.functions)
        except (FeelError, DomainError) as error:
            told = {"text": expression.text, "reason": error}
            raise StepFailed(self.element, IN_TEXT, **told) from error
        except BpmnError as error:
            raise Interrupted(token, error) from error
        if run.escalated:
            escalate(self, token)
        return found

    def follow(self, token: Token, edges: Iterable[Edge]) -> None:
        """Send a token along each flow."""
        run = run_of(token)
        specs = token.workflow.spec.task_specs
        for edge in [edge for edge in edges for _ in range(self.gives)]:
            if edge.id:
                run.log_as("flow", self, edge.id)
            specs[edge.target].arrive(token, edge)

    def begin(self, scope: Case | Scope, _key: str) -> None:
        """Set the first token of a case that begins here by a trigger."""
        self._update(Token(scope, self, scope.task_tree))

    def arrive(self, source: Token, _edge: Edge) -> None:
        """Take a token over from a flow; an activity may need several to begin."""
        if self.takes == 1:
            Token(source.workflow, self, source)
            return
        gathered = self._gathered(source.workflow)
        gathered.internal_data[CAME] += 1
        self._update(gathered)

    def _gathered(self, workflow: Case | Scope) -> Token:
        """Return the token that gathers what comes (it does not wait for an event: no state)."""
        for token in workflow.live.values():
            if token.task_spec is self and CAME in token.internal_data:
                return token
        return Token(workflow, self, workflow.task_tree, memory={CAME: 0})

    def enough_came(self, token: Token) -> bool:
        """Say whether as many tokens came as the activity needs (startQuantity, table 10.3)."""
        if token.internal_data.get(CAME, self.takes) < self.takes:
            return False
        token.internal_data.pop(CAME, None)
        return True

    def arm(self, token: Token) -> None:
        """Let the boundary events wait that something from outside can trigger.

        Raises Interrupted where a condition that holds already ends the activity.
        """
        for boundary in self.boundaries:
            if boundary.trigger.outside:
                boundary._update(Token(token.workflow, boundary, token))  # noqa: SLF001
                if token.state & FINISHED:
                    raise Interrupted(token)

    def map_in(self, token: Token) -> Data:
        """Evaluate the input mappings, each seeing the ones before it."""
        found: Data = {}
        if self.mapped_in:
            scope = token.visible()
            for mapped in self.mapped_in:
                put(found, mapped.target, self.give(token, mapped.source, scope | found))
        if self.carried_in:
            carrying.bring(self, token, run_of(token), found)
        return found

    def write_back(self, token: Token, result: Data) -> None:
        """Write a result into the case: through the output mappings where drawn, else merged.

        What an association carries on stays with the token until it completes.
        """
        if self.kept:
            token.data.update((name, item) for name, item in result.items() if name in self.kept)
        if not self.mapped_out:
            for name, item in result.items():
                if name not in self.kept:
                    assign(token, name, item)
            return
        for mapped in self.mapped_out:
            scope = token.visible() | result
            assign(token, mapped.target, self.give(token, mapped.source, scope))


def assign(token: Token, path: str, item: Any) -> None:
    """Write a name, dotted or not, where the token's scope keeps it.

    An instance of a loop keeps what it writes; an embedded sub-process writes where the name
    stands, a called process into its own scope.
    """
    name, _, inside = path.partition(".")
    holder = _holder(token, name)
    if inside:
        whole = {name: token.visible().get(name)}
        put(whole, path, item)
        item = whole[name]
    holder[name] = item


def _holder(token: Token, name: str) -> dict[str, Any]:
    if is_instance(token):
        return token.data
    workflow: Case | Scope = token.workflow
    while workflow.owner is not None and workflow.spec.shares:
        owner = workflow.owner
        if name in owner.data or is_instance(owner):
            return owner.data
        workflow = owner.workflow
    return workflow.data


def is_instance(token: Token) -> bool:
    """Say whether the token is an instance of a multi-instance activity; turns of a loop share."""
    return INSTANCE in token.data and TURN not in token.internal_data
