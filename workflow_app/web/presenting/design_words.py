"""The words of a draft as its page shows them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.config import LANGUAGES
from workflow_app.domain.text import N_
from workflow_app.services.designing.translated import OTHERS
from workflow_app.web.presenting.reasons import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.domain.errors import Invalid
    from workflow_app.services.designing.words import Row, Taken

Problems = dict[tuple[str, str], str]
_KINDS = {
    ".bpmn": N_("Diagram"),
    ".form": N_("Form “%(name)s”"),
    ".dmn": N_("Table “%(name)s”"),
    ".typ": N_("Letter “%(name)s”"),
    ".yaml": N_("Scenario “%(name)s”"),
}
_FILES = {"process.toml": N_("About the process"), "mails.toml": N_("Mails")}
_REGISTER = N_("Register “%(name)s”")
LONG = 80


def file_word(path: str) -> str:
    """Return how people call a file of a draft."""
    pure = PurePosixPath(path)
    word = _FILES.get(pure.name) or _KINDS.get(pure.suffix) or _REGISTER
    return str(_(word, name=pure.stem))


def problem_words(problems: Mapping[tuple[str, str], Invalid]) -> Problems:
    """Return what is wrong with each text in the reader's language."""
    return {place: said(reason) for place, reason in problems.items()}


def row_shown(row: Row, typed: Mapping[tuple[str, str], str], problems: Problems) -> dict[str, Any]:
    """Return a text with a field for each language; what was typed stays in its field."""
    return {
        "id": row.id,
        "msgid": row.msgid,
        "places": [file_word(path) for path in row.files],
        "fields": [_field(row, one, typed, problems) for one in OTHERS],
    }


def _field(
    row: Row, language: str, typed: Mapping[tuple[str, str], str], problems: Problems
) -> dict[str, Any]:
    now = "" if language in row.missing else row.said[language]
    return {
        "language": language,
        "seen": now,
        "text": typed.get((row.msgid, language), now),
        "lines": 3 if len(row.msgid) > LONG else 1,
        "error": problems.get((row.msgid, language)),
        "missing": not now,
        "own": language in row.own,
    }


def wrong_fields(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return what is wrong on a page: (id of the field, sentence with the language's name)."""
    return [
        (
            f"text-{field['language']}-{row['id']}",
            f"{LANGUAGES[field['language']]}: {field['error']}",
        )
        for row in rows
        for field in row["fields"]
        if field["error"]
    ]


def taken_shown(taken: Taken) -> dict[str, Any]:
    """Return what became of a PO file, the refused texts with their reasons."""
    refused = [{"msgid": msgid, "why": said(reason)} for msgid, reason in taken.refused]
    return {"count": taken.count, "unknown": taken.unknown, "refused": refused}
