"""What every command needs: the system's context in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import current_app

from workflow_app.domain.actors import SYSTEM
from workflow_app.models import db
from workflow_app.services.context import Context, Platform, transaction
from workflow_app.services.demo import follow_shift

if TYPE_CHECKING:
    from collections.abc import Iterator


def command_context() -> Context:
    """Return a context in which the system acts.

    At the demonstration's time in the demonstration.
    """
    platform: Platform = current_app.extensions["platform"]
    follow_shift(platform, db.session())
    return Context(
        platform=platform,
        session=db.session(),
        actor=SYSTEM,
        now=platform.clock.now(),
        language=platform.settings.language,
    )


@contextmanager
def one_transaction() -> Iterator[Context]:
    """Give a context whose work is committed at the end of the block."""
    ctx = command_context()
    with transaction(ctx.session):
        yield ctx
