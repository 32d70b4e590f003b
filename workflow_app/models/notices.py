"""Notices and when they were served; what people are told, how they want it, and their dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import Base, Body, Code, Name, Pk, RandomPk


class Notice(Base):
    """A notice to a party; `state` is “sending”, “sent”, “served” or “unserved” (it came back).

    `text` is the mail without the address that opens the case. `counts_at` is when a sent one
    counts as served unless it is opened before; `how` is “email”, “page”, “post” or “hand”.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_case", "case_id", "key"),
        Index("ix_notice_state", "state", "id"),
        Index("ix_notice_recipient", "recipient"),
    )

    id: Mapped[RandomPk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    key: Mapped[Code]
    element: Mapped[Name]
    recipient: Mapped[Name | None]
    subject: Mapped[Name]
    text: Mapped[Body]
    language: Mapped[Code]
    document_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[Code]
    how: Mapped[Code | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    counts_at: Mapped[datetime | None]
    served_at: Mapped[datetime | None]
    outbox_id: Mapped[int | None] = mapped_column(index=True)
    recorded_by: Mapped[Code | None]
    remark: Mapped[Body | None]
    came_back_at: Mapped[datetime | None]


class News(Base):
    """Something a person is told, in their list and by mail; `why` is a msgid, `details` fill it.

    `mail` says what is still to be done: “digest” waits for the daily mail, “” nothing.
    """

    __tablename__ = "news"
    __table_args__ = (Index("ix_news_account", "account_id", "id"),)

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[Code]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_record.id"), index=True)
    why: Mapped[Body]
    details: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    mail: Mapped[Code]


class AccountChoice(Base):
    """How somebody wants to be told (null is the habit of the house), and their calendar's turn.

    `calendar` counts the addresses that their calendar has had; none is zero. `looked_at` is when
    they last opened their news.
    """

    __tablename__ = "account_choice"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    personal: Mapped[Code | None]
    offers: Mapped[Code | None]
    calendar: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[datetime | None]


class DigestRound(Base):
    """When the people of a country get their next daily mail; `last_item` was new at the last."""

    __tablename__ = "digest_round"

    id: Mapped[Pk]
    country: Mapped[Code] = mapped_column(unique=True)
    next_at: Mapped[datetime]
    last_at: Mapped[datetime]
    last_item: Mapped[int] = mapped_column(default=0)


class Digest(Base):
    """A daily mail that one person is owed, of what is new since then; gone once it is laid out."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("account_id", "day"),)

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date]
    since: Mapped[datetime]
    after_item: Mapped[int]
    path: Mapped[Name]


class CalendarEvent(Base):
    """A date of a case in the calendars of some people, or of a role in a territory."""

    __tablename__ = "calendar_event"
    __table_args__ = (
        UniqueConstraint("case_id", "key"),
        Index("ix_calendar_event_starts", "starts_at"),
    )

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    key: Mapped[Code]
    title: Mapped[Name]
    place: Mapped[Name | None]
    starts_at: Mapped[datetime]
    people: Mapped[list[Any]]
    role: Mapped[Code | None]
    territory_path: Mapped[Name]
    changed_at: Mapped[datetime]
    is_cancelled: Mapped[bool] = mapped_column(default=False)
