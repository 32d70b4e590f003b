"""Working on tasks: open, claim, release, save a draft, complete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.domain.errors import NotFound
from workflow_app.domain.permissions import may_claim
from workflow_app.domain.states import WorkState
from workflow_app.engine import Env, Step, complete, current_scope
from workflow_app.models.base import table_of
from workflow_app.models.work import WorkItem
from workflow_app.services.case_store import Loaded, LostRace, load_by_work_item
from workflow_app.services.chain import Event, append_event
from workflow_app.services.documents import attach
from workflow_app.services.drafts import (
    as_posted,
    find_draft,
    owner_of,
    save_draft,
    subject_of,
    typed,
)
from workflow_app.services.forms import make_form, passed_on
from workflow_app.services.gates import gate_of, require_open, require_workable
from workflow_app.services.host import Host
from workflow_app.services.offers import offer_again
from workflow_app.services.reading import may_read_case
from workflow_app.services.step_writer import Submitted
from workflow_app.services.steps import step_case
from workflow_app.services.stuck import Attempt, sticking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from workflow_app.form_builder import TaskForm
    from workflow_app.services.context import Context, Posted

_items = table_of(WorkItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTask:
    """A task as somebody opens it: its row, its form, and what they may do with it."""

    loaded: Loaded
    form: TaskForm | None
    may_work: bool
    may_claim: bool
    holds: bool
    draft_saved_at: datetime | None

    @property
    def row(self) -> Any:
        """Return the joined row of work item and case."""
        return self.loaded.row


def open_task(ctx: Context, item_id: int, posted: Posted | None = None) -> OpenedTask:
    """Return a task with its form, filled from what was posted, else the draft, else the case.

    Raises NotFound to those who may not see the case, AlreadyCompleted, NoLongerOpen.
    """
    loaded = load_by_work_item(ctx, item_id)
    row = loaded.row
    gate = gate_of(ctx, row)
    workable = may_claim(ctx.actor, gate)
    if not workable and not may_read_case(ctx, row.id, row.territory_path):
        raise NotFound
    require_open(ctx, row)
    draft = find_draft(ctx, owner_of(ctx.actor), subject_of(item_id)) if workable else None
    posted = as_posted(draft) if posted is None else posted
    return OpenedTask(
        loaded=loaded,
        form=task_form(ctx, loaded, posted) if workable else None,
        may_work=workable,
        may_claim=workable and row.assignee is None,
        holds=row.assignee == ctx.actor.username,
        draft_saved_at=draft.saved_at if draft else None,
    )


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


def save_task_draft(ctx: Context, item_id: int, posted: Posted) -> datetime:
    """Keep what was typed into a task's form. Raises NotFound, AlreadyClaimed, AlreadyCompleted."""
    loaded = load_by_work_item(ctx, item_id)
    require_open(ctx, loaded.row)
    require_workable(ctx, loaded.row)
    return save_draft(ctx, owner_of(ctx.actor), subject_of(item_id), typed(posted))


def submit_task(ctx: Context, item_id: int, posted: Posted) -> TaskForm | Step:
    """Validate a task's form and complete the task; returns the form when it has errors.

    Raises AlreadyCompleted, AlreadyClaimed, NoLongerOpen, NotAllowed, CaseStuck.
    """
    loaded = _workable(ctx, item_id)
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
    kept = [loaded] if loaded is not None else []

    def load() -> Loaded:
        return kept.pop() if kept else _workable(ctx, item_id)

    first = load()
    kept.append(first)
    row, published = first.row, first.published
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
    attach(ctx, row.id, answers, owner=owner_of(ctx.actor), for_key_holder=False)
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
    )


def claim_task(ctx: Context, item_id: int) -> None:
    """Take a task for oneself. Raises AlreadyClaimed, AlreadyCompleted, NotAllowed."""
    loaded = _workable(ctx, item_id)
    row = loaded.row
    if row.assignee == ctx.actor.username:
        return
    append_event(ctx, row.id, Event("claimed", row.element, row.task_id, ctx.now))
    hit = ctx.session.execute(
        update(_items)
        .where(_items.c.id == item_id, _items.c.assignee.is_(None))
        .where(_items.c.state == WorkState.OPEN)
        .values(assignee=ctx.actor.username, claimed_at=ctx.now)
    )
    if hit.rowcount == 0:  # type: ignore[attr-defined]
        _workable(ctx, item_id)
        raise LostRace
    offer_again(ctx.connection, item_id)


def release_task(ctx: Context, item_id: int) -> None:
    """Give a task back to its group; the draft stays. Raises AlreadyClaimed, NotAllowed."""
    row = _workable(ctx, item_id).row
    if row.assignee != ctx.actor.username or row.role is None:
        return
    append_event(ctx, row.id, Event("released", row.element, row.task_id, ctx.now))
    hit = ctx.session.execute(
        update(_items)
        .where(_items.c.id == item_id, _items.c.assignee == ctx.actor.username)
        .where(_items.c.state == WorkState.OPEN)
        .values(assignee=None, claimed_at=None)
    )
    if hit.rowcount == 0:  # type: ignore[attr-defined]
        _workable(ctx, item_id)
        raise LostRace
    offer_again(ctx.connection, item_id)


def next_of_mine(ctx: Context, case_id: int) -> int | None:
    """Return an open task of the case that the actor holds, to go on with after a step."""
    return ctx.session.scalar(
        select(_items.c.id)
        .where(_items.c.case_id == case_id, _items.c.state == WorkState.OPEN)
        .where(_items.c.assignee == ctx.actor.username)
        .limit(1)
    )


def _workable(ctx: Context, item_id: int) -> Loaded:
    loaded = load_by_work_item(ctx, item_id)
    require_open(ctx, loaded.row)
    require_workable(ctx, loaded.row)
    return loaded
