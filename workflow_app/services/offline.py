"""Forms that a browser kept while it had no network: taken once, however often they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from workflow_app.domain.errors import AlreadyCompleted
from workflow_app.form_builder import TaskForm
from workflow_app.models.base import table_of
from workflow_app.models.offline import SentWord
from workflow_app.services.tasks import submit_task

if TYPE_CHECKING:
    from workflow_app.services.context import Context, Posted

LONGEST_WORD = 80
_words = table_of(SentWord)


def send_kept(ctx: Context, item_id: int, word: str, posted: Posted) -> TaskForm | None:
    """Complete a task with what a browser had kept under a word of its own.

    Returns None when it is done, also when the same word did it before, and the form when it has
    errors. Raises as tasks.submit_task.
    """
    if was_sent(ctx, item_id, word):
        return None
    try:
        result = submit_task(ctx, item_id, posted)
    except AlreadyCompleted:
        if was_sent(ctx, item_id, word):
            return None
        raise
    if isinstance(result, TaskForm):
        return result
    ctx.session.execute(_words.insert().values(word=word, work_item_id=item_id, at=ctx.now))
    return None


def was_sent(ctx: Context, item_id: int, word: str) -> bool:
    """Tell whether a task was completed by the form that carries this word."""
    found = exists().where(_words.c.word == word, _words.c.work_item_id == item_id)
    return bool(ctx.session.scalar(select(found)))
