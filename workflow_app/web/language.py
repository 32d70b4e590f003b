"""Which language a reader gets: the address's, chosen, theirs, the browser's, ours; which zone."""

from __future__ import annotations

from flask import current_app, has_request_context, request, session
from flask_login import current_user

from workflow_app.config import LANGUAGES

CHOSEN = "language"
ASKED = "lang"
ZONE = "Asia/Yerevan"


def choose_language() -> str:
    """Return the reader's language code, one of LANGUAGES: first what this address asks for."""
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    if not has_request_context():
        return default
    if request.args.get(ASKED) in LANGUAGES:
        return str(request.args[ASKED])
    chosen = session.get(CHOSEN)
    if chosen in LANGUAGES:
        return str(chosen)
    own = getattr(current_user, "language", None) if current_user else None
    if own in LANGUAGES:
        return str(own)
    return request.accept_languages.best_match(list(LANGUAGES), default=default) or default


def language() -> str:
    """Return the reader's language code for this request."""
    return choose_language()


def switch_language(code: str) -> None:
    """Remember the language that the reader chose; an unknown code changes nothing."""
    if code in LANGUAGES:
        session[CHOSEN] = code


def choose_timezone() -> str:
    """Return the zone in which times are written."""
    return ZONE
