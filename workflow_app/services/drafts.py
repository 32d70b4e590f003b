"""What people typed and have not sent: kept unchecked, found again on any device."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update
from werkzeug.datastructures import MultiDict

from workflow_app.models.base import table_of
from workflow_app.models.case import Document, Draft
from workflow_app.models.upsert import insert_or

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.domain.actors import Actor
    from workflow_app.services.context import Context, Posted

STASH = "stash:"
STASH_KEPT = timedelta(days=2)
LARGEST_KEY = 2**63 - 1
_drafts = table_of(Draft)
_documents = table_of(Document)
_FIND = select(_drafts.c.raw, _drafts.c.saved_at).where(
    _drafts.c.owner == bindparam("owner"), _drafts.c.subject == bindparam("subject")
)

Raw = Mapping[str, list[str]]


def as_posted(draft: SavedDraft | None) -> Posted | None:
    """Return a draft as if it had just been posted."""
    if draft is None:
        return None
    return MultiDict([(name, text) for name, texts in draft.raw.items() for text in texts])


def typed(posted: Posted) -> dict[str, list[str]]:
    """Return the texts of a posted form, our own buttons and tokens left out."""
    return {
        name: [text for text in posted.getlist(name) if isinstance(text, str)]
        for name in posted
        if not name.startswith(("_", "csrf"))
    }


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What was typed, field by field, and when it was saved."""

    raw: dict[str, list[str]]
    saved_at: datetime


def owner_of(actor: Actor, link: str = "") -> str:
    """Return under whose name a draft lies: the person, the key holder's case, or a start link."""
    if actor.is_signed_in:
        return user_owner(actor.username)
    return f"case:{actor.case_id}" if actor.case_id is not None else f"link:{link}"


def user_owner(username: str) -> str:
    """Return the name under which a person's drafts lie."""
    return f"user:{username}"


def subject_of(item_id: int) -> str:
    """Return the name under which drafts of a task lie."""
    return f"task:{item_id}"


def find_draft(ctx: Context, owner: str, subject: str) -> SavedDraft | None:
    """Return the draft of one owner for one form, if there is one."""
    keys = {"owner": owner, "subject": subject}
    row = ctx.connection.execute(_FIND, keys).first()
    return SavedDraft(row.raw, row.saved_at) if row else None


def save_draft(ctx: Context, owner: str, subject: str, raw: Raw) -> datetime:
    """Keep what was typed in place of what was kept before; returns when."""
    values = {"raw": {name: list(texts) for name, texts in raw.items()}, "saved_at": ctx.now}
    kept = insert_or(ctx.session, _drafts).values(owner=owner, subject=subject, **values)
    ctx.session.execute(
        kept.on_conflict_do_update(index_elements=["owner", "subject"], set_=values)
    )
    return ctx.now


def pass_draft(ctx: Context, giver: str, receiver: str, subject: str) -> bool:
    """Give a copy of a draft, and the files in it, to another owner.

    Returns False where there is none, or the receiver has a draft already: it stays as it is.
    """
    draft = find_draft(ctx, giver, subject)
    if draft is None or find_draft(ctx, receiver, subject) is not None:
        return False
    numbers = [int(t) for texts in draft.raw.values() for t in texts if t.isascii() and t.isdigit()]
    files = update(_documents).where(
        _documents.c.owner == giver,
        _documents.c.case_id.is_(None),
        _documents.c.id.in_([number for number in numbers if number <= LARGEST_KEY]),
    )
    ctx.session.execute(files.values(owner=receiver))
    save_draft(ctx, receiver, subject, draft.raw)
    return True


def drop_draft(ctx: Context, owner: str, subject: str) -> None:
    """Forget a draft."""
    ctx.session.execute(
        delete(_drafts).where(_drafts.c.owner == owner, _drafts.c.subject == subject)
    )


def stash(ctx: Context, path: str, raw: Raw) -> str:
    """Keep what somebody whose session had ended sent to a page.

    Returns the word that gives it back. What nobody came back for within two days is dropped.
    """
    old = ctx.now - STASH_KEPT
    ctx.session.execute(
        delete(_drafts).where(_drafts.c.owner.startswith(STASH), _drafts.c.saved_at < old)
    )
    word = secrets.token_urlsafe(16)
    save_draft(ctx, STASH + word, path, raw)
    return word


def take_out(ctx: Context, word: str, path: str) -> SavedDraft | None:
    """Return a stash and forget it; None when it is not there."""
    kept = find_draft(ctx, STASH + word, path)
    drop_draft(ctx, STASH + word, path)
    return kept


def take_back(ctx: Context, word: str, path: str, *, owner: str, subject: str) -> bool:
    """Make a stash the owner's draft of a form; False when it is not there."""
    kept = take_out(ctx, word, path)
    if kept is None:
        return False
    save_draft(ctx, owner, subject, kept.raw)
    return True
