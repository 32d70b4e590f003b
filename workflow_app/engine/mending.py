"""What a person may do to a case that cannot go on: correct data, move a token, end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine import codec
from workflow_app.engine.errors import NotWaiting
from workflow_app.engine.run import Run
from workflow_app.engine.specs.element import Element, is_instance
from workflow_app.engine.specs.events import Aside, Start
from workflow_app.engine.specs.gateways import Join
from workflow_app.engine.steps import conclude
from workflow_app.engine.tokens import Token
from workflow_app.engine.waits import call_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine.contract import Data, Env, Step
    from workflow_app.engine.program import Program
    from workflow_app.engine.tokens import Case, Scope


class CannotMend(Invalid):
    """What a person asked for would break the case; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataScope:
    """Some data of a case that can be corrected: the case's own (`id` empty) or of a part of it.

    `element` is the activity that holds it, `process` the one whose diagram has the element.
    """

    id: str
    process: str
    element: str
    data: Data


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A place where the case stands and the elements of the same scope that it can be moved to."""

    task_id: str
    process: str
    element: str
    path: tuple[str, ...]
    targets: tuple[str, ...]


def data_scopes(program: Program, state: bytes) -> tuple[DataScope, ...]:
    """Return everything that can be corrected, the case's own data first."""
    return tuple(scope for scope, _ in _scopes(program, codec.load(program, state)))


def change_data(
    program: Program, state: bytes, changes: Mapping[str, Any], env: Env, *, scope: str = ""
) -> Step:
    """Set names of one scope to JSON values, then let conditions be looked at again.

    Raises CannotMend for a name that neither exists nor is read by the program, NotWaiting for a
    scope that is gone, StepFailed.
    """
    run = Run(codec.load(program, state), env)
    holder = next((at for one, at in _scopes(program, run.case) if one.id == scope), None)
    if holder is None:
        raise NotWaiting(scope)
    for name in changes:
        if name not in holder and name not in program.read_names:
            raise CannotMend(N_("Nothing in this process is called “%(name)s”."), name=name)
    holder.update(changes)
    run.stir()
    return conclude(program, run)


def _scopes(program: Program, case: Case) -> Iterator[tuple[DataScope, Data]]:
    """Yield scopes with the dicts they stand for; an embedded sub-process has none of its own."""
    yield DataScope(id="", process=program.main, element="", data=dict(case.data)), case.data
    for workflow in case.workflows():
        owner = workflow.owner
        if owner is not None and not workflow.spec.shares:
            yield _scope(f"{owner.id}/", owner, workflow.data), workflow.data
        for token in workflow.live.values():
            if token.data:
                yield _scope(token.id, token, token.data), token.data


def _scope(scope_id: str, token: Token, data: Data) -> DataScope:
    spec = token.task_spec
    return DataScope(id=scope_id, process=spec.process, element=spec.element, data=dict(data))


def stands(program: Program, state: bytes) -> tuple[Stand, ...]:
    """Return where the case stands; what hangs on an activity or gateway moves with it."""
    case = codec.load(program, state)
    return tuple(
        Stand(
            task_id=token.id,
            process=token.task_spec.process,
            element=token.task_spec.element,
            path=call_path(token),
            targets=tuple(_targets(workflow)),
        )
        for workflow in case.workflows()
        for token in workflow.live.values()
        if token.carrier() is None and not token.task_spec.compensates
    )


def move(program: Program, state: bytes, task_id: str, target: str, env: Env) -> Step:
    """Take a token from where it waits and let it begin at another element of the same scope.

    What hangs on it goes with it: boundary events, timers, an open sub-process. Raises NotWaiting,
    CannotMend, StepFailed.
    """
    run = Run(codec.load(program, state), env)
    token = run.case.find(task_id)
    if token is None:
        raise NotWaiting(task_id)
    _require_alone(token)
    workflow = token.workflow
    if target not in _targets(workflow):
        raise CannotMend(_why_not(program, target), element=target)
    spec = _targets(workflow)[target]
    there = Token(workflow, spec, workflow.task_tree)
    token.cancel()
    spec._update(there)  # noqa: SLF001 - SpiffWorkflow's hook
    return conclude(program, run)


def _require_alone(token: Token) -> None:
    """Refuse what is a part of something: the whole can be moved."""
    if isinstance(token.task_spec, Aside):
        raise CannotMend(N_("An event at the border of a step goes where the step goes."))
    if is_instance(token):
        raise CannotMend(N_("One turn of a repeated step cannot be moved, only the whole step."))
    if token.carrier() is not None or token.task_spec.compensates:
        raise CannotMend(N_("This step belongs to another one; only that one can be moved."))


def _targets(workflow: Case | Scope) -> dict[str, Element]:
    """Return where a token of a scope may begin, by element id.

    A join would wait for tokens that never come, and nothing leads to a start.
    """
    specs: Mapping[str, Element] = workflow.spec.task_specs
    reached = {edge.target for spec in _elements(specs) for edge in spec.edges}
    return {
        spec.element: spec
        for spec in _elements(specs)
        if spec.name in reached and not spec.by_event and not _is_no_place(spec)
    }


def _elements(specs: Mapping[str, Any]) -> list[Element]:
    return [spec for spec in specs.values() if isinstance(spec, Element)]


def _is_no_place(spec: Element) -> bool:
    joins = isinstance(spec, Join) and len(spec.incoming) > 1
    return joins or isinstance(spec, (Aside, Start)) or spec.compensates


def _why_not(program: Program, target: str) -> str:
    known = any(
        spec.element == target
        for process in program.specs.values()
        for spec in _elements(process.task_specs)
    )
    if known:
        return N_("“%(element)s” stands in another process or sub-process, or is no place to begin")
    return N_("There is no step “%(element)s” in this process.")


def cancel(program: Program, state: bytes, env: Env) -> Step:
    """End the case where it stands. Raises StepFailed."""
    run = Run(codec.load(program, state), env)
    run.case.shut()
    return conclude(program, run)
