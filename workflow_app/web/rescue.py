"""What was sent and could not be taken: kept aside, given back when the page is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request, session

from workflow_app.services.context import transaction
from workflow_app.services.drafts import (
    SHOWN,
    DraftChanged,
    SavedDraft,
    as_posted,
    save_draft,
    stash,
    take_out,
    token_of,
    typed,
)
from workflow_app.web.current import context
from workflow_app.web.posting import posted_form

if TYPE_CHECKING:
    from workflow_app.services.context import Context, Posted

WORD = "stash"
#: Pages with a designer's form, and pages of ours on which a person writes a reason.
DRAWN = {
    "work.task",
    "start.by_account",
    "start.by_link",
    "start.by_case",
    "start.by_paper",
    "start.section_by_paper",
    "start.section_by_account",
    "start.section_by_link",
    "start.section_by_case",
    "start.message",
    "collect.page",
    "collect.seat",
    "collected.answer",
}
REASONED = {"mending.retry", "mending.data", "mending.move", "mending.cancel"}
LARGEST = 500_000


def keep_aside() -> bool:
    """Keep the fields of the refused request, if somebody typed them; tell whether it was so."""
    if request.method != "POST" or (request.content_length or 0) > LARGEST:
        return False
    if not (request.endpoint in REASONED or _is_drawn()):
        return False
    with transaction(context().session):
        keep_for(request.path)
    return True


def keep_for(path: str) -> None:
    """Keep the fields of the request for the page at a path."""
    posted = posted_form()
    fields, seen = typed(posted), token_of(posted)
    if seen is not None:
        fields[SHOWN] = [seen]
    session[WORD] = [stash(context(), path, fields), path]


def _is_drawn() -> bool:
    return request.endpoint in DRAWN and "_form" in request.form


def give_back(ctx: Context, *, owner: str, subject: str) -> Posted | None:
    """Make what was kept aside for this page the reader's draft.

    Where another page has saved a newer one, nothing is overwritten: returns what was kept aside,
    for the page to show, which then compares the two (web/drafting.py).
    """
    word = _word()
    kept = take_out(ctx, word, request.path) if word is not None else None
    if kept is None:
        return None
    fields = dict(kept.raw)
    seen = fields.pop(SHOWN, [None])[0]
    try:
        save_draft(ctx, owner, subject, fields, seen)
    except DraftChanged as changed:
        g.newest_draft = changed.newest
        return as_posted(SavedDraft(fields, kept.saved_at, changed.newest.mark))
    return None


def kept_aside(ctx: Context) -> Posted | None:
    """Return what was kept aside for this page, once, as if it had just been posted."""
    word = _word()
    return as_posted(take_out(ctx, word, request.path)) if word is not None else None


def _word() -> str | None:
    word, path = session.get(WORD) or (None, None)
    if word is None or path != request.path:
        return None
    session.pop(WORD)
    return str(word)
