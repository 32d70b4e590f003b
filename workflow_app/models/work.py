"""What cases wait for: people, times and messages; and what has to leave after a commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import CLUSTERED, Base, Body, Code, Name, Pk, TaskKey

#: A partial index is used only where the query says the same with the same literal.
_COMPLETED = text("state = 'completed'")
_UNANNOUNCED = text("announced_at IS NULL")
SEALED = text("sealed IS true")


class WorkItem(Base):
    """One user task, open or done; what is offered to whom stands in `work_offer`."""

    __tablename__ = "work_item"
    __table_args__ = (
        UniqueConstraint("case_id", "task_id"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at_unless_open"),
        Index(
            "ix_work_item_done",
            "closed_by",
            "id",
            sqlite_where=_COMPLETED,
            postgresql_where=_COMPLETED,
        ),
        Index(
            "ix_work_item_unannounced",
            "id",
            sqlite_where=_UNANNOUNCED,
            postgresql_where=_UNANNOUNCED,
        ),
        Index("ix_work_item_sealed", "case_id", sqlite_where=SEALED, postgresql_where=SEALED),
    )

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    task_id: Mapped[TaskKey]
    element: Mapped[Name]
    name: Mapped[Name]
    form: Mapped[Name]
    role: Mapped[Code | None]
    assignee: Mapped[Code | None]
    has_candidates: Mapped[bool] = mapped_column(default=False)
    territory_path: Mapped[Name]
    priority: Mapped[int] = mapped_column(default=50)
    state: Mapped[Code]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Code | None]
    reminded_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    on_behalf_of: Mapped[Code | None]
    sealed: Mapped[bool] = mapped_column(default=False, server_default=false())


class WorkOffer(Base):
    """An open task in one list: of everybody with a role in a territory, of a person, of a holder.

    Its primary key is the order of the list (domain.audiences names the lists), so that a page is
    one index range whatever the number of tasks.
    """

    __tablename__ = "work_offer"
    __table_args__ = (CLUSTERED,)

    audience: Mapped[str] = mapped_column(String(400), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    work_item_id: Mapped[int] = mapped_column(
        ForeignKey("work_item.id"), primary_key=True, index=True
    )


class WorkItemCandidate(Base):
    """A further group or person to whom an open task is offered, or who is barred from it."""

    __tablename__ = "work_item_candidate"
    __table_args__ = (Index("ix_work_item_candidate_name", "kind", "name", "work_item_id"),)

    id: Mapped[Pk]
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    kind: Mapped[Code]
    name: Mapped[Code]


class DueTimer(Base):
    """A moment at which something is due for a case."""

    __tablename__ = "due_timer"
    __table_args__ = (Index("ix_due_timer_due", "due_at"),)

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[Code]
    task_id: Mapped[TaskKey]
    element: Mapped[Name]
    due_at: Mapped[datetime]


class Subscription(Base):
    """A message for which a case waits; with a form, a person may send it from a page."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_message", "message", "correlation"),)

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    task_id: Mapped[TaskKey]
    element: Mapped[Name]
    name: Mapped[Name]
    message: Mapped[Name]
    correlation: Mapped[Name]
    form: Mapped[Name | None]
    sender: Mapped[Code | None]


class InboundMessage(Base):
    """A message that came before anybody waited for it, until `expires_at` where that is said.

    One whose key is a case's number goes with that case. `process_key` names the process that it is
    for, where it is one that a message starts and a case with its key is running.
    """

    __tablename__ = "inbound_message"
    __table_args__ = (
        Index("ix_inbound_message_match", "message", "correlation"),
        Index("ix_inbound_message_correlation", "correlation"),
        Index("ix_inbound_message_expires", "expires_at"),
    )

    id: Mapped[Pk]
    message: Mapped[Name]
    correlation: Mapped[Name]
    payload: Mapped[dict[str, Any]]
    sender: Mapped[Code]
    at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    sender_case_id: Mapped[int | None]
    process_key: Mapped[Code | None]


class Outbox(Base):
    """A side effect that leaves after the commit, at least once; repeating it is harmless.

    `task_id` names the task that waits for the `answer`; `tries` and `pause` (seconds) are how
    often and how soon the diagram wants it tried, where it says so.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_waiting", "state", "not_before"),)

    id: Mapped[Pk]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[Code]
    payload: Mapped[dict[str, Any]]
    state: Mapped[Code]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    last_error: Mapped[Body | None]
    created_at: Mapped[datetime]
    task_id: Mapped[TaskKey | None]
    element: Mapped[Name | None]
    tries: Mapped[int | None]
    pause: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None]


class SentMail(Base):
    """A mail as it left, kept with its text; the demo's mailbox shows these."""

    __tablename__ = "sent_mail"

    id: Mapped[Pk]
    case_id: Mapped[int | None] = mapped_column(index=True)
    outbox_id: Mapped[int] = mapped_column(unique=True)
    recipient: Mapped[Name]
    subject: Mapped[Name]
    text: Mapped[Body]
    at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(8), server_default="")
