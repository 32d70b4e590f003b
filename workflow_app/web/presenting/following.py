"""Cases that may follow from one, and those that did, as links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from workflow_app.services.follow_ups import follow_ups
from workflow_app.services.forms import translator
from workflow_app.services.links import linked_cases
from workflow_app.services.reading import may_read_case

if TYPE_CHECKING:
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.links import LinkedCase


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


def linked_rows(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the linked cases of the same key holder: [{number, title, url, is_later}]."""
    holder = loaded.facts.key_holder_email
    found = linked_cases(ctx, loaded.row.id) if holder else []
    return [_row(one, "public.case") for one in found if one.holder == holder]


def office_links(ctx: Context, case_id: int) -> list[dict[str, Any]]:
    """Return the linked cases that the reader may open: [{number, title, url, is_later}]."""
    found = linked_cases(ctx, case_id)
    return [_row(one, "cases.show") for one in found if may_read_case(ctx, one.id, one.path)]


def _row(found: LinkedCase, page: str) -> dict[str, Any]:
    return {
        "number": found.number,
        "title": found.title,
        "url": url_for(page, number=found.number),
        "is_later": found.is_later,
    }
