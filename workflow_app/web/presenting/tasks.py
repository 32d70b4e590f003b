"""Work items as the lists and the task page show them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import url_for

from workflow_app.adapters.words import Words
from workflow_app.domain.permissions import stands_in
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.queries.case_file import titles
from workflow_app.queries.inbox import InboxRow, Tab
from workflow_app.services.candidates import gate_of
from workflow_app.services.holding import givers_of, handover_of, may_hand_over

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


def role_title(ctx: Context, role: str | None, language: str | None = None) -> str:
    """Return a role's name in a language, otherwise in the reader's."""
    if not role:
        return "–"
    # A session forgets what nobody holds, and a list asks for the same few roles row by row.
    known: dict[str, str] = ctx.session.info.setdefault("role titles", {})
    if role not in known:
        found = ctx.session.get(RoleDefinition, role)
        known[role] = found.title if found else role
    return Words(language or ctx.language).text(known[role])


def inbox_rows(ctx: Context, rows: Iterable[InboxRow], tab: Tab) -> list[dict[str, Any]]:
    """Return the rows of an inbox list."""
    rows = list(rows)
    held = {row.assignee or "" for row in rows} | {row.on_behalf_of or "" for row in rows}
    givers = givers_of(ctx, [row.id for row in rows]) if tab is Tab.MINE else {}
    names = titles(ctx.session, (held | set(givers.values())) - {"", ctx.actor.username})
    return [_row(ctx, row, tab, names, givers) for row in rows]


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


def holding_facts(ctx: Context, row: Any, words: Any) -> dict[str, Any]:
    """Return how an open task came to its holder, as components/holding.html tells it.

    The row has the columns of `case_store.load_by_work_item`.
    """
    handed: Any = handover_of(ctx, row.item_id, row.assignee) if row.assignee else None
    could = None
    if ctx.actor.standing and row.assignee != ctx.actor.username:
        could = stands_in(ctx.actor, gate_of(ctx, row))
    names = {name for name in (row.on_behalf_of, could, handed.giver if handed else None) if name}
    known = {name: words(title) for name, title in titles(ctx.session, names).items()}
    passable = may_hand_over(ctx, row)
    return {
        "in_place_of": known.get(row.on_behalf_of or ""),
        "could_for": known.get(could or ""),
        "hand_over_url": url_for("handing.page", task_id=row.item_id) if passable else None,
        "handed": {"by": known.get(handed.giver), "note": handed.note, "at": handed.at}
        if handed
        else None,
    }


def _row(
    ctx: Context, row: InboxRow, tab: Tab, names: Mapping[str, str], givers: Mapping[int, str]
) -> dict[str, Any]:
    words = Words(ctx.language)
    known = {ctx.actor.username: ctx.actor.title, **names}
    standing = tab is Tab.STANDING
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
        "holder": words.text(known.get(row.assignee, row.assignee)) if row.assignee else None,
        "in_place_of": words.text(known.get(row.on_behalf_of, "")) if row.on_behalf_of else None,
        "from_whom": words.text(known.get(givers[row.id], "")) if row.id in givers else None,
        "claimable": standing or tab is Tab.GROUPS,
        "releasable": tab is Tab.MINE and (row.role is not None or row.on_behalf_of is not None),
    }
