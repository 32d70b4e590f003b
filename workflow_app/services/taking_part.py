"""Who took part in cases: people who acted in them, and people whom their answers name."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.actors import SYSTEM
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case, History, HistoryPayload
from workflow_app.models.people import Account
from workflow_app.models.work import WorkItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from workflow_app.services.context import Context

USERNAME = re.compile(r"[^\s/]{2,100}")
AT_ONCE = 500
MESSAGE = "message"
_history, _payloads = table_of(History), table_of(HistoryPayload)
_answers, _items = table_of(Answer), table_of(WorkItem)


@dataclass(frozen=True, slots=True)
class Part:
    """The last thing that somebody did in a case, or that named them: `what` is a step's name."""

    username: str
    what: str
    case: str
    at: datetime


def parts_taken(ctx: Context, numbers: Sequence[str]) -> dict[str, Part]:
    """Return the people with an account who took part in the cases of these numbers, by username.

    That is who acted in a case or held a task of it, and who is named in an answer that somebody of
    the office gave (a vote that the minutes keep, a team that was chosen) or in what another case
    sent. What people outside write names nobody: it would let them choose who is left out.
    """
    found: dict[str, Part] = {}
    known = select(Case.id, Case.number).where(Case.number.in_(list(numbers)))
    for case_id, number in ctx.session.execute(known).all():
        for name, what, at in _touches(ctx, case_id):
            before = found.get(name)
            if before is None or (before.at <= at and (what or not before.what)):
                found[name] = Part(name, what, number, at)
    people = _with_account(ctx, found)
    return {name: part for name, part in sorted(found.items()) if name in people}


def _touches(ctx: Context, case_id: int) -> Iterator[tuple[str, str, datetime]]:
    yield from _actors(ctx, case_id)
    yield from _holders(ctx, case_id)
    yield from _named_in_answers(ctx, case_id)
    yield from _named_by_cases(ctx, case_id)


def _actors(ctx: Context, case_id: int) -> Iterator[tuple[str, str, datetime]]:
    """Yield who acted; what the system did after a step is done in the name of its actor."""
    rows = ctx.session.execute(
        select(_history.c.actor, _history.c.at).where(_history.c.case_id == case_id).distinct()
    )
    for actor, at in rows:
        yield actor, "", at


def _holders(ctx: Context, case_id: int) -> Iterator[tuple[str, str, datetime]]:
    rows = ctx.session.execute(
        select(_items).where(_items.c.case_id == case_id).order_by(_items.c.id)
    )
    for row in rows:
        at = row.closed_at or row.claimed_at or row.opened_at
        for name in {row.assignee, row.closed_by, row.on_behalf_of} - {None}:
            yield name, row.name, at


def _named_in_answers(ctx: Context, case_id: int) -> Iterator[tuple[str, str, datetime]]:
    """Yield whom the answers to tasks name; a start form and a message come from outside."""
    both = (_items.c.case_id == _answers.c.case_id) & (_items.c.task_id == _answers.c.task_id)
    rows = ctx.session.execute(
        select(_answers.c.name, _answers.c.at, _answers.c.data)
        .join(_items, both)
        .where(_answers.c.case_id == case_id)
    )
    for what, at, data in rows:
        for text in set(_texts(data)):
            yield text, what, at


def _named_by_cases(ctx: Context, case_id: int) -> Iterator[tuple[str, str, datetime]]:
    """Yield whom messages of other cases name; these are delivered in the system's name."""
    both = (_payloads.c.case_id == _history.c.case_id) & (_payloads.c.seq == _history.c.seq)
    rows = ctx.session.execute(
        select(_history.c.at, _payloads.c.payload)
        .join(_payloads, both)
        .where(_history.c.case_id == case_id, _history.c.kind == MESSAGE)
        .where(_history.c.actor == SYSTEM.username)
    )
    for at, payload in rows:
        for text in set(_texts(json.loads(payload).get("payload"))):
            yield text, "", at


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value that could be usernames."""
    if isinstance(value, str):
        if USERNAME.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _with_account(ctx: Context, names: Iterable[str]) -> set[str]:
    """Return those of the names that are usernames."""
    rest, found = list(names), set[str]()
    while rest:
        some, rest = rest[:AT_ONCE], rest[AT_ONCE:]
        found |= set(
            ctx.session.scalars(select(Account.username).where(Account.username.in_(some)))
        )
    return found
