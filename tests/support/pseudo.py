"""A language that nobody speaks: every sentence of the catalogue in Georgian letters.

What is still in Latin letters on a page in it was not translated, or was entered by people.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from pathlib import Path

LATIN = "abcdefghijklmnopqrstuvwxyz"
GEORGIAN = "აბცდეფგჰიჯკლმნოპქრსტუვწხყზ"
LETTERS = str.maketrans(LATIN + LATIN.upper(), GEORGIAN * 2)
#: Placeholders, tags and their attributes, entities, addresses, code in backticks: they stay.
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{[^{}]*\}|<[^>]*>|&#?\w+;|\]\([^)]*\)|https?://\S+|`[^`]*`)")


def spelt(text: str) -> str:
    """Return a sentence in the letters of the language that nobody speaks."""
    parts = KEPT.split(text)
    return "".join(p if i % 2 else p.translate(LETTERS) for i, p in enumerate(parts))


def make_catalogue(source: Path, folder: Path) -> None:
    """Write the compiled catalogue for `ka` below `folder`, from the English sentences."""
    with source.open("rb") as text:
        catalogue = read_po(text, locale="ka", charset="utf-8")
    for message in catalogue:
        if message.id:
            message.string = _said(message.id, catalogue.num_plurals)
            message.flags.discard("fuzzy")
    target = folder / "ka" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as out:
        write_mo(out, catalogue)


def _said(msgid: Any, plurals: int) -> Any:
    if isinstance(msgid, tuple):
        return (spelt(msgid[1]),) * plurals
    return spelt(msgid)
