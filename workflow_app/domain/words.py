"""Words to find things by: as people type them, without case, accents and marks."""

from __future__ import annotations

import re
import unicodedata

SHORTEST, LONGEST = 2, 30
_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """Return the words of a text, normalised, in their order; very short ones are left out.

    Case is folded and accents are dropped in every script: “Café” is “cafe”, “և” is “եւ”. A word is
    cut after LONGEST letters, which its longer forms then share.
    """
    found = _WORD.findall(_plain(text))
    return [word[:LONGEST] for word in found if len(word) >= SHORTEST]


def _plain(text: str) -> str:
    # Folding may bring marks to light, and taking a letter apart may bring capitals.
    folded = unicodedata.normalize("NFKD", text).casefold()
    parts = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
