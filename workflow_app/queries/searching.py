"""Finding cases by their words: those that fit best, of those that the reader may see.

The rarest of the words leads; at most LOOKED_AT of its cases are looked at, and each is asked for
the other words by the index (case, word). Rights are conditions of the same query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select

from workflow_app.domain.permissions import READERS
from workflow_app.domain.states import WorkState
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case
from workflow_app.models.case_desk import CaseExclusion
from workflow_app.models.desk import SearchWord
from workflow_app.models.people import Territory
from workflow_app.models.work import WorkItem

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflow_app.domain.actors import Actor

MOST_WORDS = 6
LOOKED_AT = 2000
SHOWN = 25
#: No letter comes after it.
_LAST = chr(0x10FFFF)
_words = table_of(SearchWord)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A case that fits."""

    number: str
    title: str
    status: str
    phase: str
    started_at: datetime
    term_due: datetime | None
    place: str | None
    version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What fits, the best first; `more` tells that there is more than is shown or looked at."""

    hits: list[Hit]
    more: bool


def find_cases(session: Session, actor: Actor, words: list[str]) -> Found:
    """Return the cases in which each word, or one that begins with it, stands."""
    wanted = list(dict.fromkeys(words))[:MOST_WORDS]
    counts = {word: _count(session, word) for word in wanted}
    if not wanted or not all(counts.values()):
        return Found(hits=[], more=False)
    rarest = min(wanted, key=counts.__getitem__)
    found = _words.alias("leading")
    leading = (
        select(found.c.case_id)
        .where(_begins(found, rarest))
        .order_by(found.c.word, found.c.case_id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    there = select(leading.c.case_id).distinct().subquery()
    fits = sum((_weight(word) for word in wanted), start=literal(0))
    query = (
        select(
            Case.number,
            Case.title,
            Case.status,
            Case.phase,
            Case.started_at,
            Case.term_due,
            Territory.name.label("place"),
            Case.process_version_id.label("version_id"),
        )
        .join(there, there.c.case_id == Case.id)
        .outerjoin(Territory, Territory.code == Case.territory_code)
        .where(*(_has(word) for word in wanted if word != rarest), readable_by(actor))
        .order_by(fits.desc(), Case.id.desc())
        .limit(SHOWN + 1)
    )
    hits = [Hit(**row) for row in session.execute(query).mappings()]
    more = len(hits) > SHOWN or counts[rarest] > LOOKED_AT
    return Found(hits=hits[:SHOWN], more=more)


def numbered(session: Session, actor: Actor, text: str) -> str | None:
    """Return the number of the one case that has it, however its letters are typed."""
    query = select(Case.number).where(Case.number.in_({text, text.upper()}), readable_by(actor))
    return session.scalar(query)


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an account may open a case, as services/reading has it."""
    who = actor.username
    places = [grant.path for grant in actor.grants if grant.permissions & READERS]
    inside = [
        or_(
            Case.territory_path == path, Case.territory_path.startswith(f"{path}/", autoescape=True)
        )
        for path in dict.fromkeys(places)
    ]
    worked = exists().where(
        WorkItem.case_id == Case.id, or_(WorkItem.assignee == who, WorkItem.closed_by == who)
    )
    sent = exists().where(Answer.case_id == Case.id, Answer.actor == who)
    out = exists().where(CaseExclusion.case_id == Case.id, CaseExclusion.username == who)
    sealed = exists().where(
        WorkItem.case_id == Case.id,
        WorkItem.sealed.is_(True),
        WorkItem.state == WorkState.OPEN,
        WorkItem.assignee == who,
    )
    return and_(or_(*inside, worked, sent), ~out, ~sealed)


def _begins(words: Any, word: str) -> ColumnElement[bool]:
    return and_(words.c.word >= word, words.c.word < word + _LAST)


def _has(word: str) -> ColumnElement[bool]:
    here = _words.alias()
    return exists().where(here.c.case_id == Case.id, _begins(here, word))


def _weight(word: str) -> ColumnElement[Any]:
    """Return how much the best of a case's words that begin so tells; the whole word twice."""
    here = _words.alias()
    worth = here.c.weight * case((here.c.word == word, 2), else_=1)
    return (
        select(func.max(worth))
        .where(here.c.case_id == Case.id, _begins(here, word))
        .correlate(Case)
        .scalar_subquery()
    )


def _count(session: Session, word: str) -> int:
    bounded = select(_words.c.case_id).where(_begins(_words, word)).limit(LOOKED_AT + 1)
    return session.scalar(select(func.count()).select_from(bounded.subquery())) or 0
