"""The notices of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflow_app.domain.states import NoticeState
from workflow_app.models.notices import Notice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 100


def of_case(session: Session, case_id: int) -> list[Notice]:
    """Return a case's newest notices, the newest first."""
    query = select(Notice).where(Notice.case_id == case_id)
    return list(session.scalars(query.order_by(Notice.created_at.desc(), Notice.id).limit(SHOWN)))


def states(session: Session, case_id: int) -> dict[str, int]:
    """Return how many notices of a case are in each state."""
    query = select(Notice.state, func.count()).where(Notice.case_id == case_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(Notice.state))}


def unopened(session: Session, case_id: int) -> list[Notice]:
    """Return the notices that the party of a case has not received yet, the oldest first."""
    waiting = (Notice.case_id == case_id, Notice.state != NoticeState.SERVED)
    return list(session.scalars(select(Notice).where(*waiting).order_by(Notice.created_at)))
