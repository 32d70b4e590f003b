"""Taking a completed task back: for some minutes, as long as nobody has gone on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, insert, literal_column, select, update

from workflow_app.domain.deadlines import reminder_at
from workflow_app.domain.errors import Conflict, NotFound, SettingMissing
from workflow_app.domain.states import OutboxKind, OutboxState, TimerKind, WorkState
from workflow_app.domain.text import N_
from workflow_app.engine import ClosedTask, current_scope
from workflow_app.engine.migration import restore
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case, Document, Draft, History
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.work import DueTimer, Outbox, WorkItem
from workflow_app.services.case_store import Loaded, load_by_work_item, open_scope
from workflow_app.services.chain import Event
from workflow_app.services.drafts import owner_of, save_draft, subject_of
from workflow_app.services.forms import make_form
from workflow_app.services.host import Host
from workflow_app.services.keepsakes import Before, unpack
from workflow_app.services.offers import offer_again
from workflow_app.services.steps import step_case

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.engine import Env, Step
    from workflow_app.services.context import Context
    from workflow_app.services.scope import StepScope

MINUTES = "desk.undo_minutes"
#: What may happen to a case without anybody having gone on.
HARMLESS = ("commented", "comment_edited", "comment_deleted", "reminded", "escalated")
GONE = N_(
    "This step cannot be taken back any more: something went out with it, or the case has gone on."
)
TOO_LATE = N_("A step can be taken back for %(minutes)s minutes only.")
BEGUN = N_("This step cannot be taken back any more: somebody has begun the next one.")
_cases = table_of(Case)
_items = table_of(WorkItem)
_history = table_of(History)
_drafts = table_of(Draft)
_answers = table_of(Answer)
_documents = table_of(Document)
_outbox = table_of(Outbox)
_timers = table_of(DueTimer)
_KEPT = PreparedSelect(select(_cases.c.undo).where(_cases.c.id == bindparam("case_key")))
_MINE = PreparedSelect(
    select(_items.c.id, _items.c.name, _items.c.closed_at).where(
        _items.c.case_id == bindparam("case_key"),
        _items.c.task_id == bindparam("task_key"),
        _items.c.closed_by == bindparam("actor_key"),
    )
)
_LATER = exists().where(
    _history.c.case_id == bindparam("case_key"),
    _history.c.seq > bindparam("last_seq"),
    # Literals: a list of parameters cannot be compiled beforehand.
    _history.c.kind.notin_([literal_column(f"'{kind}'") for kind in HARMLESS]),
)
_BEGUN = exists().where(
    _items.c.case_id == bindparam("case_key"),
    _items.c.state == WorkState.OPEN,
    _items.c.opened_at >= bindparam("closed_key"),
    _drafts.c.subject == "task:" + _items.c.id.cast(_drafts.c.subject.type),
)
_GONE_ON = PreparedSelect(select((_LATER | _BEGUN).label("gone_on")))


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOffer:
    """A task that the reader has just completed and may take back until a moment."""

    item_id: int
    name: str
    until: datetime


def undo_offer(ctx: Context, loaded: Loaded) -> UndoOffer | None:
    """Return what of a case the reader may take back now."""
    kept = _KEPT.first(ctx.connection, {"case_key": loaded.row.id})
    if kept is None or kept.undo is None:
        return None
    before = unpack(kept.undo)
    mine = {"task_key": before.task_id, "actor_key": ctx.actor.username}
    item = _MINE.first(ctx.connection, {"case_key": loaded.row.id, **mine})
    if item is None:
        return None
    until = item.closed_at + _span(ctx, loaded)
    if _why_not(ctx, loaded, item.closed_at, until, before) is not None:
        return None
    return UndoOffer(item_id=item.id, name=item.name, until=until)


def undo_task(ctx: Context, item_id: int) -> Loaded:
    """Open a task again that the actor has just completed, with what they had entered as a draft.

    The case stands as before. Raises NotFound for the task of somebody else, Conflict with the
    reason where it is too late.
    """
    undone: dict[str, Before] = {}

    def load() -> Loaded:
        loaded, undone["before"] = _undoable(ctx, item_id)
        return loaded

    def scope_of(_ctx: Context, loaded: Loaded) -> StepScope:
        scope, before = open_scope(ctx, loaded), undone["before"]
        scope.update_case(status=before.status, outcome=before.outcome, term_due=before.term_due)
        return scope

    def act(loaded: Loaded, env: Env) -> Step:
        return _back(ctx, loaded, undone["before"], env)

    loaded = load()
    row = loaded.row
    draft = _as_typed(ctx, loaded, undone["before"])
    event = Event("undone", row.element, row.task_id, ctx.now)
    step_case(ctx, load, act, events=(event,), scope_of=scope_of)
    _reopen(ctx, row)
    _withdraw(ctx, row, undone["before"])
    save_draft(ctx, owner_of(ctx.actor), subject_of(item_id), draft)
    return loaded


def _undoable(ctx: Context, item_id: int) -> tuple[Loaded, Before]:
    loaded = load_by_work_item(ctx, item_id)
    row = loaded.row
    if row.item_state != WorkState.COMPLETED or row.closed_by != ctx.actor.username:
        raise NotFound
    kept = ctx.session.scalar(select(_cases.c.undo).where(_cases.c.id == row.id))
    before = unpack(kept) if kept is not None else None
    if before is None or before.task_id != row.task_id:
        raise Conflict(GONE)
    until = row.closed_at + _span(ctx, loaded)
    why = _why_not(ctx, loaded, row.closed_at, until, before)
    if why is not None:
        raise why
    return loaded, before


def _why_not(
    ctx: Context, loaded: Loaded, closed_at: datetime, until: datetime, before: Before
) -> Conflict | None:
    if ctx.now > until:
        return Conflict(TOO_LATE, minutes=int((until - closed_at).total_seconds() // 60))
    keys = {"case_key": loaded.row.id, "last_seq": before.seq, "closed_key": closed_at}
    gone_on = _GONE_ON.first(ctx.connection, keys).gone_on
    return Conflict(BEGUN) if gone_on else None


def _span(ctx: Context, loaded: Loaded) -> timedelta:
    """Return for how long a step can be taken back; not at all where the setting is not loaded."""
    try:
        return timedelta(minutes=float(Host(ctx, loaded.facts.path).number(MINUTES)))
    except SettingMissing:
        return timedelta()


def _back(ctx: Context, loaded: Loaded, before: Before, env: Env) -> Step:
    """Return the step that takes the state of before up again and closes what had opened."""
    moved = restore(loaded.published.program, before.state, env)
    kept = {task.task_id for task in moved.kept}
    opened = ctx.session.execute(
        select(_items.c.task_id, _items.c.element).where(
            _items.c.case_id == loaded.row.id, _items.c.state == WorkState.OPEN
        )
    )
    gone = [
        ClosedTask(item.task_id, item.element.rpartition("/")[2], WorkState.CANCELLED.value)
        for item in opened
        if item.task_id not in kept
    ]
    return replace(moved.step, closed=(*moved.step.closed, *gone))


def _as_typed(ctx: Context, loaded: Loaded, before: Before) -> dict[str, list[str]]:
    """Return what was sent as a draft of the same form."""
    row, published = loaded.row, loaded.published
    sent = ctx.session.execute(
        select(_answers.c.data)
        .where(_answers.c.case_id == row.id, _answers.c.task_id == before.task_id)
        .order_by(_answers.c.id.desc())
        .limit(1)
    ).scalar_one()
    form = make_form(
        ctx,
        published,
        row.form,
        data={**current_scope(published.program, before.state, before.task_id), **sent},
        host=Host(ctx, loaded.facts.path, row.id),
        posted=None,
        owner=owner_of(ctx.actor),
        case_id=row.id,
    )
    return {name: list(texts) for name, texts in form.raw().items()}


def _reopen(ctx: Context, row: Any) -> None:
    """Give the task back to whom completed it, with the terms that are still to come."""
    again = {
        "state": WorkState.OPEN,
        "closed_at": None,
        "closed_by": None,
        "assignee": row.closed_by,
        "claimed_at": ctx.now,
    }
    ctx.session.execute(update(_items).where(_items.c.id == row.item_id).values(**again))
    offer_again(ctx.connection, row.item_id)
    if row.due_at is None:
        return
    due = {
        TimerKind.REMINDER: reminder_at(row.opened_at, row.due_at),
        TimerKind.ESCALATION: row.due_at,
    }
    shared = {"case_id": row.id, "task_id": row.task_id, "element": row.element}
    for kind, at in due.items():
        if at > ctx.now:
            ctx.session.execute(insert(_timers).values(**shared, kind=kind, due_at=at))


def _withdraw(ctx: Context, row: Any, before: Before) -> None:
    """Take back what the step had left in the case: the answer, and papers of the office."""
    ctx.session.execute(
        delete(_answers).where(
            _answers.c.case_id == row.id,
            _answers.c.task_id == row.task_id,
            _answers.c.at == row.closed_at,
        )
    )
    if not before.documents:
        return
    orders = ctx.session.execute(
        select(_outbox.c.id, _outbox.c.payload).where(
            _outbox.c.case_id == row.id,
            _outbox.c.kind == OutboxKind.DOCUMENT,
            _outbox.c.state == OutboxState.WAITING,
        )
    )
    late = [o.id for o in orders if o.payload["document"] in before.documents]
    ctx.session.execute(
        update(_outbox).where(_outbox.c.id.in_(late)).values(state=OutboxState.DONE)
    )
    ctx.session.execute(delete(_documents).where(_documents.c.id.in_(before.documents)))
