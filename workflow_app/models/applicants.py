"""Organisations that apply: their people, their profile and papers, and how cases follow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from workflow_app.models.base import CLUSTERED, Base, Code, Name, Pk


class CaseLink(Base):
    """A case that follows on from an earlier one; `kind` is the message that began it."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "earlier_id"),)

    id: Mapped[Pk]
    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"))
    earlier_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), index=True)
    kind: Mapped[Name]
    at: Mapped[datetime]


class CaseOrganisation(Base):
    """The organisation in whose name a case was started."""

    __tablename__ = "case_organisation"
    __table_args__ = (Index("ix_case_organisation_list", "organisation_code", "case_id"), CLUSTERED)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_record.id"), primary_key=True)
    organisation_code: Mapped[Code] = mapped_column(ForeignKey("organisation.code"))


class Membership(Base):
    """A person who acts for an organisation: an editor, or a signatory, who may also send."""

    __tablename__ = "membership"
    __table_args__ = (CLUSTERED,)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    organisation_code: Mapped[Code] = mapped_column(
        ForeignKey("organisation.code"), primary_key=True, index=True
    )
    role: Mapped[Code]
    added_by: Mapped[Code]
    at: Mapped[datetime]


class Invitation(Base):
    """A link sent by mail that makes whoever opens it with an account a member; used once."""

    __tablename__ = "invitation"

    id: Mapped[Pk]
    digest: Mapped[Code] = mapped_column(unique=True)
    organisation_code: Mapped[Code] = mapped_column(ForeignKey("organisation.code"), index=True)
    email: Mapped[Name]
    role: Mapped[Code]
    invited_by: Mapped[Code]
    at: Mapped[datetime]
    used_by: Mapped[Code | None]
    used_at: Mapped[datetime | None]


class ProfileField(Base):
    """What an organisation last said of itself, one row a field; `value` holds it as `value`."""

    __tablename__ = "profile_field"
    __table_args__ = (CLUSTERED,)

    organisation_code: Mapped[Code] = mapped_column(
        ForeignKey("organisation.code"), primary_key=True
    )
    field: Mapped[Name] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[Code]


class Paper(Base):
    """A document that an organisation keeps to use again; `kind` is the field it was given for.

    `label` is that field's msgid, `lasts_until` the last day on which it is valid.
    """

    __tablename__ = "paper"
    __table_args__ = (
        Index("ix_paper_list", "organisation_code", "kind", "id"),
        UniqueConstraint("organisation_code", "kind", "document_id"),
    )

    id: Mapped[Pk]
    organisation_code: Mapped[Code] = mapped_column(ForeignKey("organisation.code"))
    kind: Mapped[Name]
    label: Mapped[Name]
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    lasts_until: Mapped[date | None]
    at: Mapped[datetime]
    by: Mapped[Code]
