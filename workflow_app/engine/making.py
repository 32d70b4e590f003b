"""Node → task spec, with its expressions compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.engine.expressions import optional_formula, optional_value, value
from workflow_app.engine.specs.element import Mapped
from workflow_app.engine.specs.events import Boundary, Catch, End, Listener, Start, Throw, Trigger
from workflow_app.engine.specs.gateways import (
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from workflow_app.engine.specs.loops import MultiInstance, StandardLoop
from workflow_app.engine.specs.scopes import Container
from workflow_app.engine.specs.tasks import (
    BusinessRuleTask,
    OperationTask,
    PassingTask,
    ScriptTask,
    UserTask,
)

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
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
    "startEvent": Start,
    "intermediateCatchEvent": Catch,
    "intermediateThrowEvent": Throw,
    "boundaryEvent": Boundary,
    "endEvent": End,
}


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
        if isinstance(spec, (Catch, Throw)):
            self._event(spec, node)
        elif isinstance(spec, ScriptTask):
            spec.script = optional_formula(node.extensions.script)
            spec.result = node.extensions.result
        elif isinstance(spec, BusinessRuleTask):
            self._decision(spec, node)
        return spec

    def listener(self, node: model.Node, name: str) -> Listener:
        """Return the spec that waits for an event sub-process to begin."""
        spec = Listener(self.spec, name, node, self.process)
        self._event(spec, node)
        spec.mapped_out = _mapped(node.extensions.outputs)
        return spec

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
            return
        many = MultiInstance(self.spec, name, node, self.process)
        many.body, many.sequential, many.item = body, loop.sequential, loop.element
        many.collection = optional_formula(loop.collection)
        many.cardinality = optional_formula(loop.cardinality)
        many.out_collection = loop.out_collection
        many.out_element = optional_formula(loop.out_element)
        many.completion = optional_formula(loop.completion)

    def _class_of(self, node: model.Node) -> Callable[..., Any]:
        if node.kind == "sendTask" and node.triggers and not node.extensions.operation:
            return Throw
        if node.kind == "intermediateCatchEvent" and node.trigger.kind == "link":
            return PassingTask
        if not node.extensions.operation:
            return KINDS[node.kind]
        throws = node.kind in {"intermediateThrowEvent", "endEvent"}
        return OperationTask if throws and node.trigger.kind == "message" else KINDS[node.kind]

    def _event(self, spec: Catch | Throw, node: model.Node) -> None:
        spec.trigger = compiled(node.trigger)
        if isinstance(spec, Catch):
            form = node.extensions.properties.get("form") or node.extensions.form
            spec.form = self.library.form(form, self.diagram.folder)
        if isinstance(spec, (Boundary, Listener)) and spec.trigger.kind == "error":
            spec.interrupting = True

    def _decision(self, spec: BusinessRuleTask, node: model.Node) -> None:
        spec.decision = node.extensions.decision or ""
        spec.model = self.library.decision(spec.decision, self.diagram.folder)
        spec.result = node.extensions.result


def _mapped(pairs: tuple[model.Assignment, ...]) -> tuple[Mapped, ...]:
    return tuple(Mapped(value(pair.source), pair.target) for pair in pairs)


def compiled(trigger: model.Trigger) -> Trigger:
    """Return a trigger with its correlation key, time or condition compiled."""
    if trigger.kind == "conditional":
        expression = optional_formula(trigger.text)
    elif trigger.kind == "timer":
        expression = optional_value(trigger.text)
    else:
        expression = optional_value(trigger.correlation)
    return Trigger(trigger.kind, trigger.name, trigger.code, trigger.form, expression)
