"""What people typed and have not sent: kept unchecked, found again on any device."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, or_, select, update
from werkzeug.datastructures import MultiDict

from workflow_app.domain.errors import Conflict
from workflow_app.domain.text import N_
from workflow_app.form_builder import unsigned
from workflow_app.models.base import table_of
from workflow_app.models.case import Document, Draft
from workflow_app.models.upsert import insert_or

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.domain.actors import Actor
    from workflow_app.form_builder import FormSchema
    from workflow_app.services.context import Context, Posted

STASH = "stash:"
STASH_KEPT = timedelta(days=2)
LARGEST_KEY = 2**63 - 1
LONGEST_PAGE = 40
_drafts = table_of(Draft)
_documents = table_of(Document)
_FIND = select(_drafts.c.raw, _drafts.c.saved_at, _drafts.c.mark).where(
    _drafts.c.owner == bindparam("owner"), _drafts.c.subject == bindparam("subject")
)

Raw = Mapping[str, list[str]]
#: The field of a page that says which draft it shows: `<page>:<mark>`, or the mark of a draft.
SHOWN = "_draft"


class DraftChanged(Conflict):
    """Another page saved the draft since this page was opened; nothing was overwritten.

    `newest` is that draft (params: when).
    """

    message = N_("This form was saved elsewhere on %(when)s. Nothing was overwritten.")

    def __init__(self, newest: SavedDraft) -> None:
        super().__init__(when=newest.saved_at)
        self.newest = newest


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What was typed, field by field, when it was saved, and the mark of this very version."""

    raw: dict[str, list[str]]
    saved_at: datetime
    mark: str


def as_posted(draft: SavedDraft | None) -> Posted | None:
    """Return a draft as if it had just been posted; it carries its mark."""
    if draft is None:
        return None
    fields = [(name, text) for name, texts in draft.raw.items() for text in texts]
    return MultiDict([*fields, (SHOWN, draft.mark)])


def is_draft(posted: Posted) -> bool:
    """Tell whether fields come from a draft: those of a page name the page too."""
    said = posted.get(SHOWN)
    return isinstance(said, str) and ":" not in said


def token_of(posted: Posted) -> str | None:
    """Return which draft a page showed when it was posted; None for a page that does not say."""
    said = posted.get(SHOWN)
    return said if isinstance(said, str) and ":" in said else None


def page_token(posted: Posted | None) -> str:
    """Return what a page that shows these fields carries: its own name, and the draft's mark."""
    said = str(posted.get(SHOWN) or "") if posted is not None else ""
    return said if ":" in said else f"{secrets.token_hex(6)}:{said}"


def typed(posted: Posted) -> dict[str, list[str]]:
    """Return the texts of a posted form, our own buttons and tokens left out."""
    return {
        name: [text for text in posted.getlist(name) if isinstance(text, str)]
        for name in posted
        if not name.startswith(("_", "csrf"))
    }


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
    return SavedDraft(row.raw, row.saved_at, row.mark) if row else None


def save_draft(
    ctx: Context, owner: str, subject: str, raw: Raw, seen: str | None = None
) -> SavedDraft:
    """Keep what was typed in place of what was kept before.

    `seen` is the token of the page (see `token_of`); without one nothing is compared. Raises
    DraftChanged when another page has saved since.
    """
    page, mark = _parts(seen)
    kept = SavedDraft(
        {name: list(texts) for name, texts in raw.items()},
        ctx.now,
        f"{page}.{secrets.token_hex(6)}",
    )
    values = {"raw": kept.raw, "saved_at": kept.saved_at, "mark": kept.mark}
    put = insert_or(ctx.session, _drafts).values(owner=owner, subject=subject, **values)
    same = or_(_drafts.c.mark == mark, _drafts.c.mark.startswith(f"{page}.", autoescape=True))
    # What comes back is asked for: how many rows an upsert counts differs between databases.
    written = ctx.connection.execute(
        put.on_conflict_do_update(
            index_elements=["owner", "subject"],
            set_=values,
            where=None if seen is None else same,
        ).returning(_drafts.c.mark)
    )
    if written.first() is None:
        require_newest(ctx, owner, subject, seen)
    return kept


def save_posted(
    ctx: Context, owner: str, subject: str, posted: Posted, schema: FormSchema
) -> SavedDraft:
    """Keep what a page of a form sent, without signatures. Raises DraftChanged."""
    fields = typed(unsigned(schema.items, posted))
    return save_draft(ctx, owner, subject, fields, token_of(posted))


def _parts(seen: str | None) -> tuple[str, str]:
    page, _colon, mark = (seen or "").partition(":")
    return page[:LONGEST_PAGE], mark


def require_newest(ctx: Context, owner: str, subject: str, seen: str | None) -> None:
    """Let a page through only while no other page has saved the draft since it was opened.

    `seen` is the token of the page; what has none is not compared. Raises DraftChanged.
    """
    newest = find_draft(ctx, owner, subject) if seen is not None else None
    if newest is None or seen is None:
        return
    page, mark = _parts(seen)
    if newest.mark != mark and not newest.mark.startswith(f"{page}."):
        raise DraftChanged(newest)


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
