"""The dates of one person: terms of tasks that are theirs, and events of cases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain import audiences
from workflow_app.domain.permissions import has_role
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.notices import CalendarEvent
from workflow_app.models.people import Territory
from workflow_app.models.work import WorkItem, WorkOffer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor

LONGEST = 500
PAST = timedelta(days=30)
_items = table_of(WorkItem)
_offers = table_of(WorkOffer)
_events = table_of(CalendarEvent)
_cases = table_of(Case)
_places = table_of(Territory)


def tasks_with_terms(session: Session, username: str) -> list[Row[Any]]:
    """Return the open tasks with a term that somebody holds or is offered by name."""
    names = [audiences.holder(username), audiences.person(username)]
    query = (
        select(
            _items.c.id,
            _items.c.name,
            _items.c.due_at,
            _items.c.opened_at,
            _cases.c.number,
            _places.c.name.label("place"),
        )
        .join(_offers, _offers.c.work_item_id == _items.c.id)
        .join(_cases, _cases.c.id == _items.c.case_id)
        .outerjoin(_places, _places.c.code == _cases.c.territory_code)
        .where(_offers.c.audience.in_(names), _offers.c.due_at < audiences.FAR)
    )
    return list(session.execute(query.order_by(_offers.c.due_at, _items.c.id).limit(LONGEST)))


def events_of(session: Session, actor: Actor, now: datetime) -> list[Row[Any]]:
    """Return the events of cases to which somebody belongs by name or by role, from a month ago."""
    query = (
        select(_events, _cases.c.number)
        .join(_cases, _cases.c.id == _events.c.case_id)
        .where(_events.c.starts_at > now - PAST)
    )
    found = session.execute(query.order_by(_events.c.starts_at, _events.c.id).limit(LONGEST * 4))
    return [row for row in found if _concerns(actor, row)][:LONGEST]


def _concerns(actor: Actor, row: Row[Any]) -> bool:
    if actor.username in row.people:
        return True
    return row.role is not None and has_role(actor, row.role, row.territory_path)
