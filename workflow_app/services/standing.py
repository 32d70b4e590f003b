"""Who is away, and who acts in whose place; a chain of substitutes is followed both ways.

The days of an absence begin and end on the clock of the person who is away.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, select

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.models.base import table_of
from workflow_app.models.desk import Absence, AbsenceSubstitute
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.session import connection_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

#: A substitute of a substitute of … so often; a longer chain tells nobody any more who acts.
LONGEST_CHAIN = 4
_absences = table_of(Absence)
_substitutes = table_of(AbsenceSubstitute)
_accounts = table_of(Account)
_people = _accounts.alias("people")
_assignments = table_of(RoleAssignment)
_territories = table_of(Territory)
#: How far the first and the last clock of the world are from UTC.
EAST, WEST = timedelta(hours=14), timedelta(hours=12)


def earliest_day(now: datetime) -> date:
    """Return the day that it is where days begin last."""
    return (now.astimezone(UTC) - WEST).date()


def _latest_day(now: datetime) -> date:
    return (now.astimezone(UTC) + EAST).date()


def _maybe_away(first: Any, last: Any) -> ColumnElement[bool]:
    """Return the condition that an absence may be in force: on a day that it is somewhere."""
    return and_(
        _absences.c.first_day <= last, _absences.c.last_day >= first, _absences.c.ended_at.is_(None)
    )


#: The territory of a person's first role, on whose clock their days begin and end.
_path = (
    select(_territories.c.path)
    .join_from(_assignments, _territories, _territories.c.code == _assignments.c.territory_code)
    .join(_people, _people.c.id == _assignments.c.account_id)
    .where(_people.c.username == _absences.c.username)
    .order_by(_assignments.c.id)
    .limit(1)
    .correlate(_absences)
    .scalar_subquery()
    .label("path")
)
_DAYS = (_absences.c.first_day, _absences.c.last_day, _path)
_REPRESENTED = PreparedSelect(
    select(_accounts.c.id, _accounts.c.username, _accounts.c.title, *_DAYS)
    .join_from(_substitutes, _absences, _absences.c.id == _substitutes.c.absence_id)
    .join(_accounts, _accounts.c.username == _absences.c.username)
    .where(
        _substitutes.c.username == bindparam("who"),
        _maybe_away(bindparam("first"), bindparam("last")),
    )
    .order_by(_accounts.c.username)
)


def _is_away(row: Any, now: datetime) -> bool:
    """Tell whether an absence (with `_DAYS`) is in force on the person's own clock."""
    today = now.astimezone(calendar_at(row.path or "").zone).date()
    return bool(row.first_day <= today <= row.last_day)


def represented_by(session: Session, username: str, now: datetime) -> list[Any]:
    """Return (id, username, title) of those in whose place a person acts today.

    Those who named the person, and those who named somebody of these, who is away too. Nobody for
    somebody who is away: their own substitutes act instead.
    """
    found = representing(session, username, now)
    return [] if not found or absent(session, [username], now) else found


def representing(session: Session, username: str, now: datetime) -> list[Any]:
    """Return for whom a person would act today, were they there themselves."""
    found = _represented(session, username, now)
    known, seen = {row.username: row for row in found}, {username}
    for _ in range(LONGEST_CHAIN - 1):
        fresh = [name for name in known if name not in seen]
        seen.update(fresh)
        for name in fresh:
            further = _represented(session, name, now)
            known |= {row.username: row for row in further if row.username not in known}
    return [row for row in known.values() if row.username != username]


def substitutes_of(session: Session, username: str, now: datetime) -> list[str]:
    """Return who acts today in the place of somebody away; empty where no one is left."""
    acting: list[str] = []
    seen, front = {username}, [username]
    for _ in range(LONGEST_CHAIN):
        named = [name for name in _named_by(session, front, now) if name not in seen]
        gone = absent(session, named, now)
        seen.update(named)
        acting += [name for name in named if name not in gone]
        front = [name for name in named if name in gone]
        if not front:
            break
    return acting


def absent(session: Session, usernames: Iterable[str], now: datetime) -> dict[str, date]:
    """Return who of these is away now, each with their last day away."""
    names = list(usernames)
    if not names:
        return {}
    query = select(_absences.c.username, *_DAYS).where(
        _absences.c.username.in_(names), _maybe_away(earliest_day(now), _latest_day(now))
    )
    rows = session.execute(query)
    return {row.username: row.last_day for row in rows if _is_away(row, now)}


def _represented(session: Session, username: str, now: datetime) -> list[Row[Any]]:
    days = {"first": earliest_day(now), "last": _latest_day(now)}
    found = _REPRESENTED.all(connection_of(session), {"who": username, **days})
    return [row for row in found if _is_away(row, now)]


def _named_by(session: Session, usernames: list[str], now: datetime) -> list[str]:
    query = (
        select(_substitutes.c.username, *_DAYS)
        .join_from(_substitutes, _absences, _absences.c.id == _substitutes.c.absence_id)
        .where(
            _absences.c.username.in_(usernames),
            _maybe_away(earliest_day(now), _latest_day(now)),
        )
        .order_by(_substitutes.c.username)
    )
    found = [row.username for row in session.execute(query) if _is_away(row, now)]
    return list(dict.fromkeys(found))
