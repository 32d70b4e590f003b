"""Organisations that apply: who acts for them, who is invited, who leaves."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from workflow_app.adapters.words import Words
from workflow_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from workflow_app.domain.states import OutboxKind
from workflow_app.domain.text import N_
from workflow_app.models.applicants import Invitation, Membership
from workflow_app.models.base import table_of
from workflow_app.models.people import Account, Organisation
from workflow_app.services.outgoing import outbox, outbox_values

if TYPE_CHECKING:
    from datetime import datetime

    from workflow_app.services.context import Context

EDITOR, SIGNATORY = "editor", "signatory"
ROLES = (EDITOR, SIGNATORY)
KEPT = timedelta(days=14)
_members = table_of(Membership)
_invitations = table_of(Invitation)
_organisations = table_of(Organisation)
_accounts = table_of(Account)


class LastSignatory(Conflict):
    """An organisation would be left without anybody who may send."""

    message = N_("Somebody has to stay who may sign and send for the organisation.")


@dataclass(frozen=True, slots=True)
class Acting:
    """The organisation that a person acts for, and as what."""

    code: str
    name: str
    role: str

    @property
    def signs(self) -> bool:
        """Tell whether the person may sign and send."""
        return self.role == SIGNATORY

    @property
    def owner(self) -> str:
        """Return under whose name the organisation's drafts lie."""
        return f"org:{self.code}"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who acts for an organisation."""

    account_id: int
    name: str
    email: str
    role: str
    since: datetime


def acting_for(ctx: Context) -> Acting | None:
    """Return the organisation that the actor acts for, the one joined first; None for nobody's."""
    if not ctx.actor.is_signed_in:
        return None
    query = (
        select(_members.c.organisation_code, _organisations.c.name, _members.c.role)
        .join(_organisations, _organisations.c.code == _members.c.organisation_code)
        .where(_members.c.account_id == ctx.actor.user_id)
        .order_by(_members.c.at, _members.c.organisation_code)
        .limit(1)
    )
    row = ctx.connection.execute(query).first()
    return Acting(row.organisation_code, row.name, row.role) if row else None


def require_acting(ctx: Context, *, signs: bool = False) -> Acting:
    """Return the actor's organisation. Raises NotFound, NotAllowed for who may not sign."""
    found = acting_for(ctx)
    if found is None:
        raise NotFound
    if signs and not found.signs:
        raise NotAllowed(N_("Only who may sign for the organisation can do this."))
    return found


def members_of(ctx: Context, code: str) -> list[Member]:
    """Return who acts for an organisation, by name."""
    query = (
        select(_accounts.c.id, _accounts.c.title, _accounts.c.email, _members.c.role, _members.c.at)
        .join(_members, _members.c.account_id == _accounts.c.id)
        .where(_members.c.organisation_code == code)
        .order_by(_accounts.c.title)
    )
    return [Member(r.id, r.title, r.email, r.role, r.at) for r in ctx.connection.execute(query)]


def invited(ctx: Context, code: str) -> list[str]:
    """Return the addresses that were invited lately and have not come."""
    query = select(_invitations.c.email).where(
        _invitations.c.organisation_code == code,
        _invitations.c.used_at.is_(None),
        _invitations.c.at > ctx.now - KEPT,
    )
    return sorted(set(ctx.connection.execute(query).scalars()))


def invite(ctx: Context, email: str, role: str) -> None:
    """Send somebody a link to act for the actor's organisation. Raises NotAllowed, Invalid."""
    acting = require_acting(ctx, signs=True)
    if role not in ROLES:
        raise Invalid(N_("Choose what the person may do"))
    token = secrets.token_urlsafe(24)
    ctx.connection.execute(
        insert(_invitations).values(
            digest=_digest(token),
            organisation_code=acting.code,
            email=email,
            role=role,
            invited_by=ctx.actor.username,
            at=ctx.now,
        )
    )
    words = Words(ctx.language, {})
    told = {
        "organisation": acting.name,
        "who": ctx.actor.title,
        "link": f"{ctx.platform.settings.base_url}/organisation/join/{token}",
    }
    mail = {
        "to": email,
        "language": ctx.language,
        "subject": words.text(N_("Work with %(organisation)s"), organisation=acting.name),
        "text": words.text(
            N_(
                "%(who)s invites you to work on the applications of %(organisation)s.\n\n%(link)s"
                "\n\nSign in with your account and accept. The link works once, for 14 days."
            ),
            **told,
        ),
    }
    ctx.session.execute(insert(outbox).values(**outbox_values(OutboxKind.MAIL, mail, ctx.now)))


def invitation(ctx: Context, token: str) -> Acting:
    """Return what a link invites to. Raises NotFound when it is unknown, used or too old."""
    query = (
        select(_invitations, _organisations.c.name)
        .join(_organisations, _organisations.c.code == _invitations.c.organisation_code)
        .where(_invitations.c.digest == _digest(token), _invitations.c.used_at.is_(None))
        .where(_invitations.c.at > ctx.now - KEPT)
    )
    row = ctx.connection.execute(query).first()
    if row is None:
        raise NotFound(N_("This invitation was used already, or its time is over."))
    return Acting(row.organisation_code, row.name, row.role)


def join(ctx: Context, token: str) -> Acting:
    """Make the actor a member by an invitation. Raises NotFound, Conflict."""
    found = invitation(ctx, token)
    if acting_for(ctx) is not None:
        raise Conflict(N_("You act for an organisation already. Leave it first."))
    used = update(_invitations).where(
        _invitations.c.digest == _digest(token), _invitations.c.used_at.is_(None)
    )
    hit = ctx.connection.execute(used.values(used_at=ctx.now, used_by=ctx.actor.username))
    if hit.rowcount == 0:
        raise NotFound
    add_member(ctx, ctx.actor.user_id or 0, found.code, found.role)
    return found


def add_member(ctx: Context, account_id: int, code: str, role: str) -> None:
    """Let somebody act for an organisation."""
    ctx.connection.execute(
        insert(_members).values(
            account_id=account_id,
            organisation_code=code,
            role=role,
            added_by=ctx.actor.username,
            at=ctx.now,
        )
    )


def remove_member(ctx: Context, account_id: int) -> None:
    """Let somebody act for the actor's organisation no more; anybody may leave it.

    Raises NotFound, NotAllowed, LastSignatory.
    """
    acting = require_acting(ctx, signs=account_id != ctx.actor.user_id)
    mine = (_members.c.organisation_code == acting.code, _members.c.account_id == account_id)
    gone = ctx.connection.execute(delete(_members).where(*mine))
    if gone.rowcount == 0:
        raise NotFound
    left = select(func.count()).where(
        _members.c.organisation_code == acting.code, _members.c.role == SIGNATORY
    )
    if not ctx.connection.execute(left).scalar():
        raise LastSignatory


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
