"""What somebody sent after their session had ended: kept aside, given back once they signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, session

from workflow_app.services.context import transaction
from workflow_app.services.drafts import stash, take_back, typed
from workflow_app.web.current import context
from workflow_app.web.posting import posted_form

if TYPE_CHECKING:
    from workflow_app.services.context import Context

WORD = "stash"
RESCUED = {"work.task", "start.by_account", "start.by_link", "start.message"}
LARGEST = 500_000


def keep_aside() -> bool:
    """Keep the fields of the refused request, if it was a designer's form; tell whether it was."""
    if request.method != "POST" or request.endpoint not in RESCUED:
        return False
    if (request.content_length or 0) > LARGEST or "_form" not in request.form:
        return False
    ctx = context()
    with transaction(ctx.session):
        word = stash(ctx, request.path, typed(posted_form()))
    session[WORD] = [word, request.path]
    return True


def give_back(ctx: Context, *, owner: str, subject: str) -> bool:
    """Make what was kept aside for this page the reader's draft; tell whether there was any."""
    word, path = session.get(WORD) or (None, None)
    if word is None or path != request.path:
        return False
    session.pop(WORD)
    return take_back(ctx, str(word), str(path), owner=owner, subject=subject)
