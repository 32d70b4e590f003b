"""Drafts: the next version of a process while it is being made.

Of a process there is one open draft, and one person at a time edits it: whoever writes holds it,
until half an hour after they were last heard of. A file is written over the revision it was read
at, never over a newer one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.designing import DesignDraft, DesignFile
from workflow_app.models.upsert import insert_or
from workflow_app.services.designing.errors import (
    FileNotTaken,
    HeldBySomebody,
    KeyTaken,
    LostRace,
    NotOpen,
)
from workflow_app.services.designing.paths import check_file, check_key
from workflow_app.services.designing.sources import own_files_of
from workflow_app.services.designing.trail import record
from workflow_app.services.designing.words_index import words_of
from workflow_app.services.gates import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context

#: How long a draft stays with whoever was last heard of.
HELD = timedelta(minutes=30)
OPEN_STATES = ("draft", "review", "approved")
MOST_FILES = 400
NO_NOTE = N_("Say in a few words why you take the draft over.")
NO_TITLE = N_("Enter a title.")
TOO_MANY_FILES = N_("a draft holds at most %(limit)s files")
IS_THERE = N_("there is a file with this name already")
Draft = DesignDraft
_drafts = table_of(Draft)
_files = table_of(DesignFile)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """One file of a draft as it is stored; `revision` grows with every change of it."""

    path: str
    body: str
    revision: int
    updated_by: str
    updated_at: datetime


def open_draft(ctx: Context, key: str) -> Draft:
    """Return the open draft of a process, made from its newest version where there is none.

    Raises NotFound for a process that nobody published.
    """
    found = open_draft_of(ctx, key)
    if found is not None:
        return found
    newest = _newest(ctx, key)
    if newest is None:
        raise NotFound
    try:
        draft = _make(ctx, key, newest.title, base=newest.id, words=newest.words)
    except Conflict:
        other = open_draft_of(ctx, key)
        if other is None:
            raise
        return other
    _store(ctx, draft, own_files_of(ctx, newest.id))
    record(ctx, "opened", key=key, draft_id=draft.id, base=newest.number)
    return draft


def open_draft_of(ctx: Context, key: str) -> Draft | None:
    """Return the draft of a process that is not published or discarded yet."""
    query = select(Draft).where(Draft.key == key, Draft.state.in_(OPEN_STATES))
    return ctx.session.scalar(query)


def new_process(
    ctx: Context, key: str, title: str, files: Mapping[str, str] | None = None
) -> Draft:
    """Return a draft of a process that never was, with its first files.

    Raises KeyUnfit, KeyTaken, Invalid for an empty title, FileNotTaken.
    """
    check_key(key)
    if not title.strip():
        raise Invalid(NO_TITLE)
    if _newest(ctx, key) is not None or open_draft_of(ctx, key) is not None:
        raise KeyTaken(key=key)
    draft = _make(ctx, key, title.strip()[:300])
    for path, body in (files or {}).items():
        check_file(key, path, body)
    _store(ctx, draft, files or {})
    record(ctx, "begun", key=key, draft_id=draft.id, title=title)
    return draft


def draft_of(ctx: Context, draft_id: int) -> Draft:
    """Return a draft by id, as it is stored now. Raises NotFound."""
    draft = ctx.session.get(Draft, draft_id, populate_existing=True)
    if draft is None:
        raise NotFound
    return draft


def files_of(ctx: Context, draft_id: int) -> dict[str, DraftFile]:
    """Return all files of a draft by path."""
    rows = ctx.session.execute(_reading(draft_id).order_by(_files.c.path))
    return {row.path: DraftFile(**row._mapping) for row in rows}  # noqa: SLF001 - its public name


def read_file(ctx: Context, draft_id: int, path: str) -> DraftFile:
    """Return one file of a draft. Raises NotFound."""
    row = ctx.session.execute(_reading(draft_id).where(_files.c.path == path)).one_or_none()
    if row is None:
        raise NotFound
    return DraftFile(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def write_file(ctx: Context, draft_id: int, path: str, body: str, *, revision: int) -> int:
    """Store a file over the revision it was read at, 0 for a new one; return its new revision.

    Raises NotFound, FileNotTaken, NotOpen, HeldBySomebody and LostRace, all before anything is
    stored.
    """
    draft = draft_of(ctx, draft_id)
    check_file(draft.key, path, body)
    touch(ctx, draft_id)
    if revision:
        return _overwrite(ctx, draft_id, path, body, revision)
    _check_room(ctx, draft_id, path)
    row = {"draft_id": draft_id, **_row(ctx, path, body)}
    added = insert_or(ctx.session, _files).values(**row).on_conflict_do_nothing()
    if not _changed(ctx, added):
        raise LostRace(revision=read_file(ctx, draft_id, path).revision)
    return 1


def delete_file(ctx: Context, draft_id: int, path: str, *, revision: int | None = None) -> None:
    """Take a file out of a draft. Raises NotFound, NotOpen, HeldBySomebody, LostRace."""
    touch(ctx, draft_id)
    stored = read_file(ctx, draft_id, path)
    _check_newest(stored, revision)
    _changed(ctx, delete(_files).where(*_at(draft_id, path)))


def rename_file(ctx: Context, draft_id: int, path: str, new_path: str) -> None:
    """Move a file to another path. Raises NotFound, FileNotTaken, NotOpen, HeldBySomebody."""
    stored = read_file(ctx, draft_id, path)
    _check_free(ctx, draft_id, new_path)
    delete_file(ctx, draft_id, path)
    write_file(ctx, draft_id, new_path, stored.body, revision=0)


def write_words(ctx: Context, draft_id: int, language: str, words: Mapping[str, str]) -> None:
    """Store translations of a draft by msgid; an empty one is forgotten.

    Raises NotOpen, HeldBySomebody.
    """
    draft = touch(ctx, draft_id)
    kept = {**draft.words.get(language, {}), **words}
    draft.words = {**draft.words, language: {key: text for key, text in kept.items() if text}}
    ctx.session.flush()


def touch(ctx: Context, draft_id: int) -> Draft:
    """Count a change of a draft, which the actor holds from now on.

    Whoever changes a file or a word calls this first, in the same transaction. Raises NotFound,
    NotOpen, HeldBySomebody.
    """
    draft = hold(ctx, draft_id)
    if ctx.actor.username not in draft.editors:
        draft.editors = [*draft.editors, ctx.actor.username]
    draft.revision += 1
    draft.updated_at = ctx.now
    ctx.session.flush()
    return draft


def hold(ctx: Context, draft_id: int) -> Draft:
    """Let the actor edit a draft that nobody else holds, and return it.

    Raises NotFound, NotOpen, HeldBySomebody.
    """
    free = or_(
        _drafts.c.holder.is_(None),
        _drafts.c.holder == ctx.actor.username,
        _drafts.c.held_at <= ctx.now - HELD,
    )
    mine = update(_drafts).where(_drafts.c.id == draft_id, _drafts.c.state == "draft", free)
    held = _changed(ctx, mine.values(holder=ctx.actor.username, held_at=ctx.now))
    draft = draft_of(ctx, draft_id)
    if not held:
        raise _refusal(ctx, draft)
    return draft


def let_go_of(ctx: Context, draft_id: int) -> None:
    """Stop editing: the next designer need not wait."""
    mine = (_drafts.c.id == draft_id, _drafts.c.holder == ctx.actor.username)
    _changed(ctx, update(_drafts).where(*mine).values(holder=None, held_at=None))


def holder_of(ctx: Context, draft: Draft) -> str | None:
    """Return the username of somebody else who edits the draft now."""
    if draft.holder in {None, ctx.actor.username} or draft.held_at is None:
        return None
    return draft.holder if draft.held_at > ctx.now - HELD else None


def take_over(ctx: Context, draft_id: int, note: str) -> Draft:
    """Take a draft from whoever holds it, with a note that they will read.

    Raises NotFound, NotOpen, Invalid without a note.
    """
    if not note.strip():
        raise Invalid(NO_NOTE)
    draft = draft_of(ctx, draft_id)
    was = draft.holder
    mine = update(_drafts).where(_drafts.c.id == draft_id, _drafts.c.state == "draft")
    if not _changed(ctx, mine.values(holder=ctx.actor.username, held_at=ctx.now)):
        raise NotOpen
    said = note.strip()[:1000]
    record(ctx, "taken_over", key=draft.key, draft_id=draft_id, was=was, note=said)
    return draft_of(ctx, draft_id)


def discard(ctx: Context, draft_id: int) -> None:
    """Give a draft up; it stays readable. Raises NotFound, NotOpen, HeldBySomebody."""
    draft = touch(ctx, draft_id)
    draft.state, draft.holder, draft.held_at = "discarded", None, None
    record(ctx, "discarded", key=draft.key, draft_id=draft_id)
    ctx.session.flush()


def _make(ctx: Context, key: str, title: str, **known: Any) -> Draft:
    draft = Draft(
        key=key,
        title=title,
        state="draft",
        owner=ctx.actor.username,
        base_version_id=known.get("base"),
        words=dict(known.get("words") or {}),
        revision=1,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            ctx.session.add(draft)
    except IntegrityError as exc:
        raise Conflict from exc
    return draft


def _store(ctx: Context, draft: Draft, files: Mapping[str, str]) -> None:
    rows = [{"draft_id": draft.id, **_row(ctx, path, body)} for path, body in files.items()]
    if rows:
        ctx.session.execute(insert(_files), rows)


def _row(ctx: Context, path: str, body: str) -> dict[str, Any]:
    by = {"updated_by": ctx.actor.username, "updated_at": ctx.now}
    return {"path": path, "body": body, "words": words_of(path, body), "revision": 1, **by}


def _overwrite(ctx: Context, draft_id: int, path: str, body: str, revision: int) -> int:
    change = update(_files).where(*_at(draft_id, path), _files.c.revision == revision)
    if not _changed(ctx, change.values({**_row(ctx, path, body), "revision": revision + 1})):
        raise LostRace(revision=read_file(ctx, draft_id, path).revision)
    return revision + 1


def _check_newest(stored: DraftFile, revision: int | None) -> None:
    if revision not in {None, stored.revision}:
        raise LostRace(revision=stored.revision)


def _check_free(ctx: Context, draft_id: int, path: str) -> None:
    if path in files_of(ctx, draft_id):
        raise FileNotTaken(path=path, reason={"why": IS_THERE, "details": {}})


def _at(draft_id: int, path: str) -> tuple[Any, Any]:
    return _files.c.draft_id == draft_id, _files.c.path == path


def _reading(draft_id: int) -> Any:
    return select(*_columns()).where(_files.c.draft_id == draft_id)


def _check_room(ctx: Context, draft_id: int, path: str) -> None:
    paths = select(_files.c.path).where(_files.c.draft_id == draft_id).limit(MOST_FILES)
    if len(list(ctx.session.scalars(paths))) >= MOST_FILES:
        reason = {"why": TOO_MANY_FILES, "details": {"limit": MOST_FILES}}
        raise FileNotTaken(path=path, reason=reason)


def _refusal(ctx: Context, draft: Draft) -> Conflict:
    if draft.state != "draft":
        return NotOpen()
    who = title_of(ctx, draft.holder)
    return HeldBySomebody(who=who, when=draft.held_at, holder=draft.holder)


def _newest(ctx: Context, key: str) -> ProcessVersion | None:
    query = select(ProcessVersion).where(ProcessVersion.key == key)
    return ctx.session.scalar(query.order_by(ProcessVersion.number.desc()).limit(1))


def _columns() -> tuple[Any, ...]:
    return tuple(
        _files.c[name] for name in ("path", "body", "revision", "updated_by", "updated_at")
    )


def _changed(ctx: Context, statement: Any) -> bool:
    """Run a statement and tell whether it changed a row."""
    ctx.session.flush()
    result: Any = ctx.session.execute(statement)
    return bool(result.rowcount)
