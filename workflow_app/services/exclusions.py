"""Keeping people out of a case: from its file, from its open tasks and from those to come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Draft
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.upsert import insert_or
from workflow_app.models.work import WorkItem, WorkItemCandidate
from workflow_app.services.drafts import subject_of, user_owner
from workflow_app.services.offers import offer_again

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context

_cases = table_of(Case)
_drafts = table_of(Draft)
_items = table_of(WorkItem)
_candidates = table_of(WorkItemCandidate)
_exclusions = table_of(CaseExclusion)


def write_exclusions(ctx: Context, case_id: int, named: Mapping[str, str]) -> None:
    """Keep people out of a case: reasons by username. Who is out already stays so."""
    for username, reason in named.items():
        row = {"case_id": case_id, "username": username, "reason": reason}
        row |= {"by": ctx.actor.username, "at": ctx.now}
        kept = insert_or(ctx.session, _exclusions).values(**row)
        ctx.connection.execute(kept.on_conflict_do_nothing())
    flag = update(_cases).where(_cases.c.id == case_id).values(has_exclusions=True)
    ctx.connection.execute(flag)
    items = select(_items).where(_items.c.case_id == case_id, _items.c.state == WorkState.OPEN)
    for item in ctx.connection.execute(items).all():
        for username in named:
            _bar(ctx, item, username)


def _bar(ctx: Context, item: Any, username: str) -> None:
    """Bar a person from an open task; one they hold goes back to its group."""
    connection, mine = ctx.connection, _items.c.id == item.id
    connection.execute(
        insert(_candidates).values(work_item_id=item.id, kind="barred", name=username)
    )
    freed = item.assignee == username and item.role is not None
    connection.execute(
        update(_items)
        .where(mine)
        .values(has_candidates=True, **({"assignee": None, "claimed_at": None} if freed else {}))
    )
    owner = user_owner(username)
    connection.execute(
        delete(_drafts).where(_drafts.c.owner == owner, _drafts.c.subject == subject_of(item.id))
    )
    if freed:
        offer_again(connection, item.id)
