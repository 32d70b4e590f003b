"""Which case a scenario speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

OWN = "own"


@dataclass(slots=True)
class CaseBook:
    """The cases of a scenario by what it calls them.

    Nothing or `own` is its own case, before that began the one begun last; a name is the case that
    a step began under it; a process's key is its newest case, open or finished; `<key>/2` is its
    second, counted from the first that came after `since` (an id), when the scenario began.
    """

    since: int = 0
    own: int = 0
    last: int = 0
    named: dict[str, int] = field(default_factory=dict)

    def find(self, session: Session, called: str | None) -> int | None:
        """Return the id of a case, or None where there is none."""
        if called in (None, OWN):
            return self.own or self.last or None
        if called in self.named:
            return self.named[str(called)]
        key, _slash, number = str(called).partition("/")
        found = of_process(session, key)
        if number.isdigit():
            found = [one for one in found if one > self.since]
        place = int(number) - 1 if number.isdigit() else len(found) - 1
        return found[place] if 0 <= place < len(found) else None


def of_process(session: Session, key: str) -> list[int]:
    """Return the cases of a process, the oldest first."""
    query = select(Case.id).join(ProcessVersion, ProcessVersion.id == Case.process_version_id)
    return list(session.scalars(query.where(ProcessVersion.key == key).order_by(Case.id)))
