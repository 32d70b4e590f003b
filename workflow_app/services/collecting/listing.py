"""Which collections are open to everybody now, by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.services.collecting.opened import NONE, collections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.services.context import Context

_cases = table_of(Case)
MOST = 100


def open_public(ctx: Context, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Return what anybody may answer now in cases of these territories, the next to close first.

    {title (a msgid), page (a path), closes (a moment or None), territory (its code), case (its
    number), version (the id of the process version that has the title's words)}. Collections with
    seats, and those of which nothing is shown, are reached by those who were told of them.
    """
    still = or_(collections.c.closes_at.is_(None), collections.c.closes_at > ctx.now)
    query = (
        select(collections, _cases.c.number, _cases.c.territory_code)
        .join_from(collections, _cases, _cases.c.id == collections.c.case_id)
        .where(_cases.c.territory_code.in_(codes), collections.c.closed_at.is_(None), still)
        .where(collections.c.seats == 0, collections.c.show != NONE)
        .order_by(collections.c.closes_at.is_(None), collections.c.closes_at, collections.c.id)
        .limit(MOST)
    )
    return [
        {
            "title": row.title,
            "page": f"/collect/{row.number}/{row.key}",
            "closes": row.closes_at,
            "territory": row.territory_code,
            "case": row.number,
            "version": row.process_version_id,
        }
        for row in ctx.session.execute(query)
    ]
