"""The library's search: words of files as they are written, and as any reader sees them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from workflow_app.adapters.words import TRANSLATIONS, msgids_of
from workflow_app.config import LANGUAGES
from workflow_app.queries import designs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflow_app.queries.designs import Found
    from workflow_app.services.context import Context

#: So many words are looked for, and so many sentences that are translated with them.
MOST_WORDS, MOST_PHRASES = 8, 20


def files_saying(ctx: Context, search: str, suffix: str = "") -> list[Found] | None:
    """Return the files of newest versions and open drafts that say something; None for no words.

    What is looked for may stand in any language: in the file itself, or in the translation of one
    of its sentences, by the catalogue or by what a version or draft says instead.
    """
    words = tuple(search.casefold().split()[:MOST_WORDS])
    if not words:
        return None
    phrases = sorted({*_in_catalogues(words), *_in_own_words(ctx, words)}, key=len)
    return designs.files_with(ctx.session, words, suffix, phrases[:MOST_PHRASES])


def _in_own_words(ctx: Context, words: tuple[str, ...]) -> Iterator[str]:
    held = [row.words for row in designs.newest_of_all(ctx.session)]
    held += [draft.words for draft in designs.open_drafts(ctx.session).values()]
    for by_language in held:
        for said in by_language.values():
            yield from _saying(said, words)


def _saying(said: Mapping[str, str], words: Iterable[str]) -> Iterator[str]:
    """Yield the sentences whose translation holds all words."""
    for msgid, text in said.items():
        folded = text.casefold()
        if all(word in folded for word in words):
            yield msgid.casefold()


@lru_cache(maxsize=64)
def _in_catalogues(words: tuple[str, ...]) -> tuple[str, ...]:
    said = (msgids_of(TRANSLATIONS, language) for language in LANGUAGES if language != "en")
    return tuple(msgid for one in said for msgid in _saying(one, words))
