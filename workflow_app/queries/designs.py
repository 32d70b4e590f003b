"""Processes with their versions, drafts and running cases; words searched for in their files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, text

from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion, ProcessVersionFile
from workflow_app.models.designing import DesignDraft, DesignFile, DesignProof, SourceWords
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session

    Holds = Callable[[Any], Any]

OPEN = text("state IN ('draft', 'review', 'approved')")
RUNNING = text("finished_at IS NULL")
#: So many files are named of a search; who finds more looks for another word.
MOST_FOUND = 200
_versions = table_of(ProcessVersion)


@dataclass(frozen=True, slots=True)
class Found:
    """A file that holds the words searched for."""

    key: str
    path: str
    title: str
    draft_id: int | None = None


def newest_of_all(session: Session) -> Sequence[Any]:
    """Return what is known of the newest version of every process, its title's order aside."""
    newest = select(func.max(_versions.c.id)).group_by(_versions.c.key)
    return session.execute(select(_versions).where(_versions.c.id.in_(newest))).all()


def open_drafts(session: Session) -> dict[str, DesignDraft]:
    """Return the open draft of every process that has one, by key."""
    return {one.key: one for one in session.scalars(select(DesignDraft).where(OPEN))}


def running_by_key(session: Session) -> dict[str, int]:
    """Return how many cases of every process are running, whatever their version."""
    query = (
        select(_versions.c.key, func.count())
        .join(Case, Case.process_version_id == _versions.c.id)
        .where(RUNNING)
        .group_by(_versions.c.key)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def running_by_version(session: Session, version_ids: Iterable[int]) -> dict[int, int]:
    """Return how many cases run on each of some versions."""
    query = (
        select(Case.process_version_id, func.count())
        .where(Case.process_version_id.in_(set(version_ids)), RUNNING)
        .group_by(Case.process_version_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def versions_page(session: Session, key: str, cursor: Cursor | None) -> Page[Any]:
    """Return a page of the versions of a process, the newest first."""
    number = _versions.c.number
    query = select(_versions).where(_versions.c.key == key)
    backwards = cursor is not None and cursor.backwards
    if cursor is not None:
        last = int(cursor.keys[0])
        query = query.where(number > last if backwards else number < last)
    query = query.order_by(number.asc() if backwards else number.desc()).limit(PAGE_SIZE + 1)
    return make_page(session.execute(query).all(), cursor, lambda row: (row.number,))


def proofs_by_key(session: Session) -> dict[str, DesignProof]:
    """Return the newest run of all scenarios of every process's newest draft that had one."""
    newest = (
        select(DesignDraft.key, func.max(DesignProof.id).label("proof"))
        .join(DesignProof, DesignProof.draft_id == DesignDraft.id)
        .where(DesignProof.state == "done")
        .group_by(DesignDraft.key)
        .subquery()
    )
    query = select(newest.c.key, DesignProof).join(newest, newest.c.proof == DesignProof.id)
    return {row[0]: row[1] for row in session.execute(query)}


def files_with(
    session: Session, words: Sequence[str], suffix: str = "", phrases: Sequence[str] = ()
) -> list[Found]:
    """Return the files that hold all words or one of the phrases: newest versions, open drafts.

    A process's file is searched where it is its own; `words` and `phrases` are case-folded.
    """
    holds = partial(_holds, words=words, phrases=phrases)
    return [*_published_with(session, holds, suffix), *_drafted_with(session, holds, suffix)]


def _published_with(session: Session, holds: Holds, suffix: str) -> list[Found]:
    newest = select(func.max(_versions.c.id)).group_by(_versions.c.key)
    path = ProcessVersionFile.path
    own = or_(*(path.startswith(top + _versions.c.key + "/") for top in ("processes/", "forms/")))
    query = (
        select(_versions.c.key, path, SourceWords.title)
        .join(ProcessVersionFile, ProcessVersionFile.version_id == _versions.c.id)
        .join(SourceWords, SourceWords.sha256 == ProcessVersionFile.sha256)
        .where(_versions.c.id.in_(newest), own, holds(SourceWords.words))
        .order_by(path)
        .limit(MOST_FOUND)
    )
    if suffix:
        query = query.where(path.endswith(suffix))
    return [Found(row.key, row.path, row.title) for row in session.execute(query)]


def _drafted_with(session: Session, holds: Holds, suffix: str) -> list[Found]:
    query = (
        select(DesignDraft.key, DesignFile.path, DesignDraft.title, DesignDraft.id)
        .join(DesignFile, DesignFile.draft_id == DesignDraft.id)
        .where(OPEN, holds(DesignFile.words))
        .order_by(DesignFile.path)
        .limit(MOST_FOUND)
    )
    if suffix:
        query = query.where(DesignFile.path.endswith(suffix))
    return [Found(row.key, row.path, row.title, row.id) for row in session.execute(query)]


def _holds(column: Any, words: Sequence[str], phrases: Sequence[str]) -> Any:
    all_words = and_(True, *(column.contains(word, autoescape=True) for word in words))  # noqa: FBT003
    return or_(all_words, *(column.contains(one, autoescape=True) for one in phrases))
