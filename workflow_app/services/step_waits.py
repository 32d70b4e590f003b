"""What a case waits for after a step: timers and messages, rewritten where they changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert

from workflow_app.domain.states import TimerKind
from workflow_app.models.base import table_of
from workflow_app.models.prepared import Prepared
from workflow_app.models.work import DueTimer, Subscription
from workflow_app.services.kept import key_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from workflow_app.engine import Step
    from workflow_app.services.case_store import Loaded

_timers = table_of(DueTimer)
_subscriptions = table_of(Subscription)

_INSERT_TIMER = Prepared(insert(_timers))
_INSERT_SUBSCRIPTION = Prepared(insert(_subscriptions))
_DELETE_ENGINE_TIMERS = Prepared(
    delete(_timers).where(
        _timers.c.case_id == bindparam("case_key"), _timers.c.kind == TimerKind.ENGINE
    )
)
_DELETE_SUBSCRIPTIONS = Prepared(
    delete(_subscriptions).where(_subscriptions.c.case_id == bindparam("case_key"))
)


class WaitWriter:
    """Writes the waits of one case after one step; `digest` tells two sets of waits apart."""

    def __init__(
        self, step: Step, loaded: Loaded | None, connection: Connection, case_id: int
    ) -> None:
        self.step = step
        self.before = loaded.row.waits if loaded else ""
        self.connection = connection
        self.case_id = case_id
        self.digest = _digest(step)

    def write(self, *, again: bool) -> None:
        """Replace the rows if they changed, or in any case if `again`."""
        if self.before == self.digest and not again:
            return
        if self.before:
            _DELETE_ENGINE_TIMERS.run(self.connection, {"case_key": self.case_id})
            _DELETE_SUBSCRIPTIONS.run(self.connection, {"case_key": self.case_id})
        if self.step.timers:
            _INSERT_TIMER.run(self.connection, self._timers())
        if self.step.subscriptions:
            _INSERT_SUBSCRIPTION.run(self.connection, self._subscriptions())

    def _timers(self) -> list[dict[str, Any]]:
        return [
            {
                "case_id": self.case_id,
                "kind": TimerKind.ENGINE,
                "task_id": t.task_id,
                "element": f"{t.process}/{t.element}",
                "due_at": t.due_at,
            }
            for t in self.step.timers
        ]

    def _subscriptions(self) -> list[dict[str, Any]]:
        return [
            {
                "case_id": self.case_id,
                "task_id": s.task_id,
                "element": f"{s.process}/{s.element}",
                "name": s.name,
                "message": s.message,
                "correlation": key_of(s),
                "form": s.form,
                "sender": s.by,
            }
            for s in self.step.subscriptions
        ]


def _digest(step: Step) -> str:
    parts = [f"{t.task_id}@{t.due_at.isoformat()}" for t in step.timers]
    parts += [f"{s.task_id}?{s.message}?{key_of(s)}" for s in step.subscriptions]
    if not parts:
        return ""
    return hashlib.blake2b("\n".join(sorted(parts)).encode(), digest_size=16).hexdigest()
