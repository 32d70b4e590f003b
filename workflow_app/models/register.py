"""Registers that diagrams fill, and what they publish."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import Base, Body, Code, Name, Pk, RandomPk


class RegisterEntry(Base):
    """One version of one entry; the current one has no `superseded_at`.

    `place` is the territory that it is about; one that `is_hidden` never leaves the office.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("register", "key", "version"),
        Index("ix_register_entry_current", "register", "superseded_at", "id"),
        Index("ix_register_entry_place", "register", "place", "superseded_at", "id"),
        Index("ix_register_entry_newest", "register", "id"),
    )

    id: Mapped[Pk]
    register: Mapped[Code]
    key: Mapped[Name]
    version: Mapped[int]
    data: Mapped[dict[str, Any]]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True)
    at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    place: Mapped[Code | None]
    is_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())


class PublishedPage(Base):
    """A decision or notice that anybody may read at a stable address."""

    __tablename__ = "published_page"

    id: Mapped[RandomPk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[Code]
    title: Mapped[Name]
    text: Mapped[Body]
    language: Mapped[Code]
    documents: Mapped[list[Any]]
    at: Mapped[datetime]


class StartLink(Base):
    """A link sent by e-mail that opens a start form; only its digest is stored.

    `draft_owner` is who owns the draft of an older link that this one goes on with; `answers` what
    was answered before the form was opened, `entry` the key of what is applied to.
    """

    __tablename__ = "start_link"
    __table_args__ = (Index("ix_start_link_email", "email", "process_key"),)

    id: Mapped[Pk]
    digest: Mapped[Code] = mapped_column(unique=True)
    email: Mapped[Name]
    process_key: Mapped[Code]
    language: Mapped[Code]
    created_at: Mapped[datetime]
    used_case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"))
    draft_owner: Mapped[Name | None]
    answers: Mapped[dict[str, Any] | None]
    entry: Mapped[Name | None]
