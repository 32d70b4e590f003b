"""The translators' catalogues: gathered from all files, brought up to date, checked, compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from workflow_app.feel import FeelError, compile_expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

READ_FOLDERS = ("workflow_app", "processes", "forms")
MAIL_FILE = "mails.toml"
HEADER = "# What people read. Sorted by sentence; bring it up to date with `make translations`."

_KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "plural": (1, 2)}
_NAMED = re.compile(r"%\((\w+)\)")
_DOUBLE = re.compile(r"\{\{[^{}]*\}\}")
_QUOTED = re.compile(r'"[^"]*"')
_CODE = re.compile(r'"[a-z0-9_]*"')
_SINGLE = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one entry of a catalogue, or with the whole of it (no msgid)."""

    language: str
    reason: str
    msgid: str = ""

    def line(self) -> str:
        """Give one line for a terminal."""
        return f"{self.language}: {self.reason}" + (f": {self.msgid!r}" if self.msgid else "")


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update changed in one catalogue."""

    language: str
    messages: int
    untranslated: int
    retired: tuple[str, ...]
    revived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogues:
    """The catalogues under `folder` of the files under `root`, one for each of `languages`.

    An entry that nothing uses any more is kept at the end of its file, and comes back when its
    sentence does.
    """

    root: Path
    folder: Path
    languages: tuple[str, ...]

    def gather(self) -> Catalog:
        """Return the sentences of all files that translations/babel.cfg names.

        Raises what reading a broken file raises (SyntaxError, lxml's or JSON's and TOML's errors).
        """
        with (self.folder / "babel.cfg").open(encoding="utf-8") as mapping:
            methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
        template = Catalog(charset="utf-8")
        found = extract_from_dir(
            str(self.root),
            methods,
            options,
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
            directory_filter=self._is_read,
        )
        for file, _line, message, comments, context in found:
            template.add(message, None, [(file, 0)], auto_comments=comments, context=context)
        return template

    def update(self) -> Iterator[Updated]:
        """Bring every catalogue up to date on disk and say what changed."""
        template = self.gather()
        for language in self.languages:
            catalogue = self.read(language)
            updated = renew(catalogue, template)
            path = self.path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(spelt(catalogue))
            yield updated

    def check(self, complete: tuple[str, ...] = ()) -> Iterator[Fault]:
        """Yield what is stale, fuzzy or broken, and what is untranslated in `complete` ones."""
        template = self.gather()
        for language in self.languages:
            catalogue = self.read(language)
            yield from (
                fault for message in catalogue for fault in message_faults(message, language)
            )
            if language in complete:
                yield from (
                    Fault(language, "not translated", first_id(message))
                    for message in catalogue
                    if message.id and not is_translated(message)
                )
            renew(catalogue, template)
            path = self.path(language)
            if not path.exists() or path.read_bytes() != spelt(catalogue):
                yield Fault(language, "stale; run the update command")

    def compile(self) -> Iterator[tuple[str, int]]:
        """Write the .mo file of every language; yield it with its number of translations."""
        for language in self.languages:
            catalogue = without_gaps(self.read(language))
            with self.path(language).with_suffix(".mo").open("wb") as binary:
                write_mo(binary, catalogue)
            yield language, len(catalogue)

    def merge(self, language: str, words: Mapping[str, str | list[str]]) -> int:
        """Put translations by msgid into a catalogue on disk; return how many it took.

        A sentence that counts has a list, a text for each plural form of the language; one text
        stands for all of them.
        """
        catalogue = self.read(language)
        taken = [message for message in catalogue if first_id(message) in words]
        for message in taken:
            said = words[first_id(message)]
            forms = said if isinstance(said, list) else [said] * catalogue.num_plurals
            message.string = tuple(forms) if isinstance(message.id, tuple) else forms[0]
            message.flags.discard("fuzzy")
        self.path(language).write_bytes(spelt(catalogue))
        return len(taken)

    def read(self, language: str) -> Catalog:
        """Return a language's catalogue, empty where there is no file yet."""
        path = self.path(language)
        if not path.exists():
            return Catalog(locale=language, header_comment=HEADER, charset="utf-8", fuzzy=False)
        with path.open("rb") as text:
            return read_po(text, locale=language, charset="utf-8")

    def path(self, language: str) -> Path:
        """Return where a language's catalogue is."""
        return self.folder / language / "LC_MESSAGES" / "messages.po"

    def _is_read(self, folder: str) -> bool:
        parts = self.root.__class__(folder).relative_to(self.root).parts
        return not parts or (parts[0] in READ_FOLDERS and parts[-1] != "__pycache__")


def renew(catalogue: Catalog, template: Catalog) -> Updated:
    """Give a catalogue the template's sentences: no guesses, nothing lost."""
    revived = _revive(catalogue, template)
    known = set(catalogue.obsolete)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    for key in [key for key, message in catalogue.obsolete.items() if not is_translated(message)]:
        del catalogue.obsolete[key]
    return Updated(
        language=str(catalogue.locale),
        messages=len(catalogue),
        untranslated=sum(1 for m in catalogue if m.id and not is_translated(m)),
        retired=tuple(sorted(str(key) for key in set(catalogue.obsolete) - known)),
        revived=tuple(revived),
    )


def _revive(catalogue: Catalog, template: Catalog) -> list[str]:
    revived = []
    for key in list(catalogue.obsolete):
        message = catalogue.obsolete[key]
        wanted = template.get(first_id(message), message.context)
        if wanted is not None and catalogue.get(wanted.id, message.context) is None:
            del catalogue.obsolete[key]
            catalogue.add(message.id, message.string, context=message.context)
            revived.append(first_id(message))
    return revived


def without_gaps(catalogue: Catalog) -> Catalog:
    """Leave out what is not translated: else Babel writes the English singular for every number."""
    for message in list(catalogue):
        if message.id and not is_translated(message):
            catalogue.delete(message.id, message.context)
    return catalogue


def spelt(catalogue: Catalog) -> bytes:
    """Return the catalogue's file: sorted by sentence, no line numbers, so that diffs are small."""
    out = BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False)
    return out.getvalue()


def message_faults(message: Message, language: str) -> Iterator[Fault]:
    """Yield what is wrong with one entry."""
    if not message.id:
        return
    if message.fuzzy:
        yield Fault(language, "fuzzy", first_id(message))
    for said in _strings(message):
        for reason in _broken(message, said):
            yield Fault(language, reason, first_id(message))


def is_translated(message: Message) -> bool:
    """Tell whether every form of the sentence has its words."""
    return bool(message.string) and all(_strings(message, keep_empty=True))


def first_id(message: Message) -> str:
    """Return the sentence, in the singular where it has two forms."""
    return str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)


def _strings(message: Message, *, keep_empty: bool = False) -> list[str]:
    held = message.string
    strings = list(held) if isinstance(held, (list, tuple)) else [held]
    return [str(said or "") for said in strings if said or keep_empty]


def _broken(message: Message, said: str) -> Iterator[str]:
    ids = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    source = str(ids[-1])
    if set(_NAMED.findall(said)) != set(_NAMED.findall(source)) or not _fills(source, said):
        yield "its %(placeholders)s differ"
    if _doubles(said) != _doubles(source):
        yield "its {{expressions}} differ"
    if any(file.endswith(MAIL_FILE) for file, _line in message.locations):
        yield from _broken_mail(source, said)
    if _edges(said) != _edges(source):
        yield "it begins or ends with a line break where the other does not"


def _doubles(text: str) -> list[str]:
    """Return the {{expressions}} of a text; sentences quoted in them may be said otherwise."""
    return sorted(_QUOTED.sub(_code, found) for found in _DOUBLE.findall(text))


def _code(quoted: re.Match[str]) -> str:
    """Return a quoted code as it is, a sentence as an empty text."""
    return quoted[0] if _CODE.fullmatch(quoted[0]) else '""'


def _fills(source: str, said: str) -> bool:
    names = _NAMED.findall(source)
    if not names:
        return True
    try:
        return bool(said % dict.fromkeys(names, 1))
    except (KeyError, ValueError, TypeError):
        return False


def _broken_mail(source: str, said: str) -> Iterator[str]:
    try:
        if _names_read(said) != _names_read(source):
            yield "its {expressions} read other names"
    except FeelError as error:
        yield f"an expression in it cannot be read ({error})"


def _names_read(text: str) -> set[str]:
    read: set[str] = set()
    for feel in _SINGLE.findall(text):
        read |= compile_expression(feel, frozenset({"working days", "calendar days"})).names
    return read


def _edges(text: str) -> tuple[bool, bool]:
    return text.startswith("\n"), text.endswith("\n")
