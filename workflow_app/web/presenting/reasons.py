"""Why something failed, as raised or as stored: told in the reader's language, whole."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from workflow_app.domain.reasons import Reasoned

if TYPE_CHECKING:
    from collections.abc import Mapping

_DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)")


def said(error: Reasoned) -> str:
    """Return an error's sentence; the reasons inside it are told too."""
    return told(*error.told())


def told(why: str, details: Mapping[str, Any]) -> str:
    """Return the sentence of a msgid and what fills it; a reason may stand inside another."""
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
    if isinstance(value, Reasoned):
        return said(value)
    if isinstance(value, dict):
        return told(value["why"], value["details"])
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(date.fromisoformat(value), "d MMMM y")
    return format_datetime(value, "d MMMM y, HH:mm") if isinstance(value, datetime) else value
