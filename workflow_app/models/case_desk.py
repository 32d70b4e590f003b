"""What people do around a case besides its steps: who is kept out, what is said, what follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import CLUSTERED, Base, Body, Code, Name, Pk


class CaseExclusion(Base):
    """Somebody who may neither see a case nor do any of its tasks from `at` on."""

    __tablename__ = "case_exclusion"
    __table_args__ = (CLUSTERED,)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    username: Mapped[Code] = mapped_column(primary_key=True, index=True)
    reason: Mapped[Body]
    by: Mapped[Code]
    at: Mapped[datetime]


class CaseComment(Base):
    """What somebody says about a case; `unit` (`role:<code>` or `org:<code>`) narrows `sees`.

    A deleted one keeps its row, without its text. `mentions` are the people who were told.
    """

    __tablename__ = "case_comment"
    __table_args__ = (Index("ix_case_comment_case", "case_id", "id"),)

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    author: Mapped[Code]
    sees: Mapped[Code]
    unit: Mapped[Name | None]
    text: Mapped[Body]
    mentions: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
