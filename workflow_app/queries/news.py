"""What somebody was told, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.models.notices import News

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 50


def newest(session: Session, account: int) -> list[News]:
    """Return the newest news of an account."""
    query = select(News).where(News.account_id == account)
    return list(session.scalars(query.order_by(News.id.desc()).limit(SHOWN)))
