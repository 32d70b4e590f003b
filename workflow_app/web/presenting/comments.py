"""Comments of a case as its pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.adapters.words import Words
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.queries.case_file import titles
from workflow_app.services.comments import (
    CHANGEABLE,
    LONGEST,
    ROLE,
    Sees,
    comments_seen,
    may_change,
    own_units,
    people_to_call,
)

if TYPE_CHECKING:
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context

SHOWN = 10


def comment_list(ctx: Context, loaded: Loaded, before: int | None = None) -> dict[str, Any]:
    """Return {rows, earlier}: the comments that the reader may see, newest first."""
    rows, last = comments_seen(ctx, loaded, before, SHOWN)
    names = titles(ctx.session, {row.author for row in rows})
    number = loaded.row.number
    return {
        "rows": [_row(ctx, loaded, row, names) for row in rows],
        "earlier": url_for("comments.page", number=number, before=last) if last else None,
    }


def comment_box(ctx: Context, loaded: Loaded, task_id: int | None = None) -> dict[str, Any]:
    """Return what the form for a new comment shows; with a task it sends that one's form along."""
    words, number = Words(ctx.language), loaded.row.number
    action = (
        url_for("comments.add", number=number)
        if task_id is None
        else url_for("work.comment", task_id=task_id)
    )
    choices = [
        (Sees.OFFICIALS.value, _("Everybody who works on the case")),
        *((unit.value, _("Only: %(unit)s", unit=unit.label)) for unit in own_units(ctx, loaded)),
        (Sees.ALL.value, _("Everybody, the applicant too")),
    ]
    return {
        "action": action,
        "inside": task_id is not None,
        "choices": choices,
        "people": [(name, words.text(title)) for name, title in people_to_call(ctx, loaded)],
        "longest": LONGEST,
        "text": "",
        "to": Sees.OFFICIALS.value,
        "person": "",
        "problem": None,
    }


def comments_of(ctx: Context, loaded: Loaded, task_id: int | None = None) -> dict[str, Any]:
    """Return the comments of a case with the form for another, for the case file."""
    return {"list": comment_list(ctx, loaded), "box": comment_box(ctx, loaded, task_id)}


def public_comments(ctx: Context, loaded: Loaded) -> dict[str, Any]:
    """Return what the holder of a case's key may see of its comments."""
    return comment_list(ctx, loaded) | {"earlier": None}


def _row(ctx: Context, loaded: Loaded, row: Any, names: dict[str, str]) -> dict[str, Any]:
    words, number = Words(ctx.language), loaded.row.number
    mine = row.author == ctx.actor.username and row.deleted_at is None and ctx.actor.is_signed_in
    young = may_change(ctx, row) and ctx.actor.is_signed_in
    here = {"number": number, "comment_id": row.id}
    return {
        "id": row.id,
        "by": words.text(names.get(row.author, row.author)),
        "at": row.at,
        "edited_at": row.edited_at,
        "deleted": row.deleted_at is not None,
        "text": row.text,
        "sees": _sees(ctx, row),
        "until": row.at + CHANGEABLE if young else None,
        "edit_url": url_for("comments.edit", **here) if young else None,
        "delete_url": url_for("comments.delete", **here) if mine else None,
    }


def _sees(ctx: Context, row: Any) -> str:
    if row.sees == Sees.ALL:
        return str(_("Everybody, the applicant too"))
    if row.sees == Sees.OFFICIALS:
        return str(_("Everybody who works on the case"))
    code = str(row.unit).partition(":")[2]
    role = ctx.session.get(RoleDefinition, code) if str(row.unit).startswith(ROLE) else None
    label = Words(ctx.language).text(role.title) if role else code
    return str(_("Only: %(unit)s", unit=label))
