"""Messages that nobody waits for yet: kept, handed over once, dropped when their time is over.

Keeping and waiting are two halves that must not miss each other: both write first, hold the
message's word, and then look for the other.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select

from workflow_app.domain.correlation import BROADCAST, UNKNOWN, key_text
from workflow_app.domain.states import CaseState, OutboxKind
from workflow_app.engine import Span
from workflow_app.models.base import table_of
from workflow_app.models.case import Case
from workflow_app.models.locks import hold_words
from workflow_app.models.prepared import Prepared, PreparedSelect
from workflow_app.models.starts import ProcessStart, RunningKey
from workflow_app.models.work import InboundMessage
from workflow_app.services.outgoing import outbox, outbox_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Row

    from workflow_app.engine import MessageWait
    from workflow_app.services.context import Context

_inbound = table_of(InboundMessage)
_cases = table_of(Case)
_starts = table_of(ProcessStart)
_running = table_of(RunningKey)
_FORGET = Prepared(delete(_inbound).where(_inbound.c.correlation == bindparam("number")))
_HELD = PreparedSelect(select(_running).where(_running.c.case_id == bindparam("case_key")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message under way: its key as text, the case it came from, and until when it is kept.

    `process` is the key of the process that it is for, once it has been handed to each that begins
    with it.
    """

    message: str
    correlation: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    sender: int | None = None
    until: datetime | None = None
    process: str | None = None

    @property
    def word(self) -> str:
        """Return what keeping it and waiting for it have in common."""
        return _word(self.message, self.correlation)

    def is_over(self, now: datetime) -> bool:
        """Tell whether nobody wants it any more."""
        return self.until is not None and self.until <= now

    def packed(self) -> dict[str, Any]:
        """Return it as JSON for the outbox."""
        until = self.until.isoformat() if self.until else None
        return {**asdict(self), "payload": dict(self.payload), "until": until}

    @classmethod
    def unpacked(cls, stored: Mapping[str, Any], sender: int | None) -> Sent:
        """Return what `packed` stored; the sender is the outbox row's case unless named."""
        until = stored.get("until")
        return cls(
            message=stored["message"],
            correlation=stored["correlation"],
            payload=stored["payload"],
            sender=stored.get("sender") or sender,
            until=datetime.fromisoformat(until) if until else None,
            process=stored.get("process"),
        )


def _word(message: str, correlation: str) -> str:
    return f"message:{message}:{correlation}"


def key_of(wait: MessageWait) -> str:
    """Return the key under which a case waits, as its subscription stores it."""
    if wait.kind == "signal":
        return BROADCAST
    return UNKNOWN if wait.keyed and wait.correlation is None else key_text(wait.correlation)


def kept_until(lives: str | None, now: datetime) -> datetime | None:
    """Return when a message of this time to live (ISO 8601) expires, None for never.

    Raises engine.UnreadableTimer.
    """
    return Span.parse(lives).after(now) if lives else None


def keep(ctx: Context, sent: Sent) -> None:
    """Keep a message for whoever will wait; one for a case that has ended is dropped."""
    if _has_ended(ctx, sent.correlation):
        return
    ctx.connection.execute(
        insert(_inbound).values(
            message=sent.message,
            correlation=sent.correlation,
            payload=dict(sent.payload),
            sender=ctx.actor.username,
            sender_case_id=sent.sender,
            at=ctx.now,
            expires_at=sent.until,
            process_key=sent.process,
        )
    )
    hold_words(ctx.session, [sent.word])


def _has_ended(ctx: Context, number: str) -> bool:
    if not number:
        return False
    ended = select(_cases.c.id).where(
        _cases.c.number == number, _cases.c.phase == CaseState.FINISHED
    )
    return ctx.session.scalar(ended) is not None


def hand_over(ctx: Context, case_id: int, process: str, waits: Iterable[MessageWait]) -> None:
    """Send on the oldest message that was kept for one of the new waits of a case of a process.

    It leaves after the commit like any other, so that its failing does not undo this step. Its
    arrival is a step of its own, which looks for the next one.
    """
    wanted = [
        Sent(message=wait.message, correlation=key_of(wait))
        for wait in waits
        if wait.kind == "message"
    ]
    wanted = [sent for sent in wanted if sent.correlation != UNKNOWN]
    if not wanted:
        return
    hold_words(ctx.session, [sent.word for sent in wanted])
    _send_kept(ctx, [(sent.message, sent.correlation) for sent in wanted], process, case_id)


def _send_kept(
    ctx: Context, keys: list[tuple[str, str]], process: str, case_id: int | None
) -> bool:
    """Put the oldest kept message of one of the keys into the outbox, once; False for none."""
    fits = or_(*(and_(_inbound.c.message == m, _inbound.c.correlation == c) for m, c in keys))
    fresh = or_(_inbound.c.expires_at.is_(None), _inbound.c.expires_at > ctx.now)
    meant = or_(_inbound.c.process_key.is_(None), _inbound.c.process_key == process)
    query = select(_inbound).where(fits, fresh, meant)
    for row in ctx.connection.execute(query.order_by(_inbound.c.id)).all():
        if _take(ctx, row):
            sent = Sent(
                message=row.message,
                correlation=row.correlation,
                payload=row.payload,
                sender=row.sender_case_id,
                until=row.expires_at,
                process=row.process_key,
            )
            values = outbox_values(OutboxKind.MESSAGE, sent.packed(), ctx.now)
            ctx.connection.execute(outbox.insert().values(case_id=case_id, **values))
            return True
    return False


def _take(ctx: Context, row: Row[Any]) -> bool:
    """Take a kept message away; False when another case has it already."""
    taken = delete(_inbound).where(_inbound.c.id == row.id)
    return ctx.connection.execute(taken).rowcount == 1


def close_case(ctx: Context, case_id: int, number: str | None) -> None:
    """Drop what was kept for a case that ends, and let the next message with its key start one."""
    if number:
        _FORGET.run(ctx.connection, {"number": number})
    held = _HELD.first(ctx.connection, {"case_key": case_id})
    if held is None:
        return
    ctx.connection.execute(delete(_running).where(_running.c.case_id == case_id))
    messages = select(_starts.c.name).where(
        _starts.c.process_key == held.process_key, _starts.c.kind == "message"
    )
    names = list(ctx.connection.execute(messages).scalars())
    if names:
        hold_words(ctx.session, [_word(name, held.correlation) for name in names])
        _send_kept(ctx, [(name, held.correlation) for name in names], held.process_key, None)


def expired_messages(ctx: Context, limit: int) -> list[Row[Any]]:
    """Return at most `limit` kept messages whose time is over."""
    over = select(_inbound.c.id).where(_inbound.c.expires_at <= ctx.now)
    return list(ctx.session.execute(over.order_by(_inbound.c.expires_at).limit(limit)))


def drop_message(ctx: Context, message_id: int) -> None:
    """Drop a kept message."""
    ctx.session.execute(delete(_inbound).where(_inbound.c.id == message_id))
