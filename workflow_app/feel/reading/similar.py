"""Finds the name that was probably meant by one that is unknown."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_CLOSE = 0.72
_MAX_CANDIDATES = 2000
_MAX_LENGTH = 80
# How other languages spell FEEL's three constants.
_CONSTANTS = {"none": "null", "nil": "null", "null": "null", "undefined": "null"}
_CONSTANTS |= {"true": "true", "false": "false", "yes": "true", "no": "false"}
_REWRITTEN = (
    (re.compile(r"^(?P<left>.+) is not null$", re.IGNORECASE), "{left} != null"),
    (re.compile(r"^(?P<left>.+) is null$", re.IGNORECASE), "{left} = null"),
    (re.compile(r"^(?P<left>.+) AND (?P<right>.+)$"), "{left} and {right}"),
    (re.compile(r"^(?P<left>.+) OR (?P<right>.+)$"), "{left} or {right}"),
    (re.compile(r"^not (?P<left>.+)$", re.IGNORECASE), "not({left})"),
)


def suggestion(name: str, candidates: Iterable[str]) -> str | None:
    """Give what an unknown name was probably meant to be; nothing if there is nothing like it.

    >>> suggestion("score_totl", ["score_total", "name"])
    'score_total'
    >>> suggestion("None", [])
    'null'
    """
    return (
        _CONSTANTS.get(name.lower())
        or _rewritten(name)
        or closest(name, [each for each in candidates if each != name])
    )


def _rewritten(name: str) -> str | None:
    for pattern, written in _REWRITTEN:
        match = pattern.match(name)
        if match is not None:
            return written.format(**match.groupdict())
    return None


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate that differs only by case or joints, or else the most similar one."""
    if len(name) > _MAX_LENGTH:
        return None
    plain: dict[str, str] = {}
    for candidate in candidates:
        if len(plain) >= _MAX_CANDIDATES:
            break
        plain.setdefault(_plain(candidate), candidate)
    wanted = _plain(name)
    if wanted in plain:
        return plain[wanted]
    found = get_close_matches(wanted, list(plain), 1, _CLOSE)
    return plain[found[0]] if found else None


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").replace("-", " ")
