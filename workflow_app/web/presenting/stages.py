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


def stages(ctx: Context, loaded: Loaded) -> list[dict[str, Any]]:
    """Return the public stages with what is done, what goes on and what comes.

    `[public.stages]` of process.toml maps an element to the stage that begins when it is entered.
    """
    words = translator(ctx, loaded.published)
    named: dict[str, str] = loaded.published.manifest.stages
    seen = case_file.first_entered(ctx.session, loaded.row.id)
    key = loaded.published.key
    reached = [
        (stage, seen[place])
        for element, stage in named.items()
        if (place := element if "/" in element else f"{key}/{element}") in seen
    ]
    reached.sort(key=lambda pair: pair[1])
    over = loaded.row.phase == CaseState.FINISHED
    shown = [{"name": words(name), "state": "done", "at": at, "note": None} for name, at in reached]
    if shown and not over:
        shown[-1]["state"] = "current"
        shown[-1]["note"] = words(loaded.published.status_word(loaded.row.status))
    if over:
        shown.append(_end(loaded, words(loaded.published.status_word(loaded.row.status))))
    return shown


def _end(loaded: Loaded, status: str) -> dict[str, Any]:
    return {
        "name": _("Closed: %(status)s", status=status),
        "state": "done",
        "at": loaded.row.finished_at,
        "note": None,
    }
