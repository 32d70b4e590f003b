"""Opening a case for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, or_, select

from workflow_app.domain.errors import NotFound
from workflow_app.domain.ids import is_provisional
from workflow_app.domain.permissions import may_see_case
from workflow_app.models.case import Answer, Case
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.work import WorkItem
from workflow_app.services.case_store import Loaded, load_case

if TYPE_CHECKING:
    from workflow_app.services.context import Context

_NUMBERED = PreparedSelect(select(Case.id).where(Case.number == bindparam("number_key")))
_worked = exists().where(
    WorkItem.case_id == bindparam("case_key"),
    or_(WorkItem.assignee == bindparam("who"), WorkItem.closed_by == bindparam("who")),
)
_sent = exists().where(Answer.case_id == bindparam("case_key"), Answer.actor == bindparam("who"))
_TOOK_PART = PreparedSelect(select(or_(_worked, _sent).label("took_part")))


def readable_case(ctx: Context, number: str) -> Loaded:
    """Return a case by number. Raises NotFound also to those who may not see it."""
    found = _NUMBERED.first(ctx.connection, {"number_key": number})
    if found is None:
        raise NotFound
    loaded = load_case(ctx, found.id)
    if not may_read_case(ctx, found.id, loaded.row.territory_path):
        raise NotFound
    return loaded


def number_after_step(ctx: Context, case_id: int, before: str) -> str:
    """Return a case's number after a step, which may have given it one; `before` is the old one."""
    if not is_provisional(before):
        return before
    return ctx.session.scalar(select(Case.number).where(Case.id == case_id)) or before


def may_read_case(ctx: Context, case_id: int, path: str) -> bool:
    """Tell whether the actor may open the case in the territory at the path."""
    return may_see_case(ctx.actor, case_id=case_id, path=path, took_part=_took_part(ctx, case_id))


def _took_part(ctx: Context, case_id: int) -> bool:
    # Visitors and key holders of all cases share one username each.
    if not ctx.actor.is_signed_in:
        return False
    who = ctx.actor.username
    keys = {"case_key": case_id, "who": who}
    return bool(_TOOK_PART.first(ctx.connection, keys).took_part)
