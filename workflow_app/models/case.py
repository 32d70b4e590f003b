"""A case and everything a step of it writes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import (
    CLUSTERED,
    Base,
    Body,
    Code,
    Hash,
    Name,
    Pk,
    RandomPk,
    Sha256,
    TaskKey,
)

#: A partial index is used only where the query says the same with the same literal.
UNSEARCHED = text("searched IS false")
RUNNING = text("finished_at IS NULL")


class Case(Base):
    """One running or finished process; `version` is the optimistic lock, `state` the engine's."""

    __tablename__ = "case_record"
    __table_args__ = (
        CheckConstraint("(state IS NULL) = (phase = 'finished')", name="state_unless_finished"),
        Index("ix_case_record_key_holder", "key_holder_email"),
        Index("ix_case_record_list", "phase", "id"),
        Index("ix_case_record_place", "territory_code", "process_version_id", "id"),
        Index("ix_case_record_started", "started_at"),
        Index("ix_case_record_finished", "finished_at"),
        Index(
            "ix_case_record_running",
            "process_version_id",
            sqlite_where=RUNNING,
            postgresql_where=RUNNING,
        ),
    )

    id: Mapped[Pk]
    number: Mapped[Code] = mapped_column(unique=True)
    secret: Mapped[Code]
    start_word: Mapped[Code | None] = mapped_column(unique=True)
    process_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"), index=True)
    title: Mapped[Name]
    language: Mapped[Code]
    territory_code: Mapped[Code]
    territory_path: Mapped[Name]
    phase: Mapped[Code]
    status: Mapped[Code]
    outcome: Mapped[Code | None]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[bytes | None] = mapped_column(LargeBinary)
    waits: Mapped[Hash] = mapped_column(default="")
    history_seq: Mapped[int] = mapped_column(default=0)
    history_head: Mapped[Hash]
    key_holder_email: Mapped[Name | None]
    key_holder_role: Mapped[Code | None]
    started_by: Mapped[Code]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    term_due: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    end_element: Mapped[Code | None]
    has_exclusions: Mapped[bool] = mapped_column(default=False, server_default=false())
    undo: Mapped[bytes | None] = mapped_column(LargeBinary)


class History(Base):
    """One row of a case's chain, without its payload, so that erasing data leaves it valid.

    `hash` stands on the last row of each step and covers the step; `flows` are the ids of the
    sequence flows taken before the next row, with spaces between them.
    """

    __tablename__ = "history"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Code]
    element: Mapped[Name]
    task_id: Mapped[TaskKey | None]
    actor: Mapped[Code]
    at: Mapped[datetime]
    flows: Mapped[Body | None]
    payload_digest: Mapped[Sha256 | None]
    hash: Mapped[Sha256 | None]


class HistoryPayload(Base):
    """What a row of the chain said, with the salt of its digest; it may be erased."""

    __tablename__ = "history_payload"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[Code]
    payload: Mapped[Body]


class Answer(Base):
    """One submitted form, whole: engine data holds only what expressions read.

    `searched` says that its words stand in the search index.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index("ix_answer_unsearched", "id", sqlite_where=UNSEARCHED, postgresql_where=UNSEARCHED),
    )

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    task_id: Mapped[TaskKey | None]
    element: Mapped[Name]
    name: Mapped[Name]
    form: Mapped[Name]
    actor: Mapped[Code]
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    on_behalf_of: Mapped[Code | None]
    searched: Mapped[bool] = mapped_column(server_default=false())


class Draft(Base):
    """What somebody typed and has not sent, by the person or link and by what the form is for.

    `mark` is new with every save and begins with the page that saved: two tabs are told apart.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("owner", "subject"), Index("ix_draft_subject", "subject"))

    id: Mapped[Pk]
    owner: Mapped[Name]
    subject: Mapped[Name]
    raw: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    mark: Mapped[Code] = mapped_column(default="", server_default="")


class Document(Base):
    """A file of a case; `store_key` is empty until a rendered one is ready.

    `element` is the step whose form it came with.
    """

    __tablename__ = "document"

    id: Mapped[RandomPk]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True)
    owner: Mapped[Name]
    name: Mapped[Name]
    title: Mapped[Name]
    media_type: Mapped[Code]
    size: Mapped[int]
    sha256: Mapped[Hash | None]
    store_key: Mapped[Name | None]
    letter: Mapped[Name | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    for_key_holder: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[Code]
    element: Mapped[Name | None]


class ClockEvent(Base):
    """A stop or restart of a case's statutory clock, with the reason."""

    __tablename__ = "clock_event"

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[Code]
    reason: Mapped[Name]
    at: Mapped[datetime]


class Incident(Base):
    """Why a case is stuck, and the attempt that can be repeated once the cause is mended.

    `why` is a msgid that `details` fill; `reason` is the English sentence. `tries` counts the
    attempts that failed, the last of them at `at`.
    """

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_open", "resolved_at", "id"),)

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    element: Mapped[Name]
    reason: Mapped[Body]
    attempt: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[Code | None]
    why: Mapped[Body | None]
    details: Mapped[dict[str, Any] | None]
    kind: Mapped[Code | None]
    tries: Mapped[int] = mapped_column(default=1, server_default="1")


class CaseMigration(Base):
    """One case's change to another version of its process, with what undoes it."""

    __tablename__ = "case_migration"

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    to_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    mapping: Mapped[dict[str, Any]]
    reason: Mapped[Body]
    state_before: Mapped[bytes] = mapped_column(LargeBinary)
    state_after: Mapped[Hash]
    actor: Mapped[Code]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Code | None]
