"""Stock SpiffWorkflow 3.2 with joins of our own that count what came since they last fired.

The stock joins also count what an earlier turn of a loop brought, so that the second turn fires
early (engine.md §1 bug 1). Here what has arrived and not been used is simply what still waits:
firing cancels the other arrivals. Of two values for one name the newer one stays; answers are
numbered by the step that gave them, so the newer one is the larger.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.BpmnParser import full_tag
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.event_definitions import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import MultiInstanceTask
from SpiffWorkflow.util.task import TaskState

LIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


def newest(into: dict[str, Any], other: dict[str, Any]) -> None:
    """Merge what another path knows."""
    for name, found in other.items():
        known = into.get(name)
        if name not in into or (isinstance(found, int) and found > known):
            into[name] = found


def behind(spec: Any, flow: str) -> set[str]:
    """Return the specs from which a join's input can be reached without passing the join."""
    specs = spec._wf_spec.task_specs
    seen, open_ends = {flow}, [flow]
    while open_ends:
        for name in specs[open_ends.pop()]._inputs:
            if name not in seen and name != spec.name and name in specs:
                seen.add(name)
                open_ends.append(name)
    return seen


class Counting:
    """What both joins share."""

    def _update_hook(self, my_task: Any) -> bool:
        tasks = my_task.workflow.tasks.values()
        arrived = [task for task in tasks if self._has_come(task, my_task)]
        came = {task.parent.task_spec.name for task in arrived}
        if len(self._inputs) > 1 and not self._enough(my_task, came):
            my_task._set_state(TaskState.WAITING)
            return False
        my_task._inherit_data()
        for task in arrived:
            if task is not my_task:
                newest(my_task.data, task.parent.data)
                task.cancel()
        return True

    def _has_come(self, task: Any, my_task: Any) -> bool:
        here = task.task_spec is self and (task is my_task or task.state == TaskState.WAITING)
        return here and task.parent.state == TaskState.COMPLETED


class CountingParallel(Counting, ParallelGateway):
    """Fires when a whole set of inputs has come; those from behind itself are another set."""

    def _enough(self, _my_task: Any, came: set[str]) -> bool:
        starts = {flow: self._from_start(flow) for flow in self._inputs}
        sets = ({f for f in starts if starts[f] is first} for first in (True, False))
        return any(one and one <= came for one in sets)

    def _from_start(self, flow: str) -> bool:
        specs = self._wf_spec.task_specs
        return any(not specs[name]._inputs for name in behind(self, flow))

    def _run_hook(self, _my_task: Any) -> bool:
        return True


class CountingInclusive(Counting, InclusiveGateway):
    """Fires when nothing that is on its way could still come where nothing has."""

    def _enough(self, my_task: Any, came: set[str]) -> bool:
        tasks = my_task.workflow.tasks.values()
        moving = {task.task_spec.name for task in tasks if task.state & LIVE}
        missing = [flow for flow in self._inputs if flow not in came]
        settled = set().union(*(behind(self, flow) for flow in came))
        awaited = set().union(*(behind(self, flow) for flow in missing))
        return not moving & (awaited - settled - {self.name})

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class CountingParser(BpmnParser):
    """The stock parser with our joins in its registry."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012 - SpiffWorkflow's own way
        full_tag("parallelGateway"): (GatewayParser, CountingParallel),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, CountingInclusive),
    }


class Stock:
    """One case in stock SpiffWorkflow: never pruned, never stored."""

    def __init__(
        self, text: str, data: dict[str, Any], parsing: type[BpmnParser] = CountingParser
    ) -> None:
        parser = parsing()
        parser.add_bpmn_str(text.encode())
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.get_next_task(spec_name="Start").data.update(data)
        self._run()

    def _run(self) -> None:
        self.workflow.do_engine_steps()

    def ready(self) -> list[Any]:
        """Return the user tasks that are open, by element."""
        found = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return sorted(found, key=lambda task: task.task_spec.name.partition(" ")[0])

    def tasks(self) -> list[str]:
        return [element(task) for task in self.ready()]

    def complete(self, turn: int, answers: dict[str, Any]) -> None:
        task = self.ready()[turn]
        task.data.update(answers)
        task.run()
        self._run()

    def signals(self) -> set[str]:
        return {event.name for event in self.workflow.waiting_events()}

    def signal(self, name: str, payload: dict[str, Any]) -> None:
        self.workflow.send_event(BpmnEvent(SignalEventDefinition(name), payload=payload))
        self._run()

    def live(self) -> int:
        """Return how many tokens there are in all; a loop stands for its other instances."""
        flows = [self.workflow, *self.workflow.subprocesses.values()]
        states = TaskState.READY | TaskState.WAITING
        return sum(
            bool(task.state & (LIVE if isinstance(task.task_spec, MultiInstanceTask) else states))
            for flow in flows
            for task in flow.tasks.values()
        )


def element(task: Any) -> str:
    """Return the diagram's id of a task's element; an instance's spec has another name."""
    return task.task_spec.bpmn_id or task.task_spec.name
