"""Lists of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, or_, select

from workflow_app.models.applicants import CaseOrganisation
from workflow_app.models.case import Case
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def started_page(
    session: Session, username: str, cursor: Cursor | None, organisation: str | None = None
) -> Page[Row[Any]]:
    """Return one page of the cases that an account or its organisation started, newest first."""
    back = cursor is not None and cursor.backwards
    query = select(
        Case.id,
        Case.number,
        Case.title,
        Case.status,
        Case.phase,
        Case.started_at,
        Case.term_due,
        Case.process_version_id,
    ).where(or_(Case.started_by == username, _is_of(organisation)))
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(Case.id > bound if back else Case.id < bound)
    order = Case.id.asc() if back else Case.id.desc()
    rows: Any = session.execute(query.order_by(order).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, cursor, lambda row: (row.id,))


def _is_of(organisation: str | None) -> ColumnElement[bool]:
    owned = select(CaseOrganisation.case_id)
    return Case.id.in_(owned.where(CaseOrganisation.organisation_code == organisation))
