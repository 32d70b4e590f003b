"""Correlation keys as text, so that cases agree whatever type a key has."""

from __future__ import annotations

import hashlib
import json
from typing import Any

#: A signal: for everybody who waits for it.
BROADCAST = "*"
#: A key that is drawn and gives nothing yet: no message can fit.
UNKNOWN = "?"
LONGEST = 300


def key_text(key: Any) -> str:
    """Return a correlation key (JSON) as at most 300 characters; no key is the empty text."""
    if key is None:
        return ""
    text = key if isinstance(key, str) else json.dumps(_plain(key), sort_keys=True)
    if text[:1] in (BROADCAST, UNKNOWN, "\\"):
        text = "\\" + text
    if len(text) > LONGEST:
        digest = hashlib.sha256(text.encode()).hexdigest()
        return text[: LONGEST - len(digest)] + digest
    return text


def _plain(key: Any) -> Any:
    return int(key) if isinstance(key, float) and key.is_integer() else key
