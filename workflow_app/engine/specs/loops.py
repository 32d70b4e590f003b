"""Activities that run several times: multi-instance over a collection, and the standard loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from workflow_app.domain.text import N_
from workflow_app.engine.errors import StepFailed
from workflow_app.engine.run import TOO_MANY
from workflow_app.engine.specs.element import Element, assign
from workflow_app.engine.specs.ledger import INSTANCE, hand_over
from workflow_app.engine.throwing import throw_up, uncaught
from workflow_app.engine.tokens import FINISHED, TURN, Token, run_of

if TYPE_CHECKING:
    from workflow_app.engine.contract import Data
    from workflow_app.engine.model import Node
    from workflow_app.engine.specs.events import Trigger
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.feel import Expression

TOTAL, NEXT, DONE, ITEMS, ENDED, LOST = "total", "next", "done", "items", "ended", "lost"
MAX_INSTANCES = 5_000
CLIMBING = frozenset({"error", "escalation"})
NO_LIST = N_("the collection to repeat over is %(found)s, no list")
NO_NUMBER = N_("the number of repetitions is %(found)s, no whole number")
NEGATIVE = N_("the number of repetitions is %(found)s, less than none")


@dataclass(frozen=True, slots=True)
class Thrown:
    """What an activity throws when an instance completes; None as condition: always."""

    trigger: Trigger
    condition: Expression | None = None


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
        self.behaviour = "All"
        self.events: tuple[Thrown, ...] = ()

    @override
    def work(self, token: Token) -> bool | None:
        """Begin the instances: all at once, or the first."""
        items = self._items(token)
        memory = token.internal_data
        memory.update({TOTAL: len(items), NEXT: 0, DONE: {}, ENDED: 0, LOST: 0})
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
            if token.state & FINISHED:
                break
        return None

    def _items(self, token: Token) -> list[Any]:
        if self.collection is not None:
            items = self.give(token, self.collection)
        elif self.cardinality is not None:
            items = self._numbers(token, self.cardinality)
        else:
            items = None
        if not isinstance(items, list):
            told = {"found": repr(items)}
            if self.collection is not None:
                raise self.unfit(token, self.collection, NO_LIST, told)
            raise StepFailed(self.element, NO_LIST, **told)
        if len(items) > MAX_INSTANCES:
            raise StepFailed(self.element, TOO_MANY, most=MAX_INSTANCES)
        return items

    def _numbers(self, token: Token, cardinality: Expression) -> list[Any]:
        """Return 1, 2, … for a number that is not too large to be written out."""
        count = self.give(token, cardinality)
        if not isinstance(count, int) or isinstance(count, bool):
            raise self.unfit(token, cardinality, NO_NUMBER, {"found": repr(count)})
        if count < 0:
            raise StepFailed(self.element, NEGATIVE, found=count)
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
        if self.events and self._interrupted(token, instance):
            return
        if self._enough(token, instance):
            self._finish(token)
            token.complete()
        elif self.sequential:
            self._begin(token, memory[ITEMS][memory[NEXT]])

    @override
    def lost(self, token: Token, child: Token) -> None:
        """Count an instance that was terminated; where it was the last one, end."""
        memory = token.internal_data
        if child.task_spec.name != self.body:
            return
        memory[LOST] = memory.get(LOST, 0) + 1
        if self._all_ended(token):
            self._finish(token)
            token.complete()
        elif self.sequential:
            self._begin(token, memory[ITEMS][memory[NEXT]])

    @override
    def note(self, token: Token) -> None:
        """Hand over what the instances left to compensate."""
        hand_over(token)

    @override
    def passing(self, token: Token) -> Data | None:
        """Tell history how many instances were cut off, if any."""
        memory = token.internal_data
        cut = memory[NEXT] - memory[ENDED] if ENDED in memory else 0
        return {"completed": memory[ENDED], "terminated": cut} if cut else None

    def _interrupted(self, token: Token, instance: Token) -> bool:
        """Throw what is drawn for a completing instance; say whether it ended the activity.

        None throws for each, One for the first, Complex by conditions (BPMN 2.0.2 table 10.31).
        """
        if self.behaviour == "One" and token.internal_data[ENDED] > 1:
            return False
        for event in self.events:
            counts = self._counts(token)
            scope = instance.visible() | counts
            if event.condition is None or self.give(instance, event.condition, scope) is True:
                self._throw(token, event.trigger, counts)
            if token.state & FINISHED:
                return True
        return False

    def _throw(self, token: Token, trigger: Trigger, counts: Data) -> None:
        """Let the events on the border catch it; errors and escalations climb from there."""
        kind, told = trigger.kind, {"event": trigger.kind, "name": trigger.name}
        run_of(token).log("thrown", self, token, told)
        if kind in CLIMBING:
            self._climb(token, trigger)
            return
        for waiting in token.hanging():
            spec = waiting.task_spec
            if spec not in self.boundaries or spec.trigger.kind != kind:
                continue
            if trigger.name in ("", spec.trigger.name):
                spec.fire(waiting, counts)

    def _climb(self, token: Token, trigger: Trigger) -> None:
        if throw_up(token, trigger.kind, trigger.code, trigger.name) is not None:
            return
        if trigger.kind == "error":
            raise uncaught(self, trigger.code, trigger.name)
        run_of(token).let_out(self, trigger.kind, trigger.code or "")

    def _merge(self, token: Token, instance: Token) -> None:
        own = {INSTANCE, self.item} | instance.task_spec.private
        for name, item in instance.data.items():
            if name not in own:
                assign(token, name, item)

    def _all_ended(self, token: Token) -> bool:
        memory = token.internal_data
        return bool(memory[ENDED] + memory.get(LOST, 0) == memory[TOTAL])

    def _enough(self, token: Token, instance: Token) -> bool:
        if self._all_ended(token):
            return True
        if self.completion is None:
            return False
        scope = instance.visible() | self._counts(token)
        return self.give(instance, self.completion, scope) is True

    def _counts(self, token: Token) -> Data:
        memory = token.internal_data
        counts: Data = {
            "numberOfInstances": memory[TOTAL],
            "numberOfActiveInstances": memory[NEXT] - memory[ENDED] - memory.get(LOST, 0),
            "numberOfCompletedInstances": memory[ENDED],
            "numberOfTerminatedInstances": memory.get(LOST, 0),
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
        self.test_before = False

    @override
    def work(self, token: Token) -> bool | None:
        """Begin the first turn, where the loop is tested before only if its condition holds."""
        token.internal_data[NEXT] = 0
        run_of(token).log("entered", self, token)
        if self.test_before and not self._again(token):
            return True
        self.arm(token)
        self._begin(token)
        return None

    def _begin(self, token: Token) -> None:
        token.internal_data[NEXT] += 1
        spec = token.workflow.spec.task_specs[self.body]
        data: Data = {INSTANCE: token.internal_data[NEXT]}
        turn = Token(token.workflow, spec, token, data=data, memory={TURN: True})
        spec._update(turn)  # noqa: SLF001 - SpiffWorkflow's hook

    @override
    def note(self, token: Token) -> None:
        """Hand over what the turns left to compensate."""
        hand_over(token)

    @override
    def lost(self, token: Token, child: Token) -> None:
        """Go on behind a turn that was given up on its own."""
        if child.task_spec.name == self.body:
            self.gather(token, child)

    def gather(self, token: Token, _instance: Token) -> None:
        """Begin another turn or end."""
        if self._again(token):
            self._begin(token)
        else:
            token.complete()

    def _again(self, token: Token) -> bool:
        turns = token.internal_data[NEXT]
        if self.maximum is not None and turns >= self.maximum:
            return False
        scope = token.visible() | {INSTANCE: turns}
        return self.condition is None or self.give(token, self.condition, scope) is True
