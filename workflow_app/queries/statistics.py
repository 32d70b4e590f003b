"""Counts of cases by process and month, over a stretch of time that an index bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

_cases = table_of(Case)
_versions = table_of(ProcessVersion)


def begun_by_month(session: Session, months: Sequence[datetime]) -> dict[tuple[str, int], int]:
    """Return how many cases of each process began in each month.

    `months` are the beginnings of the months in their order, and the end of the last one.
    """
    month = case(
        *((_cases.c.started_at < end, number) for number, end in enumerate(months[1:])), else_=-1
    ).label("month")
    query = (
        select(_versions.c.key, month, func.count().label("found"))
        .join(_versions, _versions.c.id == _cases.c.process_version_id)
        .where(_cases.c.started_at >= months[0], _cases.c.started_at < months[-1])
        .group_by(_versions.c.key, month)
    )
    return {(row.key, row.month): row.found for row in session.execute(query)}


def finished_between(session: Session, since: datetime, until: datetime) -> Sequence[Any]:
    """Return key of the process, started_at, finished_at, term_due and breached_at of cases."""
    query = (
        select(
            _versions.c.key,
            _cases.c.started_at,
            _cases.c.finished_at,
            _cases.c.term_due,
            _cases.c.breached_at,
        )
        .join(_versions, _versions.c.id == _cases.c.process_version_id)
        .where(_cases.c.finished_at >= since, _cases.c.finished_at < until)
    )
    return session.execute(query).all()


def process_titles(session: Session) -> dict[str, str]:
    """Return the title of the newest version of each process, a msgid, by key."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    query = select(ProcessVersion.key, ProcessVersion.title).where(ProcessVersion.id.in_(newest))
    return {row.key: row.title for row in session.execute(query.order_by(ProcessVersion.key))}
