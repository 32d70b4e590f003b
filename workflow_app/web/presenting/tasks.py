"""Work items as the lists and the task page show them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import url_for

from workflow_app.adapters.words import Words
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.queries.case_file import titles
from workflow_app.queries.inbox import InboxRow, Tab

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.services.context import Context

SOON = timedelta(days=2)


def task_state(due_at: datetime | None, now: datetime) -> str:
    """Return "overdue", "soon" or "current"."""
    if due_at is None:
        return "current"
    if due_at < now:
        return "overdue"
    return "soon" if due_at - now < SOON else "current"


def role_title(ctx: Context, role: str | None) -> str:
    """Return a role's name in the reader's language."""
    found = ctx.session.get(RoleDefinition, role) if role else None
    return Words(ctx.language).text(found.title) if found else role or "–"


def inbox_rows(ctx: Context, rows: Iterable[InboxRow], tab: Tab) -> list[dict[str, Any]]:
    """Return the rows of an inbox list."""
    return [_row(ctx, row, tab) for row in rows]


def case_rows(
    ctx: Context, items: Iterable[Any], case: Mapping[str, Any], words: Any
) -> list[dict[str, Any]]:
    """Return the open items of one case as rows."""
    items = list(items)
    names = titles(ctx.session, {item.assignee for item in items if item.assignee})
    return [
        {
            "id": item.id,
            "url": url_for("work.task", task_id=item.id),
            "title": words(item.name),
            "case_number": case["number"],
            "case_title": case["title"],
            "place": case["place"],
            "group": role_title(ctx, item.role),
            "state": task_state(item.due_at, ctx.now),
            "due_at": item.due_at,
            "done_at": None,
            "holder": words(names[item.assignee]) if item.assignee in names else item.assignee,
            "claimable": False,
            "releasable": False,
        }
        for item in items
    ]


def _row(ctx: Context, row: InboxRow, tab: Tab) -> dict[str, Any]:
    words = Words(ctx.language)
    return {
        "id": row.id,
        "url": url_for("work.task", task_id=row.id)
        if tab is not Tab.DONE
        else url_for("cases.show", number=row.case_number),
        "title": words.text(row.name),
        "case_number": row.case_number,
        "case_title": row.case_title,
        "place": words.text(row.place) if row.place else None,
        "group": role_title(ctx, row.role),
        "state": "done" if tab is Tab.DONE else task_state(row.due_at, ctx.now),
        "due_at": row.due_at,
        "done_at": row.closed_at,
        "holder": words.text(ctx.actor.title) if row.assignee == ctx.actor.username else None,
        "claimable": tab is Tab.GROUPS,
        "releasable": tab is Tab.MINE and row.role is not None,
    }
