"""What designers work on: drafts of processes, their files, what happened to them, and plays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import Base, Body, Code, Hash, Name, Pk

OPEN = text("state IN ('draft', 'review', 'approved')")


class DesignDraft(Base):
    """The next version of a process while it is being made; of a process there is one open draft.

    `state` is “draft”, “review”, “approved”, “published” or “discarded”; `holder` edits it now and
    was last heard of at `held_at`. `revision` grows with every change of any file or word. `words`
    are translations by language and msgid; `editors` changed something since the last approval;
    `exceptions` name what of the gate was waived, by whom and why; `publish_at` is when it shall be
    published (`publish_by` said so), `republish` which callers with it.
    """

    __tablename__ = "design_draft"
    __table_args__ = (
        Index("ix_design_draft_open", "key", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[Pk]
    key: Mapped[Code] = mapped_column(index=True)
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("process_version.id"))
    title: Mapped[Name]
    state: Mapped[Code]
    owner: Mapped[Code]
    holder: Mapped[Code | None]
    held_at: Mapped[datetime | None]
    revision: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_by: Mapped[Code | None]
    submitted_at: Mapped[datetime | None]
    approved_by: Mapped[Code | None]
    approved_at: Mapped[datetime | None]
    note: Mapped[Body] = mapped_column(default="")
    exceptions: Mapped[list[Any]] = mapped_column(default=list)
    editors: Mapped[list[Any]] = mapped_column(default=list)
    publish_at: Mapped[datetime | None] = mapped_column(index=True)
    publish_by: Mapped[Code | None]
    republish: Mapped[list[Any]] = mapped_column(default=list)


class DesignFile(Base):
    """One file of a draft; `words` is what a search for words looks through."""

    __tablename__ = "design_file"

    draft_id: Mapped[int] = mapped_column(ForeignKey("design_draft.id"), primary_key=True)
    path: Mapped[Name] = mapped_column(primary_key=True)
    body: Mapped[Body]
    words: Mapped[Body]
    revision: Mapped[int]
    updated_by: Mapped[Code]
    updated_at: Mapped[datetime]


class DesignUndo(Base):
    """What a file of a draft was before a command in words changed it; `told` is the command.

    `revision` is the file's own after the command, so that nothing newer is ever undone.
    """

    __tablename__ = "design_undo"
    __table_args__ = (Index("ix_design_undo_path", "draft_id", "path", "id"),)

    id: Mapped[Pk]
    draft_id: Mapped[int] = mapped_column(ForeignKey("design_draft.id"))
    path: Mapped[Name]
    revision: Mapped[int]
    before: Mapped[Body]
    told: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[Code]
    at: Mapped[datetime]


class DesignEvent(Base):
    """One thing that somebody did in the studio; rows are only ever added."""

    __tablename__ = "design_event"
    __table_args__ = (Index("ix_design_event_key", "key", "id"),)

    id: Mapped[Pk]
    key: Mapped[Code]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("design_draft.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("process_version.id"))
    actor: Mapped[Code]
    at: Mapped[datetime]
    kind: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Play(Base):
    """A draft being played through; its databases stand as files beside the installation's."""

    __tablename__ = "play"

    id: Mapped[Pk]
    draft_id: Mapped[int] = mapped_column(ForeignKey("design_draft.id"), index=True)
    owner: Mapped[Code]
    title: Mapped[Name]
    revision: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)
    position: Mapped[int]
    log: Mapped[list[Any]] = mapped_column(default=list)


class DesignProof(Base):
    """One run of all scenarios over a draft as it was at `revision`; `coverage` in percent.

    `digest` is that of the closed set of files that ran; `state` is “running”, “done” or “broken”.
    """

    __tablename__ = "design_proof"
    __table_args__ = (Index("ix_design_proof_draft_id", "draft_id", "id"),)

    id: Mapped[Pk]
    draft_id: Mapped[int] = mapped_column(ForeignKey("design_draft.id"))
    revision: Mapped[int]
    digest: Mapped[Hash] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[Code]
    state: Mapped[Code]
    ok: Mapped[bool] = mapped_column(default=False)
    scenarios: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    coverage: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class MoveOrder(Base):
    """Cases of a process shall be looked at, or moved to a version, in the background.

    `mappings` say by the version a case comes from which old element stands for which new one.
    """

    __tablename__ = "move_order"
    __table_args__ = (Index("ix_move_order_key", "key", "id"),)

    id: Mapped[Pk]
    key: Mapped[Code]
    to_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    mappings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[Body] = mapped_column(default="")
    created_by: Mapped[Code]
    created_at: Mapped[datetime]


class MoveItem(Base):
    """One case of an order: what was found (`verdict`, `told`) and how far it is (`state`)."""

    __tablename__ = "move_item"
    __table_args__ = (
        UniqueConstraint("order_id", "case_id"),
        Index("ix_move_item_state", "state", "id"),
        Index("ix_move_item_group", "order_id", "verdict", "signature", "id"),
    )

    id: Mapped[Pk]
    order_id: Mapped[int] = mapped_column(ForeignKey("move_order.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    from_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    state: Mapped[Code]
    verdict: Mapped[Code | None]
    signature: Mapped[Hash | None]
    told: Mapped[dict[str, Any] | None]
    at: Mapped[datetime | None]


class VersionScenario(Base):
    """Which scenario file stands at which path beside a version; no part of its behaviour."""

    __tablename__ = "version_scenario"

    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"), primary_key=True)
    path: Mapped[Name] = mapped_column(primary_key=True)
    sha256: Mapped[Hash] = mapped_column(ForeignKey("source_file.sha256"))


class SourceWords(Base):
    """What a search looks through of a published file: its title and all its words, case-folded."""

    __tablename__ = "source_words"

    sha256: Mapped[Hash] = mapped_column(ForeignKey("source_file.sha256"), primary_key=True)
    title: Mapped[Name]
    words: Mapped[Body]
