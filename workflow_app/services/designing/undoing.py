"""Commands on a file of a draft, kept so that they can be taken back one by one."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.designing import DesignUndo
from workflow_app.services.designing.drafts import read_file, write_file
from workflow_app.services.designing.errors import LostRace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.designing.drafts import DraftFile

#: How many commands of a file can be taken back.
KEPT = 20
#: What one person saves in an editor within so long of the first time is one change.
TOGETHER = timedelta(minutes=5)
EDITED = N_("The file was changed in its editor.")
NOTHING = N_("There is nothing to take back, or the file was changed by other means since.")
_undo = table_of(DesignUndo)


class NothingToUndo(Conflict):
    """No command of this file can be taken back."""

    message = NOTHING


def file_at(ctx: Context, draft_id: int, path: str, revision: int) -> DraftFile:
    """Return a file that is still at a revision. Raises NotFound, LostRace."""
    file = read_file(ctx, draft_id, path)
    if file.revision != revision:
        raise LostRace(revision=file.revision)
    return file


def write_done(
    ctx: Context, draft_id: int, file: DraftFile, text: str, told: Mapping[str, Any]
) -> int:
    """Store what a command made of a file, and the way back; return the new revision.

    `told` says what was done. Raises LostRace, HeldBySomebody, NotOpen.
    """
    new = write_file(ctx, draft_id, file.path, text, revision=file.revision)
    _keep(ctx, draft_id, file, new, told)
    return new


def write_edited(ctx: Context, draft_id: int, path: str, body: str, revision: int) -> int:
    """Store a file as its editor has it, 0 for a new one, and return its new revision.

    It is a change that can be taken back like a command, so those before it can be too; what one
    person saves within a few minutes is one change. Raises as `drafts.write_file`.
    """
    file = None
    with suppress(NotFound):
        file = read_file(ctx, draft_id, path)
    new = write_file(ctx, draft_id, path, body, revision=revision)
    if file is None or body == file.body:
        _follow(ctx, draft_id, path, revision, new)
    elif not _goes_on(ctx, draft_id, path, revision, new):
        _keep(ctx, draft_id, file, new, {"why": EDITED, "details": {}, "focus": ""})
    return new


def _goes_on(ctx: Context, draft_id: int, path: str, revision: int, new: int) -> bool:
    """Tell whether a save belongs to the same person's last one, which then reaches as far."""
    row = _newest(ctx, draft_id, path, revision)
    if row is None or row.told["why"] != EDITED or row.by != ctx.actor.username:
        return False
    if ctx.now - row.at > TOGETHER:
        return False
    row.revision = new
    return True


def _follow(ctx: Context, draft_id: int, path: str, revision: int, new: int) -> None:
    """Let the newest command stay the newest: the file was stored again as it was."""
    row = _newest(ctx, draft_id, path, revision)
    if row is not None:
        row.revision = new


def _keep(ctx: Context, draft_id: int, file: DraftFile, new: int, told: Mapping[str, Any]) -> None:
    """Keep what a file was before a change that made a revision of it."""
    ctx.session.add(
        DesignUndo(
            draft_id=draft_id,
            path=file.path,
            revision=new,
            before=file.body,
            told={**told, "base": file.revision},
            by=ctx.actor.username,
            at=ctx.now,
        )
    )
    ctx.session.flush()
    _forget_oldest(ctx, draft_id, file.path)


def last_done(ctx: Context, draft_id: int, file: DraftFile) -> Mapping[str, Any] | None:
    """Return what was told of the newest command, if the file is as that command left it."""
    row = _newest(ctx, draft_id, file.path, file.revision)
    return row.told if row is not None else None


def undo_last(ctx: Context, draft_id: int, file: DraftFile) -> Mapping[str, Any]:
    """Undo the newest command of a file and return what it was told as.

    Raises NothingToUndo where the file was changed by other means since, LostRace, HeldBySomebody,
    NotOpen.
    """
    row = _newest(ctx, draft_id, file.path, file.revision)
    if row is None:
        raise NothingToUndo
    new = write_file(ctx, draft_id, file.path, row.before, revision=file.revision)
    told: Mapping[str, Any] = row.told
    earlier = _newest(ctx, draft_id, file.path, told["base"])
    if earlier is not None:
        earlier.revision = new
    ctx.session.delete(row)
    ctx.session.flush()
    return told


def _newest(ctx: Context, draft_id: int, path: str, revision: int) -> DesignUndo | None:
    query = select(DesignUndo).where(
        DesignUndo.draft_id == draft_id, DesignUndo.path == path, DesignUndo.revision == revision
    )
    return ctx.session.scalar(query.order_by(DesignUndo.id.desc()).limit(1))


def _forget_oldest(ctx: Context, draft_id: int, path: str) -> None:
    own = (_undo.c.draft_id == draft_id, _undo.c.path == path)
    query = select(_undo.c.id).where(*own).order_by(_undo.c.id.desc()).offset(KEPT).limit(1)
    oldest = ctx.session.scalar(query)
    if oldest is not None:
        ctx.session.execute(delete(_undo).where(*own, _undo.c.id <= oldest))
