"""flask demo load | clock."""

from __future__ import annotations

from datetime import timedelta

import click
from flask_security.utils import hash_password

from workflow_app.cli.common import Commands, one_transaction
from workflow_app.feel import FeelError, compile_expression
from workflow_app.services.demo import set_shift, shift_of
from workflow_app.services.digests import ensure_rounds
from workflow_app.services.seeding import load_demo

demo = Commands("demo", help="The demonstration's data and clock.")


@demo.command("load")
def load() -> None:
    """Load territories, organisations, people and bodies; may be repeated."""
    with one_transaction() as ctx:
        load_demo(ctx, ctx.platform.settings.processes / "demo", hash_password)
        ensure_rounds(ctx)
    click.echo("Demonstration data loaded.")


@demo.command("clock")
@click.argument("by", required=False)
@click.option("--reset", is_flag=True, help="Show the real time again.")
def clock(by: str | None, *, reset: bool) -> None:
    """Move the clock by an ISO 8601 duration such as P4D, or show it."""
    with one_transaction() as ctx:
        if reset:
            set_shift(ctx, timedelta())
        elif by:
            set_shift(ctx, shift_of(ctx.session) + _duration(by))
        now = ctx.platform.clock.now()
    click.echo(now.isoformat(timespec="minutes"))


def _duration(text: str) -> timedelta:
    try:
        value = compile_expression(f'duration("{text}")').evaluate({})
    except FeelError:
        value = None
    if not isinstance(value, timedelta):
        message = f"{text} is no duration such as P4D or PT12H"
        raise click.BadParameter(message)
    return value
