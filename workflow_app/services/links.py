"""How cases know each other: which follow which, and the one that runs under a message's key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, insert, or_, select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.models.applicants import CaseLink
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.starts import RunningKey

if TYPE_CHECKING:
    from workflow_app.services.context import Context

#: So many linked cases are told of; a case of many others (a meeting) has them in its papers.
SHOWN = 20
_links = table_of(CaseLink)
_cases = table_of(Case)
_HERE = bindparam("case_key", type_=_links.c.case_id.type)
#: The other end is worked out, not looked for by two conditions: those would read every case.
_OTHER = case((_links.c.case_id == _HERE, _links.c.earlier_id), else_=_links.c.case_id)
_LINKED = PreparedSelect(
    select(
        _cases.c.id,
        _cases.c.number,
        _cases.c.title,
        _cases.c.territory_path,
        _cases.c.key_holder_email,
        _links.c.kind,
        _links.c.earlier_id,
    )
    .join_from(_links, _cases, _cases.c.id == _OTHER)
    .where(or_(_links.c.case_id == _HERE, _links.c.earlier_id == _HERE))
    .where(_cases.c.id != _HERE)
    .order_by(_links.c.id.desc())
    .limit(SHOWN)
)


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
    found = _LINKED.all(ctx.connection, {"case_key": case_id})
    return [_linked(row, case_id) for row in found]


def _linked(row: Any, case_id: int) -> LinkedCase:
    return LinkedCase(
        id=row.id,
        number=row.number,
        title=row.title,
        kind=row.kind,
        is_later=row.earlier_id == case_id,
        path=row.territory_path,
        holder=row.key_holder_email,
    )
