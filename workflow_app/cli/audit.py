"""flask audit verify."""

from __future__ import annotations

import click

from workflow_app.cli.common import Commands, command_context
from workflow_app.services.auditing import verify_all

audit = Commands("audit", help="The chain of history.")


@audit.command("verify")
def verify() -> None:
    """Follow the chain of every case and name the first row that does not fit."""
    checked, broken = verify_all(command_context())
    for number, seq in broken:
        click.echo(f"{number}: the chain breaks at row {seq}")
    click.echo(f"{checked} cases checked, {len(broken)} broken")
    if broken:
        raise SystemExit(1)
