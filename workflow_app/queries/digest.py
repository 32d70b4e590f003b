"""What stands in somebody's daily mail: tasks that are new, due soon or overdue, and news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, exists, func, or_, select

from workflow_app.domain import audiences
from workflow_app.domain.states import Wish
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.notices import News
from workflow_app.models.work import WorkItem, WorkItemCandidate, WorkOffer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor

SHOWN = 20
#: Items may be numbered before, and be there after, the round that asked for the last number.
OVERLAP = 1000
_items = table_of(WorkItem)
_offers = table_of(WorkOffer)
_cases = table_of(Case)
_candidates = table_of(WorkItemCandidate)
_exclusions = table_of(CaseExclusion)
_news = table_of(News)


@dataclass(frozen=True, slots=True)
class Listed:
    """The first tasks of a list, the most urgent first, and how many there are altogether."""

    rows: Sequence[Row[Any]]
    count: int


@dataclass(frozen=True, slots=True)
class Since:
    """From when on a task is new: its number is above the last one, or it came after the moment."""

    at: datetime
    item: int


def last_item(session: Session) -> int:
    """Return the number of the newest task."""
    return session.scalar(select(func.max(_items.c.id))) or 0


def held(session: Session, actor: Actor, start: datetime | None, end: datetime) -> Listed:
    """Return the tasks that somebody holds and that are due from `start` (None: ever) to `end`."""
    query = _listed(actor, [audiences.holder(actor.username)]).where(_offers.c.due_at < end)
    return _first(session, query if start is None else query.where(_offers.c.due_at >= start))


def new_for(session: Session, actor: Actor, since: Since) -> Listed:
    """Return the tasks that were given or offered to somebody by name since then."""
    names = [audiences.holder(actor.username), audiences.person(actor.username)]
    return _first(session, _listed(actor, names).where(*_new(since)))


def new_in_groups(session: Session, actor: Actor, since: Since) -> Listed:
    """Return the tasks that were offered to somebody's groups since then."""
    names = [name for name in audiences.read_by(actor) if name != audiences.person(actor.username)]
    return _first(session, _listed(actor, names).where(*_new(since)))


def overdue_in_groups(session: Session, actor: Actor, now: datetime) -> Listed:
    """Return the overdue tasks that nobody of somebody's groups has taken."""
    query = _listed(actor, audiences.read_by(actor)).where(_offers.c.due_at < now)
    return _first(session, query)


def kept_news(session: Session, account: int) -> list[Row[Any]]:
    """Return the news that wait for somebody's daily mail, the oldest first."""
    mine = (_news.c.account_id == account, _news.c.mail == Wish.DIGEST)
    return list(session.execute(select(_news).where(*mine).order_by(_news.c.id)))


def _new(since: Since) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    newer = or_(_items.c.id > since.item, _items.c.opened_at > since.at)
    return _items.c.id > since.item - OVERLAP, newer


def _listed(actor: Actor, names: Sequence[str]) -> Select[Any]:
    """Return each task of some lists once, without those from which the actor is kept."""
    barred = exists().where(
        _candidates.c.kind == "barred",
        _candidates.c.name == actor.username,
        _candidates.c.work_item_id == _items.c.id,
    )
    excluded = exists().where(
        _exclusions.c.case_id == _items.c.case_id, _exclusions.c.username == actor.username
    )
    return (
        select(
            _items.c.id,
            _items.c.name,
            _items.c.due_at,
            _offers.c.due_at.label("urgency"),
            _cases.c.number,
            _cases.c.title,
        )
        .join(_offers, _offers.c.work_item_id == _items.c.id)
        .join(_cases, _cases.c.id == _items.c.case_id)
        .where(_offers.c.audience.in_(names), ~barred, ~excluded)
        .distinct()
    )


def _first(session: Session, query: Select[Any]) -> Listed:
    ordered = query.order_by(_offers.c.due_at, _items.c.id)
    rows = session.execute(ordered.limit(SHOWN + 1)).all()
    if len(rows) <= SHOWN:
        return Listed(rows, len(rows))
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return Listed(rows[:SHOWN], count)
