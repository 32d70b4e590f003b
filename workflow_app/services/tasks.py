"""Working on tasks: open, save a draft, complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.errors import NotFound, Sealed
from workflow_app.domain.permissions import may_claim, stands_in
from workflow_app.domain.states import WorkState
from workflow_app.engine import Env, Step, complete, current_scope
from workflow_app.models.base import table_of
from workflow_app.models.work import WorkItem
from workflow_app.services.candidates import gate_of
from workflow_app.services.case_store import Loaded, load_by_work_item
from workflow_app.services.documents import attach
from workflow_app.services.drafts import (
    as_posted,
    find_draft,
    owner_of,
    require_newest,
    save_posted,
    subject_of,
    token_of,
)
from workflow_app.services.forms import make_form, passed_on
from workflow_app.services.gates import require_open
from workflow_app.services.holding import claim_task, workable_item
from workflow_app.services.host import Host
from workflow_app.services.reading import require_readable
from workflow_app.services.refusals import refusal
from workflow_app.services.step_writer import Submitted
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.domain.errors import NotAllowed
    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context, Posted
    from workflow_app.services.drafts import SavedDraft

_items = table_of(WorkItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTask:
    """A task as somebody opens it: its row, its form, and what they may do with it.

    `refused` says why they may not take it, `sealed` why its case file is not open to them yet.
    """

    loaded: Loaded
    form: TaskForm | None
    may_work: bool
    may_claim: bool
    holds: bool
    draft_saved_at: datetime | None
    refused: NotAllowed | None = None
    sealed: Sealed | None = None

    @property
    def row(self) -> Any:
        """Return the joined row of work item and case."""
        return self.loaded.row


def open_task(ctx: Context, item_id: int, posted: Posted | None = None) -> OpenedTask:
    """Return a task with its form, filled from what was posted, else the draft, else the case.

    Raises NotFound to those who may not see the case, Excluded, AlreadyCompleted, NoLongerOpen.
    """
    loaded = load_by_work_item(ctx, item_id)
    row = loaded.row
    gate = gate_of(ctx, row)
    workable = may_claim(ctx.actor, gate)
    sealed = _sealed(ctx, row, workable=workable)
    require_open(ctx, row)
    draft = find_draft(ctx, owner_of(ctx.actor), subject_of(item_id)) if workable else None
    posted = as_posted(draft) if posted is None else posted
    return OpenedTask(
        loaded=loaded,
        form=task_form(ctx, loaded, posted) if workable else None,
        may_work=workable,
        may_claim=workable and row.assignee != ctx.actor.username,
        holds=row.assignee == ctx.actor.username,
        draft_saved_at=draft.saved_at if draft else None,
        refused=None if workable or _is_anothers(ctx, row) else refusal(ctx, row, gate),
        sealed=sealed,
    )


def _is_anothers(ctx: Context, row: Any) -> bool:
    return row.assignee not in (None, ctx.actor.username)


def _sealed(ctx: Context, row: Any, *, workable: bool) -> Sealed | None:
    """Return why the file stays closed to somebody who may do the task; others are let through.

    Raises what `require_readable` raises to those who may not do it.
    """
    try:
        require_readable(ctx, row.id, row.territory_path)
    except Sealed as seal:
        return seal
    except NotFound:
        # A candidate by name need not have a role in the territory.
        if not workable:
            raise
    return None


def task_form(ctx: Context, loaded: Loaded, posted: Posted | None) -> TaskForm:
    """Return the bound form of a task."""
    row = loaded.row
    data = current_scope(loaded.published.program, loaded.state, row.task_id)
    return make_form(
        ctx,
        loaded.published,
        row.form,
        data=data,
        host=Host(ctx, loaded.facts.path, row.id),
        posted=posted,
        owner=owner_of(ctx.actor),
        case_id=row.id,
    )


def save_task_draft(ctx: Context, item_id: int, posted: Posted) -> SavedDraft:
    """Keep what was typed into a task's form.

    Raises NotFound, AlreadyClaimed, AlreadyCompleted, DraftChanged.
    """
    loaded = workable_item(ctx, item_id)[0]
    schema = loaded.published.form(loaded.row.form)
    return save_posted(ctx, owner_of(ctx.actor), subject_of(item_id), posted, schema)


def submit_task(ctx: Context, item_id: int, posted: Posted) -> TaskForm | Step:
    """Validate a task's form and complete the task; returns the form when it has errors.

    Raises AlreadyCompleted, AlreadyClaimed, NoLongerOpen, NotAllowed, DraftChanged, CaseStuck.
    """
    loaded = workable_item(ctx, item_id)[0]
    if loaded.row.has_draft:
        require_newest(ctx, owner_of(ctx.actor), subject_of(item_id), token_of(posted))
    form = task_form(ctx, loaded, posted)
    if not form.validate():
        return form
    return complete_task(ctx, item_id, form.answers(), loaded=loaded)


def complete_task(
    ctx: Context, item_id: int, answers: Mapping[str, Any], *, loaded: Loaded | None = None
) -> Step:
    """Complete a task with validated answers: one step, one transaction.

    Raises AlreadyCompleted, AlreadyClaimed, NoLongerOpen, NotAllowed, CaseStuck.
    """
    kept = [_taken(ctx, item_id, loaded or workable_item(ctx, item_id)[0])]

    def load() -> Loaded:
        return kept.pop() if kept else workable_item(ctx, item_id)[0]

    row, published = kept[0].row, kept[0].published
    passed = passed_on(published, row.form, answers)

    def act(current: Loaded, env: Env) -> Step:
        return complete(current.published.program, current.state, row.task_id, passed, env)

    attempt = Attempt(
        kind="complete",
        item=item_id,
        task_id=row.task_id,
        answers=dict(answers),
        actor=ctx.actor.username,
    )
    with sticking(row.id, attempt):
        step = step_case(ctx, load, act, submitted=_submitted(ctx, row, answers))
    own = {"owner": owner_of(ctx.actor), "element": row.element}
    attach(ctx, row.id, answers, for_key_holder=False, **own)
    return step


def _submitted(ctx: Context, row: Any, answers: Mapping[str, Any]) -> Submitted:
    return Submitted(
        element=row.element,
        name=row.item_name,
        form=row.form,
        task_id=row.task_id,
        data=answers,
        draft_owner=owner_of(ctx.actor),
        draft_subject=subject_of(row.item_id),
        has_draft=bool(row.has_draft),
        on_behalf_of=row.on_behalf_of,
    )


def _taken(ctx: Context, item_id: int, loaded: Loaded) -> Loaded:
    """Take a task that the actor does in somebody's place, so that the trail names both."""
    row = loaded.row
    if not ctx.actor.standing or row.assignee == ctx.actor.username:
        return loaded
    if stands_in(ctx.actor, gate_of(ctx, row)) is None:
        return loaded
    claim_task(ctx, item_id)
    return workable_item(ctx, item_id)[0]


def next_of_mine(ctx: Context, case_id: int) -> int | None:
    """Return an open task of the case that the actor holds, to go on with after a step."""
    return ctx.session.scalar(
        select(_items.c.id)
        .where(_items.c.case_id == case_id, _items.c.state == WorkState.OPEN)
        .where(_items.c.assignee == ctx.actor.username)
        .limit(1)
    )
