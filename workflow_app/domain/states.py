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
    """Why a due row exists: the diagram waits, or a task's term wants a word."""

    ENGINE = "engine"
    REMINDER = "reminder"
    ESCALATION = "escalation"


class OutboxKind(StrEnum):
    """What leaves after the commit."""

    MAIL = "mail"
    DOCUMENT = "document"
    MESSAGE = "message"
    SIGNAL = "signal"
    OPERATION = "operation"
    START = "start"


class OutboxState(StrEnum):
    """How far an outgoing item has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class ClockEventKind(StrEnum):
    """Whether a case's statutory clock stopped or went on."""

    PAUSED = "paused"
    RESUMED = "resumed"
