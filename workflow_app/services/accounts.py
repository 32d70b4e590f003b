"""From an account to an actor: the roles a person holds today, where, and what they permit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from workflow_app.domain.actors import Actor, Grant, Permission, Standing
from workflow_app.models.catalogue import RoleDefinition
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.services.standing import represented_by

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session


def actor_of(session: Session, account: Account, now: datetime) -> Actor:
    """Return the account as an actor with the roles that are valid today.

    And with those in whose place the person acts now.
    """
    today = now.date()
    standing = tuple(
        Standing(row.username, row.title, grants_of(session, row.id, today))
        for row in represented_by(session, account.username, now)
    )
    return Actor(
        username=account.username,
        title=account.title,
        user_id=account.id,
        email=account.email,
        grants=grants_of(session, account.id, today),
        standing=standing,
    )


def actor_named(session: Session, username: str, now: datetime) -> Actor | None:
    """Return the actor with this username; None when there is no such account."""
    account = session.scalar(select(Account).where(Account.username == username))
    return actor_of(session, account, now) if account else None


def grants_of(session: Session, account_id: int, today: date) -> tuple[Grant, ...]:
    """Return the roles that a person holds on a day, each with its territory's path."""
    rows = session.execute(
        select(
            RoleAssignment.role,
            RoleAssignment.organisation_code,
            Territory.path,
            RoleDefinition.permissions,
        )
        .join(Territory, Territory.code == RoleAssignment.territory_code)
        .outerjoin(RoleDefinition, RoleDefinition.code == RoleAssignment.role)
        .where(RoleAssignment.account_id == account_id)
        .where(or_(RoleAssignment.valid_from.is_(None), RoleAssignment.valid_from <= today))
        .where(or_(RoleAssignment.valid_until.is_(None), RoleAssignment.valid_until >= today))
    )
    return tuple(
        Grant(
            role=row.role,
            path=row.path,
            organisation=row.organisation_code,
            permissions=permissions_of(row.permissions),
        )
        for row in rows
    )


def permissions_of(names: list[str] | None) -> frozenset[Permission]:
    """Return a role's permissions: an undefined role may work, one that names none may not."""
    return frozenset(Permission(name) for name in (["work"] if names is None else names))
