"""The words of files, kept beside them so that a search opens none.

Names, documentation and annotations of diagrams and tables; labels, helps and texts of forms; of
any other file its text. All are case-folded here, since SQLite folds Latin letters only.
"""

from __future__ import annotations

import hashlib
import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.models.base import table_of
from workflow_app.models.catalogue import SourceFile
from workflow_app.models.designing import SourceWords
from workflow_app.models.upsert import insert_or

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.services.context import Context

#: Of one file no more is kept than this, in characters.
MOST = 200_000
_NAMED = re.compile(r"""\s(?:name|label|value|expression)=(?:"([^"]*)"|'([^']*)')""")
_TOLD = re.compile(r">([^<>]*[^<>\s][^<>]*)<")
_NAMES = (
    re.compile(r"""<[\w:]*(?:process|decision)\s[^>]*?\bname="([^"]+)\""""),
    re.compile(r"""<[\w:]*participant\s[^>]*?\bname="([^"]+)\""""),
)
_TITLE = re.compile(r"""^title\s*=\s*"([^"]*)\"""", re.MULTILINE)
_SAID = frozenset({"label", "description", "text", "title", "content", "key", "placeholder"})


def words_of(path: str, body: str) -> str:
    """Return the words of a file, case-folded, one text a line."""
    if path.endswith((".bpmn", ".dmn")):
        found = [unescape(text) for text in _of_xml(body)]
    elif path.endswith(".form"):
        found = list(_of_form(body))
    else:
        found = [body]
    return "\n".join([path, *found]).casefold()[:MOST]


def title_of(path: str, body: str) -> str:
    """Return how people call a file: what it says of itself, else its name."""
    if path.endswith((".bpmn", ".dmn")):
        named = next(filter(None, (pattern.search(body) for pattern in _NAMES)), None)
    else:
        named = _TITLE.search(body) if path.endswith(".toml") else None
    said = unescape(named.group(1)) if named else ""
    plain = path.rsplit("/", 1)[-1].partition(".")[0].replace("_", " ")
    return (said or plain[:1].upper() + plain[1:])[:300]


def index_words(ctx: Context, files: Mapping[str, str]) -> None:
    """Keep the words of published files (path → text) that are not kept yet."""
    by_digest = {hashlib.sha256(text.encode()).hexdigest(): path for path, text in files.items()}
    query = select(SourceWords.sha256).where(SourceWords.sha256.in_(set(by_digest)))
    known = set(ctx.session.scalars(query))
    rows = [
        {
            "sha256": digest,
            "title": title_of(path, files[path]),
            "words": words_of(path, files[path]),
        }
        for digest, path in by_digest.items()
        if digest not in known
    ]
    if rows:
        table = table_of(SourceWords)
        ctx.session.execute(insert_or(ctx.session, table).on_conflict_do_nothing(), rows)


def index_missing(ctx: Context, digests: Mapping[str, str]) -> None:
    """Keep the words of stored files (digest → path) that were published before words were kept."""
    query = select(SourceWords.sha256).where(SourceWords.sha256.in_(set(digests)))
    known = set(ctx.session.scalars(query))
    missing = set(digests) - known
    if missing:
        wanted = select(SourceFile).where(SourceFile.sha256.in_(missing))
        index_words(ctx, {digests[row.sha256]: row.body for row in ctx.session.scalars(wanted)})


def _of_xml(body: str) -> Iterator[str]:
    for first, second in _NAMED.findall(body):
        yield first or second
    yield from (text.strip() for text in _TOLD.findall(body))


def _of_form(body: str) -> Iterator[str]:
    try:
        yield from _strings(json.loads(body))
    except (ValueError, RecursionError):
        yield body


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                yield from [inner] if name in _SAID else []
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
