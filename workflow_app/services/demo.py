"""The demonstration's clock: a shift kept in the database, so that server and commands agree."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from workflow_app.adapters.clock import ShiftedClock
from workflow_app.models.catalogue import ClockShift

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflow_app.services.context import Context, Platform


def shift_of(session: Session) -> timedelta:
    """Return how far the stored clock stands from the real one."""
    return timedelta(seconds=session.scalar(select(ClockShift.seconds)) or 0)


def set_shift(ctx: Context, shift: timedelta) -> None:
    """Store how far the clock stands from the real one, and move this process's clock."""
    ctx.session.execute(delete(ClockShift))
    if shift:
        ctx.session.execute(insert(ClockShift).values(id=1, seconds=int(shift.total_seconds())))
    if isinstance(ctx.platform.clock, ShiftedClock):
        ctx.platform.clock.offset = shift


def follow_shift(platform: Platform, session: Session) -> None:
    """Let this process's clock show the stored time; nothing happens outside the demonstration."""
    if isinstance(platform.clock, ShiftedClock):
        platform.clock.offset = shift_of(session)
