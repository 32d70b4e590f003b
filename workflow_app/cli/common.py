"""What every command needs: the system's context in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError
from typing_extensions import override

from workflow_app.domain.actors import SYSTEM
from workflow_app.domain.errors import DomainError
from workflow_app.models import db
from workflow_app.services.context import Context, Platform, transaction
from workflow_app.services.demo import follow_shift

NO_DATABASE = (
    "The database cannot be used: it is out of reach, empty or of another version. "
    "Bring it up to date with “flask db upgrade”."
)

if TYPE_CHECKING:
    from collections.abc import Iterator


class Commands(AppGroup):
    """A group whose commands end in a sentence when the database or a file is not as needed."""

    @override
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            raise click.ClickException(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            msg = f"{NO_DATABASE} ({error.orig})"
            raise click.ClickException(msg) from error


def command_context() -> Context:
    """Return a context in which the system acts; in the demonstration, at its time."""
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
