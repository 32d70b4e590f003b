"""The newest finished cases of a process: when they went, what happened in them, who did what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from workflow_app.models.base import table_of
from workflow_app.models.case import Case, History
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.people import Account, RoleAssignment
from workflow_app.models.work import WorkItem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

_cases, _versions = table_of(Case), table_of(ProcessVersion)
_history, _items = table_of(History), table_of(WorkItem)
_accounts, _held = table_of(Account), table_of(RoleAssignment)


def finished_cases(session: Session, key: str, limit: int) -> Sequence[Any]:
    """Return id, started_at, finished_at, territory_path and history_seq, the newest first."""
    columns = (_cases.c.id, _cases.c.started_at, _cases.c.finished_at)
    query = (
        select(*columns, _cases.c.territory_path, _cases.c.history_seq)
        .join(_versions, _versions.c.id == _cases.c.process_version_id)
        .where(_versions.c.key == key, _cases.c.finished_at.is_not(None))
        .order_by(_cases.c.id.desc())
        .limit(limit)
    )
    return session.execute(query).all()


def what_happened(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """Return case_id, kind, element, task_id, at and flows of all rows of cases, in order."""
    columns = (_history.c.case_id, _history.c.kind, _history.c.element, _history.c.task_id)
    query = select(*columns, _history.c.at, _history.c.flows).where(_history.c.case_id.in_(cases))
    return session.execute(query.order_by(_history.c.case_id, _history.c.seq)).all()


def tasks_done(session: Session, cases: Collection[int]) -> Sequence[Any]:
    """Return the closed tasks of cases: task_id, element, role, their moments, closed_by."""
    columns = (_items.c.case_id, _items.c.task_id, _items.c.element, _items.c.role)
    moments = (_items.c.opened_at, _items.c.claimed_at, _items.c.closed_at, _items.c.closed_by)
    closed = (_items.c.case_id.in_(cases), _items.c.closed_at.is_not(None))
    return session.execute(select(*columns, *moments).where(*closed)).all()


def steps_done(session: Session, cases: Collection[int]) -> Mapping[str, int]:
    """Return how often each `<process>/<element>` was completed in cases."""
    done = (_history.c.case_id.in_(cases), _history.c.kind == "completed")
    query = select(_history.c.element, func.count()).where(*done).group_by(_history.c.element)
    return {row[0]: row[1] for row in session.execute(query)}


def people_by_role(session: Session, roles: Collection[str], today: date) -> Mapping[str, int]:
    """Return how many active accounts hold each role on a day, in any place."""
    since = _held.c.valid_from.is_(None) | (_held.c.valid_from <= today)
    until = _held.c.valid_until.is_(None) | (_held.c.valid_until >= today)
    query = (
        select(_held.c.role, func.count(_held.c.account_id.distinct()))
        .join(_accounts, _accounts.c.id == _held.c.account_id)
        .where(_held.c.role.in_(roles), _accounts.c.active.is_(True), since, until)
        .group_by(_held.c.role)
    )
    return {row[0]: row[1] for row in session.execute(query)}
