"""flask db backup | restore: beside Flask-Migrate's own commands."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, text

from workflow_app.adapters.backup import Place, pack, unpack
from workflow_app.adapters.databases import DatabaseCopyFailed
from workflow_app.cli.common import command_context
from workflow_app.extensions import newest_revision
from workflow_app.models import db
from workflow_app.services.auditing import verify_all

FILES = "Documents are not in it: add --files, or keep the file store by its own means."


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--files", is_flag=True, help="Pack the stored documents too.")
@click.option("--yes", is_flag=True, help="Replace a file of that name.")
@with_appcontext
def backup(file: Path, *, files: bool, yes: bool) -> None:
    """Write database and, if asked, documents into one FILE while everybody goes on working."""
    if not file.resolve().parent.is_dir():
        message = f"there is no folder {file.resolve().parent}"
        raise click.ClickException(message)
    if file.exists() and not yes:
        message = f"{file} exists; add --yes to replace it"
        raise click.ClickException(message)
    made = command_context().platform.clock.now().isoformat(timespec="seconds")
    try:
        facts, number = pack(
            _place(), file.resolve(), revision=_revision(), made_at=made, with_files=files
        )
    except DatabaseCopyFailed as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{file}: {facts.kind}, revision {facts.revision}, {file.stat().st_size:,} bytes")
    click.echo(f"{number} documents are in it" if files else FILES)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--files", is_flag=True, help="Put the packed documents back too.")
@click.option("--yes", is_flag=True, help="Replace everything that the database holds now.")
@with_appcontext
def restore(file: Path, *, files: bool, yes: bool) -> None:
    """Replace the database by the one in FILE and follow every chain of history in it."""
    if not yes and inspect(db.engine).get_table_names():
        message = "the database is not empty; add --yes to replace everything in it"
        raise click.ClickException(message)
    db.engine.dispose()
    try:
        number = unpack(_place(), file, with_files=files)
    except DatabaseCopyFailed as fault:
        raise click.ClickException(str(fault)) from fault
    click.echo(f"{file} is back, revision {_revision()}, with {number} documents")
    if _revision() == newest_revision():
        _verify()
    else:
        click.echo("It is of another version: flask db upgrade, then flask audit verify")


def _verify() -> None:
    checked, broken = verify_all(command_context())
    click.echo(f"{checked} cases checked, {len(broken)} broken")
    if broken:
        raise SystemExit(1)


def _place() -> Place:
    platform = current_app.extensions["platform"]
    settings = platform.settings
    return Place(settings.database_url, platform.files, settings.pg_bin)


def _revision() -> str:
    if "alembic_version" not in inspect(db.engine).get_table_names():
        return "none"
    with db.engine.connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))
