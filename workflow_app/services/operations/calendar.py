"""calendar.event: a date of the case in the calendars of some people, or of a role."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from workflow_app.domain.errors import OperationFailed
from workflow_app.domain.text import N_
from workflow_app.feel import to_json
from workflow_app.models.base import table_of
from workflow_app.models.notices import CalendarEvent
from workflow_app.models.upsert import insert_or

if TYPE_CHECKING:
    from workflow_app.services.operations.call import Call
    from workflow_app.services.scope import StepScope

_events = table_of(CalendarEvent)
LONGEST = 300


def put_event(scope: StepScope, call: Call) -> None:
    """Put a date into people's calendars; the same `key` moves it, `cancelled` calls it off.

    Inputs or headers: `starts`, `title`, `place`, `people` (usernames) or `role`, `key`. Raises
    OperationFailed for a start that is no date and time.
    """
    place = call.get("place")
    values = {
        "title": str(call.need("title"))[:LONGEST],
        "place": str(place)[:LONGEST] if place else None,
        "starts_at": moment_of(scope, call.need("starts")),
        "people": [str(one) for one in call.inputs.get("people") or []],
        "role": call.get("role"),
        "territory_path": scope.case.path,
        "changed_at": scope.ctx.now,
        "is_cancelled": call.get("cancelled") in (True, "true"),
    }
    key = str(call.get("key") or "event")
    if scope.case.id is None:
        scope.insert(_events, key=key, **values)
        return
    known = (_events.c.case_id == scope.case.id, _events.c.key == key)
    first = insert_or(scope.ctx.session, _events).values(case_id=scope.case.id, key=key, **values)
    scope.ensured.append(first.on_conflict_do_nothing(index_elements=["case_id", "key"]))
    scope.changes.append(update(_events).where(*known).values(**values))


def moment_of(scope: StepScope, given: Any) -> datetime:
    """Return the moment that FEEL or a text gives, local ones there. Raises OperationFailed."""
    try:
        moment = datetime.fromisoformat(str(to_json(given)).partition("@")[0])
    except ValueError as wrong:
        raise OperationFailed(N_("“%(text)s” is no date and time."), text=str(given)) from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=scope.host.calendar.zone)
