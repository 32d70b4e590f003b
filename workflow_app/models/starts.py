"""How published processes begin without a person: by message, by signal, by time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import Base, Body, Code, Name, Pk


class ProcessStart(Base):
    """A start event of the newest version of a process that waits for something.

    `kind` is “message”, “signal” or “timer”; `name` the message or signal; `text` the timer as
    drawn; `left` how often it fires after `due_at` (null is for ever), `every` at which distance.
    Publishing replaces the rows of a process; a timer drawn as before keeps its rhythm.
    """

    __tablename__ = "process_start"
    __table_args__ = (
        Index("ix_process_start_name", "kind", "name"),
        Index("ix_process_start_due", "due_at"),
    )

    id: Mapped[Pk]
    process_key: Mapped[Code] = mapped_column(index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    element: Mapped[Name]
    kind: Mapped[Code]
    name: Mapped[Name]
    text: Mapped[Body]
    due_at: Mapped[datetime | None]
    left: Mapped[int | None]
    every: Mapped[Code | None]


class RunningKey(Base):
    """The running case that a message with this key started: there is one a process and key."""

    __tablename__ = "running_key"

    process_key: Mapped[Code] = mapped_column(primary_key=True)
    correlation: Mapped[Name] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
