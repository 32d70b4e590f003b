"""Telling officers of new entries: at most once an hour, and how many there are by then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.services.collecting.opened import collections, opened_by_id
from workflow_app.services.news import News, tell_roles
from workflow_app.services.outgoing import outbox, outbox_values

if TYPE_CHECKING:
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context

PAUSE = timedelta(hours=1)
NEW = N_("%(title)s, %(case)s: %(num)s new, %(all)s in all.")


def tell_later(ctx: Context, opened: Opened) -> None:
    """Lay the next word to the role that answers, unless one is on its way.

    `told_at` is when it leaves, or when the last one left.
    """
    row = opened.row
    if row.answered_by is None or (row.told_at is not None and row.told_at > ctx.now):
        return
    due = ctx.now if row.told_at is None else max(ctx.now, row.told_at + PAUSE)
    same = collections.c.told_at.is_not_distinct_from(row.told_at)
    mine = update(collections).where(collections.c.id == row.id, same)
    if ctx.connection.execute(mine.values(told_at=due)).rowcount == 0:
        return
    values = outbox_values(OutboxKind.COLLECTION, {"collection": row.id}, ctx.now)
    own = {**values, "not_before": due}
    ctx.session.execute(insert(outbox).values(case_id=row.case_id, **own))


def tell_now(ctx: Context, collection_id: int) -> None:
    """Tell the role what came since the last word; nothing where nothing did. Raises NotFound."""
    row = opened_by_id(ctx, collection_id).row
    new = row.entries - row.told_entries
    if new <= 0:
        return
    told = update(collections).where(collections.c.id == row.id)
    ctx.session.execute(told.values(told_entries=row.entries))
    details = {"title": row.title, "case": row.number, "num": new, "all": row.entries}
    page = f"/cases/{row.number}/collections/{row.key}"
    news = News(kind="collection", why=NEW, details=details, case_id=row.case_id, page=page)
    tell_roles(ctx, row.path, row.answered_by, news)
