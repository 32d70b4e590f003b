"""How much of a draft's words is translated, and which words a version carries with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflow_app.adapters.file_words import known_in, words_of_files
from workflow_app.config import LANGUAGES
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.designing.sources import draft_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import Source
    from workflow_app.services.context import Context

    Words = Mapping[str, Mapping[str, str]]

#: In this language the files are written.
WRITTEN = "en"
OTHERS = tuple(one for one in LANGUAGES if one != WRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of all translations there are, and which words a language still lacks."""

    done: int
    all: int
    missing: Mapping[str, tuple[str, ...]]

    @property
    def percent(self) -> int:
        """Return the share in whole percent, rounded down; all of nothing is all."""
        return self.done * 100 // self.all if self.all else 100


def share_of(ctx: Context, draft_id: int, words: Words) -> Share:
    """Return how much of a draft's own files is translated by its words and the catalogues."""
    return share_in(draft_texts(ctx, draft_id), words)


def share_in(files: Mapping[str, str], words: Words) -> Share:
    """Return how much of the words of files is translated by given words and the catalogues."""
    spoken = words_of_files(files)
    missing = {
        language: tuple(one for one in spoken if not is_known(one, language, words))
        for language in OTHERS
    }
    total = len(spoken) * len(OTHERS)
    return Share(done=total - sum(map(len, missing.values())), all=total, missing=missing)


def is_known(msgid: str, language: str, words: Words) -> bool:
    """Tell whether given words or the catalogue of a language say a text."""
    return bool(words.get(language, {}).get(msgid)) or msgid in known_in(language)


def pinned_words(ctx: Context, source: Source, own: Words) -> dict[str, dict[str, str]]:
    """Return the words that a version carries: its own, and below them those of what it uses.

    Of each part these are the words of its newest version, as far as its files speak them.
    """
    pinned: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for key, words in _newest_words(ctx, source).items():
        _lay(pinned, words, _files_of(source, key))
    _lay(pinned, own, _files_of(source, source.key))
    return {language: words for language, words in pinned.items() if words}


def _lay(pinned: dict[str, dict[str, str]], words: Words, files: Mapping[str, str]) -> None:
    if not any(words.values()):
        return
    spoken = set(words_of_files(files))
    for language, told in words.items():
        held = pinned.setdefault(language, {})
        held.update({one: text for one, text in told.items() if one in spoken and text})


def _files_of(source: Source, key: str) -> dict[str, str]:
    own = tuple(f"{top}/{key}/" for top in ("processes", "forms"))
    return {path: text for path, text in source.files.items() if path.startswith(own)}


def _newest_words(ctx: Context, source: Source) -> dict[str, Words]:
    parts = {path.split("/")[1] for path in source.files} - {source.key}
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    query = select(ProcessVersion.key, ProcessVersion.words).where(
        ProcessVersion.id.in_(newest), ProcessVersion.key.in_(parts)
    )
    return {row.key: row.words for row in ctx.session.execute(query.order_by(ProcessVersion.key))}
