"""Entries of registers that people apply to: which case is over which, and who came too late."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import CLUSTERED, Base, Code, Name, Pk


class CaseEntry(Base):
    """The entry of a register over which a case was begun."""

    __tablename__ = "case_entry"
    __table_args__ = (Index("ix_case_entry_list", "register", "entry", "case_id"), CLUSTERED)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    register: Mapped[Code]
    entry: Mapped[Name]


class RefusedStart(Base):
    """An attempt to begin a case over an entry that was not open; `who` is an account or address.

    It holds no answers: what was typed stays a draft of whoever typed it.
    """

    __tablename__ = "refused_start"
    __table_args__ = (Index("ix_refused_start_list", "process_key", "entry", "id"),)

    id: Mapped[Pk]
    process_key: Mapped[Code]
    entry: Mapped[Name]
    who: Mapped[Name]
    at: Mapped[datetime]
