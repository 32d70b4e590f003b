"""The desk: who is away and who stands in, handing over, saved filters, words to find cases by."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Dialect, ForeignKey, Index, LargeBinary, String, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from workflow_app.models.base import CLUSTERED, Base, Body, Code, Name, Pk


class Bytewise(TypeDecorator[str]):
    """A word stored as UTF-8, so that every database sorts it the same and a prefix is a range."""

    impl = LargeBinary(120)
    cache_ok = True

    @override
    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.encode()

    @override
    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else bytes(value).decode()


class Absence(Base):
    """Days on which somebody is away, both included; `ended_at` where they came back earlier.

    `begun_at` is when whoever it concerns was told that it has begun.
    """

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_username", "username", "last_day"),)

    id: Mapped[Pk]
    username: Mapped[Code] = mapped_column(ForeignKey("account.username"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    entered_by: Mapped[Code]
    entered_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AbsenceSubstitute(Base):
    """Somebody who stands in during an absence."""

    __tablename__ = "absence_substitute"
    __table_args__ = (CLUSTERED,)

    absence_id: Mapped[int] = mapped_column(ForeignKey("absence.id"), primary_key=True)
    username: Mapped[Code] = mapped_column(
        ForeignKey("account.username"), primary_key=True, index=True
    )


class Handover(Base):
    """A task that one person passed to another, with a note."""

    __tablename__ = "handover"

    id: Mapped[Pk]
    work_item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    giver: Mapped[Code]
    receiver: Mapped[Code]
    note: Mapped[Body]
    at: Mapped[datetime]


class SavedFilter(Base):
    """A filter of the inbox under a name; `shared_with` is the unit that may use it too."""

    __tablename__ = "saved_filter"

    id: Mapped[Pk]
    owner: Mapped[Code] = mapped_column(ForeignKey("account.username"), index=True)
    name: Mapped[Name]
    query: Mapped[dict[str, Any]]
    shared_with: Mapped[str | None] = mapped_column(String(500), index=True)
    created_at: Mapped[datetime]


class SearchWord(Base):
    """A word of a case; `weight` says how much it tells, by where it stands."""

    __tablename__ = "search_word"
    __table_args__ = (Index("ix_search_word_case", "case_id", "word"), CLUSTERED)

    word: Mapped[str] = mapped_column(Bytewise, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    weight: Mapped[int]
