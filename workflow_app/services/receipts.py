"""When a notice counts as served, and what a diagram learns of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.domain.states import Service
    from workflow_app.services.host import Host

#: Working days after which a mail counts as received.
DAYS = "service.email_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How and when a notice reached the party; `remark` is what whoever recorded it wrote."""

    how: Service
    at: datetime
    by: str | None = None
    remark: str | None = None

    def result(self, host: Host) -> dict[str, Any]:
        """Return what the task that served the notice gives: the day and moment there, and how."""
        there = self.at.astimezone(host.calendar.zone)
        day = there.date().isoformat()
        return {"served_on": day, "served_at": there.isoformat(), "served_how": self.how.value}


def counts_from(host: Host) -> datetime:
    """Return when a mail that leaves now counts as served. Raises SettingMissing."""
    return host.working_days(host.number(DAYS))
