"""body.appoint: what a body is called, and who sits in it from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.people import Account, Body, BodyMember
from workflow_app.models.upsert import insert_or

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

_bodies = table_of(Body)
_members = table_of(BodyMember)
NAMED = ("title", "secretary_role", "chair_role", "member_role", "convened_by")
CHAIR = "chair"


def appoint_body(scope: StepScope, call: Call) -> dict[str, Any]:
    """Give a body its name, roles and members; those who sat in it before leave it.

    Inputs or headers: `key`, `title`, the roles `secretary_role`, `chair_role`, `member_role` and
    `convened_by`, `territory` (the case's unless said), `members` [{username, position}]. Gives
    `appointed`, the number of members. Raises OperationFailed for members it cannot seat.
    """
    key = str(call.need("key"))
    members = _seated(scope, call.inputs.get("members"))
    told = {name: str(call.need(name)) for name in NAMED}
    told["territory_code"] = str(call.get("territory") or scope.case.territory)
    first = insert_or(scope.ctx.session, _bodies).values(key=key, **told)
    scope.ensured.append(first.on_conflict_do_nothing(index_elements=["key"]))
    scope.changes.append(update(_bodies).where(_bodies.c.key == key).values(**told))
    scope.changes.append(delete(_members).where(_members.c.body == key))
    for username, position in members.items():
        scope.insert(_members, body=key, username=username, position=position)
    return {"appointed": len(members)}


def _seated(scope: StepScope, given: Any) -> dict[str, str]:
    """Return the position of each member, by username."""
    rows = given if isinstance(given, list) else []
    found = {str(row.get("username")): str(row.get("position") or "member") for row in rows}
    query = select(Account.username).where(Account.username.in_(found), Account.active.is_(True))
    unknown = sorted({*found} - {*scope.ctx.session.scalars(query)})
    if unknown or len(found) < len(rows):
        who = ", ".join(unknown) or "–"
        raise OperationFailed(
            N_("Each member needs an account of their own (%(names)s)."), names=who
        )
    if list(found.values()).count(CHAIR) != 1:
        raise OperationFailed(N_("A body has exactly one chair."))
    return found
