"""Where a case stands, for whoever follows it from outside: only what the process makes public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.domain.states import CaseState
from workflow_app.queries import case_file
from workflow_app.services.forms import translator

if TYPE_CHECKING:
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context


def outlook(ctx: Context, loaded: Loaded) -> dict[str, Any]:
    """Return what follows, by when, and whom to ask: {text, until, contact}, each maybe None."""
    words, manifest = translator(ctx, loaded.published), loaded.published.manifest
    text = manifest.next.get(loaded.row.status)
    stands = case_file.is_paused(ctx.session, loaded.row.id)
    running = loaded.row.phase != CaseState.FINISHED and not stands
    return {
        "text": words(text) if text else None,
        "until": loaded.row.term_due if running else None,
        "contact": words(manifest.contact) if manifest.contact else None,
    }


def stages(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the public stages with what is done, what goes on and what comes.

    `[public]` of process.toml maps each status to the sentence that people outside read.
    """
    words = translator(ctx, loaded.published)
    told: dict[str, str] = loaded.published.manifest.public
    shown: list[dict[str, Any]] = [
        {"name": words(told[status]), "state": "done", "at": at, "note": None}
        for status, at in case_file.statuses(ctx.session, loaded.row.id)
        if status in told
    ]
    if shown and loaded.row.phase != CaseState.FINISHED:
        waits = case_file.is_paused(ctx.session, loaded.row.id)
        shown[-1]["state"] = "waiting" if waits else "current"
        if waits:
            shown[-1]["note"] = _("The clock stands until you answer.")
    return shown
