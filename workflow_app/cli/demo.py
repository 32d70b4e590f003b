"""flask demo load | clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import click
from flask_security.utils import hash_password

from workflow_app.cli.common import Commands, one_transaction
from workflow_app.feel import FeelError, compile_expression
from workflow_app.models import db
from workflow_app.services.demo import set_shift, shift_of
from workflow_app.services.digests import ensure_rounds
from workflow_app.services.seeding import load_demo
from workflow_app.services.stories import STORIES, is_empty, read_history, tell_all

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.services.context import Platform
    from workflow_app.services.stories import History

demo = Commands("demo", help="The demonstration's data and clock.")


@demo.command("load")
@click.option("--no-cases", is_flag=True, help="People and places only.")
def load(*, no_cases: bool) -> None:
    """Load territories, organisations, people and bodies, and two years of cases; may be repeated.

    Cases are played only into a database that has none.
    """
    with one_transaction() as ctx:
        folder = ctx.platform.settings.processes / "demo"
        load_demo(ctx, folder, hash_password)
        ensure_rounds(ctx)
        empty = is_empty(ctx.session)
    if empty and not no_cases:
        _tell(ctx.platform, read_history(folder / STORIES), ctx.now)
    click.echo("Demonstration data loaded.")


def _tell(platform: Platform, history: History, now: datetime) -> None:
    """Play the stories, with a line for each that could not be told to its end."""
    told = tell_all(platform, db.engine, history, now)
    with click.progressbar(told, length=len(history.story), label="Cases of two years") as bar:
        problems = [one.line for one in bar if one.problem]
    for line in problems:
        click.echo(line, err=True)


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
