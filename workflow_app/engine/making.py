"""Node → task spec, with its expressions compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.carrying import carried, kept_names, local_names
from workflow_app.engine.expressions import formula, optional_formula, optional_value, value
from workflow_app.engine.specs.adhoc import AdHoc
from workflow_app.engine.specs.compensation import (
    CompensationThrow,
    Reopened,
    Undoing,
    undoing_node,
)
from workflow_app.engine.specs.complex import ComplexGateway
from workflow_app.engine.specs.element import Mapped
from workflow_app.engine.specs.events import (
    MULTIPLE,
    Boundary,
    Catch,
    Listener,
    ListeningPart,
    Part,
    Start,
    StartOfAll,
    Trigger,
)
from workflow_app.engine.specs.gateways import (
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from workflow_app.engine.specs.loops import MultiInstance, StandardLoop, Thrown
from workflow_app.engine.specs.scopes import Container
from workflow_app.engine.specs.tasks import (
    BusinessRuleTask,
    OperationTask,
    PassingTask,
    ScriptTask,
    UserTask,
)
from workflow_app.engine.specs.throws import End, Throw
from workflow_app.engine.specs.transactions import CancelEnd, Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.engine import model
    from workflow_app.engine.library import Library
    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.specs.process import ProcessSpec

KINDS: dict[str, type[Element]] = {
    "task": PassingTask,
    "manualTask": PassingTask,
    "userTask": UserTask,
    "scriptTask": ScriptTask,
    "businessRuleTask": BusinessRuleTask,
    "serviceTask": OperationTask,
    "sendTask": OperationTask,
    "receiveTask": Catch,
    "callActivity": Container,
    "subProcess": Container,
    "transaction": Transaction,
    "adHocSubProcess": AdHoc,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
    "complexGateway": ComplexGateway,
    "startEvent": Start,
    "intermediateCatchEvent": Catch,
    "intermediateThrowEvent": Throw,
    "boundaryEvent": Boundary,
    "endEvent": End,
}


THROWING = frozenset({"intermediateThrowEvent", "endEvent"})
THROWS_BACK: dict[str, type[Element]] = {"compensate": CompensationThrow, "cancel": CancelEnd}


class Maker:
    """Makes the specs of one graph."""

    def __init__(
        self, library: Library, diagram: model.Diagram, spec: ProcessSpec, process: str
    ) -> None:
        self.library = library
        self.diagram = diagram
        self.spec = spec
        self.process = process

    def make(self, node: model.Node, name: str) -> Any:
        """Return the spec that does a node's work."""
        spec = self._class_of(node)(self.spec, name, node, self.process)
        spec.mapped_in = _mapped(node.extensions.inputs)
        spec.mapped_out = _mapped(node.extensions.outputs)
        spec.carried_in = carried(node, incoming=True)
        spec.carried_out = carried(node, incoming=False)
        spec.kept, spec.private = kept_names(node), local_names(node)
        if isinstance(spec, (Catch, Throw)):
            self._event(spec, node)
        elif isinstance(spec, Start) and not self.spec.shares:
            asked = [each for each in node.triggers if each.kind == "conditional"]
            spec.conditions = tuple(formula(each.text) for each in asked)
        elif isinstance(spec, ScriptTask):
            spec.script = optional_formula(node.extensions.script)
            spec.result = node.extensions.result
        elif isinstance(spec, AdHoc):
            _ad_hoc(spec, node)
        elif isinstance(spec, BusinessRuleTask):
            self._decision(spec, node)
        elif isinstance(spec, OperationTask):
            spec.headers = self.library.with_forms(spec.headers, self.diagram.folder)
        return spec

    def listener(self, node: model.Node, name: str) -> Listener:
        """Return the spec that waits for an event sub-process to begin."""
        spec = Listener(self.spec, name, node, self.process)
        self._event(spec, node)
        spec.mapped_out = _mapped(node.extensions.outputs)
        return spec

    def undoing(self, graph: model.Graph) -> None:
        """Make the spec that runs compensation in this graph."""
        self.spec.undoing = "#undoing"
        Undoing(self.spec, self.spec.undoing, undoing_node(graph.id, graph.line), self.process)

    def reopened(self, node: model.Node, worker: Container) -> str:
        """Make the spec that opens a completed scope again to compensate it; return its name."""
        name = f"{worker.name}#again"
        spec = Reopened(self.spec, name, node, self.process)
        spec.inner, spec.worker = worker.inner, worker.name
        return name

    def make_loop(self, node: model.Node, name: str, body: str) -> None:
        """Make the spec that repeats another; the diagram's element is this one."""
        loop = node.loop
        if loop is None:
            return
        if loop.standard:
            turn = StandardLoop(self.spec, name, node, self.process)
            turn.body = body
            turn.condition = optional_formula(loop.completion)
            turn.maximum = int(loop.cardinality) if loop.cardinality else None
            turn.test_before = loop.test_before
            return
        many = MultiInstance(self.spec, name, node, self.process)
        many.body, many.sequential, many.item = body, loop.sequential, loop.element
        many.collection = optional_formula(loop.collection)
        many.cardinality = optional_formula(loop.cardinality)
        many.out_collection = loop.out_collection
        many.out_element = optional_formula(loop.out_element)
        many.completion = optional_formula(loop.completion)
        many.behaviour = loop.behaviour
        many.events = tuple(
            Thrown(compiled(event.trigger), optional_formula(event.condition))
            for event in loop.events
        )

    def _class_of(self, node: model.Node) -> Callable[..., Any]:
        if len(node.triggers) > 1:
            together = node.kind == "startEvent" and node.together and not self.spec.shares
            return StartOfAll if together else KINDS[node.kind]
        if node.trigger.kind in THROWS_BACK and node.kind in THROWING:
            return THROWS_BACK[node.trigger.kind]
        if node.kind == "intermediateCatchEvent" and node.trigger.kind == "link":
            return PassingTask
        if not node.extensions.operation:
            return Throw if node.kind == "sendTask" and node.triggers else KINDS[node.kind]
        throws = node.kind in {"intermediateThrowEvent", "endEvent"}
        return OperationTask if throws and node.trigger.kind == "message" else KINDS[node.kind]

    def _event(self, spec: Catch | Throw, node: model.Node) -> None:
        spec.trigger = compiled_all(node)
        if isinstance(spec, Catch):
            form = node.extensions.properties.get("form") or node.extensions.form
            spec.form = self.library.form(form, self.diagram.folder)
            spec.heard_while = optional_formula(spec.properties.get("heard_while"))
        if isinstance(spec, (Boundary, Listener)) and _ends(spec.trigger):
            spec.interrupting = True
        if isinstance(spec, Catch) and spec.trigger.parts:
            self._parts(spec, node)

    def _parts(self, spec: Catch, node: model.Node) -> None:
        """Make the specs that wait for one of several triggers each."""
        kind = ListeningPart if spec.listens else Part
        for number, trigger in enumerate(spec.trigger.parts):
            part = kind(self.spec, f"{spec.name}#{number}", node, self.process)
            part.trigger, part.form = trigger, spec.form
            part.heard_while = spec.heard_while
            spec.parts = (*spec.parts, part.name)

    def _decision(self, spec: BusinessRuleTask, node: model.Node) -> None:
        spec.decision = node.extensions.decision or ""
        spec.model = self.library.decision(spec.decision, self.diagram.folder)
        spec.result = node.extensions.result


def _ad_hoc(spec: AdHoc, node: model.Node) -> None:
    said = node.ad_hoc
    if said is not None:
        spec.sequential, spec.cancels = said.sequential, said.cancels
        spec.condition = optional_formula(said.condition)
        spec.active = optional_formula(said.active)


def _mapped(pairs: tuple[model.Assignment, ...]) -> tuple[Mapped, ...]:
    return tuple(Mapped(value(pair.source), pair.target) for pair in pairs)


def _ends(trigger: Trigger) -> bool:
    """Say whether it always interrupts what it is caught at (BPMN 2.0.2 §10.5.5)."""
    return any(part.kind in {"error", "cancel"} for part in trigger.each)


def compiled_all(node: model.Node) -> Trigger:
    """Return what a node waits for or throws: one trigger, or several as one."""
    if len(node.triggers) < 2:
        return compiled(node.trigger)
    parts = tuple(compiled(each) for each in node.triggers)
    return Trigger(MULTIPLE, parts=parts, together=node.together)


def compiled(trigger: model.Trigger) -> Trigger:
    """Return a trigger with its correlation key, time or condition compiled."""
    if trigger.kind == "conditional":
        expression = optional_formula(trigger.text)
    elif trigger.kind == "timer":
        expression = optional_value(trigger.text)
    else:
        expression = optional_value(trigger.correlation)
    return Trigger(trigger.kind, trigger.name, trigger.code, trigger.form, expression)
