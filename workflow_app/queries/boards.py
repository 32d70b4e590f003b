"""What a board reads: a fixed number of queries, however long the cases' history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, History, HistoryPayload
from workflow_app.models.catalogue import ProcessVersion, ProcessVersionFile, SourceFile
from workflow_app.models.people import Territory
from workflow_app.models.work import WorkItem

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

_cases = table_of(Case)
_items = table_of(WorkItem)
_history = table_of(History)
_payload = table_of(HistoryPayload)
_versions = table_of(ProcessVersion)


def board_files(session: Session) -> dict[str, str]:
    """Return the process.toml of the newest version of each process that may have a board."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    query = (
        select(ProcessVersion.key, SourceFile.body)
        .join(ProcessVersionFile, ProcessVersionFile.version_id == ProcessVersion.id)
        .join(SourceFile, SourceFile.sha256 == ProcessVersionFile.sha256)
        .where(ProcessVersion.id.in_(newest), SourceFile.body.contains("[board]"))
        .where(ProcessVersionFile.path == "processes/" + ProcessVersion.key + "/process.toml")
        .order_by(ProcessVersion.key)
    )
    return {row.key: row.body for row in session.execute(query)}


def flagged_territories(session: Session, flag: str) -> list[Territory]:
    """Return the territories with a flag, in the order of their names."""
    found = session.scalars(select(Territory).order_by(Territory.name))
    return [place for place in found if flag in place.flags]


def newest_cases(
    session: Session, processes: Collection[str], codes: Collection[str]
) -> Sequence[Any]:
    """Return the newest case of each process in each territory, with the process's key."""
    newest = (
        select(func.max(_cases.c.id))
        .join(_versions, _versions.c.id == _cases.c.process_version_id)
        .where(_versions.c.key.in_(processes), _cases.c.territory_code.in_(codes))
        .group_by(_versions.c.key, _cases.c.territory_code)
    )
    query = (
        select(
            _cases.c.id,
            _cases.c.number,
            _cases.c.title,
            _cases.c.territory_code,
            _cases.c.territory_path,
            _cases.c.process_version_id,
            _cases.c.started_at,
            _cases.c.finished_at,
            _cases.c.state,
            _versions.c.key.label("process"),
        )
        .join(_versions, _versions.c.id == _cases.c.process_version_id)
        .where(_cases.c.id.in_(newest))
    )
    return session.execute(query).all()


def steps_of(
    session: Session, cases: Collection[int], elements: Collection[str]
) -> list[tuple[int, str | None, str, datetime]]:
    """Return (case, status or None, element, when) of status changes and visits of elements."""
    query = (
        select(_history.c.case_id, _history.c.kind, _history.c.element, _history.c.at)
        .add_columns(_payload.c.payload)
        .outerjoin(
            _payload,
            (_payload.c.case_id == _history.c.case_id) & (_payload.c.seq == _history.c.seq),
        )
        .where(_history.c.case_id.in_(cases))
        .where(
            or_(
                _history.c.kind == "status",
                (_history.c.kind == "entered") & _history.c.element.in_(elements),
            )
        )
        .order_by(_history.c.case_id, _history.c.seq)
    )
    return [(row.case_id, _status(row), row.element, row.at) for row in session.execute(query)]


def open_tasks(session: Session, cases: Collection[int]) -> dict[int, list[Any]]:
    """Return the open tasks of cases, the most urgent first."""
    query = (
        select(_items.c.case_id, _items.c.element, _items.c.role, _items.c.assignee)
        .where(_items.c.case_id.in_(cases), _items.c.state == WorkState.OPEN)
        .order_by(_items.c.due_at.is_(None), _items.c.due_at, _items.c.id)
    )
    found: dict[int, list[Any]] = {}
    for row in session.execute(query):
        found.setdefault(row.case_id, []).append(row)
    return found


def _status(row: Any) -> str | None:
    if row.kind != "status" or not row.payload:
        return None
    return str(json.loads(row.payload).get("status", ""))
