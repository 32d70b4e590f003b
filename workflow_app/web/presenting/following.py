"""Cases that may follow from one, and those that did, as links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from workflow_app.services.follow_ups import follow_ups
from workflow_app.services.forms import translator
from workflow_app.services.links import linked_cases

if TYPE_CHECKING:
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context


def follow_up_rows(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return what the actor may begin out of a case: [{title, url, until, over}]."""
    number = loaded.row.number
    return [
        {
            "title": translator(ctx, found.published)(found.word),
            "url": url_for("start.by_case", number=number, message=found.message),
            "until": found.until,
            "over": found.until is not None and found.until < ctx.now,
        }
        for found in follow_ups(ctx, loaded)
    ]


def linked_rows(ctx: Context, case_id: int, page: str = "public.case") -> list[dict[str, Any]]:
    """Return the cases linked with one: [{number, title, url, is_later}]."""
    return [
        {
            "number": found.number,
            "title": found.title,
            "url": url_for(page, number=found.number),
            "is_later": found.is_later,
        }
        for found in linked_cases(ctx, case_id)
    ]
