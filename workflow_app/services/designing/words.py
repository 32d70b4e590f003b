"""The words of a draft in all languages: beside each other, exported and taken as PO files.

A text is what the draft says of it, else what the catalogue of the language says; the draft keeps
only what differs from the catalogue.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from workflow_app.adapters.catalogues import message_faults
from workflow_app.adapters.file_words import words_in
from workflow_app.adapters.words import Words
from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.services.designing.drafts import draft_of, write_words
from workflow_app.services.designing.sources import draft_texts
from workflow_app.services.designing.trail import record
from workflow_app.services.designing.translated import OTHERS, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context

MOST_BYTES = 2_000_000
LONGEST = 10_000
PAGE = 20
CHANGED_MEANWHILE = N_("Somebody has changed this in the meantime to “%(text)s”.")
TOO_LONG = N_("Enter at most %(limit)s characters.")
NO_PO = N_("This is no PO file: %(reason)s")
TOO_LARGE = N_("The file is larger than %(limit)s MB.")
NOT_TEXT = N_("it is not UTF-8")
FUZZY = N_("It is marked as unsure (fuzzy).")
UNREADABLE = N_("An expression in it cannot be read.")
#: What `message_faults` finds, for people.
_REASONS = {
    "its %(placeholders)s differ": N_("What stands after % must be the same as in English."),
    "its {{expressions}} differ": N_("What stands in {{ }} must be the same as in English."),
    "its {expressions} read other names": N_("What stands in { } must read the same names."),
    "it begins or ends with a line break where the other does not": N_(
        "It must begin and end with a line break only where the English does."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One text with its translations: where it stands, and by language what is said now.

    `own` are the languages in which the draft says it itself, `missing` those without words.
    """

    id: str
    msgid: str
    files: tuple[str, ...]
    said: Mapping[str, str]
    own: frozenset[str]
    missing: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which rows are wanted: of a file, in a state (missing, own or all), with a word in them."""

    file: str = ""
    state: str = "all"
    word: str = ""
    language: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of rows: which of how many, and the files that have words at all."""

    rows: tuple[Row, ...]
    count: int
    pages: int
    page: int
    files: tuple[str, ...]
    missing: Mapping[str, int]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What somebody entered for a text, and what stood there when they began."""

    msgid: str
    language: str
    seen: str
    text: str


@dataclass(slots=True)
class Taken:
    """What became of a PO file: how many texts were taken, and which were refused, with why."""

    count: int = 0
    unknown: int = 0
    refused: list[tuple[str, Invalid]] = field(default_factory=list)


class WordsRefused(Invalid):
    """Some texts cannot be taken; `problems` says why, by msgid and language."""

    message = N_("Some words cannot be saved. What is wrong stands beside them.")

    def __init__(self, problems: Mapping[tuple[str, str], Invalid]) -> None:
        self.problems = problems
        super().__init__()


def row_id(msgid: str) -> str:
    """Return a short name for a text, the same in every language and on every page."""
    return hashlib.sha256(msgid.encode()).hexdigest()[:12]


def listed(ctx: Context, draft_id: int, asked: Asked) -> Listed:
    """Return a page of a draft's texts as asked for, and how many are missing by language."""
    rows = rows_of(ctx, draft_id)
    found = [row for row in rows if _fits(row, asked)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(asked.page, 1), pages)
    return Listed(
        rows=tuple(found[(page - 1) * PAGE : page * PAGE]),
        count=len(found),
        pages=pages,
        page=page,
        files=tuple(dict.fromkeys(path for row in rows for path in row.files)),
        missing={one: sum(one in row.missing for row in rows) for one in OTHERS},
        total=len(rows),
    )


def rows_of(ctx: Context, draft_id: int) -> list[Row]:
    """Return every text of a draft's own files, in the order of the files. Raises NotFound."""
    draft = draft_of(ctx, draft_id)
    places = _places(draft_texts(ctx, draft_id))
    return [_row(draft, msgid, tuple(paths)) for msgid, paths in places.items()]


def _places(texts: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, body in sorted(texts.items()):
        for msgid in words_in(path, body):
            found.setdefault(msgid, []).append(path)
    return found


def save(ctx: Context, draft_id: int, changes: Iterable[Change]) -> int:
    """Store what was entered, all or nothing; return how many texts are different now.

    Raises WordsRefused, NotOpen, HeldBySomebody.
    """
    rows = {row.msgid: row for row in rows_of(ctx, draft_id)}
    wanted = [one for one in changes if one.msgid in rows and one.text != one.seen]
    problems = {}
    for one in wanted:
        reason = _problem(rows[one.msgid], one)
        if reason is not None:
            problems[one.msgid, one.language] = reason
    if problems:
        raise WordsRefused(problems)
    _store(ctx, draft_id, wanted)
    return len(wanted)


def as_po(ctx: Context, draft_id: int, language: str) -> bytes:
    """Return the texts of a draft in one language as a PO file, with the files they stand in."""
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for row in rows_of(ctx, draft_id):
        said = "" if language in row.missing else row.said[language]
        catalogue.add(row.msgid, said, locations=[(path, 0) for path in row.files])
    out = BytesIO()
    write_po(out, catalogue, width=100, include_lineno=False)
    return out.getvalue()


def take_po(ctx: Context, draft_id: int, language: str, body: bytes) -> Taken:
    """Take the translations of a PO file that fit; say of the others why they do not.

    Raises Invalid for what is no PO file, NotOpen, HeldBySomebody.
    """
    rows = {row.msgid: row for row in rows_of(ctx, draft_id)}
    taken, wanted = Taken(), []
    for message in _read(body, language):
        msgid, text = _pair(message)
        if not msgid or not text:
            continue
        if msgid not in rows:
            taken.unknown += 1
            continue
        seen = "" if language in rows[msgid].missing else rows[msgid].said[language]
        change = Change(msgid=msgid, language=language, seen=seen, text=text)
        reason = _problem(rows[msgid], change)
        if reason is not None or message.fuzzy:
            taken.refused.append((msgid, reason or Invalid(FUZZY)))
        elif text != seen:
            wanted.append(change)
    _store(ctx, draft_id, wanted)
    taken.count = len(wanted)
    return taken


def _row(draft: DesignDraft, msgid: str, files: tuple[str, ...]) -> Row:
    own = {one: draft.words.get(one, {}) for one in OTHERS}
    return Row(
        id=row_id(msgid),
        msgid=msgid,
        files=files,
        said={one: Words(one, own[one]).text(msgid) for one in OTHERS},
        own=frozenset(one for one in OTHERS if own[one].get(msgid)),
        missing=frozenset(one for one in OTHERS if not is_known(msgid, one, draft.words)),
    )


def _fits(row: Row, asked: Asked) -> bool:
    if asked.file and asked.file not in row.files:
        return False
    languages = {asked.language} if asked.language in OTHERS else set(OTHERS)
    if asked.state == "missing" and not row.missing & languages:
        return False
    if asked.state == "own" and not row.own & languages:
        return False
    word = asked.word.casefold().strip()
    return not word or any(word in text.casefold() for text in (row.msgid, *row.said.values()))


def _problem(row: Row, change: Change) -> Invalid | None:
    if len(change.text) > LONGEST:
        return Invalid(TOO_LONG, limit=LONGEST)
    now = "" if change.language in row.missing else row.said[change.language]
    if now not in (change.seen, change.text):
        return Invalid(CHANGED_MEANWHILE, text=now)
    places = [(path, 0) for path in row.files]
    message = Message(row.msgid, change.text or None, locations=places)
    fault = next(message_faults(message, change.language), None)
    return Invalid(_REASONS.get(fault.reason, UNREADABLE)) if fault else None


def _by_language(changes: Iterable[Change]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in changes:
        same = one.text == Words(one.language).text(one.msgid)
        found.setdefault(one.language, {})[one.msgid] = "" if same else one.text
    return found


def _store(ctx: Context, draft_id: int, changes: Iterable[Change]) -> None:
    for language, texts in _by_language(changes).items():
        write_words(ctx, draft_id, language, texts)
        key = draft_of(ctx, draft_id).key
        record(ctx, "words", key=key, draft_id=draft_id, language=language, count=len(texts))


def _read(body: bytes, language: str) -> Catalog:
    if len(body) > MOST_BYTES:
        raise Invalid(TOO_LARGE, limit=f"{MOST_BYTES / 1_000_000:g}")
    try:
        body.decode("utf-8")
        return read_po(BytesIO(body), locale=language, charset="utf-8", abort_invalid=True)
    except UnicodeDecodeError as exc:
        raise Invalid(NO_PO, reason=NOT_TEXT) from exc
    except (PoFileError, ValueError) as exc:
        raise Invalid(NO_PO, reason=str(exc)) from exc


def _pair(message: Message) -> tuple[str, str]:
    msgid, text = message.id, message.string
    first = msgid[0] if isinstance(msgid, (list, tuple)) else msgid
    said = text[0] if isinstance(text, (list, tuple)) else text
    return str(first or ""), str(said or "")
