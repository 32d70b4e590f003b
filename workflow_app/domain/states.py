"""Closed sets of states that the program itself, not a diagram, gives to things."""

from __future__ import annotations

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands for the engine; what people read is the status that its diagram sets."""

    OPEN = "open"
    STUCK = "stuck"
    FINISHED = "finished"


class WorkState(StrEnum):
    """Where a work item stands."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TimerKind(StrEnum):
    """Why a due row exists: the diagram waits, or a term or a notice wants a word."""

    ENGINE = "engine"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    SERVICE = "service"
    WARNING = "warning"
    BREACH = "breach"


class OutboxKind(StrEnum):
    """What leaves after the commit."""

    MAIL = "mail"
    DOCUMENT = "document"
    MESSAGE = "message"
    SIGNAL = "signal"
    OPERATION = "operation"
    START = "start"
    ABSENCE = "absence"
    COLLECTION = "collection"


class OutboxState(StrEnum):
    """How far an outgoing item has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class NoticeState(StrEnum):
    """How far a notice to a party has come; `UNSERVED` came back or could not leave."""

    SENDING = "sending"
    SENT = "sent"
    SERVED = "served"
    UNSERVED = "unserved"


class Service(StrEnum):
    """How a notice reached the party."""

    EMAIL = "email"
    PAGE = "page"
    POST = "post"
    HAND = "hand"


class Wish(StrEnum):
    """How somebody wants to be told of one kind of thing."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    NONE = "none"


class ClockEventKind(StrEnum):
    """Whether a case's statutory clock stopped or went on."""

    PAUSED = "paused"
    RESUMED = "resumed"
