"""The operation that takes somebody off a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.models.people import Account
from workflow_app.services.chain import Event

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

EXCLUDED = "excluded"


def exclude_person(scope: StepScope, call: Call) -> None:
    """Keep a person out of the case and of all its tasks from now on.

    Inputs or headers: `user` (a username), `reason` (a text that the person is told). Raises
    OperationFailed when no account has the name.
    """
    username, reason = str(call.need("user")), str(call.get("reason") or "").strip()
    known = select(Account.id).where(Account.username == username)
    if scope.ctx.session.scalar(known) is None:
        raise OperationFailed(N_("There is no account “%(name)s”."), name=username)
    scope.excluded[username] = reason
    told = {"user": username, "reason": reason}
    scope.events.append(Event(EXCLUDED, "", None, scope.ctx.now, told))
