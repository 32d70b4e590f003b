"""Every setting with where it holds, for a page that anybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.models.catalogue import Setting
from workflow_app.models.people import Territory

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.orm import Session


def all_settings(session: Session) -> list[Row[Any]]:
    """Return (setting, name of its territory or None) by key, wider territories first."""
    query = select(Setting, Territory.name.label("place")).outerjoin(
        Territory, Territory.code == Setting.territory_code
    )
    return list(session.execute(query.order_by(Setting.key, Setting.territory_code)))
