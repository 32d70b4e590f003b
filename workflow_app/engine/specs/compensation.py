"""Compensation: who throws it, and who runs the handlers one after the other (BPMN 2.0.2 §13.5.5).

What can be undone stands in the ledgers (`specs/ledger.py`). A throw event takes entries out and
gives them to an `Undoing` token in the scope they stand in; that one runs a handler at a time, the
latest completion first, and tells the throwing token when all is done. A completed sub-process or
called process without a handler outside is opened again with the data it ended with: its own
compensation event sub-process runs, or else what completed inside is undone in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from typing_extensions import override

from workflow_app.engine.model import Extensions, Node
from workflow_app.engine.specs.element import Element
from workflow_app.engine.specs.ledger import (
    INSIDE,
    LEDGER,
    LOCAL,
    PLAIN,
    SPEC,
    put_back,
    take,
)
from workflow_app.engine.tokens import Token, case_of, run_of

if TYPE_CHECKING:
    from workflow_app.engine.contract import Data
    from workflow_app.engine.specs.ledger import Entry
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Live, Scope

PLAN, NOW, CALLER, CAUSE, LEVEL = "plan", "now", "caller", "cause", "level"
COMPENSATED = "compensated"


class Undoing(Element):
    """Runs the handlers of one scope, the latest completion first; one such spec a scope."""

    quiet = True
    gathers = True

    @override
    def work(self, token: Token) -> bool | None:
        """Begin the first handler."""
        return self._next(token)

    def gather(self, token: Token, handler: Token) -> None:
        """Tell history what is undone, then begin the next handler or end."""
        undone = token.workflow.spec.task_specs[token.internal_data[NOW]]
        run_of(token).log(COMPENSATED, undone, None, {"by": handler.task_spec.element})
        self.lost(token, handler)

    @override
    def lost(self, token: Token, _child: Token) -> None:
        """Go on behind a handler that was given up on its own."""
        if self._next(token):
            token.complete()

    def _next(self, token: Token) -> bool | None:
        plan: list[Entry] = token.internal_data[PLAN]
        if not plan:
            return True
        entry = plan.pop()
        token.internal_data[NOW] = entry[SPEC]
        specs = token.workflow.spec.task_specs
        undo = specs[entry[SPEC]].undo
        if INSIDE in entry:
            specs[undo.reopen].open_again(token, entry)
        else:
            spec = specs[undo.handler]
            spec._update(Token(token.workflow, spec, token, data=dict(entry[LOCAL])))  # noqa: SLF001 - SpiffWorkflow's hook
        return None

    @override
    def _on_complete_hook(self, my_task: Token) -> None:
        """Let the throwing token go on; where none waited, a case may end with its event."""
        run, memory = run_of(my_task), my_task.internal_data
        caller = run.case.find(memory.get(CALLER, ""))
        if caller is not None:
            caller.task_spec.go_on(caller)
        elif my_task.workflow.owner is None and run.end is None:
            run.end = memory.get(CAUSE)

    @override
    def _on_cancel(self, my_task: Token) -> None:
        """Put back what is not undone yet: whoever interrupted may ask for it again."""
        put_back(my_task.workflow, my_task.internal_data[PLAN])
        super()._on_cancel(my_task)


def undoing_node(graph_id: str, line: int) -> Node:
    """Return the node that an `Undoing` spec is made of; no diagram has it."""
    return Node(
        id=graph_id,
        kind="undoing",
        name="",
        line=line,
        lane=None,
        extensions=Extensions(),
        compensates=True,
    )


def undo(workflow: Case | Scope, entries: list[Entry], **memory: str) -> None:
    """Begin to undo some entries of a scope.

    `caller` is the id of the token that waits for it, `cause` the element that did not wait.
    """
    spec = workflow.spec.task_specs[workflow.spec.undoing]
    driver = Token(workflow, spec, workflow.task_tree, memory={PLAN: entries, **memory})
    spec._update(driver)  # noqa: SLF001 - SpiffWorkflow's hook


class Reopened(Element):
    """Opens a completed scope again, with the data it ended with, to undo what happened in it."""

    quiet = True

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.inner = ""

    def open_again(self, driver: Token, entry: Entry) -> None:
        """Open the scope of an entry and begin what compensates it."""
        local = dict(entry[LOCAL])
        token = Token(driver.workflow, self, driver, TaskState.STARTED, data=local)
        scope = case_of(token).create_subprocess(token, self.inner)
        scope.data = dict(entry[INSIDE])
        put_back(scope, entry[LEDGER])
        own = "" if entry.get(PLAIN) else scope.spec.compensator
        if own:
            spec = scope.spec.task_specs[own]
            spec._update(Token(scope, spec, scope.task_tree))  # noqa: SLF001 - SpiffWorkflow's hook
        else:
            undo(scope, take(scope))

    def returned(self, token: Token, _scope: Live) -> None:
        """Close the scope for good; what its handlers wrote into the snapshot goes with it."""
        del case_of(token).subprocesses[token.id]
        token.complete()

    @override
    def _on_complete_hook(self, my_task: Token) -> None:
        driver = my_task.carrier()
        if driver is not None:
            driver.task_spec.gather(driver, my_task)

    @override
    def _on_cancel(self, my_task: Token) -> None:
        """Put back what is left to undo inside."""
        scope = case_of(my_task).subprocesses.get(my_task.id)
        super()._on_cancel(my_task)
        left = scope.memory.pop(LEDGER, []) if scope is not None else []
        if scope is not None and left:
            entry: Entry = {SPEC: self.worker, LOCAL: my_task.data, INSIDE: scope.data}
            put_back(my_task.workflow, [entry | {LEDGER: left, PLAIN: True}])


class CompensationThrow(Element):
    """An intermediate throw or end event that compensates one activity, or all it can see.

    It sees the activities of its own scope; inside an event sub-process those around it too.
    """

    def __init__(self, wf_spec: ProcessSpec, name: str, node: Node, process: str) -> None:
        super().__init__(wf_spec, name, node, process)
        self.activity = node.trigger.activity
        self.waits = node.trigger.waits

    @override
    def work(self, token: Token) -> bool | None:
        """Begin to undo; wait for it unless the event says not to."""
        told: Data = {"activity": self.activity} if self.activity else {}
        run_of(token).log("compensate", self, token, told)
        token.internal_data[LEVEL] = 0
        return True if self._undone(token) else None

    def go_on(self, token: Token) -> None:
        """Go on after the handlers of one scope."""
        if self._undone(token):
            token.complete()

    def _undone(self, token: Token) -> bool:
        """Look from scope to scope for something to undo; say whether nothing is left to do."""
        for workflow in _visible(token)[token.internal_data[LEVEL] :]:
            token.internal_data[LEVEL] += 1
            entries = take(workflow, self._wanted(workflow))
            if entries:
                if self.waits:
                    undo(workflow, entries, caller=token.id)
                    return False
                undo(workflow, entries, cause=self.element)
        return True

    def _wanted(self, workflow: Case | Scope) -> str | None:
        """Return the activity to undo in a scope; one that names the scope itself means all."""
        owner = workflow.owner
        around = owner is not None and owner.task_spec.element == self.activity
        return None if around else self.activity

    @override
    def _on_cancel(self, my_task: Token) -> None:
        """Stop the handlers that this event waits for."""
        super()._on_cancel(my_task)
        for workflow in _visible(my_task):
            for token in [*workflow.live.values()]:
                if token.internal_data.get(CALLER) == my_task.id:
                    token.cancel()


def _visible(token: Token) -> list[Case | Scope]:
    """Return the scopes whose activities a token may compensate, its own first."""
    found = [token.workflow]
    owner = token.workflow.owner
    while owner is not None and owner.task_spec.by_event:
        found.append(owner.workflow)
        owner = owner.workflow.owner
    return found


def is_undoing(token: Any) -> bool:
    """Say whether a token only drives compensation and stands for no element of the diagram."""
    return isinstance(token.task_spec, (Undoing, Reopened))
