"""Opening a case for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Select, bindparam, exists, or_, select

from workflow_app.domain.errors import Excluded, NotAllowed, NotFound, Sealed
from workflow_app.domain.ids import is_provisional
from workflow_app.domain.permissions import is_candidate, may_see_case
from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.work import SEALED, WorkItem
from workflow_app.services.candidates import gate_of
from workflow_app.services.case_store import Loaded, load_case
from workflow_app.services.wording import translator

if TYPE_CHECKING:
    from workflow_app.services.context import Context

_items = table_of(WorkItem)
_cases = table_of(Case)
_exclusions = table_of(CaseExclusion)
_case: BindParameter[Any] = bindparam("case_key")
_who: BindParameter[Any] = bindparam("who")
_NUMBERED = PreparedSelect(select(Case.id).where(Case.number == bindparam("number_key")))
_worked = exists().where(
    WorkItem.case_id == _case, or_(WorkItem.assignee == _who, WorkItem.closed_by == _who)
)
_sent = exists().where(Answer.case_id == _case, Answer.actor == _who)
_out = exists().where(CaseExclusion.case_id == _case, CaseExclusion.username == _who)
_sealed = exists().where(WorkItem.case_id == _case, SEALED)
_three: Any = (
    or_(_worked, _sent).label("took_part"),
    _out.label("is_out"),
    _sealed.label("has_seals"),
)
_standing: Select[Any] = select(*_three)
_STANDING = PreparedSelect(_standing)
_EXCLUDED = PreparedSelect(
    select(_exclusions.c.at, _exclusions.c.reason).where(
        _exclusions.c.case_id == _case, _exclusions.c.username == _who
    )
)
_SEALED_ITEMS = PreparedSelect(
    select(
        _items.c.id.label("item_id"),
        _items.c.element,
        _items.c.name.label("item_name"),
        _items.c.role,
        _items.c.assignee,
        _items.c.state.label("item_state"),
        _items.c.opened_at,
        _items.c.claimed_at,
        _items.c.closed_by,
        _items.c.on_behalf_of,
        _items.c.has_candidates,
        _cases.c.id,
        _cases.c.territory_path,
        _cases.c.process_version_id,
    )
    .join_from(_items, _cases, _cases.c.id == _items.c.case_id)
    .where(_items.c.case_id == _case, SEALED)
    .order_by(_items.c.id)
)


def readable_case(ctx: Context, number: str) -> Loaded:
    """Return a case by number.

    Raises NotFound also to those who may not see it, Excluded, Sealed.
    """
    found = _NUMBERED.first(ctx.connection, {"number_key": number})
    if found is None:
        raise NotFound
    loaded = load_case(ctx, found.id)
    require_readable(ctx, found.id, loaded.row.territory_path)
    return loaded


def number_after_step(ctx: Context, case_id: int, before: str) -> str:
    """Return a case's number after a step, which may have given it one; `before` is the old one."""
    if not is_provisional(before):
        return before
    return ctx.session.scalar(select(Case.number).where(Case.id == case_id)) or before


def require_readable(ctx: Context, case_id: int, path: str) -> None:
    """Let only those through who may open the case in the territory at the path.

    Raises NotFound to those who may not know of it, Excluded to who was taken off it, Sealed to who
    has to declare something first.
    """
    if not ctx.actor.is_signed_in:
        # Visitors and key holders of all cases share one username each.
        if not may_see_case(ctx.actor, case_id=case_id, path=path, took_part=False):
            raise NotFound
        return
    keys = {"case_key": case_id, "who": ctx.actor.username}
    standing = _STANDING.first(ctx.connection, keys)
    took_part = bool(standing.took_part)
    if not may_see_case(ctx.actor, case_id=case_id, path=path, took_part=took_part):
        raise NotFound
    if standing.is_out:
        raise _why_out(ctx, keys)
    seal = _seal(ctx, case_id) if standing.has_seals else None
    if seal is not None:
        raise seal


def may_read_case(ctx: Context, case_id: int, path: str) -> bool:
    """Tell whether the actor may open the case in the territory at the path."""
    try:
        require_readable(ctx, case_id, path)
    except (NotFound, NotAllowed):
        return False
    return True


def _why_out(ctx: Context, keys: dict[str, Any]) -> Excluded:
    found = _EXCLUDED.first(ctx.connection, keys)
    told = {"when": found.at, "reason": found.reason}
    return Excluded(**told) if found.reason else Excluded(Excluded.plain, **told)


def _seal(ctx: Context, case_id: int) -> Sealed | None:
    """Return why the case file is still closed to the actor, None where it is open."""
    items = _SEALED_ITEMS.all(ctx.connection, {"case_key": case_id})
    mine = ctx.actor.username
    closed = [item for item in items if item.item_state == WorkState.OPEN]
    held = [item for item in closed if item.assignee == mine]
    declared = any(i.closed_by == mine and i.item_state == WorkState.COMPLETED for i in items)
    offered = (i for i in closed if i.assignee is None and is_candidate(ctx.actor, gate_of(ctx, i)))
    first = held[0] if held else None if declared else next(offered, None)
    if first is None:
        return None
    published = ctx.platform.programs.get(ctx.session, first.process_version_id)
    return Sealed(item=first.item_id, task=translator(ctx, published)(first.item_name))
