"""Letting through to a work item only those who may hold it, and only while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import AlreadyClaimed, AlreadyCompleted, NoLongerOpen
from workflow_app.domain.permissions import TaskGate, may_claim
from workflow_app.domain.states import WorkState
from workflow_app.models.people import Account
from workflow_app.services.candidates import gate_of
from workflow_app.services.reading import require_readable
from workflow_app.services.refusals import refusal

if TYPE_CHECKING:
    from workflow_app.services.context import Context


def require_open(ctx: Context, row: Any) -> None:
    """Let only open items through.

    Raises AlreadyCompleted or NoLongerOpen, saying who and when, and what `require_readable` raises
    to those who may not know of the case.
    """
    if row.item_state == WorkState.OPEN:
        return
    require_readable(ctx, row.id, row.territory_path)
    if row.item_state == WorkState.COMPLETED:
        raise AlreadyCompleted(who=title_of(ctx, row.closed_by), when=row.closed_at)
    raise NoLongerOpen(when=row.closed_at)


def require_workable(ctx: Context, row: Any) -> TaskGate:
    """Let only those through who may work on the item.

    Raises AlreadyClaimed, NotAllowed with the reason and who can instead, and what
    `require_readable` raises to those who may not know of the case.
    """
    gate = gate_of(ctx, row)
    if may_claim(ctx.actor, gate):
        return gate
    require_readable(ctx, row.id, row.territory_path)
    if row.assignee and row.assignee != ctx.actor.username and not gate.alone:
        raise AlreadyClaimed(who=title_of(ctx, row.assignee), when=row.claimed_at)
    raise refusal(ctx, row, gate)


def title_of(ctx: Context, username: str | None) -> str:
    """Return a person's title for a sentence; the username itself when no account has it."""
    title = ctx.session.scalar(select(Account.title).where(Account.username == username))
    return title or username or "?"
