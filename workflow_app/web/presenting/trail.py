"""Who did something in a case's history: in whose place, and to whom a task was passed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.web.presenting.reasons import told_or

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Where an event's data names people.
NAMED = ("on_behalf_of", "from", "to", "user")


def people_in(row: Any) -> set[str]:
    """Return the usernames in an event."""
    named = {row.data.get(name) for name in NAMED} if row.data else set()
    return {row.actor} | {name for name in named if isinstance(name, str)}


def in_place_of(row: Any, doer: str, names: Mapping[str, str], words: Callable[[str], str]) -> str:
    """Return who did it; both names where it was done in somebody's place."""
    whom = row.data.get("on_behalf_of")
    if not isinstance(whom, str):
        return doer
    return str(_("%(who)s in place of %(whom)s", who=doer, whom=words(names.get(whom, whom))))


def said_of(row: Any, names: Mapping[str, str], words: Callable[[str], str]) -> str | None:
    """Return what an event says besides its title."""
    if row.kind == "excluded":
        return words(str(row.data.get("reason", "")))
    if row.kind != "handed_over":
        return told_or(row.data)
    to, note = str(row.data.get("to", "")), row.data.get("note", "")
    return str(_("To %(name)s: %(note)s", name=words(names.get(to, to)) or "–", note=note))
