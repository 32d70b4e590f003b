"""What went wrong and waits for somebody: of one case, and of all that a person supervises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, exists, false, or_, select

from workflow_app.domain.actors import Permission
from workflow_app.models.case import Case, Incident
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor


def open_incidents(session: Session, case_id: int) -> list[Incident]:
    """Return why a case is stuck, the newest reason first."""
    query = select(Incident).where(Incident.case_id == case_id, Incident.resolved_at.is_(None))
    return list(session.scalars(query.order_by(Incident.id.desc())))


def incidents_page(session: Session, actor: Actor, cursor: Cursor | None) -> Page[Row[Any]]:
    """Return one page of the open incidents that the actor may mend, the newest first."""
    back = cursor is not None and cursor.backwards
    kept_out = exists().where(
        CaseExclusion.case_id == Incident.case_id, CaseExclusion.username == actor.username
    )
    query = (
        select(
            Incident.id,
            Incident.element,
            Incident.reason,
            Incident.why,
            Incident.details,
            Incident.tries,
            Incident.at,
            Case.number,
            Case.title,
            Case.territory_code,
            Case.process_version_id,
        )
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.resolved_at.is_(None), _supervised(actor), ~kept_out)
    )
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(Incident.id > bound if back else Incident.id < bound)
    order = Incident.id.asc() if back else Incident.id.desc()
    rows: Any = session.execute(query.order_by(order).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, cursor, lambda row: (row.id,))


def _supervised(actor: Actor) -> ColumnElement[bool]:
    path = Case.territory_path
    paths = {grant.path for grant in actor.grants if Permission.SUPERVISE in grant.permissions}
    return or_(
        false(),
        *(or_(path == top, path.startswith(f"{top}/", autoescape=True)) for top in sorted(paths)),
    )
