"""Moving a running case to another version of its process (engine.md §1 bug 8, §3).

The live tokens are hung on the new version's specs by element id. Ids, data, due times and
correlation keys stay as they are, so tasks, drafts and claims stay too. What waits at an element
that is gone needs a mapping; what would mean something else in the new version cannot move.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from SpiffWorkflow.util.task import TaskState

from workflow_app.domain.errors import Conflict
from workflow_app.domain.text import N_
from workflow_app.engine import codec
from workflow_app.engine.run import Run
from workflow_app.engine.specs.adhoc import AHEAD, QUEUE
from workflow_app.engine.specs.compensation import is_undoing
from workflow_app.engine.specs.events import ROUND, Aside, Boundary, Catch
from workflow_app.engine.specs.gateways import EventGateway, Join
from workflow_app.engine.specs.ledger import INSIDE, LEDGER, SPEC
from workflow_app.engine.specs.loops import MultiInstance
from workflow_app.engine.specs.scopes import Container
from workflow_app.engine.specs.tasks import OperationTask, UserTask
from workflow_app.engine.steps import conclude
from workflow_app.engine.tokens import FINISHED, ROOT, Token
from workflow_app.engine.waits import open_task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine.contract import Env, OpenTask, Step
    from workflow_app.engine.program import Program
    from workflow_app.engine.specs.element import Element
    from workflow_app.engine.specs.ledger import Undo
    from workflow_app.engine.specs.process import ProcessSpec
    from workflow_app.engine.tokens import Case, Scope

Verdict = Literal["moves", "mapping", "cannot"]
_PART = re.compile(r"[^#@~:]+")
_GONE = N_("“%(element)s”, where the case waits, is not in the new version.")
_ELSEWHERE = N_("“%(element)s” stands in another sub-process in the new version.")
_OTHER_KIND = N_("“%(element)s” is another kind of step in the new version.")
_OTHER_EVENT = N_("“%(element)s” waits for something else in the new version.")
_FLOW_GONE = N_("“%(element)s” has counted what came on a flow that is not in the new version.")
_NO_WAY = N_("The gateway before “%(element)s” does not lead there in the new version.")
_UNDOING = N_("The case is undoing what was done; wait until it has.")
_UNDO_GONE = N_("“%(element)s” was done and could not be undone in the new version.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """Why a case cannot move: a msgid that `element` fills; `candidates` would be a mapping."""

    element: str
    why: str
    candidates: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the sentence in English."""
        return self.why % {"element": self.element}


@dataclass(frozen=True, slots=True)
class Plan:
    """Whether a case moves, needs a mapping, or cannot."""

    obstacles: tuple[Obstacle, ...]

    @property
    def verdict(self) -> Verdict:
        """What comes of it: a single obstacle that no mapping removes decides."""
        if not self.obstacles:
            return "moves"
        return "mapping" if all(one.why == _GONE for one in self.obstacles) else "cannot"


@dataclass(frozen=True, slots=True)
class Moved:
    """A case in its new version; `kept` are the tasks that stay open, as that version has them."""

    step: Step
    kept: tuple[OpenTask, ...]


class CannotMigrate(Conflict):
    """The case does not fit the other version (params: reason)."""

    message = N_("The case cannot be moved to the other version: %(reason)s")

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(reason=" ".join(one.text() for one in plan.obstacles))


def plan(old: Program, new: Program, state: bytes, mapping: Mapping[str, str]) -> Plan:
    """Say what stands in the way of moving a case; `mapping` gives old element id → new one.

    An id may be written `<process>/<id>` where two processes use the same.
    """
    return Plan(tuple(_Carrying(old, new, state, mapping).obstacles))


def migrate(
    old: Program, new: Program, state: bytes, mapping: Mapping[str, str], env: Env
) -> Moved:
    """Move a case. Raises CannotMigrate, StepFailed."""
    carrying = _Carrying(old, new, state, mapping)
    if carrying.obstacles:
        raise CannotMigrate(Plan(tuple(carrying.obstacles)))
    run = Run(carrying.case, env)
    carrying.arm()
    return _moved(new, run)


def restore(program: Program, state: bytes, env: Env) -> Moved:
    """Take a state of before up again, as it was. Raises StepFailed."""
    return _moved(program, Run(codec.load(program, state), env))


def _moved(program: Program, run: Run) -> Moved:
    run.stir()
    before = {token.id for token in _user_tasks(run.case)}
    step = conclude(program, run)
    kept = [token for token in _user_tasks(run.case) if token.id in before]
    return Moved(step, tuple(open_task(program, run, token) for token in kept))


def _user_tasks(case: Case) -> Iterator[Token]:
    for workflow in case.workflows():
        for token in workflow.live.values():
            if isinstance(token.task_spec, UserTask) and token.state == TaskState.READY:
                yield token


class _Carrying:
    """Hangs the tokens of a case on the specs of another version."""

    def __init__(
        self, old: Program, new: Program, state: bytes, mapping: Mapping[str, str]
    ) -> None:
        self._old, self._new, self._mapping = old, new, mapping
        self._dropped: set[str] = set()
        self.obstacles: list[Obstacle] = []
        self.case = new.empty_case()
        self._known: dict[str, Token] = {}
        self._arms: list[tuple[Any, Token | None, Case | Scope]] = []
        for workflow in codec.load(old, state).workflows():
            self._workflow(workflow)

    def arm(self) -> None:
        """Let the boundary events and event sub-processes wait that only the new version has."""
        for spec, token, workflow in self._arms:
            spec._update(Token(workflow, spec, token or workflow.task_tree))  # noqa: SLF001 - Spiff's hook

    def _workflow(self, old: Case | Scope) -> None:
        target: Case | Scope = self.case
        if old.owner is not None:
            owner = self._known.get(old.owner.id)
            if owner is None:
                return
            target = self.case.create_subprocess(owner, owner.task_spec.inner)
            self._to_do(owner, target.spec)
        target.data = old.data
        target.memory = self._memory(old, target, old.memory)
        for token in old.tasks.values():
            if token.id != ROOT and not token.state & FINISHED:
                self._token(token, target)
        self._new_listeners(old, target)

    def _token(self, token: Token, target: Case | Scope) -> None:
        name = self._renamed(token.task_spec)
        spec = target.spec.task_specs.get(name)
        above = target.tasks.get(token._parent or ROOT)  # noqa: SLF001 - its own class
        if token._parent in self._dropped:  # noqa: SLF001 - its own class
            self._dropped.add(token.id)
            return
        if isinstance(token.task_spec, Aside):
            if not _still_waits(token, spec, above):
                self._dropped.add(token.id)
                return
        elif (why := self._why_not(token, spec, name)) is not None:
            self._refuse(token, why, target)
            return
        carried = Token(
            target,
            spec,
            above or target.task_tree,
            token.state,
            token_id=token.id,
            data=token.data,
            memory=self._memory(token.workflow, target, token.internal_data),
        )
        self._known[token.id] = carried
        self._check_arrivals(carried)
        self._new_boundaries(token, carried)

    def _to_do(self, owner: Token, inner: ProcessSpec) -> None:
        """Rename what an ad-hoc sub-process has still to begin; what is gone needs a mapping."""
        memory, process = owner.internal_data, inner.process
        ahead = [self._name(process, element) for element in memory.get(AHEAD, ())]
        queue = [[flow, self._name(process, name)] for flow, name in memory.get(QUEUE, ())]
        specs, found = inner.task_specs, tuple(sorted(inner.entries))
        gone = {*ahead} - inner.entries.keys() | {name for _, name in queue} - specs.keys()
        for element in sorted(gone):
            self.obstacles.append(Obstacle(element=element, why=_GONE, candidates=found))
        for flow, name in queue:
            if isinstance(specs.get(name), Join) and flow not in specs[name].incoming:
                self.obstacles.append(Obstacle(element=name, why=_FLOW_GONE))
        memory.update({AHEAD: ahead} if AHEAD in memory else {})
        memory.update({QUEUE: queue} if QUEUE in memory else {})

    def _renamed(self, spec: Element) -> str:
        """Return the name of the new version's spec: that of the element, parts mapped."""
        return self._name(spec.process, spec.name)

    def _name(self, process: str, name: str) -> str:
        def part(match: re.Match[str]) -> str:
            own = self._mapping.get(f"{process}/{match[0]}")
            return own or self._mapping.get(match[0], match[0])

        return _PART.sub(part, name)

    def _why_not(self, token: Token, spec: Any, name: str) -> str | None:
        if is_undoing(token):
            return _UNDOING
        if spec is None:
            own = token.task_spec.process
            others = [scope for scope in self._new.specs.values() if scope.process == own]
            return _ELSEWHERE if any(name in scope.task_specs for scope in others) else _GONE
        old = token.task_spec
        if type(old) is not type(spec) or not self._same_inside(old, spec):
            return _OTHER_KIND
        if not _waits_alike(old, spec):
            return _OTHER_EVENT
        return None if self._still_leads(token, name) else _NO_WAY

    def _same_inside(self, old: Any, spec: Any) -> bool:
        """Say whether a scope or loop works as before."""
        if isinstance(old, MultiInstance):
            return bool(old.sequential == spec.sequential)
        if isinstance(old, Container):
            inner = self._new.specs.get(spec.inner)
            return inner is not None and (":" in old.inner) == inner.shares
        return True

    def _still_leads(self, token: Token, name: str) -> bool:
        carrier = token.carrier()
        if carrier is None or not isinstance(carrier.task_spec, EventGateway):
            return True
        gateway = self._known.get(carrier.id)
        return gateway is None or name in {edge.target for edge in gateway.task_spec.edges}

    def _refuse(self, token: Token, why: str, target: Case | Scope) -> None:
        kind = type(token.task_spec)
        found = (spec for spec in target.spec.task_specs.values() if type(spec) is kind)
        candidates = sorted({spec.element for spec in found}) if why == _GONE else []
        element = token.task_spec.element
        self.obstacles.append(Obstacle(element=element, why=why, candidates=tuple(candidates)))

    def _check_arrivals(self, carried: Token) -> None:
        spec = carried.task_spec
        if isinstance(spec, Join) and not spec.remembered(carried) <= set(spec.incoming):
            self.obstacles.append(Obstacle(element=spec.element, why=_FLOW_GONE))

    def _new_boundaries(self, token: Token, carried: Token) -> None:
        """Note the boundary events to arm: those the old version lacked or had otherwise."""
        if carried.task_spec.name.endswith("#"):
            return
        before = {self._renamed(spec): spec for spec in token.task_spec.boundaries}
        for spec in carried.task_spec.boundaries:
            same = spec.name in before and _waits_alike(before[spec.name], spec)
            if spec.trigger.outside and not same:
                self._arms.append((spec, carried, carried.workflow))

    def _new_listeners(self, old: Case | Scope, target: Case | Scope) -> None:
        before = {self._renamed(spec): spec for spec in old.spec.listeners}
        for spec in target.spec.listeners:
            if spec.name not in before or not _waits_alike(before[spec.name], spec):
                self._arms.append((spec, None, target))

    # -- what tokens and scopes remember -----------------------------------------------------

    def _memory(
        self, old: Case | Scope, target: Case | Scope, memory: dict[str, Any]
    ) -> dict[str, Any]:
        found = dict(memory)
        if ROUND in found:
            held, process = found[ROUND], old.spec.process
            found[ROUND] = {self._name(process, part): came for part, came in held.items()}
        if LEDGER in found:
            found[LEDGER] = self._ledger(old.spec, target.spec, found[LEDGER])
        return found

    def _ledger(self, old: Any, new: Any, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [found for one in entries if (found := self._entry(old, new, one)) is not None]

    def _entry(self, old: Any, new: Any, entry: dict[str, Any]) -> dict[str, Any] | None:
        was = old.task_specs[entry[SPEC]]
        spec = new.task_specs.get(self._renamed(was))
        undo = getattr(spec, "undo", None)
        if undo is None or not _undone_alike(was.undo, undo):
            self.obstacles.append(Obstacle(element=was.element, why=_UNDO_GONE))
            return None
        found = {**entry, SPEC: spec.name}
        if INSIDE in entry:
            inner = self._new.specs[new.task_specs[undo.reopen].inner]
            before = self._old.specs[old.task_specs[was.undo.reopen].inner]
            found[LEDGER] = self._ledger(before, inner, entry[LEDGER])
        return found


def _undone_alike(old: Undo, new: Undo) -> bool:
    return bool(old.handler) == bool(new.handler) and bool(old.reopen) == bool(new.reopen)


def _waits_alike(old: Any, new: Any) -> bool:
    """Say whether an element waits for the same kind of thing as before."""
    if isinstance(old, OperationTask):
        return isinstance(new, OperationTask) and old.operation == new.operation
    if isinstance(old, Catch):
        return isinstance(new, Catch) and _kinds(old) == _kinds(new)
    return True


def _kinds(spec: Catch) -> list[str]:
    return [part.kind for part in spec.trigger.each]


def _still_waits(token: Token, spec: Any, above: Token | None) -> bool:
    """Say whether an event beside the path is drawn at the same place as before."""
    if type(token.task_spec) is not type(spec) or not _waits_alike(token.task_spec, spec):
        return False
    if isinstance(spec, Boundary):
        return above is not None and spec in above.task_spec.boundaries
    return True
