"""Reading a case for a step: one select, in Core, with everything the step needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, select

from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, Draft
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.work import WorkItem
from workflow_app.services.drafts import owner_of, subject_of
from workflow_app.services.host import Host
from workflow_app.services.scope import CaseFacts, StepScope

if TYPE_CHECKING:
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

cases = table_of(Case)
work_items = table_of(WorkItem)
drafts = table_of(Draft)

_CASE_COLUMNS = (
    cases.c.id,
    cases.c.number,
    cases.c.secret,
    cases.c.title,
    cases.c.language,
    cases.c.territory_code,
    cases.c.territory_path,
    cases.c.status,
    cases.c.outcome,
    cases.c.end_element,
    cases.c.key_holder_email,
    cases.c.key_holder_role,
    cases.c.started_at,
    cases.c.finished_at,
    cases.c.term_due,
    cases.c.process_version_id,
    cases.c.version,
    cases.c.phase,
    cases.c.state,
    cases.c.waits,
    cases.c.history_seq,
    cases.c.history_head,
    cases.c.has_exclusions,
)
_BY_ID = PreparedSelect(select(*_CASE_COLUMNS).where(cases.c.id == bindparam("id")))
_BY_WORK_ITEM = PreparedSelect(
    select(
        *_CASE_COLUMNS,
        work_items.c.id.label("item_id"),
        work_items.c.task_id,
        work_items.c.element,
        work_items.c.name.label("item_name"),
        work_items.c.form,
        work_items.c.role,
        work_items.c.assignee,
        work_items.c.state.label("item_state"),
        work_items.c.opened_at,
        work_items.c.due_at,
        work_items.c.claimed_at,
        work_items.c.closed_at,
        work_items.c.closed_by,
        work_items.c.has_candidates,
        work_items.c.on_behalf_of,
        exists()
        .where(drafts.c.owner == bindparam("owner"), drafts.c.subject == bindparam("subject"))
        .label("has_draft"),
    )
    .join_from(work_items, cases, cases.c.id == work_items.c.case_id)
    .where(work_items.c.id == bindparam("id"))
)


class LostRace(Conflict):
    """Somebody else stepped the case between our reading and our writing; nothing was stored."""

    message = N_("Somebody else changed this case in the meantime. Nothing you entered was lost.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as read, with its program; `row` has the columns of the select that read it."""

    facts: CaseFacts
    published: Published
    row: Any

    @property
    def state(self) -> bytes:
        """Return the engine state. Raises Conflict when the case is over."""
        if self.row.state is None:
            raise Conflict(N_("This case is finished; nothing more can happen in it."))
        return bytes(self.row.state)


def load_case(ctx: Context, case_id: int) -> Loaded:
    """Read a case by id. Raises NotFound."""
    return _loaded(ctx, _BY_ID.first(ctx.connection, {"id": case_id}))


def load_by_work_item(ctx: Context, item_id: int) -> Loaded:
    """Read a work item with its case, and whether the actor has a draft for it. Raises NotFound."""
    keys = {"id": item_id, "owner": owner_of(ctx.actor), "subject": subject_of(item_id)}
    return _loaded(ctx, _BY_WORK_ITEM.first(ctx.connection, keys))


def open_scope(ctx: Context, loaded: Loaded) -> StepScope:
    """Return fresh surroundings for one step of the case."""
    host = Host(ctx, loaded.facts.path, loaded.facts.id)
    return StepScope(ctx=ctx, published=loaded.published, case=loaded.facts, host=host)


def _loaded(ctx: Context, row: Any) -> Loaded:
    if row is None:
        raise NotFound
    facts = CaseFacts(
        id=row.id,
        number=row.number,
        secret=row.secret,
        title=row.title,
        language=row.language,
        territory=row.territory_code,
        path=row.territory_path,
        status=row.status,
        key_holder_email=row.key_holder_email,
        started_at=row.started_at,
        term_due=row.term_due,
    )
    return Loaded(facts, ctx.platform.programs.get(ctx.session, row.process_version_id), row)
