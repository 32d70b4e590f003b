"""Writing one step: everything it changed, in the caller's one transaction, in Core.

The first statement is the version check on the case; no row means that somebody was faster, and
nothing has been written yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from workflow_app.domain.audit import GENESIS
from workflow_app.domain.states import CaseState
from workflow_app.models.base import table_of
from workflow_app.models.case import Answer, Case, Draft, History, HistoryPayload
from workflow_app.models.catalogue import Counter
from workflow_app.models.prepared import Prepared
from workflow_app.services.case_store import Loaded, LostRace
from workflow_app.services.case_terms import lay_words
from workflow_app.services.chain import ChainWriter, Event, hold_case
from workflow_app.services.exclusions import write_exclusions
from workflow_app.services.keepsakes import keepsake
from workflow_app.services.step_items import ItemWriter
from workflow_app.services.step_waits import WaitWriter
from workflow_app.services.stuck import Gone, settle_incidents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflow_app.engine import HistoryEvent, Step
    from workflow_app.services.scope import StepScope

FLOW = "flow"
ENDED = frozenset({"completed", "cancelled"})
_cases = table_of(Case)
_drafts = table_of(Draft)
_counters = table_of(Counter)

_UPDATE_CASE = Prepared(
    update(_cases).where(
        _cases.c.id == bindparam("case_id"), _cases.c.version == bindparam("old_version")
    )
)
_INSERT_ANSWER = Prepared(insert(table_of(Answer)))
_INSERT_HISTORY = Prepared(insert(table_of(History)))
_INSERT_PAYLOAD = Prepared(insert(table_of(HistoryPayload)))
_DELETE_DRAFT = Prepared(
    delete(_drafts).where(
        _drafts.c.owner == bindparam("owner_key"), _drafts.c.subject == bindparam("subject_key")
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A form that the step answers: kept whole in `answer`; `subject` names the draft to drop.

    `on_behalf_of` is in whose place the actor does it.
    """

    element: str
    name: str
    form: str
    task_id: str | None
    data: Mapping[str, Any]
    draft_owner: str
    draft_subject: str
    has_draft: bool = True
    on_behalf_of: str | None = None


class StepWriter:
    """Writes one step of one case."""

    def __init__(self, scope: StepScope, step: Step, loaded: Loaded | None) -> None:
        self.scope = scope
        self.step = step
        self.loaded = loaded
        self.now = scope.ctx.now
        self.connection: Connection = scope.ctx.connection
        self.case_id = 0
        self.waits_anew = False

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

    def _take_numbers(self) -> None:
        """Count on in the series the step used; the case is locked before them, always."""
        if self.loaded is not None and self.scope.guards:
            hold_case(self.scope.ctx, self.loaded.row.id)
        for row in self.scope.ensured:
            self.connection.execute(row)
        for guard in self.scope.guards:
            self._must_hit(self.connection.execute(guard).rowcount)

    def _write(self, submitted: Submitted | None, events: tuple[Event, ...]) -> int:
        self._take_numbers()
        self.case_id = self._insert_case() if self.loaded is None else self.loaded.row.id
        waits = WaitWriter(self.step, self.loaded, self.connection, self.case_id)
        self._write_case_and_history(submitted, events, waits.digest)
        ItemWriter(self.scope, self.step, self.loaded, self.connection, self.case_id).write()
        waits.write(again=self._was_stuck or self.scope.afresh)
        self.waits_anew = waits.before != waits.digest
        self._write_answer(submitted)
        self._write_asked()
        if self.scope.excluded:
            write_exclusions(self.scope.ctx, self.case_id, self.scope.excluded)
        if self._was_stuck:
            settle_incidents(self.scope.ctx, self.case_id, self._gone())
        return self.case_id

    def _hold_numbers(self) -> None:
        """Lock the series that the step counts in, so that its next try cannot be overtaken."""
        if self.loaded is not None:
            hold_case(self.scope.ctx, self.loaded.row.id)
        series = _counters.c.series
        taken = select(series).where(series.in_(self.scope.taken)).order_by(series)
        if self.scope.taken:
            self.connection.execute(taken.with_for_update())

    @property
    def _was_stuck(self) -> bool:
        return self.loaded is not None and self.loaded.row.phase == CaseState.STUCK

    def _gone(self) -> Gone:
        open_waits = frozenset(s.task_id for s in self.step.subscriptions)
        closed = frozenset(e.task_id for e in self.step.history if e.kind in ENDED and e.task_id)
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
        case_id = int(result.inserted_primary_key[0])  # type: ignore[index]
        lay_words(self.connection, case_id, self.scope.host, case)
        return case_id

    def _write_case_and_history(
        self, submitted: Submitted | None, events: tuple[Event, ...], waits: str
    ) -> None:
        row = self.loaded.row if self.loaded else None
        seq, head = (row.history_seq, row.history_head) if row else (0, GENESIS)
        chain = ChainWriter(self.case_id, seq, head, self.scope.ctx.actor.username)
        history, payloads = chain.rows((*events, *self._events(submitted)))
        task = submitted.task_id if submitted is not None else None
        values = {
            **self.scope.updates,
            "version": (row.version if row else 0) + 1,
            "phase": CaseState.FINISHED if self.step.finished else CaseState.OPEN,
            "state": self.step.state,
            "waits": waits,
            "history_seq": chain.seq,
            "history_head": chain.head,
            "undo": keepsake(self.scope, self.step, self.loaded, task, chain.seq),
        }
        if self.step.finished:
            values |= {"finished_at": self.now, "end_element": self.step.end}
        keys = {"case_id": self.case_id, "old_version": row.version if row else 0}
        self._must_hit(_UPDATE_CASE.run(self.connection, {**values, **keys}))
        if history:
            _INSERT_HISTORY.run(self.connection, history)
        if payloads:
            _INSERT_PAYLOAD.run(self.connection, payloads)

    def _events(self, submitted: Submitted | None) -> list[Event]:
        events = [
            _event(happened, flows, submitted) for happened, flows in _with_flows(self.step.history)
        ]
        if self.step.finished:
            end = f"{self.scope.published.key}/{self.step.end or ''}"
            events.append(Event("ended", end, None, self.now, self.step.data))
        return [*events, *self.scope.events]

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
                "on_behalf_of": submitted.on_behalf_of,
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


def _with_flows(history: Iterable[HistoryEvent]) -> Iterator[tuple[HistoryEvent, list[str]]]:
    """Yield what happened with the sequence flows taken before the next thing in the same process.

    A flow that nothing in its process went before stands for itself.
    """
    last: HistoryEvent | None = None
    flows: list[str] = []
    for event in history:
        if event.kind == FLOW and last is not None and last.process == event.process:
            flows.append(event.element)
            continue
        if last is not None:
            yield last, flows
        last, flows = event, []
    if last is not None:
        yield last, flows


def _event(happened: HistoryEvent, flows: list[str], submitted: Submitted | None) -> Event:
    data = happened.data
    if submitted is not None and submitted.on_behalf_of and happened.kind == "completed":
        mine = happened.task_id == submitted.task_id
        data = {**(data or {}), "on_behalf_of": submitted.on_behalf_of} if mine else data
    return Event(
        happened.kind,
        f"{happened.process}/{happened.element}",
        happened.task_id,
        happened.at,
        data,
        " ".join(flows) or None,
    )
