"""Collections: many short answers from outside, as rows beside a case and no steps of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import CLUSTERED, Base, Code, Name, Pk, RandomPk, Sha256


class Collection(Base):
    """What a case asks of many; `process_version_id` has the forms that it was opened with.

    `show` is “none”, “count”, “answered” or “all”, `publishing` “at_once” or “closing”. `facet` is
    the field that entries are filtered by, `withheld_by` the one of the answer that keeps an entry
    from the public page. `edition` counts everything written; `entries`, `answered`, `seats` and
    `seats_in` are kept so that nothing has to be counted. `told_entries` were there when officers
    were last told of new ones.
    """

    __tablename__ = "collection"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: Mapped[RandomPk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    key: Mapped[Code]
    process_version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"))
    form: Mapped[Name]
    answer_form: Mapped[Name | None]
    title: Mapped[Name]
    show: Mapped[Code]
    publishing: Mapped[Code]
    answered_by: Mapped[Code | None]
    is_anonymous: Mapped[bool]
    daily: Mapped[int | None]
    data: Mapped[dict[str, Any]]
    facet: Mapped[Code | None]
    withheld_by: Mapped[Code | None]
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    entries: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int] = mapped_column(default=0)
    seats_in: Mapped[int] = mapped_column(default=0)
    edition: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    told_entries: Mapped[int] = mapped_column(default=0)


class CollectionSeat(Base):
    """Who has one entry in a collection, reached by a personal link; `turn` renews the link.

    `in_at` is when their entry came.
    """

    __tablename__ = "collection_seat"
    __table_args__ = (
        UniqueConstraint("collection_id", "code"),
        Index("ix_collection_seat_username", "username", "in_at"),
    )

    id: Mapped[RandomPk]
    collection_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collection.id"))
    position: Mapped[int]
    code: Mapped[Code]
    label: Mapped[Name]
    email: Mapped[Name | None]
    username: Mapped[Code | None]
    turn: Mapped[int] = mapped_column(default=0)
    in_at: Mapped[datetime | None]


class CollectionEntry(Base):
    """One answer from outside, and what was answered to it; `number` counts within the collection.

    `facet` is the value of the collection's own field of that name. Of an anonymous one nothing
    of the sender is here, and `at` is no more than the day. `version` rises with every change.
    """

    __tablename__ = "collection_entry"
    __table_args__ = (
        UniqueConstraint("collection_id", "number"),
        Index("ix_collection_entry_facet", "collection_id", "facet", "number"),
        Index("ix_collection_entry_open", "collection_id", "is_answered", "number"),
        Index("ix_collection_entry_both", "collection_id", "is_answered", "facet", "number"),
    )

    id: Mapped[Pk]
    collection_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collection.id"))
    number: Mapped[int]
    seat_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("collection_seat.id"), unique=True
    )
    username: Mapped[Code | None]
    language: Mapped[Code]
    at: Mapped[datetime]
    facet: Mapped[Name | None]
    data: Mapped[dict[str, Any]]
    is_answered: Mapped[bool] = mapped_column(default=False)
    is_withheld: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[dict[str, Any] | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Code | None]
    version: Mapped[int] = mapped_column(default=1)


class CollectionMark(Base):
    """Something that may happen a number of times only: a form sent, a browser's entries of a day.

    Nothing leads from a mark to an entry; rows lie in the order of their digests.
    """

    __tablename__ = "collection_mark"
    __table_args__ = (CLUSTERED,)

    digest: Mapped[Sha256] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("collection.id"), index=True)
    day: Mapped[date]
    taken: Mapped[int]
