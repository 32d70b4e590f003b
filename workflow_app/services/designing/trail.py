"""The trail of the studio: who did what to which draft and version; rows are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.models.designing import DesignEvent
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from workflow_app.services.context import Context


def record(
    ctx: Context,
    kind: str,
    *,
    key: str,
    draft_id: int | None = None,
    version_id: int | None = None,
    **data: Any,
) -> None:
    """Add what the actor did to the trail of a process; `data` is JSON."""
    event = DesignEvent(key=key, draft_id=draft_id, version_id=version_id, kind=kind, data=data)
    event.actor, event.at = ctx.actor.username, ctx.now
    ctx.session.add(event)


def draft_events(ctx: Context, draft_id: int) -> Page[DesignEvent]:
    """Return what happened to a draft last, the newest first."""
    query = select(DesignEvent).where(DesignEvent.draft_id == draft_id)
    found = ctx.session.scalars(query.order_by(DesignEvent.id.desc()).limit(PAGE_SIZE))
    return Page(rows=list(found), previous=None, next=None)


def events_of(ctx: Context, key: str, cursor: Cursor | None = None) -> Page[DesignEvent]:
    """Return a page of what happened to a process, the newest first."""
    row = DesignEvent.id
    query = select(DesignEvent).where(DesignEvent.key == key)
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        last = int(cursor.keys[0])
        query = query.where(row > last if backwards else row < last)
    query = query.order_by(row.asc() if backwards else row.desc()).limit(PAGE_SIZE + 1)
    return make_page(list(ctx.session.scalars(query)), cursor, lambda event: (event.id,))
