"""The words that people read in one file of a process, found as for the translators."""

from __future__ import annotations

from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from babel.messages.extract import extract
from babel.messages.frontend import parse_mapping_cfg
from babel.util import pathmatch

from workflow_app.adapters.words import TRANSLATIONS, catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping


@lru_cache(maxsize=1024)
def words_in(path: str, body: str) -> tuple[str, ...]:
    """Return the msgids of a file at a path of the repository; none of one that cannot be read."""
    methods, options = _mapping()
    for pattern, method in methods:
        if not pathmatch(pattern, path):
            continue
        try:
            found = extract(method, BytesIO(body.encode()), options=options.get(pattern, {}))
            return tuple(dict.fromkeys(_first(message) for _, message, _, _ in found))
        except (ValueError, SyntaxError, RecursionError, AttributeError, TypeError):
            # What is wrong with the file its findings say.
            return ()
    return ()


def words_of_files(files: Mapping[str, str]) -> tuple[str, ...]:
    """Return the msgids of files by path, each once."""
    return tuple(dict.fromkeys(one for path in files for one in words_in(path, files[path])))


@cache
def known_in(locale: str) -> frozenset[str]:
    """Return the msgids that the catalogue of a language translates."""
    held: Mapping[Any, Any] = getattr(catalogue(TRANSLATIONS, locale), "_catalog", {})
    return frozenset(_first(key) for key, text in held.items() if text)


def _first(key: Any) -> str:
    """Return a msgid; of one that counts, that for one."""
    return str(key[0] if isinstance(key, tuple) else key)


@cache
def _mapping() -> tuple[list[tuple[str, str]], dict[str, dict[str, Any]]]:
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    return methods, options
