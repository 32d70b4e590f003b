"""A file of decisions of a draft in words: its tables, changed by commands, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workflow_app.dmn import DmnError
from workflow_app.dmn.document import read_document
from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.drawing.sheet import sheet_of
from workflow_app.services.designing.drafts import draft_of, read_file
from workflow_app.services.designing.limits import fits
from workflow_app.services.designing.table_commands import run
from workflow_app.services.designing.tables import table_path
from workflow_app.services.designing.undoing import file_at, last_done, undo_last, write_done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.domain.reasons import Reasoned
    from workflow_app.engine.drawing.sheet import Sheet
    from workflow_app.services.context import Context
    from workflow_app.services.designing.outline_commands import Done

TOO_LARGE = N_("The table is so large that it is not drawn here.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWords:
    """A file of decisions. `trouble` says why it cannot be read; `last` is what can be undone."""

    path: str
    revision: int
    sheet: Sheet | None = None
    trouble: Reasoned | None = None
    last: Mapping[str, Any] | None = None


def tables_in_words(ctx: Context, draft_id: int, name: str) -> TableWords:
    """Return the tables of a file of a draft. Raises NotFound."""
    file = read_file(ctx, draft_id, _path(ctx, draft_id, name))
    found = TableWords(path=file.path, revision=file.revision)
    try:
        sheet = _sheet(file.path, file.body)
    except (Invalid, DmnError) as trouble:
        return replace(found, trouble=trouble)
    return replace(found, sheet=sheet, last=last_done(ctx, draft_id, file))


def change_table(
    ctx: Context, draft_id: int, name: str, revision: int, said: Mapping[str, str]
) -> Done:
    """Do a command to a file as it was read at a revision, and keep the way back.

    Raises NotFound, LostRace, HeldBySomebody, NotOpen, Untaken, Invalid.
    """
    file = file_at(ctx, draft_id, _path(ctx, draft_id, name), revision)
    sheet = _sheet(file.path, file.body)
    done = run(sheet, said)
    text = sheet.text()
    if text != file.body:
        told = {"why": done.why, "details": done.details, "focus": done.focus}
        write_done(ctx, draft_id, file, text, told)
    return done


def take_back_table(ctx: Context, draft_id: int, name: str, revision: int) -> None:
    """Undo the newest command of a file. Raises as `change_table`, and NothingToUndo."""
    undo_last(ctx, draft_id, file_at(ctx, draft_id, _path(ctx, draft_id, name), revision))


def _sheet(path: str, body: str) -> Sheet:
    """Read a file that is to be changed. Raises Invalid, DmnError."""
    if not fits(path, body):
        raise Invalid(TOO_LARGE)
    read_document(body.encode())
    return sheet_of(body)


def _path(ctx: Context, draft_id: int, name: str) -> str:
    return table_path(draft_of(ctx, draft_id).key, name)
