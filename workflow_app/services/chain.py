"""Appending to a case's history: rows chained by hash, payloads beside them to be erased."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from workflow_app.domain.audit import ChainRow, link, payload_digest
from workflow_app.models.base import table_of
from workflow_app.models.case import Case, History, HistoryPayload
from workflow_app.models.prepared import Prepared
from workflow_app.models.sqlite import LOCKS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from workflow_app.services.context import Context

#: Made once: `json.dumps` with options makes an encoder for every payload.
_payload = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
_cases = table_of(Case)
_INSERT_HISTORY = Prepared(insert(table_of(History)))
_INSERT_PAYLOAD = Prepared(insert(table_of(HistoryPayload)))


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `element` is `<process>/<element id>` or empty.

    `flows` are the ids of the sequence flows taken before the next event, joined by spaces.
    """

    kind: str
    element: str
    task_id: str | None
    at: datetime
    data: dict[str, Any] | None = None
    flows: str | None = None


@dataclass(slots=True)
class ChainWriter:
    """Builds the rows of one step's events after a known head; the last row carries their link."""

    case_id: int
    seq: int
    head: str
    actor: str

    def rows(self, events: Iterable[Event]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return (history rows, payload rows) and move on to the new head."""
        history: list[dict[str, Any]] = []
        payloads: list[dict[str, Any]] = []
        links = [self._add(event, history, payloads) for event in events]
        if links:
            self.head = link(self.head, links)
            history[-1]["hash"] = self.head
        return history, payloads

    def _add(
        self, event: Event, history: list[dict[str, Any]], payloads: list[dict[str, Any]]
    ) -> ChainRow:
        self.seq += 1
        digest = None
        if event.data:
            salt = secrets.token_hex(8)
            body = _payload(event.data)
            digest = payload_digest(body, salt)
            payloads.append(
                {"case_id": self.case_id, "seq": self.seq, "salt": salt, "payload": body}
            )
        history.append(
            {
                "case_id": self.case_id,
                "seq": self.seq,
                "kind": event.kind,
                "element": event.element,
                "task_id": event.task_id,
                "actor": self.actor,
                "at": event.at,
                "flows": event.flows,
                "payload_digest": digest,
                "hash": None,
            }
        )
        return ChainRow(
            self.case_id,
            self.seq,
            event.kind,
            event.element,
            self.actor,
            event.at.isoformat(),
            digest,
            event.flows,
        )


def hold_case(ctx: Context, case_id: int) -> None:
    """Lock a case; SQLite has one write lock, which this takes.

    Whoever changes rows of a case locks the case first: two who lock in another order than each
    other wait for ever. Rows that only refer to the case may still be added meanwhile.
    """
    held = select(_cases.c.id).where(_cases.c.id == case_id).with_for_update(key_share=True)
    ctx.connection.execute(held, execution_options={LOCKS: True})


def append_event(ctx: Context, case_id: int, event: Event) -> None:
    """Append one event outside a step; the case row is locked before its head is read."""
    connection = ctx.connection
    connection.execute(
        update(_cases).where(_cases.c.id == case_id).values(version=_cases.c.version + 1)
    )
    row = connection.execute(
        select(_cases.c.history_seq, _cases.c.history_head).where(_cases.c.id == case_id)
    ).one()
    writer = ChainWriter(case_id, row.history_seq, row.history_head, ctx.actor.username)
    history, payloads = writer.rows([event])
    _INSERT_HISTORY.run(connection, history)
    if payloads:
        _INSERT_PAYLOAD.run(connection, payloads)
    connection.execute(
        update(_cases)
        .where(_cases.c.id == case_id)
        .values(history_seq=writer.seq, history_head=writer.head)
    )
