"""What a draft changes: against the version it was made from, file by file and word by word."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

from workflow_app.engine.comparing import (
    Difference,
    compare_diagrams,
    compare_forms,
    compare_tables,
)
from workflow_app.engine.documents import UnreadableXml
from workflow_app.models.catalogue import ProcessVersion, RegisterDefinition, SourceFile
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.paths import is_register
from workflow_app.services.designing.sources import draft_texts, own_files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.context import Context

FileState = Literal["new", "gone", "changed"]
MOST_LINES = 2_000
_COMPARED: dict[str, Callable[[str, str], tuple[Difference, ...]]] = {
    ".bpmn": compare_diagrams,
    ".dmn": compare_tables,
    ".form": compare_forms,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """One file that differs: its elements, where we know them, and its lines."""

    path: str
    state: FileState
    parts: tuple[Difference, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordChange:
    """One text that is said otherwise in a language; `old` and `new` are empty for no own words."""

    language: str
    msgid: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that a draft changes; `number` is the version it is compared with, None for none."""

    number: int | None
    files: tuple[FileChange, ...]
    words: tuple[WordChange, ...]


def changes_of(ctx: Context, draft_id: int) -> Changes:
    """Return how a draft differs from the version it was made from. Raises NotFound."""
    draft = draft_of(ctx, draft_id)
    base = _base(ctx, draft)
    new = draft_texts(ctx, draft_id)
    old = _before(ctx, base, new)
    words = tuple(_words(base.words if base else {}, draft.words))
    return Changes(number=base.number if base else None, files=_files(old, new), words=words)


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[FileChange, ...]:
    files = (_file(path, old.get(path), new.get(path)) for path in sorted({*old, *new}))
    return tuple(one for one in files if one is not None)


def two_sides(ctx: Context, draft_id: int, path: str) -> tuple[str | None, str | None]:
    """Return a file as it was and as it is; None where it is not. Raises NotFound."""
    new = draft_texts(ctx, draft_id)
    old = _before(ctx, _base(ctx, draft_of(ctx, draft_id)), new)
    return old.get(path), new.get(path)


def _base(ctx: Context, draft: DesignDraft) -> ProcessVersion | None:
    if draft.base_version_id is None:
        return None
    return ctx.session.get(ProcessVersion, draft.base_version_id)


def _before(ctx: Context, base: ProcessVersion | None, new: Mapping[str, str]) -> dict[str, str]:
    found = own_files_of(ctx, base.id) if base else {}
    for path in filter(is_register, new):
        known = ctx.session.get(RegisterDefinition, PurePosixPath(path).stem)
        stored = ctx.session.get(SourceFile, known.sha256) if known and known.sha256 else None
        if stored is not None:
            found[path] = stored.body
    return found


def _file(path: str, old: str | None, new: str | None) -> FileChange | None:
    if old == new:
        return None
    state: FileState = "new" if old is None else "gone" if new is None else "changed"
    before, after = old or "", new or ""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    shown = tuple(line for number, line in enumerate(lines) if 1 < number <= MOST_LINES)
    parts = _parts(path, before, after) if state == "changed" else ()
    return FileChange(path=path, state=state, parts=parts, lines=shown)


def _parts(path: str, old: str, new: str) -> tuple[Difference, ...]:
    compare = _COMPARED.get(PurePosixPath(path).suffix)
    if compare is None:
        return ()
    try:
        return compare(old, new)
    except (UnreadableXml, ValueError, RecursionError):
        # What is wrong with the file its findings say; its lines are compared all the same.
        return ()


def _words(
    old: Mapping[str, Mapping[str, str]], new: Mapping[str, Mapping[str, str]]
) -> Iterator[WordChange]:
    for language in dict.fromkeys([*new, *old]):
        yield from _words_in(language, old.get(language, {}), new.get(language, {}))


def _words_in(
    language: str, old: Mapping[str, str], new: Mapping[str, str]
) -> Iterator[WordChange]:
    for msgid in dict.fromkeys([*new, *old]):
        was, now = old.get(msgid, ""), new.get(msgid, "")
        if was != now:
            yield WordChange(language=language, msgid=msgid, old=was, new=now)
