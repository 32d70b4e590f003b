"""Why something failed, as stored: a msgid and what fills it, told in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Mapping


def told(why: str, details: Mapping[str, Any]) -> str:
    """Return the sentence; a reason may stand inside another."""
    filled = {name: _inside(value) for name, value in details.items()}
    text = str(_(why))
    return text % filled if filled else text


def told_or(stored: Mapping[str, Any]) -> str | None:
    """Return the sentence of an event or incident; what a person wrote where it has no msgid."""
    if not stored.get("why"):
        reason: str | None = stored.get("reason")
        return reason
    sentence = told(stored["why"], stored.get("details") or {})
    return sentence[:1].upper() + sentence[1:]


def _inside(value: Any) -> Any:
    return told(value["why"], value["details"]) if isinstance(value, dict) else value
