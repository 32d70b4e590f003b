"""SpiffWorkflow's tasks and workflows, made lean: data per scope, live tokens at hand.

Stock tasks copy the whole data at every element, predict the future and walk the tree for every
question, so that a step costs more with each finished task (engine.md §1 bugs 2 to 4). Here a
workflow holds one dict of data (its scope) and knows its live tokens; nothing walks the tree.
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflow_app.engine.sleeping import Scopes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.run import Run
    from workflow_app.engine.sleeping import Row

FINISHED: int = TaskState.FINISHED_MASK
ROOT = "root"
TURN = "turn"


class Token(Task):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """One visit of one element.

    `data` holds only what is local to the visit (mapped inputs, a loop's item), `internal_data`
    what the element must remember (due time, correlation key, arrivals), both JSON.
    """

    id: str
    workflow: Case | Scope
    data: dict[str, Any]
    internal_data: dict[str, Any]
    task_spec: Any
    _children: list[str]
    _parent: str | None
    _state: int

    def __init__(  # noqa: PLR0913 - the columns of a stored token
        self,
        workflow: Case | Scope,
        spec: Any,
        parent: Token | None,
        state: int = TaskState.FUTURE,
        *,
        token_id: str | None = None,
        data: dict[str, Any] | None = None,
        memory: dict[str, Any] | None = None,
    ) -> None:
        self.id = token_id or token_hex(8)
        self.workflow = workflow
        self.task_spec = spec
        self._parent = parent.id if parent is not None else None
        self._children = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self.data = {} if data is None else data
        self.internal_data = {} if memory is None else memory
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)  # noqa: SLF001 - its own class
        if not state & FINISHED:
            workflow.hold(self)

    def _set_state(self, value: int) -> None:
        self._state = value
        if value & FINISHED:
            self.workflow.let_go(self)

    def run(self) -> bool | None:
        """Do the element's work; a token that its own work cancelled goes no further."""
        done: bool | None = self.task_spec._run(self)  # noqa: SLF001 - SpiffWorkflow's hook
        if self._state & FINISHED:
            return done
        if done is None:
            self._set_state(TaskState.STARTED)
        else:
            self.complete()
        return done

    def cancel(self) -> None:
        """Cancel this token with all that hangs on it."""
        if not self._state & FINISHED:
            self._set_state(TaskState.CANCELLED)
            self.task_spec._on_cancel(self)  # noqa: SLF001 - SpiffWorkflow's hook

    def hanging(self) -> list[Token]:
        """Return the unfinished tokens that hang on this one."""
        tasks = self.workflow.tasks
        found = [tasks[key] for key in self._children if key in tasks]
        return [token for token in found if not token._state & FINISHED]  # noqa: SLF001

    def carrier(self) -> Token | None:
        """Return the unfinished token that this one hangs on (gateway, loop, activity)."""
        above: Token | None = self.workflow.tasks.get(self._parent or "")
        return above if above is not None and not above._state & FINISHED else None  # noqa: SLF001

    def detach(self) -> None:
        """Hang below the root instead, so that the carrier's end leaves this token alone."""
        above = self.workflow.tasks.get(self._parent or "")
        if above is not None:
            above._children.remove(self.id)  # noqa: SLF001 - its own class
        self.workflow.adopt(self)

    def locals(self) -> Iterator[dict[str, Any]]:
        """Yield the dicts this token sees, the nearest first."""
        token: Token | None = self
        while token is not None:
            if token.data:
                yield token.data
            yield token.workflow.data
            token = token.workflow.owner

    def visible(self) -> dict[str, Any]:
        """Return everything this token sees, as one new dict."""
        merged: dict[str, Any] = {}
        for layer in reversed(list(self.locals())):
            merged.update(layer)
        return merged


class Live:
    """What a workflow knows about its tokens without walking its tree.

    `memory` is what the scope itself must remember beside its data, JSON by name.
    """

    tasks: dict[str, Token]
    data: dict[str, Any]
    memory: dict[str, Any]
    task_tree: Token
    spec: Any
    owner: Token | None
    level: int
    live: dict[str, Token]
    listeners: dict[str, Token]

    def begin_empty(self) -> None:
        """Set up the books and the root token."""
        self.live = {}
        self.listeners = {}
        self.memory = {}

    def plant(self) -> None:
        """Put the finished root token where SpiffWorkflow expects a task tree."""
        self.task_tree = Token(
            self,  # type: ignore[arg-type]  # mixed into both classes of workflow
            self.spec.start,
            None,
            TaskState.COMPLETED,
            token_id=ROOT,
        )

    def hold(self, token: Token) -> None:
        """Count a token that is not finished. Raises StepFailed for too many in one step."""
        run: Run | None = self.top_workflow.run  # type: ignore[attr-defined]
        if run is not None:
            run.count(token)
        (self.listeners if token.task_spec.listens else self.live)[token.id] = token

    def let_go(self, token: Token) -> None:
        """Stop counting a finished token; the run looks whether the scope is now empty."""
        self.live.pop(token.id, None)
        self.listeners.pop(token.id, None)
        run: Run | None = self.top_workflow.run  # type: ignore[attr-defined]
        if run is not None:
            run.touched[id(self)] = self

    def wake(self, token: Token) -> None:
        """Count a listener that fires as a live token."""
        if self.listeners.pop(token.id, None) is not None:
            self.live[token.id] = token

    def adopt(self, token: Token) -> None:
        """Hang a token below the root."""
        token._parent = ROOT  # noqa: SLF001 - its own class
        self.task_tree._children.append(token.id)  # noqa: SLF001 - its own class

    def shut(self, spared: Token | None = None) -> None:
        """Cancel every token but one."""
        for token in [*self.live.values(), *self.listeners.values()]:
            if token is not spared:
                token.cancel()


class Case(Live, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """The top workflow of a case."""

    subprocesses: Scopes

    def __init__(self, spec: Any, scopes: Any, engine: Any) -> None:
        self.begin_empty()
        self.owner = None
        self.run: Run | None = None
        self.level = 0
        super().__init__(spec, scopes, script_engine=engine, deserializing=True)
        self.subprocesses = Scopes(self.restore)
        self.known: dict[str, Token] = {}
        self.plant()

    def restore(self, row: Row) -> Case | Scope:
        """Fill this workflow, or a scope of it, with what is stored: owner, data, tokens, memory.

        The owner is there already: a scope follows the workflow of its owner.
        """
        owner = self.known.get(row[0])
        workflow = self if owner is None else self.create_subprocess(owner, owner.task_spec.inner)
        workflow.data = row[1]
        workflow.memory = (row[3] if len(row) > 3 else None) or {}
        specs = workflow.spec.task_specs
        for token_id, spec, state, parent, memory, local in row[2]:
            self.known[token_id] = Token(
                workflow,
                specs[spec],
                workflow.tasks[parent or ROOT],
                state,
                token_id=token_id,
                data=local,
                memory=memory,
            )
        return workflow

    def create_subprocess(self, my_task: Token, spec_name: str) -> Scope:
        """Open the scope of a sub-process or called process (SpiffWorkflow's hook)."""
        scope = Scope(self.subprocess_specs[spec_name], my_task)
        self.subprocesses[my_task.id] = scope
        return scope

    def workflows(self) -> list[Case | Scope]:
        """Return this workflow and every open scope."""
        return [self, *self.subprocesses.values()]

    def awake(self) -> list[Case | Scope]:
        """Return this workflow and the open scopes in which something waits or moved."""
        return [self, *self.subprocesses.awake()]

    def find(self, token_id: str) -> Token | None:
        """Return an unfinished token by id."""
        self.subprocesses.rouse_home(token_id)
        for workflow in self.awake():
            token = workflow.live.get(token_id) or workflow.listeners.get(token_id)
            if token is not None:
                return token
        return None

    def _task_completed_notify(self, task: Token) -> None:
        """Stock code refreshes every waiting task of the tree here; nothing needs it."""


class Scope(Live, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A running sub-process, called process or event sub-process."""

    def __init__(self, spec: Any, owner: Token) -> None:
        self.begin_empty()
        self.owner = owner
        self.level = owner.workflow.level + 1
        super().__init__(spec, owner.id, owner.workflow.top_workflow, deserializing=True)
        self.plant()

    def _calculate_depth(self) -> int:
        return int(self.level)

    def _task_completed_notify(self, task: Token) -> None:
        """Stock code refreshes every waiting task of the tree here; nothing needs it."""


def run_of(token: Token) -> Run:
    """Return the step that is going on."""
    run: Run = token.workflow.top_workflow.run
    return run


def case_of(token: Token) -> Case:
    """Return the token's case."""
    case: Case = token.workflow.top_workflow
    return case


def is_waiting(token: Token) -> bool:
    """Say whether something has to happen before the token may go on."""
    return bool(token.state == TaskState.WAITING)
