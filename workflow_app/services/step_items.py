"""What a step does to the inbox: tasks that it closed, tasks that it opened, their terms."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from workflow_app.domain.deadlines import reminder_at
from workflow_app.domain.errors import DomainError
from workflow_app.domain.reasons import IN_TEXT
from workflow_app.domain.states import TimerKind, WorkState
from workflow_app.domain.text import N_
from workflow_app.engine import StepFailed
from workflow_app.feel import FeelError, compile_expression
from workflow_app.models.base import table_of
from workflow_app.models.prepared import Prepared
from workflow_app.models.work import DueTimer, WorkItem, WorkItemCandidate
from workflow_app.services.candidates import excluded_from, four_eyes
from workflow_app.services.offers import offer_new, withdraw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from workflow_app.engine import OpenTask, Step
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.host import Host
    from workflow_app.services.scope import StepScope

KEPT_OUT = N_("“%(who)s” may not do this step in this case, and nobody else is asked to")
_items = table_of(WorkItem)
_timers = table_of(DueTimer)

_CLOSE_ITEM = Prepared(
    update(_items).where(
        _items.c.case_id == bindparam("case_key"), _items.c.task_id == bindparam("task_key")
    )
)
_INSERT_ITEM = Prepared(insert(_items))
_INSERT_CANDIDATE = Prepared(insert(table_of(WorkItemCandidate)))
_INSERT_TIMER = Prepared(insert(_timers))
_DELETE_TERM_TIMERS = Prepared(
    delete(_timers).where(
        _timers.c.case_id == bindparam("case_key"),
        _timers.c.task_id == bindparam("task_key"),
        _timers.c.kind != TimerKind.ENGINE,
    )
)


class ItemWriter:
    """Writes the work items of one step of one case."""

    def __init__(
        self,
        scope: StepScope,
        step: Step,
        loaded: Loaded | None,
        connection: Connection,
        case_id: int,
    ) -> None:
        self.scope = scope
        self.step = step
        self.loaded = loaded
        self.connection = connection
        self.case_id = case_id
        self.now = scope.ctx.now

    def write(self) -> None:
        """Write what the step closed, then what it opened. Raises StepFailed."""
        if self.step.closed:
            self._close()
        if self.step.opened:
            self._open(self.step.opened)

    def _close(self) -> None:
        closed = [
            {
                "case_key": self.case_id,
                "task_key": task.task_id,
                "state": WorkState(task.why),
                "closed_at": self.now,
                "closed_by": self.scope.ctx.actor.username,
            }
            for task in self.step.closed
        ]
        _CLOSE_ITEM.run(self.connection, closed)
        withdraw(self.connection, self.case_id, [task.task_id for task in self.step.closed])
        if self.loaded is None or getattr(self.loaded.row, "due_at", self.now) is not None:
            keys = [{"case_key": r["case_key"], "task_key": r["task_key"]} for r in closed]
            _DELETE_TERM_TIMERS.run(self.connection, keys)

    def _open(self, opened: Sequence[OpenTask]) -> None:
        candidates = [self._candidates(task) for task in opened]
        rows = [self._item(task, named) for task, named in zip(opened, candidates, strict=True)]
        _INSERT_ITEM.run(self.connection, rows)
        offers = zip(opened, rows, strict=True)
        offer_new(self.connection, [(row, task.groups, task.users) for task, row in offers])
        terms = [timer for row in rows for timer in self._term_timers(row)]
        if terms:
            _INSERT_TIMER.run(self.connection, terms)
        for task, named in zip(opened, candidates, strict=True):
            if named:
                self._write_candidates(task, named)

    def _item(self, task: OpenTask, named: Sequence[tuple[str, str]]) -> dict[str, Any]:
        assignee = self._assignee(task, named)
        info = self.scope.published.task_info(f"{task.process}/{task.element}")
        return {
            "case_id": self.case_id,
            "task_id": task.task_id,
            "element": f"{task.process}/{task.element}",
            "name": task.name,
            "form": task.form or "",
            "role": task.groups[0] if task.groups else None,
            "assignee": assignee,
            "has_candidates": bool(named),
            "territory_path": self.scope.case.path,
            "priority": task.priority,
            "state": WorkState.OPEN,
            "opened_at": self.now,
            "due_at": self._due(task),
            "follow_up_at": task.follow_up_at,
            "claimed_at": self.now if assignee is not None else None,
            "sealed": info is not None and info.properties.get("seal") == "true",
        }

    def _assignee(self, task: OpenTask, named: Sequence[tuple[str, str]]) -> str | None:
        """Return whom the diagram gives a task; its group gets one whom it may not be given.

        Raises StepFailed where there is no group either.
        """
        who = task.assignee
        out = who in self.scope.excluded or ("barred", who) in named
        if who is None or not out:
            return who
        if not (task.groups or task.users):
            raise StepFailed(task.element, KEPT_OUT, who=who)
        return None

    def _due(self, task: OpenTask) -> datetime | None:
        manifest = self.scope.published.manifests.get(task.process)
        term = manifest.terms.get(task.element) if manifest else None
        try:
            return evaluate_time(term, task.data, self.scope.host) if term else task.due_at
        except (FeelError, DomainError) as error:
            told = {"text": term, "reason": error}
            raise StepFailed(task.element, IN_TEXT, **told) from error

    def _candidates(self, task: OpenTask) -> list[tuple[str, str]]:
        offered = [("group", group) for group in task.groups[1:]]
        offered += [("user", user) for user in task.users]
        return offered + [("barred", user) for user in self._barred(task)]

    def _barred(self, task: OpenTask) -> list[str]:
        """Return who may not do a task that opens: by four eyes, or taken off the case before.

        Who is taken off in this very step is barred when that is written.
        """
        if self.loaded is None:
            return []
        out = self._four_eyes(task)
        if self.loaded.row.has_exclusions:
            out |= excluded_from(self.scope.ctx, self.case_id).keys()
        return sorted(out)

    def _four_eyes(self, task: OpenTask) -> set[str]:
        """Return who did one of the tasks that the diagram names, in this step or before."""
        element, published = f"{task.process}/{task.element}", self.scope.published
        return set(four_eyes(self.connection, published, self.case_id, element))

    def _write_candidates(self, task: OpenTask, candidates: list[tuple[str, str]]) -> None:
        item_id = self.connection.execute(
            select(_items.c.id).where(
                _items.c.case_id == self.case_id, _items.c.task_id == task.task_id
            )
        ).scalar_one()
        _INSERT_CANDIDATE.run(
            self.connection,
            [{"work_item_id": item_id, "kind": kind, "name": name} for kind, name in candidates],
        )

    def _term_timers(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        due = row["due_at"]
        if due is None:
            return []
        shared = {"case_id": self.case_id, "task_id": row["task_id"], "element": row["element"]}
        return [
            {**shared, "kind": TimerKind.REMINDER, "due_at": reminder_at(self.now, due)},
            {**shared, "kind": TimerKind.ESCALATION, "due_at": due},
        ]


def evaluate_time(text: str, data: Mapping[str, Any], host: Host) -> datetime | None:
    """Evaluate a term such as `=working days(3)` to a moment; None when it gives none."""
    value = compile_expression(text).evaluate(data, host.functions)
    return value if isinstance(value, datetime) else None
