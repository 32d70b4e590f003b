"""Mails that left, failed deliveries, and what the clock will bring next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.work import DueTimer, SentMail
from workflow_app.queries.pages import PAGE_SIZE, Cursor, Page, make_page

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def mails_page(session: Session, cursor: Cursor | None) -> Page[Row[Any]]:
    """Return one page of mails with their case numbers, newest first."""
    back = cursor is not None and cursor.backwards
    query = _mails()
    if cursor is not None:
        bound = int(cursor.keys[0])
        query = query.where(SentMail.id > bound if back else SentMail.id < bound)
    order = SentMail.id.asc() if back else SentMail.id.desc()
    rows = session.execute(query.order_by(order).limit(PAGE_SIZE + 1)).all()
    return make_page(rows, cursor, lambda row: (row.id,))


def one_mail(session: Session, mail_id: int) -> Row[Any] | None:
    """Return a mail with its case's number."""
    return session.execute(_mails().where(SentMail.id == mail_id)).first()


def next_timers(session: Session, limit: int = 12) -> list[Row[Any]]:
    """Return the timers that will fire next, with their cases."""
    query = (
        select(
            DueTimer.element, DueTimer.kind, DueTimer.due_at, Case.number, Case.process_version_id
        )
        .join(Case, Case.id == DueTimer.case_id)
        .order_by(DueTimer.due_at)
        .limit(limit)
    )
    return list(session.execute(query))


def _mails() -> Any:
    return select(table_of(SentMail), Case.number.label("case_number")).outerjoin(
        Case, Case.id == table_of(SentMail).c.case_id
    )
