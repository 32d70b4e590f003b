"""What was sent and could not be taken: kept aside, given back when the page is opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, session

from workflow_app.services.context import transaction
from workflow_app.services.drafts import as_posted, stash, take_back, take_out, typed
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
    "start.message",
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
    session[WORD] = [stash(context(), path, typed(posted_form())), path]


def _is_drawn() -> bool:
    return request.endpoint in DRAWN and "_form" in request.form


def give_back(ctx: Context, *, owner: str, subject: str) -> bool:
    """Make what was kept aside for this page the reader's draft; tell whether there was any."""
    word = _word()
    return word is not None and take_back(ctx, word, request.path, owner=owner, subject=subject)


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
