"""How often one may fail to sign in: rows in the database, so that every server counts alike."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.people import SignInFailure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.services.context import Context

WINDOW = timedelta(minutes=5)
_failures = table_of(SignInFailure)


class TooManyAttempts(DomainError):
    """Somebody failed to sign in too often in the last minutes."""

    message = N_("Please wait a few minutes and try again.")


def count_attempt(ctx: Context, limits: Mapping[str, int]) -> list[int]:
    """Count one attempt against every name in `limits`, as a failure until it is known better.

    It is counted before the password is looked at and committed by the caller, so that a hundred
    attempts at once are a hundred. Returns what forget_attempt takes. Raises TooManyAttempts when
    any name has had its share.
    """
    names = {_digest(name): most for name, most in limits.items()}
    ctx.session.execute(delete(_failures).where(_failures.c.at <= ctx.now - WINDOW))
    counted = ctx.session.execute(
        select(_failures.c.who, func.count())
        .where(_failures.c.who.in_(names))
        .group_by(_failures.c.who)
    )
    if any(number >= names[who] for who, number in counted):
        raise TooManyAttempts
    connection = ctx.connection
    rows = [connection.execute(insert(_failures).values(who=w, at=ctx.now)) for w in names]
    return [int(row.inserted_primary_key[0]) for row in rows]  # type: ignore[index]


def forget_attempt(ctx: Context, attempt: list[int]) -> None:
    """Take one attempt back: it was no failure. Earlier failures stand."""
    ctx.session.execute(delete(_failures).where(_failures.c.id.in_(attempt)))


def _digest(name: str) -> str:
    """Return what stands in the row: whose account or address it was is nobody's business."""
    return hashlib.sha256(name.encode()).hexdigest()
