"""Incidents for people: what could not run, why in the reader's language, what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.permissions import may
from workflow_app.domain.states import CaseState
from workflow_app.queries.incidents import open_incidents
from workflow_app.services.forms import translator
from workflow_app.web.presenting.cases import element_names, words_of
from workflow_app.web.presenting.reasons import told_or

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.engine.mending import DataScope, Stand
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published


def case_rows(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the open incidents of a case, the newest first."""
    return [case_row(ctx, loaded, one) for one in open_incidents(ctx.session, loaded.row.id)]


def case_row(ctx: Context, loaded: Loaded, incident: Any) -> dict[str, Any]:
    """Return one incident of a case: step, reason, since when, how often, where to try again."""
    number = loaded.row.number
    allowed = may(ctx.actor, Permission.SUPERVISE, loaded.row.territory_path)
    retry_url = url_for("mending.retry", number=number, incident_id=incident.id)
    return {
        "id": incident.id,
        **_shown(ctx, loaded.published, incident),
        "retry_url": retry_url if allowed else None,
    }


def _shown(ctx: Context, published: Published, incident: Any) -> dict[str, Any]:
    words, names = translator(ctx, published), element_names(published)
    step = words(names.get(incident.element, "")) or incident.element.rpartition("/")[2]
    stored = {"reason": incident.reason, "why": incident.why, "details": incident.details}
    return {
        "step": step or _("Sending"),
        "reason": told_or(stored),
        "at": incident.at,
        "tries": incident.tries,
    }


def worklist_row(ctx: Context, row: Any) -> dict[str, Any]:
    """Return one incident of the list of all."""
    published = ctx.platform.programs.get(ctx.session, row.process_version_id)
    return {
        **_shown(ctx, published, row),
        "number": row.number,
        "title": row.title,
        "url": url_for("cases.show", number=row.number),
        "retry_url": url_for("mending.retry", number=row.number, incident_id=row.id),
    }


def steering(ctx: Context, loaded: Loaded) -> list[dict[str, str]]:
    """Return what a supervisor may do to a case that goes on: label and address of each page."""
    allowed = may(ctx.actor, Permission.SUPERVISE, loaded.row.territory_path)
    if not allowed or loaded.row.phase == CaseState.FINISHED:
        return []
    number = loaded.row.number
    return [
        {"label": _("Correct the data"), "url": url_for("mending.data", number=number)},
        {"label": _("Move to another step"), "url": url_for("mending.move", number=number)},
        {"label": _("Cancel the case"), "url": url_for("mending.cancel", number=number)},
    ]


def place(ctx: Context, loaded: Loaded, scope: DataScope) -> dict[str, str]:
    """Return a part of the case that holds data: its id and how it is called."""
    if not scope.element:
        return {"id": scope.id, "name": _("The case")}
    return {"id": scope.id, "name": _name(ctx, loaded, scope.process, scope.element)}


def ways(ctx: Context, loaded: Loaded, stands: Iterable[Stand]) -> list[tuple[str, str]]:
    """Return (task id and target, sentence) for every way that a case can be moved."""
    found = []
    for stand in stands:
        here = _name(ctx, loaded, stand.process, stand.element)
        for target in stand.targets:
            there = _name(ctx, loaded, stand.process, target)
            way = _("from “%(here)s” to “%(there)s”", here=here, there=there)
            found.append((f"{stand.task_id} {target}", way))
    return found


def _name(ctx: Context, loaded: Loaded, process: str, element: str) -> str:
    names = element_names(loaded.published)
    return words_of(ctx, loaded)(names.get(f"{process}/{element}", "")) or element
