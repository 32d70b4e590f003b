"""Activities that run several times: multi-instance over a collection, and the standard loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from workflow_app.engine.errors import StepFailed
from workflow_app.engine.specs.element import Element, assign, run_of
from workflow_app.engine.specs.ledger import INSTANCE, hand_over
from workflow_app.engine.tokens import Token

if TYPE_CHECKING:
    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.feel import Expression

TOTAL, NEXT, DONE, ITEMS, ENDED = "total", "next", "done", "items", "ended"
MAX_INSTANCES = 5_000


class MultiInstance(Element):
    """Runs its body once an item; `body` is the spec that does the work (BPMN 2.0.2 §13.3.7).

    An instance keeps what it writes; what it gives goes to the output collection in the order of
    the input, or, where none is drawn, its data is merged when it completes.
    """

    gathers = True
    turns = True

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.body = ""
        self.sequential = False
        self.collection: Expression | None = None
        self.cardinality: Expression | None = None
        self.item: str | None = None
        self.out_collection: str | None = None
        self.out_element: Expression | None = None
        self.completion: Expression | None = None

    @override
    def work(self, token: Token) -> bool | None:
        """Begin the instances: all at once, or the first."""
        items = self._items(token)
        memory = token.internal_data
        memory.update({TOTAL: len(items), NEXT: 0, DONE: {}, ENDED: 0})
        run_of(token).log("entered", self, token, {"instances": len(items)})
        if not items:
            self._finish(token)
            return True
        self.arm(token)
        if self.sequential:
            memory[ITEMS] = items
            items = items[:1]
        for item in items:
            self._begin(token, item)
        return None

    def _items(self, token: Token) -> list[Any]:
        if self.collection is not None:
            items = self.give(token, self.collection)
        elif self.cardinality is not None:
            items = self._numbers(self.give(token, self.cardinality))
        else:
            items = None
        if not isinstance(items, list):
            raise StepFailed(self.element, f"the collection to repeat over is {items!r}, no list")
        if len(items) > MAX_INSTANCES:
            raise StepFailed(self.element, f"more than {MAX_INSTANCES} repetitions")
        return items

    def _numbers(self, count: Any) -> Any:
        """Return 1, 2, … for a number that is not too large to be written out."""
        if not isinstance(count, int) or isinstance(count, bool):
            return count
        return list(range(1, min(count, MAX_INSTANCES + 1) + 1))

    def _begin(self, token: Token, item: Any) -> None:
        token.internal_data[NEXT] += 1
        data: Data = {INSTANCE: token.internal_data[NEXT]}
        if self.item:
            data[self.item] = item
        spec = token.workflow.spec.task_specs[self.body]
        spec._update(Token(token.workflow, spec, token, data=data))  # noqa: SLF001 - Spiff's hook

    def gather(self, token: Token, instance: Token) -> None:
        """Take an instance's result, then begin the next or end."""
        memory = token.internal_data
        memory[ENDED] += 1
        if self.out_collection and self.out_element is not None:
            found = self.give(instance, self.out_element)
            memory[DONE][str(instance.data[INSTANCE])] = found
        elif not self.out_collection:
            self._merge(token, instance)
        if self._enough(token, instance):
            self._finish(token)
            token.complete()
        elif self.sequential:
            self._begin(token, memory[ITEMS][memory[NEXT]])

    def _merge(self, token: Token, instance: Token) -> None:
        own = {INSTANCE, self.item} | instance.task_spec.private
        for name, item in instance.data.items():
            if name not in own:
                assign(token, name, item)

    def _enough(self, token: Token, instance: Token) -> bool:
        memory = token.internal_data
        if memory[ENDED] == memory[TOTAL]:
            return True
        if self.completion is None:
            return False
        scope = instance.visible() | self._counts(token)
        return self.give(instance, self.completion, scope) is True

    def _counts(self, token: Token) -> Data:
        memory = token.internal_data
        counts: Data = {
            "numberOfInstances": memory[TOTAL],
            "numberOfActiveInstances": memory[NEXT] - memory[ENDED],
            "numberOfCompletedInstances": memory[ENDED],
            "numberOfTerminatedInstances": 0,
        }
        if self.out_collection:
            counts[self.out_collection] = self._given(token)
        return counts

    def _given(self, token: Token) -> list[Any]:
        done = token.internal_data[DONE]
        return [done[turn] for turn in sorted(done, key=int)]

    def _finish(self, token: Token) -> None:
        if self.out_collection:
            assign(token, self.out_collection, self._given(token))


class StandardLoop(Element):
    """Repeats its body while a condition holds, at most `maximum` times (BPMN 2.0.2 §13.3.6)."""

    gathers = True
    turns = True

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.body = ""
        self.condition: Expression | None = None
        self.maximum: int | None = None

    @override
    def work(self, token: Token) -> bool | None:
        """Begin the first turn."""
        token.internal_data[NEXT] = 0
        run_of(token).log("entered", self, token)
        self.arm(token)
        self._begin(token)
        return None

    def _begin(self, token: Token) -> None:
        token.internal_data[NEXT] += 1
        spec = token.workflow.spec.task_specs[self.body]
        spec._update(Token(token.workflow, spec, token))  # noqa: SLF001 - SpiffWorkflow's hook

    def gather(self, token: Token, _instance: Token) -> None:
        """Begin another turn or end."""
        if self._again(token):
            self._begin(token)
        else:
            token.complete()

    def _again(self, token: Token) -> bool:
        if self.maximum is not None and token.internal_data[NEXT] >= self.maximum:
            return False
        return self.condition is None or self.give(token, self.condition) is True
