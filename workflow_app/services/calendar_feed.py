"""Somebody's own calendar under a private signed address, which they may renew.

The address names the account and the turn of its address; renewing raises the turn, and every
address of before then leads nowhere.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from workflow_app.adapters.ics import Entry, feed
from workflow_app.adapters.words import Words
from workflow_app.domain.errors import NotFound
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.notices import AccountChoice
from workflow_app.models.people import Account
from workflow_app.queries import dates
from workflow_app.services.accounts import actor_of
from workflow_app.services.wishes import put

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.domain.actors import Actor
    from workflow_app.services.context import Context

NAME = N_("Your dates – %(service)s")
DUE = N_("Due: %(task)s, %(case)s")
HELD = N_("%(title)s, %(case)s")
_choices = table_of(AccountChoice)


def turn_of(ctx: Context, account: int) -> int:
    """Return the turn of somebody's calendar address; 0 where they have none."""
    query = select(_choices.c.calendar).where(_choices.c.account_id == account)
    return max(ctx.session.scalar(query) or 0, 0)


def token_of(ctx: Context, account: int) -> str | None:
    """Return the secret part of somebody's calendar address; None where they have none."""
    turn = turn_of(ctx, account)
    return str(_signer(ctx).dumps([account, turn])) if turn else None


def renew(ctx: Context, account: int) -> None:
    """Give somebody a new calendar address; the one before leads nowhere from now on."""
    query = select(_choices.c.calendar).where(_choices.c.account_id == account)
    put(ctx, account, calendar=abs(ctx.session.scalar(query) or 0) + 1)


def withdraw(ctx: Context, account: int) -> None:
    """Take somebody's calendar address away; the next one will differ from it."""
    put(ctx, account, calendar=-turn_of(ctx, account))


def calendar_of(ctx: Context, token: str) -> bytes:
    """Return the calendar under an address, in its owner's language. Raises NotFound."""
    account = _owner(ctx, token)
    words = Words(account.language or ctx.platform.settings.language)
    actor = actor_of(ctx.session, account, ctx.now)
    service = words.text(ctx.platform.settings.service_name)
    entries = [*_tasks(ctx, actor, words), *_events(ctx, actor, words)]
    return feed(words.text(NAME, service=service), entries)


def _owner(ctx: Context, token: str) -> Account:
    try:
        account_id, turn = _signer(ctx).loads(token)
    except (BadSignature, ValueError, TypeError) as wrong:
        raise NotFound from wrong
    account = ctx.session.get(Account, account_id)
    if account is None or not account.active or turn != turn_of(ctx, account_id):
        raise NotFound
    return account


def _signer(ctx: Context) -> URLSafeSerializer:
    return URLSafeSerializer(ctx.platform.settings.secret_key, salt="calendar")


def _tasks(ctx: Context, actor: Actor, words: Words) -> Iterator[Entry]:
    base = ctx.platform.settings.base_url
    for row in dates.tasks_with_terms(ctx.session, actor.username):
        yield Entry(
            uid=f"task-{row.id}@{_host(base)}",
            title=words.text(DUE, task=words.text(row.name), case=row.number),
            starts=row.due_at,
            lasts=timedelta(),
            changed=row.opened_at,
            place=words.text(row.place) if row.place else None,
            url=f"{base}/tasks/{row.id}",
        )


def _events(ctx: Context, actor: Actor, words: Words) -> Iterator[Entry]:
    base = ctx.platform.settings.base_url
    for row in dates.events_of(ctx.session, actor, ctx.now):
        yield Entry(
            uid=f"event-{row.id}@{_host(base)}",
            title=words.text(HELD, title=words.text(row.title), case=row.number),
            starts=row.starts_at,
            changed=row.changed_at,
            place=row.place,
            url=f"{base}/cases/{row.number}",
            is_cancelled=row.is_cancelled,
        )


def _host(base: str) -> str:
    return base.split("//", 1)[-1].split("/", 1)[0].split(":", 1)[0]
