"""A draft's way to approval: submitted by those who made it, approved by somebody who did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid, NotAllowed
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.designing import DesignDraft
from workflow_app.services.designing.drafts import draft_of
from workflow_app.services.designing.gate import Gate, gates_of, require_open_gate
from workflow_app.services.designing.trail import record
from workflow_app.services.host import home_path
from workflow_app.services.news import News, holders, tell, tell_accounts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.services.context import Context

DRAFT, REVIEW, APPROVED, PUBLISHED = "draft", "review", "approved", "published"
LONGEST = 2000
NO_REASON = N_("Say what has to change.")
NO_LONGER = N_("The draft is no longer in the state that this page showed.")
FOUR_EYES = N_("Somebody else has to approve: you own this draft, have changed it or submitted it.")
ASKED = N_("“%(title)s” waits for approval by a second person.")
APPROVED_NEWS = N_("“%(title)s” was approved by %(who)s.")
SENT_BACK = N_("“%(title)s” was sent back by %(who)s: %(note)s")
_drafts = table_of(DesignDraft)


class NeedsOther(NotAllowed):
    """Four eyes: whoever made a revision does not approve it."""

    message = FOUR_EYES


def authors_of(draft: DesignDraft) -> frozenset[str]:
    """Return who may not approve: the owner, the editors since the last approval, the submitter."""
    named = {draft.owner, *draft.editors, draft.submitted_by}
    return frozenset(one for one in named if one)


def submit(
    ctx: Context,
    draft_id: int,
    *,
    revision: int,
    reasons: Mapping[str, str],
    note: str = "",
    republish: Sequence[str] = (),
) -> None:
    """Lay a draft before a second person; nothing of it changes from now on.

    `reasons` waive conditions that may be waived, by gate key; `republish` are the keys of callers
    that follow when it is published. Raises NotFound, Conflict when the draft is not the revision
    the person saw, GateClosed.
    """
    draft = draft_of(ctx, draft_id)
    exceptions = [
        exception
        for gate in gates_of(ctx, draft_id)
        if (exception := _exception(ctx, draft, gate, reasons.get(gate.key, ""))) is not None
    ]
    turn(
        ctx,
        draft,
        DRAFT,
        revision=revision,
        state=REVIEW,
        submitted_by=ctx.actor.username,
        submitted_at=ctx.now,
        note=note.strip()[:LONGEST],
        exceptions=exceptions,
        republish=sorted(set(republish)),
        holder=None,
        held_at=None,
    )
    require_open_gate(ctx, draft_id)
    _record(ctx, draft, "submitted", note=note.strip()[:LONGEST], exceptions=exceptions)
    _tell_others(ctx, draft)


def _exception(ctx: Context, draft: DesignDraft, gate: Gate, reason: str) -> dict[str, Any] | None:
    if gate.passed or not gate.may_except or not reason.strip():
        return None
    given = {"by": ctx.actor.username, "at": ctx.now.isoformat(), "revision": draft.revision}
    return {"gate": gate.key, "reason": reason.strip()[:LONGEST], **given}


def approve(ctx: Context, draft_id: int, *, revision: int, note: str = "") -> None:
    """Agree to a draft as a second person.

    Raises NotFound, NeedsOther, GateClosed when a condition is no longer met, Conflict.
    """
    draft = draft_of(ctx, draft_id)
    if draft.state == REVIEW and ctx.actor.username in authors_of(draft):
        raise NeedsOther
    agreed = {"approved_by": ctx.actor.username, "approved_at": ctx.now, "editors": []}
    note = note.strip()[:LONGEST]
    turn(ctx, draft, REVIEW, revision=revision, state=APPROVED, note=note, **agreed)
    require_open_gate(ctx, draft_id)
    _record(ctx, draft, "approved", note=note)
    _tell_authors(ctx, draft, APPROVED_NEWS, note)


def send_back(ctx: Context, draft_id: int, note: str) -> None:
    """Open a draft for changes again, saying what has to change; a date set for it is dropped.

    Raises NotFound, Invalid without a note, Conflict when it is neither in review nor approved.
    """
    if not note.strip():
        raise Invalid(NO_REASON)
    draft = draft_of(ctx, draft_id)
    note = note.strip()[:LONGEST]
    undone = {"approved_by": None, "approved_at": None, "publish_at": None, "publish_by": None}
    turn(ctx, draft, REVIEW, APPROVED, state=DRAFT, note=note, **undone)
    _record(ctx, draft, "sent_back", note=note)
    _tell_authors(ctx, draft, SENT_BACK, note)


def turn(
    ctx: Context, draft: DesignDraft, *before: str, revision: int | None = None, **values: Any
) -> None:
    """Change a draft's state if it is still in one of the states before, and at the revision.

    Raises Conflict when somebody was faster.
    """
    ctx.session.flush()
    still = [_drafts.c.id == draft.id, _drafts.c.state.in_(before)]
    if revision is not None:
        still.append(_drafts.c.revision == revision)
    if ctx.connection.execute(update(_drafts).where(*still).values(**values)).rowcount != 1:
        raise Conflict(NO_LONGER)
    ctx.session.refresh(draft)


def designers(ctx: Context) -> list[Any]:
    """Return the accounts of everybody who may design: id, email, language, username."""
    rows = ctx.session.execute(select(RoleDefinition.code, RoleDefinition.permissions))
    roles = [row.code for row in rows if Permission.DESIGN in row.permissions]
    return holders(ctx, roles, home_path(ctx))


def page_of(draft: DesignDraft) -> str:
    """Return the address of a draft's page for publishing, as news lead to it."""
    return f"/studio/drafts/{draft.id}/publish"


def _record(ctx: Context, draft: DesignDraft, kind: str, **data: Any) -> None:
    told = {"revision": draft.revision, **data}
    record(ctx, kind, key=draft.key, draft_id=draft.id, **told)


def _tell_others(ctx: Context, draft: DesignDraft) -> None:
    barred = authors_of(draft)
    people = [one for one in designers(ctx) if one.username not in barred]
    news = News(kind="design", why=ASKED, details={"title": draft.title}, page=page_of(draft))
    tell_accounts(ctx, people, news, path=home_path(ctx), at_once=True)


def _tell_authors(ctx: Context, draft: DesignDraft, why: str, note: str) -> None:
    details = {"title": draft.title, "who": ctx.actor.title, "note": note}
    news = News(kind="design", why=why, details=details, page=page_of(draft))
    people = {draft.owner, draft.submitted_by or draft.owner} - {ctx.actor.username}
    tell(ctx, people, news, path=home_path(ctx))
