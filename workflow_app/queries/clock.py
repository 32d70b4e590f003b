"""When a case's clock stood, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from workflow_app.domain.deadlines import Pause
from workflow_app.domain.states import ClockEventKind
from workflow_app.models.base import table_of
from workflow_app.models.case import ClockEvent
from workflow_app.models.prepared import PreparedSelect
from workflow_app.models.session import connection_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

_events = table_of(ClockEvent)
_OF_CASE = PreparedSelect(
    select(_events.c.kind, _events.c.reason, _events.c.at)
    .where(_events.c.case_id == bindparam("case_key"))
    .order_by(_events.c.id)
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the clock stood and its reason; `ended` is None while it lasts."""

    began: datetime
    ended: datetime | None
    reason: str

    @property
    def pause(self) -> Pause:
        """Return it without its reason."""
        return Pause(began=self.began, ended=self.ended)


def clock_stops(session: Session, case_id: int) -> list[Stop]:
    """Return the stretches in which the case's clock stood, the earliest first."""
    found: list[Stop] = []
    for event in _OF_CASE.all(connection_of(session), {"case_key": case_id}):
        if event.kind == ClockEventKind.PAUSED:
            found.append(Stop(event.at, None, event.reason))
        elif found and found[-1].ended is None:
            found[-1] = Stop(found[-1].began, event.at, found[-1].reason)
    return found
