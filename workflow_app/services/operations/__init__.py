"""The operations that diagrams may draw as service and send tasks, by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.services.operations.allocation import (
    allocate_people,
    allot_money,
    rank_rows,
)
from workflow_app.services.operations.bodies import appoint_body
from workflow_app.services.operations.calendar import put_event
from workflow_app.services.operations.call import Call
from workflow_app.services.operations.case_work import (
    begin_term,
    move_term,
    number_case,
    number_next,
    pause_clock,
    resume_clock,
    set_status,
)
from workflow_app.services.operations.cases import read_case
from workflow_app.services.operations.collections import (
    close_collection,
    open_collection,
    read_collection,
)
from workflow_app.services.operations.exclusion import exclude_person
from workflow_app.services.operations.http import ask
from workflow_app.services.operations.importing import import_entries, read_uploaded
from workflow_app.services.operations.notices import serve_notice
from workflow_app.services.operations.outgoing import (
    is_awaited,
    notify,
    render_document,
    send_message,
)
from workflow_app.services.operations.publishing import publish
from workflow_app.services.operations.registers import read_register, upsert_register
from workflow_app.services.scope import StepScope

if TYPE_CHECKING:
    from workflow_app.engine import Pending

Operation = Callable[[StepScope, Call], "dict[str, Any] | Pending | None"]

OPERATIONS: Mapping[str, Operation] = {
    "body.appoint": appoint_body,
    "case.number": number_case,
    "case.status": set_status,
    "case.read": read_case,
    "case.exclude": exclude_person,
    "collection.open": open_collection,
    "collection.close": close_collection,
    "collection.read": read_collection,
    "clock.start": begin_term,
    "clock.pause": pause_clock,
    "clock.resume": resume_clock,
    "clock.extend": move_term,
    "number.next": number_next,
    "notify": notify,
    "notice.serve": serve_notice,
    "calendar.event": put_event,
    "document.render": render_document,
    "message.send": send_message,
    "message.awaited": is_awaited,
    "register.read": read_register,
    "register.upsert": upsert_register,
    "register.import": import_entries,
    "table.read": read_uploaded,
    "publish": publish,
    "http.request": ask,
    "people.allocate": allocate_people,
    "list.rank": rank_rows,
    "money.allot": allot_money,
}


class ScopedOperations:
    """The engine's Operations for one step."""

    def __init__(self, scope: StepScope) -> None:
        self._scope = scope

    def call(
        self, kind: str, inputs: dict[str, Any], headers: Mapping[str, str], data: dict[str, Any], /
    ) -> dict[str, Any] | Pending | None:
        """Run the operation drawn with this type. Raises OperationFailed and engine.BpmnError."""
        operation = self._scope.ctx.platform.operations.get(kind) or OPERATIONS.get(kind)
        if operation is None:
            raise OperationFailed(N_("No operation is called “%(kind)s”."), kind=kind)
        try:
            return operation(self._scope, Call(inputs=inputs, headers=headers, data=data))
        except (ArithmeticError, AttributeError, KeyError, TypeError) as wrong:
            unusable = N_("“%(kind)s” cannot use what it was given (%(reason)s).")
            raise OperationFailed(unusable, kind=kind, reason=wrong) from wrong
