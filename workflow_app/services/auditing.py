"""Verifying the chains of history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.audit import ChainRow, first_break, payload_digest
from workflow_app.models.case import Case, History, HistoryPayload

if TYPE_CHECKING:
    from workflow_app.services.context import Context


def verify_all(ctx: Context) -> tuple[int, list[tuple[str, int]]]:
    """Return (cases checked, [(number, first row that does not fit)])."""
    broken: list[tuple[str, int]] = []
    cases = ctx.session.execute(select(Case.id, Case.number, Case.history_seq, Case.history_head))
    checked = 0
    for case in cases.all():
        checked += 1
        seq = verify_case(ctx, case.id, case.history_seq, case.history_head)
        if seq is not None:
            broken.append((case.number, seq))
    return checked, broken


def verify_case(ctx: Context, case_id: int, length: int, head: str) -> int | None:
    """Return the first row of a case's history that does not fit; None when all do."""
    rows = ctx.session.scalars(
        select(History).where(History.case_id == case_id).order_by(History.seq)
    ).all()
    found = first_break((_chain_row(row), row.hash) for row in rows)
    if found is not None:
        return found
    if len(rows) != length or (rows and rows[-1].hash != head):
        return len(rows) + 1
    return _wrong_payload(ctx, case_id)


def _wrong_payload(ctx: Context, case_id: int) -> int | None:
    query = (
        select(History.seq, History.payload_digest, HistoryPayload.salt, HistoryPayload.payload)
        .join(
            HistoryPayload,
            (HistoryPayload.case_id == History.case_id) & (HistoryPayload.seq == History.seq),
        )
        .where(History.case_id == case_id)
        .order_by(History.seq)
    )
    for row in ctx.session.execute(query):
        if payload_digest(row.payload, row.salt) != row.payload_digest:
            return int(row.seq)
    return None


def _chain_row(row: History) -> ChainRow:
    return ChainRow(
        row.case_id,
        row.seq,
        row.kind,
        row.element,
        row.actor,
        row.at.isoformat(),
        row.payload_digest,
        row.flows,
    )
