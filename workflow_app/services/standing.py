"""Who is away today, and who acts in whose place; a chain of substitutes is followed both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, select

from workflow_app.models.base import table_of
from workflow_app.models.desk import Absence, AbsenceSubstitute
from workflow_app.models.people import Account
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.session import connection_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

#: A substitute of a substitute of … so often; a longer chain tells nobody any more who acts.
LONGEST_CHAIN = 4
_absences = table_of(Absence)
_substitutes = table_of(AbsenceSubstitute)
_accounts = table_of(Account)


def away(day: Any) -> ColumnElement[bool]:
    """Return the condition that an absence is in force on a day."""
    return and_(
        _absences.c.first_day <= day, _absences.c.last_day >= day, _absences.c.ended_at.is_(None)
    )


_REPRESENTED = PreparedSelect(
    select(_accounts.c.id, _accounts.c.username, _accounts.c.title)
    .join_from(_substitutes, _absences, _absences.c.id == _substitutes.c.absence_id)
    .join(_accounts, _accounts.c.username == _absences.c.username)
    .where(_substitutes.c.username == bindparam("who"), away(bindparam("day")))
    .order_by(_accounts.c.username)
)


def represented_by(session: Session, username: str, today: date) -> list[Any]:
    """Return (id, username, title) of those in whose place a person acts today.

    Those who named the person, and those who named somebody of these, who is away too. Nobody for
    somebody who is away: their own substitutes act instead.
    """
    found = representing(session, username, today)
    return [] if not found or absent(session, [username], today) else found


def representing(session: Session, username: str, today: date) -> list[Any]:
    """Return for whom a person would act today, were they there themselves."""
    found = _represented(session, username, today)
    known, seen = {row.username: row for row in found}, {username}
    for _ in range(LONGEST_CHAIN - 1):
        fresh = [name for name in known if name not in seen]
        seen.update(fresh)
        for name in fresh:
            further = _represented(session, name, today)
            known |= {row.username: row for row in further if row.username not in known}
    return [row for row in known.values() if row.username != username]


def substitutes_of(session: Session, username: str, today: date) -> list[str]:
    """Return who acts today in the place of somebody away; empty where no one is left."""
    acting: list[str] = []
    seen, front = {username}, [username]
    for _ in range(LONGEST_CHAIN):
        named = [name for name in _named_by(session, front, today) if name not in seen]
        gone = absent(session, named, today)
        seen.update(named)
        acting += [name for name in named if name not in gone]
        front = [name for name in named if name in gone]
        if not front:
            break
    return acting


def absent(session: Session, usernames: Iterable[str], day: date) -> dict[str, date]:
    """Return who of these is away on a day, each with their last day away."""
    names = list(usernames)
    if not names:
        return {}
    query = select(_absences.c.username, _absences.c.last_day).where(
        _absences.c.username.in_(names), away(day)
    )
    return {row.username: row.last_day for row in session.execute(query)}


def _represented(session: Session, username: str, today: date) -> list[Row[Any]]:
    return _REPRESENTED.all(connection_of(session), {"who": username, "day": today})


def _named_by(session: Session, usernames: list[str], today: date) -> list[str]:
    query = (
        select(_substitutes.c.username)
        .join(_absences, _absences.c.id == _substitutes.c.absence_id)
        .where(_absences.c.username.in_(usernames), away(today))
        .order_by(_substitutes.c.username)
        .distinct()
    )
    return list(session.scalars(query))
