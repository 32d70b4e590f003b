"""Publishing an approved draft: at once or at a date, and its callers with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import DomainError, Invalid, NotAllowed
from workflow_app.domain.permissions import may_anywhere
from workflow_app.domain.reasons import as_stored
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.designing import DesignDraft
from workflow_app.models.locks import hold_words
from workflow_app.services.accounts import actor_named
from workflow_app.services.designing.callers import Renewal, renew_callers
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.gate import require_open_gate
from workflow_app.services.designing.paths import is_scenario
from workflow_app.services.designing.register_changes import take_over_registers
from workflow_app.services.designing.register_history import known_registers, record_registers
from workflow_app.services.designing.reviewing import (
    APPROVED,
    PUBLISHED,
    REVIEW,
    page_of,
    turn,
)
from workflow_app.services.designing.sources import draft_texts, source_of
from workflow_app.services.designing.trail import record
from workflow_app.services.designing.translated import pinned_words
from workflow_app.services.host import home_path
from workflow_app.services.news import News, accounts_named, tell_accounts
from workflow_app.services.publishing import Origin, newest_version, publish_version

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.services.context import Context

IN_THE_PAST = N_("Enter a time that is still to come.")
CAME_BACK = N_("“%(title)s” was not published as planned and waits for review again: %(reason)s")
NO_LONGER_MAY = N_("Whoever set the date may no longer publish.")
_drafts = table_of(DesignDraft)


@dataclass(frozen=True, slots=True)
class Publication:
    """A version that was published, and what became of the callers that followed it."""

    version_id: int
    number: int
    renewals: tuple[Renewal, ...]


def publish_now(ctx: Context, draft_id: int) -> Publication:
    """Publish an approved draft; new cases take it from now on.

    Raises NotFound, Conflict when it is not approved (any more), GateClosed when a condition is no
    longer met, engine.InvalidSource, StepFailed and FileRefused for what cannot run. Whoever calls
    rolls back on any of them.
    """
    draft = draft_of(ctx, draft_id)
    by, note = draft.approved_by, draft.note or None
    turn(ctx, draft, APPROVED, state=PUBLISHED, publish_at=None, publish_by=None)
    hold_words(ctx.session, [f"publish {draft.key}"])
    require_open_gate(ctx, draft_id)
    return _publish(ctx, draft, Origin(draft_id=draft_id, approved_by=by, note=note))


def _publish(ctx: Context, draft: DesignDraft, origin: Origin) -> Publication:
    texts = draft_texts(ctx, draft.id)
    before = known_registers(ctx)
    registers = take_over_registers(ctx, texts)
    newest = newest_version(ctx, draft.key)
    number = newest.number + 1 if newest is not None else 1
    source = source_of(ctx, draft.id)
    version_id = publish_version(
        ctx,
        source,
        number=number,
        by=ctx.actor.username,
        words=pinned_words(ctx, source, draft.words),
        scenarios={path: text for path, text in texts.items() if is_scenario(path)},
        origin=origin,
    )
    told: dict[str, Any] = {"number": number, "revision": draft.revision}
    told |= {"approved_by": origin.approved_by, "exceptions": draft.exceptions}
    told |= {"registers": registers}
    made: dict[str, Any] = {"draft_id": draft.id, "version_id": version_id}
    record(ctx, "published", key=draft.key, **made, **told)
    record_registers(ctx, registers, before, title=draft.title, **made)
    renewals = renew_callers(ctx, draft.title, draft.republish, origin)
    return Publication(version_id, number, tuple(renewals))


def plan(ctx: Context, draft_id: int, at: datetime) -> None:
    """Have an approved draft published at a time to come.

    Raises NotFound, Invalid for a time that has passed, Conflict when it is not approved.
    """
    if at <= ctx.now:
        raise Invalid(IN_THE_PAST)
    draft = draft_of(ctx, draft_id)
    turn(ctx, draft, APPROVED, publish_at=at, publish_by=ctx.actor.username)
    told: dict[str, Any] = {"publish_at": at.isoformat(), "revision": draft.revision}
    record(ctx, "planned", key=draft.key, draft_id=draft_id, **told)


def drop_plan(ctx: Context, draft_id: int) -> None:
    """Publish an approved draft at no date any more. Raises NotFound, Conflict."""
    draft = draft_of(ctx, draft_id)
    turn(ctx, draft, APPROVED, publish_at=None, publish_by=None)
    record(ctx, "plan_dropped", key=draft.key, draft_id=draft_id)


def due_publications(ctx: Context, limit: int) -> list[int]:
    """Return the drafts whose time to be published has come, the oldest first."""
    due = (_drafts.c.state == APPROVED, _drafts.c.publish_at <= ctx.now)
    query = select(_drafts.c.id).where(*due).order_by(_drafts.c.publish_at, _drafts.c.id)
    return list(ctx.session.scalars(query.limit(limit)))


def publish_due(ctx: Context, draft_id: int) -> None:
    """Publish a draft whose time has come, in the name of who set it.

    What cannot be published comes back to review with the reason. Nothing happens when somebody was
    faster. Raises LostRace.
    """
    draft = draft_of(ctx, draft_id)
    if draft.state != APPROVED or draft.publish_at is None or draft.publish_at > ctx.now:
        return
    actor = actor_named(ctx.session, draft.publish_by or "", ctx.now)
    try:
        with ctx.session.begin_nested():
            if actor is None or not may_anywhere(actor, Permission.DESIGN):
                raise NotAllowed(NO_LONGER_MAY)
            publish_now(replace(ctx, actor=actor), draft_id)
    except DomainError as failure:
        come_back(ctx, draft_id, failure)


def come_back(ctx: Context, draft_id: int, failure: Exception) -> None:
    """Put a planned draft back into review and tell the owner and who approved, and why.

    Nothing happens when it is no longer planned.
    """
    draft = draft_of(ctx, draft_id)
    if draft.state != APPROVED or draft.publish_at is None:
        return
    people = {draft.owner, draft.approved_by or draft.owner, draft.publish_by or draft.owner}
    reason = as_stored(failure if isinstance(failure, DomainError) else DomainError())
    undone = {"approved_by": None, "approved_at": None, "publish_at": None, "publish_by": None}
    turn(ctx, draft, APPROVED, state=REVIEW, **undone)
    record(ctx, "came_back", key=draft.key, draft_id=draft_id, reason=reason)
    details = {"title": draft.title, "reason": reason}
    news = News(kind="design", why=CAME_BACK, details=details, page=page_of(draft))
    path = home_path(ctx)
    tell_accounts(ctx, accounts_named(ctx, people), news, path=path, at_once=True)
