"""flask worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from workflow_app.models import db

if TYPE_CHECKING:
    from collections.abc import Callable

#: Where the factory leaves what runs a worker process, given how many things it does at once.
RUN_WORKER = "run_worker"
EMBEDDED = (
    "Workers of their own need PostgreSQL, and this installation is on SQLite: there the server "
    "itself does the due work, in a thread, when WORKFLOW_APP_EMBEDDED_WORKER=1 (make run sets it)."
)


@click.command("worker")
@click.option("--threads", default=4, show_default=True, help="How many things to do at once.")
@with_appcontext
def worker(threads: int) -> None:
    """Do what is due (timers, mails, documents, messages) until told to stop; on PostgreSQL."""
    if db.engine.dialect.name != "postgresql":
        raise click.ClickException(EMBEDDED)
    run: Callable[[int], None] = current_app.extensions[RUN_WORKER]
    run(threads)
