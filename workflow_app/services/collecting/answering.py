"""Answering entries: by the role that answers, or whoever has the task that works on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.domain.errors import Conflict, NotAllowed, NotFound
from workflow_app.domain.permissions import has_role, may_claim
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.collections import CollectionEntry
from workflow_app.queries import case_file
from workflow_app.services.candidates import gate_of
from workflow_app.services.case_store import load_by_work_item
from workflow_app.services.collecting.opened import bind, collections
from workflow_app.services.documents import attach
from workflow_app.services.drafts import (
    as_posted,
    drop_draft,
    find_draft,
    owner_of,
    require_newest,
    save_posted,
    token_of,
)
from workflow_app.services.gates import title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.collecting.opened import Opened
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.drafts import SavedDraft

entries = table_of(CollectionEntry)
#: The property of a user task that works on a collection.
PROPERTY = "collection"


class AnswerChanged(Conflict):
    """Somebody answered an entry since it was opened (params: who, when)."""

    message = N_(
        "%(who)s answered this on %(when)s, while you were writing. What you entered stands below:"
        " save it again to put it in the place of that answer."
    )


class EntryReplaced(Conflict):
    """Whoever sent an entry changed it since it was opened for answering."""

    message = N_(
        "Whoever sent this has changed it while you were writing. Read it again; what you entered"
        " stands below."
    )


class NotAnswering(NotAllowed):
    """The actor may read entries and not answer them, or nothing answers them."""

    message = N_("Entries are answered by whoever has the task for it, or by the role named in it.")


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What came of one answer for several entries: how many were saved, and which were not."""

    saved: int
    changed: tuple[int, ...]


def working_item(ctx: Context, loaded: Loaded, key: str) -> int | None:
    """Return the open task of the case that works on a collection and that the actor may do."""
    for item in case_file.open_items(ctx.session, loaded.row.id):
        info = loaded.published.task_info(item.element)
        if info is None or info.properties.get(PROPERTY) != key:
            continue
        if may_claim(ctx.actor, gate_of(ctx, load_by_work_item(ctx, item.id).row)):
            return int(item.id)
    return None


def may_run(ctx: Context, loaded: Loaded, opened: Opened) -> bool:
    """Tell whether the actor runs a collection: has the role that answers, or its task."""
    row = opened.row
    if row.answered_by is not None and has_role(ctx.actor, row.answered_by, row.path):
        return True
    return working_item(ctx, loaded, row.key) is not None


def may_answer(ctx: Context, loaded: Loaded, opened: Opened) -> bool:
    """Tell whether the actor may answer entries now: while the case runs, open or closed."""
    if opened.row.answer_form is None or loaded.row.phase == CaseState.FINISHED:
        return False
    return may_run(ctx, loaded, opened)


def require_answering(ctx: Context, loaded: Loaded, opened: Opened) -> None:
    """Raise NotAnswering unless the actor may answer entries now."""
    if not may_answer(ctx, loaded, opened):
        raise NotAnswering


def entry_of(ctx: Context, opened: Opened, number: int) -> Any:
    """Return the row of an entry by its number. Raises NotFound, also while they are sealed."""
    if opened.is_sealed(ctx.now):
        raise NotFound
    query = select(entries).where(
        entries.c.collection_id == opened.row.id, entries.c.number == number
    )
    row = ctx.session.execute(query).first()
    if row is None:
        raise NotFound
    return row


def answer_form(ctx: Context, opened: Opened, entry: Any, posted: Posted | None = None) -> TaskForm:
    """Return the answer form over an entry: what was posted, else the draft, else the answer.

    The form sees `entry`: no, at, and the entry's own fields.
    """
    if posted is None:
        posted = as_posted(find_draft(ctx, owner_of(ctx.actor), draft_subject(opened, entry)))
    seen = {**entry.data, "no": entry.number, "at": entry.at.isoformat()}
    known = {"entry": seen, **(entry.answer or {})}
    form = str(opened.row.answer_form)
    return bind(ctx, opened, form, posted, known=known, owner=owner_of(ctx.actor))


def draft_subject(opened: Opened, entry: Any) -> str:
    """Return the name under which a draft of an answer lies."""
    return f"collection:{opened.row.id}:{entry.number}"


def save_answer_draft(ctx: Context, opened: Opened, entry: Any, posted: Posted) -> SavedDraft:
    """Keep what was typed as an answer. Raises DraftChanged."""
    schema = opened.published.form(str(opened.row.answer_form))
    subject = draft_subject(opened, entry)
    return save_posted(ctx, owner_of(ctx.actor), subject, posted, schema)


def save_answer(
    ctx: Context, opened: Opened, entry: Any, posted: Posted, seen: int | None
) -> TaskForm | None:
    """Write an answer; returns the form when it has errors.

    `seen` is the version of the entry that the page showed. Raises AnswerChanged, EntryReplaced,
    DraftChanged.
    """
    owner, subject = owner_of(ctx.actor), draft_subject(opened, entry)
    require_newest(ctx, owner, subject, token_of(posted))
    form = answer_form(ctx, opened, entry, posted)
    if not form.validate():
        return form
    if not write_answer(ctx, opened, entry, form.answers(), seen):
        raise changed_since(ctx, entry_of(ctx, opened, entry.number))
    drop_draft(ctx, owner, subject)
    return None


def answer_all(
    ctx: Context, opened: Opened, ticked: Iterable[tuple[int, int]], posted: Posted
) -> TaskForm | Unsaved:
    """Write the same answer to the entries ticked, given as (number, version seen).

    Returns the form of the first that refuses it; those that changed meanwhile stay as they are.
    """
    saved, changed = 0, []
    for number, seen in ticked:
        entry = entry_of(ctx, opened, number)
        form = answer_form(ctx, opened, entry, posted)
        if not form.validate():
            return form
        if write_answer(ctx, opened, entry, form.answers(), seen):
            saved += 1
        else:
            changed.append(number)
    return Unsaved(saved, tuple(changed))


def write_answer(
    ctx: Context, opened: Opened, entry: Any, answers: Mapping[str, Any], seen: int | None
) -> bool:
    """Write a validated answer; False where the entry or its answer changed since it was seen."""
    row, version = opened.row, entry.version if seen is None else seen
    values = {
        "answer": dict(answers),
        "is_answered": True,
        "is_withheld": bool(row.withheld_by and answers.get(row.withheld_by)),
        "answered_at": ctx.now,
        "answered_by": ctx.actor.username,
        "version": version + 1,
    }
    mine = update(entries).where(entries.c.id == entry.id, entries.c.version == version)
    if ctx.connection.execute(mine.values(**values)).rowcount == 0:
        return False
    # An unchanged version says that it was answered, or not, when it was read.
    counted = {"edition": collections.c.edition + 1}
    if not entry.is_answered:
        counted["answered"] = collections.c.answered + 1
    ctx.connection.execute(update(collections).where(collections.c.id == row.id).values(**counted))
    attach(ctx, row.case_id, answers, owner=owner_of(ctx.actor), for_key_holder=False)
    return True


def changed_since(ctx: Context, entry: Any) -> Conflict:
    """Return why an answer could not be written: somebody else's, or a changed entry."""
    if entry.answered_by is None:
        return EntryReplaced()
    return AnswerChanged(who=title_of(ctx, entry.answered_by), when=entry.answered_at)
