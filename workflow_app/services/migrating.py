"""Moving running cases to another version of their process, looking first, and back again.

Each case is one step in one transaction: tasks, drafts, claims and due times stay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select, update

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, DomainError, NotAllowed, NotFound
from workflow_app.domain.permissions import may
from workflow_app.domain.states import CaseState, WorkState
from workflow_app.domain.text import N_
from workflow_app.engine import Env, Step, StepFailed
from workflow_app.engine.migration import CannotMigrate, Moved, Obstacle, migrate, restore
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, CaseMigration
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.work import WorkItem
from workflow_app.services.case_store import Loaded, load_case, open_scope
from workflow_app.services.chain import Event
from workflow_app.services.offers import offer_again
from workflow_app.services.steps import environment, step_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.engine import OpenTask
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published
    from workflow_app.services.scope import StepScope

BATCH = 100
NOT_THERE = N_("The case is not on this version.")
OTHER_PROCESS = N_("“%(old)s” and “%(new)s” are versions of different processes.")
MOVED_ON = N_("The case has moved on since; it cannot go back to the other version.")
NEVER_MOVED = N_("The case was not moved to another version, or is back already.")
_cases = table_of(Case)
_items = table_of(WorkItem)
_moves = table_of(CaseMigration)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which cases go where: version ids, old element id → new one, and why."""

    old: int
    new: int
    mapping: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What becomes of one case: “moves”, “mapping” (which elements need one) or “cannot”."""

    case_id: int
    number: str
    verdict: str
    obstacles: tuple[Obstacle, ...] = ()
    failure: DomainError | None = None

    def reasons(self) -> list[str]:
        """Return why not, in English."""
        failure = [str(self.failure)] if self.failure is not None else []
        return [one.text() for one in self.obstacles] + failure


def version_named(ctx: Context, name: str) -> int:
    """Return the id of the version written `<process key>/<number>`. Raises NotFound."""
    key, _slash, number = name.partition("/")
    if not number.isdecimal() or len(number) > 9:
        raise NotFound
    query = select(ProcessVersion.id).where(ProcessVersion.key == key)
    found = ctx.session.scalar(query.where(ProcessVersion.number == int(number)))
    if found is None:
        raise NotFound
    return found


def cases_of(ctx: Context, version_id: int) -> Iterator[int]:
    """Yield the running cases of a version, a batch at a time."""
    last = 0
    while True:
        query = select(_cases.c.id).where(
            _cases.c.process_version_id == version_id,
            _cases.c.phase != CaseState.FINISHED,
            _cases.c.id > last,
        )
        found = ctx.session.scalars(query.order_by(_cases.c.id).limit(BATCH)).all()
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1]


def look(ctx: Context, case_id: int, order: Order) -> Outlook:
    """Say what would become of one case; nothing is written. Raises NotFound, NotAllowed."""
    loaded, new = _supervised(ctx, case_id), _target(ctx, order)
    try:
        _migrated(loaded, new, order, environment(_scope(ctx, loaded, new)))
    except CannotMigrate as no:
        return _outlook(loaded, no.plan.verdict, obstacles=no.plan.obstacles)
    except (StepFailed, Conflict) as failure:
        return _outlook(loaded, "cannot", failure=failure)
    return _outlook(loaded, "moves")


def _outlook(loaded: Loaded, verdict: str, **told: Any) -> Outlook:
    return Outlook(case_id=loaded.row.id, number=loaded.row.number, verdict=verdict, **told)


def move_case(ctx: Context, case_id: int, order: Order) -> None:
    """Move one case: one step, one transaction.

    Raises NotFound, NotAllowed, CannotMigrate, Conflict when the case is not on the old version or
    over, StepFailed.
    """
    new = _target(ctx, order)
    told = {
        "reason": order.reason,
        "from": _spelt(ctx, order.old),
        "to": _spelt(ctx, order.new),
        "mapping": dict(order.mapping),
    }
    step = _Change(ctx, case_id, new, Event("migrated", "", None, ctx.now, told))

    def act(loaded: Loaded, env: Env) -> Moved:
        moved = _migrated(loaded, new, order, env)
        step.scope.insert(
            _moves,
            from_version_id=order.old,
            to_version_id=order.new,
            mapping=dict(order.mapping),
            reason=order.reason,
            state_before=loaded.state,
            state_after=_digest(moved.step.state),
            actor=ctx.actor.username,
            at=ctx.now,
        )
        return moved

    step.run(act)


def move_back(ctx: Context, case_id: int, reason: str) -> None:
    """Take one case back to the version it came from, as it was then.

    Raises NotFound, NotAllowed, Conflict when it has moved on since or never moved.
    """
    last = _last_move(ctx, case_id)
    old = ctx.platform.programs.get(ctx.session, last.from_version_id)
    told = {"reason": reason, "to": _spelt(ctx, last.from_version_id)}
    step = _Change(ctx, case_id, old, Event("migration_undone", "", None, ctx.now, told))

    def act(loaded: Loaded, env: Env) -> Moved:
        here = loaded.row.process_version_id == last.to_version_id
        if not here or _digest(loaded.row.state) != last.state_after:
            raise Conflict(MOVED_ON)
        undone = update(_moves).where(_moves.c.id == last.id, _moves.c.undone_at.is_(None))
        undone = undone.values(undone_at=ctx.now, undone_by=ctx.actor.username)
        step.scope.guards.append(undone)
        return restore(old.program, bytes(last.state_before), env)

    step.run(act)


class _Change:
    """One case's change to another version, as a step of the case."""

    def __init__(self, ctx: Context, case_id: int, target: Published, event: Event) -> None:
        self._ctx, self._case_id, self._target, self._event = ctx, case_id, target, event
        self._kept: tuple[OpenTask, ...] = ()
        self.scope: StepScope

    def run(self, act: Callable[[Loaded, Env], Moved]) -> None:
        """Do it, then bring the rows of the tasks that stay open into line."""

        def stepped(loaded: Loaded, env: Env) -> Step:
            moved = act(loaded, env)
            self._kept = moved.kept
            return moved.step

        step_case(
            self._ctx,
            lambda: _supervised(self._ctx, self._case_id),
            stepped,
            events=(self._event,),
            scope_of=self._open,
        )
        for task in self._kept:
            self._follow(task)

    def _open(self, ctx: Context, loaded: Loaded) -> StepScope:
        self.scope = _scope(ctx, loaded, self._target)
        return self.scope

    def _follow(self, task: OpenTask) -> None:
        connection = self._ctx.connection
        info = self._target.task_info(f"{task.process}/{task.element}")
        values = {
            "element": f"{task.process}/{task.element}",
            "name": task.name,
            "form": task.form or "",
            "role": task.groups[0] if task.groups else None,
            "sealed": info is not None and info.properties.get("seal") == "true",
        }
        mine = (_items.c.case_id == self._case_id, _items.c.task_id == task.task_id)
        connection.execute(
            update(_items).where(*mine, _items.c.state == WorkState.OPEN).values(**values)
        )
        offer_again(connection, connection.execute(select(_items.c.id).where(*mine)).scalar_one())


def _scope(ctx: Context, loaded: Loaded, target: Published) -> StepScope:
    """Return surroundings in which the case already belongs to the other version."""
    scope = replace(open_scope(ctx, loaded), published=target, afresh=True)
    scope.update_case(process_version_id=target.version_id)
    return scope


def _migrated(loaded: Loaded, new: Published, order: Order, env: Env) -> Moved:
    if loaded.row.process_version_id != order.old:
        raise Conflict(NOT_THERE)
    return migrate(loaded.published.program, new.program, loaded.state, order.mapping, env)


def _target(ctx: Context, order: Order) -> Published:
    old, new = (ctx.platform.programs.get(ctx.session, one) for one in (order.old, order.new))
    if old.key != new.key:
        raise Conflict(OTHER_PROCESS, old=old.key, new=new.key)
    return new


def _supervised(ctx: Context, case_id: int) -> Loaded:
    loaded = load_case(ctx, case_id)
    if ctx.actor.is_system or may(ctx.actor, Permission.SUPERVISE, loaded.row.territory_path):
        return loaded
    raise NotAllowed


def _last_move(ctx: Context, case_id: int) -> Row[Any]:
    query = select(_moves).where(_moves.c.case_id == case_id, _moves.c.undone_at.is_(None))
    last = ctx.session.execute(query.order_by(_moves.c.id.desc()).limit(1)).first()
    if last is None:
        raise Conflict(NEVER_MOVED)
    return last


def _spelt(ctx: Context, version_id: int) -> str:
    version = ctx.session.get_one(ProcessVersion, version_id)
    return f"{version.key}/{version.number}"


def _digest(state: bytes | None) -> str:
    return hashlib.sha256(state or b"").hexdigest()
