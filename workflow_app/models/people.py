"""Accounts, organisations, territories and the roles that people hold in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflow_app.models.base import Base, Code, Hash, Name, Pk


class Territory(Base):
    """A place of the tree nation, region, community, settlement; `path` names all above it.

    `latitude` and `longitude` (degrees, WGS 84) are for maps.
    """

    __tablename__ = "territory"

    code: Mapped[Code] = mapped_column(primary_key=True)
    parent_code: Mapped[Code | None] = mapped_column(ForeignKey("territory.code"))
    level: Mapped[Code]
    name: Mapped[Name]
    path: Mapped[Name] = mapped_column(unique=True)
    flags: Mapped[list[Any]] = mapped_column(default=list)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class Organisation(Base):
    """A body that provides, orders or supports services."""

    __tablename__ = "organisation"

    id: Mapped[Pk]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    sector: Mapped[Code]
    registration_number: Mapped[Code | None]
    territory_code: Mapped[Code | None] = mapped_column(ForeignKey("territory.code"))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


_account_role = Table(
    "account_role",
    Base.metadata,
    Column("user_id", ForeignKey("account.id"), primary_key=True),
    Column("role_id", ForeignKey("account_group.id"), primary_key=True),
)


class AccountGroup(Base, RoleMixin):
    """What Flask-Security calls a role; unused, because roles are held in territories."""

    __tablename__ = "account_group"

    id: Mapped[Pk]
    name: Mapped[Code] = mapped_column(unique=True)
    description: Mapped[Name | None]


class Account(Base, UserMixin):
    """A person who signs in."""

    __tablename__ = "account"

    id: Mapped[Pk]
    username: Mapped[Code] = mapped_column(unique=True)
    email: Mapped[Name] = mapped_column(unique=True)
    title: Mapped[Name]
    password: Mapped[Name]
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[Code | None]
    fs_uniquifier: Mapped[Code] = mapped_column(unique=True)
    roles: Mapped[list[AccountGroup]] = relationship(  # type: ignore[assignment]
        secondary=_account_role
    )
    assignments: Mapped[list[RoleAssignment]] = relationship(back_populates="account")

    @property
    def name(self) -> str:
        """Return how the person is called on pages."""
        return self.title


class RoleAssignment(Base):
    """One role of one person in one territory, possibly for an organisation and a period."""

    __tablename__ = "role_assignment"
    __table_args__ = (Index("ix_role_assignment_role", "role", "territory_code"),)

    id: Mapped[Pk]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    role: Mapped[Code]
    territory_code: Mapped[Code] = mapped_column(ForeignKey("territory.code"))
    organisation_code: Mapped[Code | None] = mapped_column(ForeignKey("organisation.code"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    account: Mapped[Account] = relationship(back_populates="assignments")


class Body(Base):
    """A body such as a commission: what it is called, where, and in which roles people work for it.

    `convened_by` is the role that is told when the body cannot meet. Its rules are settings.
    """

    __tablename__ = "body"

    key: Mapped[Code] = mapped_column(primary_key=True)
    title: Mapped[Name]
    territory_code: Mapped[Code] = mapped_column(ForeignKey("territory.code"))
    secretary_role: Mapped[Code]
    chair_role: Mapped[Code]
    member_role: Mapped[Code]
    convened_by: Mapped[Code]


class BodyMember(Base):
    """Membership of a person in a body such as a commission; the body's rules are settings."""

    __tablename__ = "body_member"

    id: Mapped[Pk]
    body: Mapped[Code] = mapped_column(index=True)
    username: Mapped[Code] = mapped_column(ForeignKey("account.username"))
    position: Mapped[Code] = mapped_column(default="member")


class SignInFailure(Base):
    """A failed attempt to sign in: `who` is the digest of an account tried or of an address."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index("ix_sign_in_failure_who", "who", "at"),)

    id: Mapped[Pk]
    who: Mapped[Hash]
    at: Mapped[datetime]
