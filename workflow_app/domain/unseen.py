"""Characters that nobody sees: those that turn a line round, and control characters."""

from __future__ import annotations

import re

#: Embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX #9); the marks that
#: right-to-left scripts are written with are none of them.
TURNING = "\u202a-\u202e\u2066-\u2069"
_TURNING = re.compile(f"[{TURNING}]")
_UNSEEN = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{TURNING}]")


def straight(text: str) -> str:
    """Return a text without what turns it, and all that follows in the line, round."""
    return _TURNING.sub("", text)


def visible(text: str) -> str:
    """Return a text without characters that nobody sees; line ends and tabs stay."""
    return _UNSEEN.sub("", text)
