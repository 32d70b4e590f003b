"""A form of a draft in words: its questions one by one, changed by commands, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import Invalid
from workflow_app.services.designing.drafts import draft_of, read_file
from workflow_app.services.designing.form_looks import form_path
from workflow_app.services.designing.question_commands import run
from workflow_app.services.designing.question_places import placed, read_form, write_form
from workflow_app.services.designing.undoing import file_at, last_done, undo_last, write_done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context
    from workflow_app.services.designing.outline_commands import Done
    from workflow_app.services.designing.question_places import Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """A form in words. `trouble` says why it cannot be read; `last` is what can be undone."""

    revision: int
    parts: tuple[Placed, ...] = ()
    trouble: Invalid | None = None
    last: Mapping[str, Any] | None = None


def questions_of(ctx: Context, draft_id: int, name: str) -> Questions:
    """Return a form of a draft in words. Raises NotFound."""
    file = read_file(ctx, draft_id, _path(ctx, draft_id, name))
    try:
        parts = tuple(placed(read_form(file.body)))
    except Invalid as trouble:
        return Questions(revision=file.revision, trouble=trouble)
    last = last_done(ctx, draft_id, file)
    return Questions(revision=file.revision, parts=parts, last=last)


def change_questions(
    ctx: Context, draft_id: int, name: str, revision: int, said: Mapping[str, str]
) -> Done:
    """Do a command to a form as it was read at a revision, and keep the way back.

    Raises NotFound, LostRace, HeldBySomebody, NotOpen, Untaken, Invalid.
    """
    file = file_at(ctx, draft_id, _path(ctx, draft_id, name), revision)
    form = read_form(file.body)
    before = write_form(form)
    done = run(form, said)
    text = write_form(form)
    if text != before:
        told = {"why": done.why, "details": done.details, "focus": done.focus}
        write_done(ctx, draft_id, file, text, told)
    return done


def take_back_question(ctx: Context, draft_id: int, name: str, revision: int) -> None:
    """Undo the newest command of a form. Raises as `change_questions`, and NothingToUndo."""
    undo_last(ctx, draft_id, file_at(ctx, draft_id, _path(ctx, draft_id, name), revision))


def _path(ctx: Context, draft_id: int, name: str) -> str:
    return form_path(draft_of(ctx, draft_id).key, name)
