"""Who holds a task: taking, giving back and passing on, for oneself or in somebody's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import DomainError, Invalid, NotAllowed
from workflow_app.domain.permissions import may, stands_in
from workflow_app.domain.states import WorkState
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.desk import Handover
from workflow_app.models.work import WorkItem, WorkItemCandidate
from workflow_app.services.candidates import able, doers_of_twins, gate_of
from workflow_app.services.case_store import Loaded, LostRace, load_by_work_item
from workflow_app.services.chain import Event, append_event
from workflow_app.services.drafts import find_draft, pass_draft, subject_of, user_owner
from workflow_app.services.gates import require_open, require_workable
from workflow_app.services.news import News, tell
from workflow_app.services.offers import offer_again
from workflow_app.services.standing import absent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from workflow_app.domain.permissions import TaskGate
    from workflow_app.services.context import Context

#: The kind of candidate from whom a substitute took a task: it goes back to them.
TAKEN_FROM = "holder"
HANDED = N_("%(who)s handed a task over to you: “%(task)s” in case %(case)s\n\n%(note)s")
_items = table_of(WorkItem)
_candidates = table_of(WorkItemCandidate)
_handovers = table_of(Handover)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody to whom a task may be handed over; `away_until` is their last day away."""

    username: str
    title: str
    away_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one task of several; `why` not is None where it was not done."""

    item_id: int
    name: str
    number: str
    version_id: int
    why: DomainError | None = None


def workable_item(ctx: Context, item_id: int) -> tuple[Loaded, TaskGate]:
    """Return an open item on which the actor may work, and its gate.

    Raises NotFound, AlreadyClaimed, AlreadyCompleted, NoLongerOpen, NotAllowed.
    """
    loaded = load_by_work_item(ctx, item_id)
    require_open(ctx, loaded.row)
    return loaded, require_workable(ctx, loaded.row)


def claim_task(ctx: Context, item_id: int) -> None:
    """Take a task, in the place of somebody who is away where it is theirs.

    Raises AlreadyClaimed, AlreadyCompleted, NotAllowed.
    """
    loaded, gate = workable_item(ctx, item_id)
    row = loaded.row
    if row.assignee == ctx.actor.username:
        return
    whom = stands_in(ctx.actor, gate)
    _append(ctx, row, "claimed", {"on_behalf_of": whom} if whom else None)
    taken = {"assignee": ctx.actor.username, "claimed_at": ctx.now, "on_behalf_of": whom}
    if row.assignee is not None:
        taken["has_candidates"] = True
    _change(ctx, row, taken)
    if row.assignee is not None:
        _remember(ctx, row, gate)
    offer_again(ctx.connection, item_id)


def release_task(ctx: Context, item_id: int) -> None:
    """Give a task back to its group, or to whom a substitute took it from; the draft stays.

    Raises AlreadyClaimed, NotAllowed.
    """
    row = workable_item(ctx, item_id)[0].row
    first = _taken_from(ctx, row) if row.on_behalf_of else None
    if row.assignee != ctx.actor.username or (row.role is None and row.on_behalf_of is None):
        return
    _append(ctx, row, "released", {"on_behalf_of": row.on_behalf_of} if row.on_behalf_of else None)
    give_back(ctx, row, to=first)


def give_back(ctx: Context, row: Any, *, to: str | None = None) -> None:
    """Take an open item from its holder, for its group or for one person. Raises LostRace."""
    held = ctx.now if to else None
    _change(ctx, row, {"assignee": to, "claimed_at": held, "on_behalf_of": None})
    _forget(ctx, row)
    offer_again(ctx.connection, row.item_id)


def receivers(ctx: Context, item_id: int) -> list[Receiver]:
    """Return to whom the actor may hand a task over, those who are away last.

    Raises NotFound, NotAllowed, AlreadyCompleted, NoLongerOpen.
    """
    return _receivers(ctx, _passable(ctx, item_id).row)


def hand_over(ctx: Context, item_id: int, to: str, note: str, *, with_draft: bool = False) -> bool:
    """Pass a task to a colleague who may do it, with a note.

    With `with_draft` what the giver typed goes along, unless the receiver has typed something of
    their own; returns whether it went. Raises Invalid, NotAllowed, LostRace.
    """
    row = _passable(ctx, item_id).row
    if to not in {one.username for one in _receivers(ctx, row)}:
        raise Invalid(N_("This person may not do the task. Choose somebody else."))
    _append(ctx, row, "handed_over", {"from": row.assignee, "to": to, "note": note})
    _change(ctx, row, {"assignee": to, "claimed_at": ctx.now, "on_behalf_of": None})
    _forget(ctx, row)
    ctx.connection.execute(
        insert(_handovers).values(
            work_item_id=item_id, giver=ctx.actor.username, receiver=to, note=note, at=ctx.now
        )
    )
    offer_again(ctx.connection, item_id)
    _tell(ctx, row, to, note)
    giver = user_owner(row.assignee or ctx.actor.username)
    return with_draft and pass_draft(ctx, giver, user_owner(to), subject_of(item_id))


def may_hand_over(ctx: Context, row: Any) -> bool:
    """Tell whether the actor may pass an open item on: its holder, and who supervises the place."""
    mine = row.assignee == ctx.actor.username
    return mine or may(ctx.actor, Permission.SUPERVISE, row.territory_path)


def has_typed(ctx: Context, item_id: int, username: str) -> bool:
    """Tell whether somebody has a draft for a task."""
    return find_draft(ctx, user_owner(username), subject_of(item_id)) is not None


def handover_of(ctx: Context, item_id: int, holder: str) -> Any:
    """Return how a task came to its holder, None where nobody handed it over."""
    last = select(_handovers).where(_handovers.c.work_item_id == item_id)
    row = ctx.connection.execute(last.order_by(_handovers.c.id.desc()).limit(1)).first()
    return row if row is not None and row.receiver == holder else None


def givers_of(ctx: Context, item_ids: Iterable[int]) -> dict[int, str]:
    """Return who handed tasks over to the actor, the last of each."""
    wanted = list(item_ids)
    mine = select(_handovers).where(_handovers.c.work_item_id.in_(wanted))
    rows = ctx.connection.execute(mine.order_by(_handovers.c.id)).all() if wanted else []
    last = {row.work_item_id: row for row in rows}
    me = ctx.actor.username
    return {item: row.giver for item, row in last.items() if row.receiver == me}


def claim_several(ctx: Context, item_ids: Iterable[int]) -> list[Outcome]:
    """Take several tasks, each by itself: one that cannot be taken does not hold up the others."""
    return _each(ctx, item_ids, claim_task)


def release_several(ctx: Context, item_ids: Iterable[int]) -> list[Outcome]:
    """Give several tasks back, each by itself."""
    return _each(ctx, item_ids, release_task)


def _each(
    ctx: Context, item_ids: Iterable[int], act: Callable[[Context, int], None]
) -> list[Outcome]:
    wanted = list(item_ids)
    query = (
        select(_items.c.id, _items.c.name, Case.number, Case.process_version_id)
        .join(Case, Case.id == _items.c.case_id)
        .where(_items.c.id.in_(wanted))
        # Everybody locks cases in one order, so that nobody waits for each other for ever.
        .order_by(Case.id, _items.c.id)
    )
    outcomes = []
    for row in ctx.session.execute(query).all():
        why = _attempt(ctx, row.id, act)
        outcomes.append(
            Outcome(
                item_id=row.id,
                name=row.name,
                number=row.number,
                version_id=row.process_version_id,
                why=why,
            )
        )
    return outcomes


def _attempt(ctx: Context, item_id: int, act: Callable[[Context, int], None]) -> DomainError | None:
    try:
        with ctx.connection.begin_nested():
            act(ctx, item_id)
    except DomainError as why:
        return why
    return None


def _passable(ctx: Context, item_id: int) -> Loaded:
    loaded = load_by_work_item(ctx, item_id)
    require_open(ctx, loaded.row)
    if not may_hand_over(ctx, loaded.row):
        require_workable(ctx, loaded.row)
        raise NotAllowed(N_("Take the task first. Only who holds it can hand it over."))
    return loaded


def _receivers(ctx: Context, row: Any) -> list[Receiver]:
    out = {row.assignee, *doers_of_twins(ctx, row)}
    known = {n: t for n, t in able(ctx, gate_of(ctx, row), row.id).items() if n not in out}
    away = absent(ctx.session, known, ctx.now)
    found = [Receiver(username=n, title=t, away_until=away.get(n)) for n, t in known.items()]
    return sorted(found, key=lambda one: one.away_until is not None)


def _tell(ctx: Context, row: Any, to: str, note: str) -> None:
    details = {"who": ctx.actor.title, "task": row.item_name, "case": row.number, "note": note}
    news = News(
        kind="handed_over",
        why=HANDED,
        details=details,
        case_id=row.id,
        page=f"/tasks/{row.item_id}",
    )
    tell(ctx, [to], news, path=row.territory_path)


def _append(ctx: Context, row: Any, kind: str, data: dict[str, Any] | None) -> None:
    append_event(ctx, row.id, Event(kind, row.element, row.task_id, ctx.now, data))


def _change(ctx: Context, row: Any, values: dict[str, Any]) -> None:
    """Write a new holder, if the item is still open and with the one it was read with."""
    hit = ctx.connection.execute(
        update(_items)
        .where(_items.c.id == row.item_id, _items.c.state == WorkState.OPEN)
        .where(_items.c.assignee.is_not_distinct_from(row.assignee))
        .values(**values)
    )
    if hit.rowcount == 0:
        workable_item(ctx, row.item_id)
        raise LostRace


def _remember(ctx: Context, row: Any, gate: TaskGate) -> None:
    """Note from whom a substitute took a task, who may do it later as they might before."""
    kinds = [TAKEN_FROM] + (["user"] if gate.by_diagram else [])
    rows = [{"work_item_id": row.item_id, "kind": kind, "name": row.assignee} for kind in kinds]
    ctx.connection.execute(insert(_candidates), rows)


def _taken_from(ctx: Context, row: Any) -> str | None:
    query = select(_candidates.c.name).where(
        _candidates.c.work_item_id == row.item_id, _candidates.c.kind == TAKEN_FROM
    )
    return ctx.session.scalar(query)


def _forget(ctx: Context, row: Any) -> None:
    gone = delete(_candidates).where(
        _candidates.c.work_item_id == row.item_id, _candidates.c.kind == TAKEN_FROM
    )
    ctx.connection.execute(gone)
