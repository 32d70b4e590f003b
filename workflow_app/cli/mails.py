"""flask mails bounced."""

from __future__ import annotations

import click

from workflow_app.cli.common import Commands, one_transaction
from workflow_app.domain.text import N_
from workflow_app.services.notices import came_back, notices_sent_to

RETURNED = N_("the mail came back.")

mails = Commands("mails", help="Mails that came back.")


@mails.command("bounced")
@click.argument("word", metavar="MESSAGE-ID|ADDRESS")
@click.option("--reason", default=RETURNED, help="What the bounce says.")
def bounced(word: str, *, reason: str) -> None:
    """Note that a mail came back, named by its Message-ID or by the address it went to.

    A notice in it then counts as not served, and whoever keeps the register is told.
    """
    with one_transaction() as ctx:
        found = [one.id for one in notices_sent_to(ctx, word)]
        noted = sum(came_back(ctx, notice, reason) for notice in found)
    if not noted:
        msg = f"no notice waits to be received at {word}"
        raise click.ClickException(msg)
    click.echo(f"{noted} {'notice was' if noted == 1 else 'notices were'} not served.")
