"""The terminal edge: commands under `flask --app workflow_app.wsgi`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_migrate.cli import db as migrations

from workflow_app.cli.audit import audit
from workflow_app.cli.backup import backup, restore
from workflow_app.cli.cases import cases
from workflow_app.cli.demo import demo
from workflow_app.cli.mails import mails
from workflow_app.cli.processes import processes
from workflow_app.cli.users import users
from workflow_app.cli.worker import worker

if TYPE_CHECKING:
    from flask import Flask


def register_commands(app: Flask) -> None:
    """Hang our commands under the application."""
    for group in (processes, cases, demo, mails, audit, users):
        app.cli.add_command(group)
    app.cli.add_command(worker)
    for command in (backup, restore):
        migrations.add_command(command)
