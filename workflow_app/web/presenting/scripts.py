"""Scenario files as their editing pages show them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.domain.errors import DomainError
from workflow_app.models.people import Account
from workflow_app.services.designing.keeping import free_path, require_title
from workflow_app.services.designing.scripts import KINDS, OTHER, Sheet, new_scenario
from workflow_app.services.designing.sources import published_of

if TYPE_CHECKING:
    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context

    Row = dict[str, Any]

MOST_PEOPLE = 200


def sheet_page(draft: DesignDraft, name: str, sheet: Sheet, wrong: DomainError | None) -> Row:
    """Return a scenario as a table, with the field that is meant by what is wrong with it."""
    kinds = {
        "task": _("does the task"),
        "message": _("sends the message"),
        "advance_to": _("the clock moves to"),
        "advance": _("the clock moves by"),
        "send": _("another system sends"),
        OTHER: _("as the text says"),
    }
    part = str(getattr(wrong, "part", "") or "")
    return {
        "sheet": sheet,
        "steps": [{"number": n, **asdict(row)} for n, row in enumerate(sheet.steps)],
        "kinds": [{"value": one, "label": kinds[one]} for one in (*KINDS, OTHER)],
        "part": _field_of(part),
        "file": f"processes/{draft.key}/scenarios/{name}",
    }


def hints(ctx: Context, draft: DesignDraft) -> dict[str, list[str]]:
    """Return what the fields of a table may name: steps, messages, starts and people."""
    people = select(Account.username).order_by(Account.username).limit(MOST_PEOPLE)
    found = {"people": ["public", *ctx.session.scalars(people)]}
    try:
        published = published_of(ctx, draft.id)
    except DomainError:
        return {**found, "steps": [], "starts": []}
    program = published.program
    holder = published.manifest.key_holder_role
    messages = {m for start in program.starts.values() if (m := start.message)}
    return {
        "people": [*found["people"], *([holder] if holder else [])],
        "steps": sorted({one.rpartition("/")[2] for one in program.tasks} | messages),
        "starts": sorted(program.starts),
    }


def _first_start(ctx: Context, draft: DesignDraft) -> str:
    with suppress(DomainError):
        starts = published_of(ctx, draft.id).program.starts
        return next((one.element for one in starts.values() if one.form), "")
    return ""


def new_path(ctx: Context, draft: DesignDraft, title: str) -> tuple[str, str]:
    """Return path and text of a new scenario. Raises Invalid without a title."""
    require_title(title)
    element = _first_start(ctx, draft)
    clock = ctx.now.replace(microsecond=0).isoformat()
    return free_path(ctx, draft.id, draft.key, title), new_scenario(title, clock, element)


def _field_of(part: str) -> str:
    """Return the id of the field that a fault is about, as in `answers-3`; empty for none."""
    number, _dot, name = part.partition(".")
    if number.isdecimal():
        return f"{name}-{number}"
    if number == "steps":
        place, _dot, rest = name.partition(".")
        return f"{rest.partition('.')[0] or 'name'}-{place}"
    return number
