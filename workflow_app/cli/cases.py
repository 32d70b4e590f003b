"""flask cases migrate | undo-migration | send-again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click
from sqlalchemy import select

from workflow_app.cli.common import Commands, command_context, one_transaction
from workflow_app.domain.errors import DomainError, NotFound
from workflow_app.models.case import Case
from workflow_app.services.migrating import (
    Order,
    Outlook,
    cases_of,
    look,
    move_back,
    move_case,
    version_named,
)
from workflow_app.services.retrying import send_all_again

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.services.context import Context

cases = Commands("cases", help="Move running cases to another version of their process.")


@cases.command("migrate")
@click.option("--from", "old", required=True, help="The version they are on: <process>/<number>.")
@click.option("--to", "new", required=True, help="The version to move to: <process>/<number>.")
@click.option("--map", "pairs", multiple=True, help="Where a step went: old=new; may be repeated.")
@click.option("--number", help="Only the case with this number.")
@click.option("--reason", default="", help="Why; kept in the history of each case.")
@click.option("--dry-run", is_flag=True, help="Only say what would become of each case.")
def migrate(
    *, old: str, new: str, pairs: tuple[str, ...], number: str | None, reason: str, dry_run: bool
) -> None:
    """Move cases, each in a transaction of its own, and say for each what became of it."""
    ctx = command_context()
    ids = _version(ctx, old), _version(ctx, new)
    if ids[0] == ids[1] or old.partition("/")[0] != new.partition("/")[0]:
        msg = f"{old} and {new} are not two versions of one process"
        raise click.BadParameter(msg)
    order = Order(old=ids[0], new=ids[1], mapping=_mapping(pairs), reason=reason)
    chosen = [_case_named(ctx, number)] if number else cases_of(ctx, order.old)
    counts = {"moves": 0, "mapping": 0, "cannot": 0}
    for case_id in chosen:
        outlook = look(ctx, case_id, order)
        ctx.session.rollback()
        if outlook.verdict == "moves" and not dry_run:
            outlook = _move(outlook, order)
        counts[outlook.verdict] += 1
        _tell(outlook, dry_run=dry_run)
    done = "would move" if dry_run else "moved"
    click.echo(
        f"{counts['moves']} {done}, {counts['mapping']} need a mapping, {counts['cannot']} cannot"
    )
    if counts["mapping"] or counts["cannot"]:
        raise SystemExit(1)


@cases.command("undo-migration")
@click.argument("number")
@click.option("--reason", default="", help="Why; kept in the history of the case.")
def undo_migration(number: str, reason: str) -> None:
    """Take a case back to the version it came from, unless it has moved on since."""
    with one_transaction() as ctx:
        move_back(ctx, _case_named(ctx, number), reason)
    click.echo(f"{number}: back on the version it came from")


@cases.command("send-again")
def send_again() -> None:
    """Try again what could not leave and belongs to no case, such as mails with a link."""
    with one_transaction() as ctx:
        count = send_all_again(ctx)
    click.echo(f"{count} put back in line")


def _move(outlook: Outlook, order: Order) -> Outlook:
    try:
        with one_transaction() as ctx:
            move_case(ctx, outlook.case_id, order)
    except DomainError as failure:
        return replace(outlook, verdict="cannot", failure=failure)
    return outlook


def _tell(outlook: Outlook, *, dry_run: bool) -> None:
    words = {
        "moves": "moves" if dry_run else "moved",
        "mapping": "needs a mapping",
        "cannot": "cannot, because",
    }
    click.echo(" ".join([f"{outlook.number}: {words[outlook.verdict]}", *outlook.reasons()]))
    for one in outlook.obstacles:
        if one.candidates:
            click.echo(f"  --map {one.element}={' | '.join(one.candidates)}")


def _mapping(pairs: Iterable[str]) -> dict[str, str]:
    found = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    if len(found) != len(list(pairs)):
        msg = "a mapping is written old=new, each old one once"
        raise click.BadParameter(msg)
    return found


def _case_named(ctx: Context, number: str) -> int:
    found = ctx.session.scalar(select(Case.id).where(Case.number == number))
    if found is None:
        msg = f"there is no case with the number {number}"
        raise click.ClickException(msg)
    return found


def _version(ctx: Context, name: str) -> int:
    try:
        return version_named(ctx, name)
    except NotFound as unknown:
        msg = f"there is no version {name}; it is written <process>/<number>"
        raise click.ClickException(msg) from unknown
