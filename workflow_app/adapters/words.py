"""Translated sentences outside a request: mails, letters and jobs in the language of the case."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.support import Translations

from workflow_app.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from gettext import NullTranslations
    from pathlib import Path

TRANSLATIONS = ROOT / "translations"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's sentences: a version's own words first, then the catalogue, then the msgid."""

    locale: str
    own: Mapping[str, str] = field(default_factory=dict)
    folder: Path = TRANSLATIONS

    def text(self, msgid: str, /, **params: object) -> str:
        """Return `msgid` in this language, its `%(name)s` placeholders filled from `params`.

        Without params nothing is filled in (a bare % stays). A translation whose placeholders do
        not fit falls back to the msgid; a msgid that does not fit raises KeyError or ValueError.
        """
        said = self.own.get(msgid) or self._catalogue(msgid)
        if not params:
            return said
        try:
            return said % params
        except (KeyError, ValueError, TypeError):
            return msgid % params

    def plural(self, one: str, many: str, num: int, /, **params: object) -> str:
        """Return the catalogue's form of the sentence for `num`, which also fills `%(num)s`."""
        said = catalogue(self.folder, self.locale).ngettext(one, many, num)
        return said % {"num": num, **params}

    def _catalogue(self, msgid: str) -> str:
        # gettext answers the empty msgid with the catalogue's own header
        return catalogue(self.folder, self.locale).gettext(msgid) if msgid else ""


@lru_cache(maxsize=64)
def catalogue(folder: Path, locale: str) -> NullTranslations:
    """Return the compiled catalogue of `locale` under `folder`, read once (empty if none)."""
    return Translations.load(str(folder), [locale])


@lru_cache(maxsize=16)
def msgids_of(folder: Path, locale: str) -> Mapping[str, str]:
    """Return what the catalogue of `locale` says, by msgid; of sentences with a number nothing."""
    held: Mapping[object, str] = getattr(catalogue(folder, locale), "_catalog", {})
    return {msgid: text for msgid, text in held.items() if isinstance(msgid, str) and msgid}
