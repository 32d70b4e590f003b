"""Writing one step: everything it changed, in the caller's one transaction, in Core.

The first statement is the version check on the case; no row means that somebody was faster, and
nothing has been written yet.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from workflow_app.domain.audit import GENESIS
from workflow_app.domain.deadlines import reminder_at
from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import CaseState, TimerKind, WorkState
from workflow_app.engine import StepFailed
from workflow_app.feel import FeelError, compile_expression
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case, Draft, History, HistoryPayload
from workflow_app.models.catalogue import Counter
from workflow_app.models.prepared import Prepared
from workflow_app.models.work import DueTimer, Subscription, WorkItem, WorkItemCandidate
from workflow_app.services.case_store import Loaded, LostRace
from workflow_app.services.chain import ChainWriter, Event
from workflow_app.services.host import HOST_NAMES, Host
from workflow_app.services.stuck import Gone, settle_incidents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine import OpenTask, Step
    from workflow_app.services.scope import StepScope

BROADCAST = "*"
_cases = table_of(Case)
_items = table_of(WorkItem)
_timers = table_of(DueTimer)
_subscriptions = table_of(Subscription)
_drafts = table_of(Draft)
_counters = table_of(Counter)

_UPDATE_CASE = Prepared(
    update(_cases).where(
        _cases.c.id == bindparam("case_id"), _cases.c.version == bindparam("old_version")
    )
)
_CLOSE_ITEM = Prepared(
    update(_items).where(
        _items.c.case_id == bindparam("case_key"), _items.c.task_id == bindparam("task_key")
    )
)
_INSERT_ITEM = Prepared(insert(_items))
_INSERT_CANDIDATE = Prepared(insert(table_of(WorkItemCandidate)))
_INSERT_TIMER = Prepared(insert(_timers))
_INSERT_SUBSCRIPTION = Prepared(insert(_subscriptions))
_INSERT_ANSWER = Prepared(insert(table_of(Answer)))
_INSERT_HISTORY = Prepared(insert(table_of(History)))
_INSERT_PAYLOAD = Prepared(insert(table_of(HistoryPayload)))
_DELETE_DRAFT = Prepared(
    delete(_drafts).where(
        _drafts.c.owner == bindparam("owner_key"), _drafts.c.subject == bindparam("subject_key")
    )
)
_DELETE_ENGINE_TIMERS = Prepared(
    delete(_timers).where(
        _timers.c.case_id == bindparam("case_key"), _timers.c.kind == TimerKind.ENGINE
    )
)
_DELETE_TERM_TIMERS = Prepared(
    delete(_timers).where(
        _timers.c.case_id == bindparam("case_key"),
        _timers.c.task_id == bindparam("task_key"),
        _timers.c.kind != TimerKind.ENGINE,
    )
)
_DELETE_SUBSCRIPTIONS = Prepared(
    delete(_subscriptions).where(_subscriptions.c.case_id == bindparam("case_key"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A form that the step answers: kept whole in `answer`; `subject` names the draft to drop."""

    element: str
    name: str
    form: str
    task_id: str | None
    data: Mapping[str, Any]
    draft_owner: str
    draft_subject: str
    has_draft: bool = True


class StepWriter:
    """Writes one step of one case."""

    def __init__(self, scope: StepScope, step: Step, loaded: Loaded | None) -> None:
        self.scope = scope
        self.step = step
        self.loaded = loaded
        self.now = scope.ctx.now
        self.connection: Connection = scope.ctx.session.connection()
        self.case_id = 0

    def write(self, submitted: Submitted | None, events: tuple[Event, ...] = ()) -> int:
        """Write the step and return the case's id. Raises LostRace, StepFailed.

        What may collide with another case's rows is written behind a savepoint, so that the step
        can be run again in the same transaction.
        """
        if self.loaded is not None and not self.scope.guards and not self.scope.rows:
            return self._write(submitted, events)
        try:
            with self.connection.begin_nested():
                return self._write(submitted, events)
        except (IntegrityError, LostRace) as lost:
            self._hold_numbers()
            raise LostRace from lost

    def _write(self, submitted: Submitted | None, events: tuple[Event, ...]) -> int:
        for row in self.scope.ensured:
            self.connection.execute(row)
        for guard in self.scope.guards:
            self._must_hit(self.connection.execute(guard).rowcount)
        self.case_id = self._insert_case() if self.loaded is None else self.loaded.row.id
        self._write_case_and_history(events)
        self._close_items()
        self._open_items()
        self._write_waits()
        self._write_answer(submitted)
        self._write_asked()
        if self._was_stuck:
            settle_incidents(self.scope.ctx, self.case_id, self._gone())
        return self.case_id

    def _hold_numbers(self) -> None:
        """Lock the series that the step counts in, so that its next try cannot be overtaken."""
        series = _counters.c.series
        taken = select(series).where(series.in_(self.scope.taken)).order_by(series)
        if self.scope.taken:
            self.connection.execute(taken.with_for_update())

    @property
    def _was_stuck(self) -> bool:
        return self.loaded is not None and self.loaded.row.phase == CaseState.STUCK

    def _gone(self) -> Gone:
        open_waits = frozenset(s.task_id for s in self.step.subscriptions)
        closed = frozenset(task.task_id for task in self.step.closed)
        return Gone(closed=closed, waits=open_waits, finished=self.step.finished)

    def _insert_case(self) -> int:
        case, ctx = self.scope.case, self.scope.ctx
        values = {
            "number": case.number,
            "secret": case.secret,
            "process_version_id": self.scope.published.version_id,
            "title": case.title[:300],
            "language": case.language,
            "territory_code": case.territory,
            "territory_path": case.path,
            "phase": CaseState.OPEN,
            "state": b"",
            "status": case.status,
            "version": 0,
            "history_head": GENESIS,
            "history_seq": 0,
            "waits": "",
            "key_holder_email": case.key_holder_email,
            "key_holder_role": self.scope.published.manifest.key_holder_role,
            "started_by": ctx.actor.username,
            "started_at": ctx.now,
            "term_due": case.term_due,
        }
        result = self.connection.execute(insert(_cases).values(**values))
        return int(result.inserted_primary_key[0])  # type: ignore[index]

    def _write_case_and_history(self, events: tuple[Event, ...]) -> None:
        row = self.loaded.row if self.loaded else None
        seq, head = (row.history_seq, row.history_head) if row else (0, GENESIS)
        chain = ChainWriter(self.case_id, seq, head, self.scope.ctx.actor.username)
        history, payloads = chain.rows((*events, *self._engine_events()))
        values = {
            **self.scope.updates,
            "version": (row.version if row else 0) + 1,
            "phase": CaseState.FINISHED if self.step.finished else CaseState.OPEN,
            "state": self.step.state,
            "waits": self._waits(),
            "history_seq": chain.seq,
            "history_head": chain.head,
        }
        if self.step.finished:
            values |= {"finished_at": self.now, "end_element": self.step.end}
        keys = {"case_id": self.case_id, "old_version": row.version if row else 0}
        self._must_hit(_UPDATE_CASE.run(self.connection, {**values, **keys}).rowcount)
        if history:
            _INSERT_HISTORY.run(self.connection, history)
        if payloads:
            _INSERT_PAYLOAD.run(self.connection, payloads)

    def _engine_events(self) -> list[Event]:
        events = [
            Event(e.kind, f"{e.process}/{e.element}", e.task_id, e.at, e.data)
            for e in self.step.history
        ]
        if self.step.finished:
            end = f"{self.scope.published.key}/{self.step.end or ''}"
            events.append(Event("ended", end, None, self.now, self.step.data))
        return [*events, *self.scope.events]

    def _close_items(self) -> None:
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
        if closed:
            _CLOSE_ITEM.run(self.connection, closed[0] if len(closed) == 1 else closed)
            if self.loaded is None or getattr(self.loaded.row, "due_at", self.now) is not None:
                keys = [{"case_key": r["case_key"], "task_key": r["task_key"]} for r in closed]
                _DELETE_TERM_TIMERS.run(self.connection, keys)

    def _open_items(self) -> None:
        rows = [self._item(task) for task in self.step.opened]
        if not rows:
            return
        _INSERT_ITEM.run(self.connection, rows)
        terms = [timer for row in rows for timer in self._term_timers(row)]
        if terms:
            _INSERT_TIMER.run(self.connection, terms)
        for task, row in zip(self.step.opened, rows, strict=True):
            if row["has_candidates"]:
                self._write_candidates(task)

    def _item(self, task: OpenTask) -> dict[str, Any]:
        assigned = task.assignee is not None
        return {
            "case_id": self.case_id,
            "task_id": task.task_id,
            "element": f"{task.process}/{task.element}",
            "name": task.name,
            "form": task.form or "",
            "role": task.groups[0] if task.groups else None,
            "assignee": task.assignee,
            "has_candidates": bool(self._candidates(task)),
            "territory_path": self.scope.case.path,
            "priority": task.priority,
            "state": WorkState.OPEN,
            "opened_at": self.now,
            "due_at": self._due(task),
            "follow_up_at": task.follow_up_at,
            "claimed_at": self.now if assigned else None,
        }

    def _due(self, task: OpenTask) -> datetime | None:
        manifest = self.scope.published.manifests.get(task.process)
        term = manifest.terms.get(task.element) if manifest else None
        try:
            return evaluate_time(term, task.data, self.scope.host) if term else task.due_at
        except (FeelError, DomainError) as error:
            raise StepFailed(task.element, f"{term}: {error}") from error

    def _candidates(self, task: OpenTask) -> list[tuple[str, str]]:
        offered = [("group", group) for group in task.groups[1:]]
        offered += [("user", user) for user in task.users]
        return offered + [("barred", user) for user in self._four_eyes(task)]

    def _four_eyes(self, task: OpenTask) -> list[str]:
        info = self.scope.published.task_info(f"{task.process}/{task.element}")
        other = info.properties.get("fourEyes") if info else None
        if not other or self.loaded is None:
            return []
        found = self.connection.execute(
            select(_items.c.closed_by).where(
                _items.c.case_id == self.case_id,
                _items.c.element.in_([f"{task.process}/{other}", other]),
                _items.c.state == WorkState.COMPLETED,
            )
        )
        mine = self.scope.ctx.actor.username
        closing = {t.element for t in self.step.closed if t.why == "completed"}
        return sorted({row.closed_by for row in found} | ({mine} if other in closing else set()))

    def _write_candidates(self, task: OpenTask) -> None:
        item_id = self.connection.execute(
            select(_items.c.id).where(
                _items.c.case_id == self.case_id, _items.c.task_id == task.task_id
            )
        ).scalar_one()
        _INSERT_CANDIDATE.run(
            self.connection,
            [{"work_item_id": item_id, "kind": k, "name": n} for k, n in self._candidates(task)],
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

    def _waits(self) -> str:
        parts = [f"{t.task_id}@{t.due_at.isoformat()}" for t in self.step.timers]
        parts += [f"{s.task_id}?{s.message}" for s in self.step.subscriptions]
        if not parts:
            return ""
        return hashlib.blake2b("\n".join(sorted(parts)).encode(), digest_size=16).hexdigest()

    def _write_waits(self) -> None:
        before = self.loaded.row.waits if self.loaded else ""
        if before == self._waits() and not self._was_stuck:
            return
        if before:
            _DELETE_ENGINE_TIMERS.run(self.connection, {"case_key": self.case_id})
            _DELETE_SUBSCRIPTIONS.run(self.connection, {"case_key": self.case_id})
        timers = [
            {
                "case_id": self.case_id,
                "kind": TimerKind.ENGINE,
                "task_id": t.task_id,
                "element": f"{t.process}/{t.element}",
                "due_at": t.due_at,
            }
            for t in self.step.timers
        ]
        waits = [
            {
                "case_id": self.case_id,
                "task_id": s.task_id,
                "element": f"{s.process}/{s.element}",
                "name": s.name,
                "message": s.message,
                "correlation": BROADCAST if s.kind == "signal" else str(s.correlation or ""),
                "form": s.form,
                "sender": s.by,
            }
            for s in self.step.subscriptions
        ]
        if timers:
            _INSERT_TIMER.run(self.connection, timers)
        if waits:
            _INSERT_SUBSCRIPTION.run(self.connection, waits)

    def _write_answer(self, submitted: Submitted | None) -> None:
        if submitted is None:
            return
        _INSERT_ANSWER.run(
            self.connection,
            {
                "case_id": self.case_id,
                "task_id": submitted.task_id,
                "element": submitted.element,
                "name": submitted.name,
                "form": submitted.form,
                "actor": self.scope.ctx.actor.username,
                "at": self.now,
                "data": dict(submitted.data),
            },
        )
        if not submitted.has_draft:
            return
        _DELETE_DRAFT.run(
            self.connection,
            {"owner_key": submitted.draft_owner, "subject_key": submitted.draft_subject},
        )

    def _write_asked(self) -> None:
        for change in self.scope.changes:
            self.connection.execute(change)
        for row in self.scope.rows:
            values = dict(row.values)
            if "case_id" in row.table.c:
                values["case_id"] = self.case_id
            self.connection.execute(insert(row.table), values)

    @staticmethod
    def _must_hit(rows: int) -> None:
        if rows != 1:
            raise LostRace


def evaluate_time(text: str, data: Mapping[str, Any], host: Host) -> datetime | None:
    """Evaluate a term such as `=working days(3)` to a moment; None when it gives none."""
    value = compile_expression(text, HOST_NAMES).evaluate(data, host.functions)
    return value if isinstance(value, datetime) else None
