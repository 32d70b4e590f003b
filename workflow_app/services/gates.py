"""Who may hold a work item: the row, its candidates and the rules of domain/permissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from workflow_app.domain.errors import (
    AlreadyClaimed,
    AlreadyCompleted,
    NoLongerOpen,
    NotAllowed,
    NotFound,
)
from workflow_app.domain.permissions import TaskGate, may_claim
from workflow_app.domain.states import WorkState
from workflow_app.models.people import Account
from workflow_app.models.work import WorkItemCandidate
from workflow_app.services.reading import may_read_case

if TYPE_CHECKING:
    from workflow_app.services.context import Context


def gate_of(ctx: Context, row: Row[Any]) -> TaskGate:
    """Return what the diagram says of who may hold the item that the row read."""
    named: dict[str, list[str]] = {"group": [], "user": [], "barred": []}
    if row.has_candidates:
        found = ctx.session.execute(
            select(WorkItemCandidate.kind, WorkItemCandidate.name).where(
                WorkItemCandidate.work_item_id == row.item_id
            )
        )
        for kind, name in found:
            named[kind].append(name)
    groups = ([row.role] if row.role else []) + named["group"]
    return TaskGate(
        path=row.territory_path,
        groups=tuple(groups),
        users=tuple(named["user"]),
        assignee=row.assignee,
        by_diagram=row.claimed_at == row.opened_at,
        barred=tuple(named["barred"]),
    )


def require_open(ctx: Context, row: Row[Any]) -> None:
    """Let only open items through.

    Raises AlreadyCompleted or NoLongerOpen, saying who and when, and NotFound to those who may not
    know of the case.
    """
    if row.item_state == WorkState.OPEN:
        return
    _hide(ctx, row)
    if row.item_state == WorkState.COMPLETED:
        raise AlreadyCompleted(who=title_of(ctx, row.closed_by), when=row.closed_at)
    raise NoLongerOpen(when=row.closed_at)


def require_workable(ctx: Context, row: Row[Any]) -> TaskGate:
    """Let only those through who may work on the item.

    Raises AlreadyClaimed or NotAllowed, and NotFound to those who may not know of the case.
    """
    gate = gate_of(ctx, row)
    if may_claim(ctx.actor, gate):
        return gate
    _hide(ctx, row)
    if row.assignee and row.assignee != ctx.actor.username:
        raise AlreadyClaimed(who=title_of(ctx, row.assignee), when=row.claimed_at)
    raise NotAllowed


def title_of(ctx: Context, username: str | None) -> str:
    """Return a person's title for a sentence; the username itself when no account has it."""
    title = ctx.session.scalar(select(Account.title).where(Account.username == username))
    return title or username or "?"


def _hide(ctx: Context, row: Row[Any]) -> None:
    if not may_read_case(ctx, row.id, row.territory_path):
        raise NotFound
