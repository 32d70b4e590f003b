"""The trail of the studio in words: who did what to a draft or version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.config import LANGUAGES
from workflow_app.domain.text import N_
from workflow_app.queries.case_file import titles
from workflow_app.web.presenting.reasons import told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.models.designing import DesignEvent
    from workflow_app.services.context import Context

_SENTENCES = {
    "opened": N_("The draft was opened"),
    "begun": N_("The process was begun"),
    "taken_over": N_("The draft was taken over"),
    "discarded": N_("The draft was discarded"),
    "imported": N_("A file was imported"),
    "kept": N_("A scenario was kept"),
    "step_taken_in": N_("A step was taken into scenarios"),
    "step_taken_out": N_("A step was taken out of scenarios again"),
    "words": N_("Words were translated: %(language)s, %(count)s"),
    "submitted": N_("Sent for approval"),
    "approved": N_("Approved"),
    "sent_back": N_("Sent back"),
    "planned": N_("Planned to be published"),
    "plan_dropped": N_("Not to be published by itself any more"),
    "came_back": N_("Could not be published as planned"),
    "published": N_("Published as version %(number)s"),
    "register": N_("Version %(number)s, published with “%(title)s”"),
    "caller": N_("Renewed with a part that it uses"),
    "rolled_back": N_("Rolled back: version %(number)s as it was before"),
    "retired": N_("Version %(number)s was retired"),
    "taken_up": N_("Version %(number)s is in use again"),
    "cases_looked_at": N_("Running cases were looked at"),
    "cases_mapped": N_("Steps of running cases were assigned"),
    "cases_ordered": N_("Running cases are moved: %(count)s"),
    "cases_stopped": N_("Running cases are moved no further"),
    "case_taken_back": N_("A case was taken back to its earlier version"),
}
_TROUBLE = frozenset({"came_back", "sent_back"})


def trail_rows(ctx: Context, events: Iterable[DesignEvent]) -> list[dict[str, Any]]:
    """Return events as components/timeline.html shows them."""
    found = list(events)
    names = titles(ctx.session, {one.actor for one in found})
    return [
        {
            "title": _title(one),
            "at": one.at,
            "by": _(names.get(one.actor, one.actor)),
            "text": _text(one.data),
            "state": "stuck" if one.kind in _TROUBLE else "done",
            **_link(one),
        }
        for one in found
    ]


def _title(event: DesignEvent) -> str:
    sentence = _SENTENCES.get(event.kind)
    if sentence is None:
        return event.kind.replace("_", " ").capitalize()
    data = {"number": event.data.get("to" if event.kind == "rolled_back" else "number", "")}
    data |= {name: event.data.get(name, "") for name in ("count", "title")}
    data["language"] = LANGUAGES.get(event.data.get("language", ""), "")
    return str(_(sentence, **data))


def _text(data: dict[str, Any]) -> str | None:
    """Return what somebody wrote, or why something failed."""
    reason = data.get("reason")
    if isinstance(reason, dict):
        return told(reason["why"], reason["details"])
    if data.get("why"):
        return told(data["why"], data.get("details") or {})
    waived = "; ".join(str(one["reason"]) for one in data.get("exceptions", ()))
    accepted = data.get("accepted")
    errors = told(accepted["why"], accepted["details"]) if accepted else None
    parts = (data.get("note"), reason, waived, errors, data.get("path"))
    said = [str(one) for one in parts if one]
    return " · ".join(said) or None


def _link(event: DesignEvent) -> dict[str, str]:
    order = event.data.get("order")
    if order is None:
        return {}
    return {"url": url_for("studio_moving.show", order_id=order), "link": _("See the cases")}
