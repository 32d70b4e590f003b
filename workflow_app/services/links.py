"""How cases know each other: which follow which, and the one that runs under a message's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, or_, select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.models.applicants import CaseLink
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.starts import RunningKey

if TYPE_CHECKING:
    from sqlalchemy import Row

    from workflow_app.services.context import Context

#: So many linked cases are told of; a case of many others (a meeting) has them in its papers.
SHOWN = 20
_links = table_of(CaseLink)


class Follows(DomainError):
    """Something that follows from a case runs already (params: number)."""

    message = N_("This was begun already: case %(number)s.")


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """The other end of a link between two cases; `path` is its territory's, `holder` an address."""

    id: int
    number: str
    title: str
    kind: str
    is_later: bool
    path: str
    holder: str | None


def require_free(ctx: Context, process: str, correlation: str) -> None:
    """Let only one case of a process run under one key. Raises Follows with the other's number."""
    query = (
        select(Case.number)
        .join(RunningKey, RunningKey.case_id == Case.id)
        .where(RunningKey.process_key == process, RunningKey.correlation == correlation)
    )
    number = ctx.session.scalar(query)
    if number is not None:
        raise Follows(number=number)


def link_cases(ctx: Context, case_id: int, earlier_id: int, kind: str) -> None:
    """Let a case know another that spoke to it by the message `kind`, unless they know each other.

    Of two that do so at one moment one wins: the other fails as a lost race does.
    """
    forth = and_(_links.c.case_id == case_id, _links.c.earlier_id == earlier_id)
    back = and_(_links.c.case_id == earlier_id, _links.c.earlier_id == case_id)
    if ctx.session.scalar(select(_links.c.id).where(or_(forth, back)).limit(1)) is None:
        row = {"case_id": case_id, "earlier_id": earlier_id, "kind": kind, "at": ctx.now}
        ctx.session.execute(insert(_links).values(**row))


def linked_cases(ctx: Context, case_id: int) -> list[LinkedCase]:
    """Return the cases that a case follows and those that follow it, the newest first."""
    query = (
        select(
            Case.id,
            Case.number,
            Case.title,
            Case.territory_path,
            Case.key_holder_email,
            _links.c.kind,
            _links.c.earlier_id,
        )
        .join(_links, or_(_links.c.case_id == Case.id, _links.c.earlier_id == Case.id))
        .where(or_(_links.c.case_id == case_id, _links.c.earlier_id == case_id))
        .where(Case.id != case_id)
        .order_by(_links.c.id.desc())
        .limit(SHOWN)
    )
    return [_linked(row, case_id) for row in ctx.connection.execute(query)]


def _linked(row: Row[Any], case_id: int) -> LinkedCase:
    return LinkedCase(
        id=row.id,
        number=row.number,
        title=row.title,
        kind=row.kind,
        is_later=row.earlier_id == case_id,
        path=row.territory_path,
        holder=row.key_holder_email,
    )
