"""flask users add | grant."""

from __future__ import annotations

import uuid

import click
from flask_security.utils import hash_password
from sqlalchemy import select

from workflow_app.cli.common import Commands, one_transaction
from workflow_app.domain.actors import KEY_HOLDER, PUBLIC, SYSTEM
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.people import Account, RoleAssignment, Territory

users = Commands("users", help="Accounts and their roles.")


@users.command("add")
@click.argument("username")
@click.argument("email")
@click.argument("title")
@click.password_option()
def add(username: str, email: str, title: str, password: str) -> None:
    """Add an account."""
    if username in {SYSTEM.username, PUBLIC.username, KEY_HOLDER}:
        message = f"{username} stands for whoever has no account"
        raise click.UsageError(message)
    with one_transaction() as ctx:
        if ctx.session.scalar(select(Account.id).where(Account.username == username)):
            message = f"{username} exists already"
            raise click.UsageError(message)
        ctx.session.add(
            Account(
                username=username,
                email=email,
                title=title,
                password=hash_password(password),
                active=True,
                fs_uniquifier=uuid.uuid4().hex,
            )
        )
    click.echo(f"{username} added")


@users.command("grant")
@click.argument("username")
@click.argument("role")
@click.argument("territory")
def grant(username: str, role: str, territory: str) -> None:
    """Give an account a role in a territory."""
    with one_transaction() as ctx:
        account = ctx.session.scalar(select(Account).where(Account.username == username))
        missing = [
            name
            for name, found in (
                (username, account),
                (role, ctx.session.get(RoleDefinition, role)),
                (territory, ctx.session.get(Territory, territory)),
            )
            if found is None
        ]
        if account is None or missing:
            msg = f"not found: {', '.join(missing)}"
            raise click.UsageError(msg)
        assignment = RoleAssignment(account_id=account.id, role=role, territory_code=territory)
        ctx.session.add(assignment)
    click.echo(f"{username} is now {role} in {territory}")
