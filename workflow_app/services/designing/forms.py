"""The forms of a draft: which there are, which steps show them; new, copied, renamed, deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.domain.text import N_
from workflow_app.engine.names import components
from workflow_app.services.designing.drafts import (
    delete_file,
    draft_of,
    files_of,
    read_file,
    rename_file,
    write_file,
)
from workflow_app.services.designing.errors import BadName
from workflow_app.services.designing.form_looks import form_path
from workflow_app.services.designing.paths import check_name
from workflow_app.services.designing.sources import published_files, version_files
from workflow_app.services.designing.undoing import write_edited
from workflow_app.services.designing.uses import Use, uses_of_forms, with_form_renamed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.services.context import Context
    from workflow_app.services.designing.drafts import DraftFile

QUESTIONS = frozenset({"text", "html", "separator", "spacer", "image", "button", "group"})


class FormInUse(Conflict):
    """A form cannot go while a step shows it (params: form, steps)."""

    message = N_("“%(form)s” is shown by: %(steps)s. Let them show another form first.")


@dataclass(frozen=True, slots=True)
class ListedForm:
    """A form of a draft: how many questions it asks, and the steps that show it."""

    name: str
    questions: int
    uses: tuple[Use, ...]
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a new name changed: steps of the draft that got it, and those of others that did not."""

    changed: tuple[Use, ...]
    elsewhere: tuple[Use, ...]


def forms_of(ctx: Context, draft_id: int) -> tuple[ListedForm, ...]:
    """Return the forms of a draft by name. Raises NotFound."""
    key = draft_of(ctx, draft_id).key
    files = files_of(ctx, draft_id)
    uses = _uses(ctx, key, files)
    prefix, ending = form_path(key, "\0").split("\0")
    return tuple(
        _listed(file, path[len(prefix) : -len(ending)], key, uses)
        for path, file in sorted(files.items())
        if path.startswith(prefix) and path.endswith(ending)
    )


def uses_of_form(ctx: Context, draft_id: int, name: str) -> tuple[Use, ...]:
    """Return the steps that show a form, those of other processes too. Raises NotFound."""
    key = draft_of(ctx, draft_id).key
    return tuple(_uses(ctx, key, files_of(ctx, draft_id)).get(f"{key}/{name}", ()))


def copy_form(ctx: Context, draft_id: int, name: str, copy: str) -> None:
    """Add a copy of a form. Raises NotFound, BadName, NotOpen, HeldBySomebody."""
    key = draft_of(ctx, draft_id).key
    check_name(copy)
    body = read_file(ctx, draft_id, form_path(key, name)).body
    path = form_path(key, copy)
    if path in files_of(ctx, draft_id):
        raise BadName(BadName.taken, name=copy)
    write_file(ctx, draft_id, path, _with_id(body, name, copy), revision=0)


def rename_form(ctx: Context, draft_id: int, name: str, new: str) -> Renamed:
    """Give a form another name, in the draft's own diagrams too.

    Raises NotFound, BadName, NotOpen, HeldBySomebody.
    """
    key = draft_of(ctx, draft_id).key
    check_name(new)
    uses = uses_of_form(ctx, draft_id, name)
    files = files_of(ctx, draft_id)
    if form_path(key, new) in files:
        raise BadName(BadName.taken, name=new)
    rename_file(ctx, draft_id, form_path(key, name), form_path(key, new))
    for path, file in files.items():
        body = file.body
        if path.endswith(".bpmn"):
            body = with_form_renamed(body, key, f"{key}/{name}", f"{key}/{new}")
        if body != file.body:
            write_file(ctx, draft_id, path, body, revision=file.revision)
    return Renamed(
        tuple(use for use in uses if use.process == key),
        tuple(use for use in uses if use.process != key),
    )


def delete_form(ctx: Context, draft_id: int, name: str) -> None:
    """Take a form that no step shows out of a draft.

    Raises NotFound, FormInUse, NotOpen, HeldBySomebody.
    """
    uses = uses_of_form(ctx, draft_id, name)
    if uses:
        raise FormInUse(
            form=name, steps=", ".join(dict.fromkeys(u.name or u.element for u in uses))
        )
    delete_file(ctx, draft_id, form_path(draft_of(ctx, draft_id).key, name))


def write_form_text(ctx: Context, draft_id: int, name: str, text: str, revision: int) -> int:
    """Store a form's text over the revision it was read at; return the new one.

    Raises NotFound, LostRace, FileNotTaken, NotOpen, HeldBySomebody.
    """
    path = form_path(draft_of(ctx, draft_id).key, name)
    if revision < 1:
        raise NotFound
    return write_edited(ctx, draft_id, path, text, revision)


def _with_id(body: str, name: str, copy: str) -> str:
    """Return a form's text under another id, if it had its name for one."""
    return re.sub(rf'("id"\s*:\s*"){re.escape(name)}"', rf'\g<1>{copy}"', body, count=1)


def _uses(ctx: Context, key: str, files: Mapping[str, DraftFile]) -> dict[str, list[Use]]:
    """Return who shows which form, among everything published and the draft's own diagrams."""
    own = version_files({path: file.body for path, file in files.items()})
    others = {
        path: text
        for path, text in published_files(ctx).items()
        if not path.startswith(f"processes/{key}/") and f"{key}/" in text
    }
    return uses_of_forms(others | own)


def _listed(file: DraftFile, name: str, key: str, uses: Mapping[str, list[Use]]) -> ListedForm:
    questions = sum(1 for part in components(file.body) if part.get("type") not in QUESTIONS)
    shown = tuple(uses.get(f"{key}/{name}", ()))
    return ListedForm(name, questions, shown, file.updated_at, file.updated_by)
