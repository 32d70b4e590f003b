"""Places of the tree of territories: what lies below one, what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from workflow_app.domain.states import CaseState
from workflow_app.models.case import Case
from workflow_app.models.collections import Collection
from workflow_app.models.people import Territory
from workflow_app.queries.collections import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


def all_places(session: Session) -> Sequence[Territory]:
    """Return every territory, each after the one it lies in."""
    return session.scalars(select(Territory).order_by(Territory.path)).all()


def places_above(session: Session, place: Territory) -> list[Territory]:
    """Return the territories in which one lies, the widest first."""
    codes = place.path.split("/")[:-1]
    found = session.scalars(select(Territory).where(Territory.code.in_(codes)))
    return sorted(found, key=lambda one: one.path)


def places_in(session: Session, code: str) -> Sequence[Territory]:
    """Return the territories directly below one."""
    query = select(Territory).where(Territory.parent_code == code)
    return session.scalars(query.order_by(Territory.name)).all()


def open_collections(session: Session, codes: Sequence[str], now: datetime) -> Sequence[Any]:
    """Return what anybody may contribute to now in some territories, the first to close first.

    Rows have title, key, number (of the case), closes_at. What has seats, or is
    shown to nobody outside, is for those who were invited.
    """
    query = (
        select(Collection.title, Collection.key, Case.number, Collection.closes_at)
        .join(Case, Case.id == Collection.case_id)
        .where(Case.territory_code.in_(codes), Case.phase != CaseState.FINISHED)
        .where(Collection.closed_at.is_(None), Collection.seats == 0, Collection.show != NONE)
        .where(or_(Collection.closes_at.is_(None), Collection.closes_at > now))
        .order_by(Collection.closes_at.is_(None), Collection.closes_at, Collection.id)
    )
    return session.execute(query).all()


def codes_below(session: Session, code: str) -> list[str]:
    """Return the code of a territory and of all below it; none for an unknown one."""
    top = session.get(Territory, code)
    if top is None:
        return []
    inside = Territory.path.startswith(top.path + "/", autoescape=True)
    query = select(Territory.code).where(or_(Territory.code == code, inside))
    return list(session.scalars(query))
