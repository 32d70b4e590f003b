"""For whom a case is: the holder of its key, whoever started it, and their organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from workflow_app.models.applicants import CaseLink, CaseOrganisation, Membership
from workflow_app.models.case import Case

if TYPE_CHECKING:
    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context


def is_party(ctx: Context, loaded: Loaded) -> bool:
    """Tell whether the actor is the party of a case: key holder, starter, or their organisation."""
    return ctx.actor.case_id == loaded.row.id or is_own_case(ctx, loaded.row.id)


def is_own_case(ctx: Context, case_id: int) -> bool:
    """Tell whether a person with an account started the case, or acts for whom it was started."""
    actor = ctx.actor
    if not actor.is_signed_in:
        return False
    acts = (
        select(Membership.account_id)
        .join(CaseOrganisation, CaseOrganisation.organisation_code == Membership.organisation_code)
        .where(CaseOrganisation.case_id == Case.id, Membership.account_id == actor.user_id)
    )
    query = select(Case.id).where(
        Case.id == case_id, or_(Case.started_by == actor.username, acts.exists())
    )
    return ctx.session.scalar(query) is not None


def goes_with(ctx: Context, case_id: int, opened: list[int]) -> bool:
    """Tell whether a case is linked with one of those opened and has the same key holder."""
    if not opened:
        return False
    one, other = aliased(Case), aliased(Case)
    joined = or_(
        and_(CaseLink.case_id == one.id, CaseLink.earlier_id == other.id),
        and_(CaseLink.case_id == other.id, CaseLink.earlier_id == one.id),
    )
    query = (
        select(one.id)
        .join(CaseLink, or_(CaseLink.case_id == one.id, CaseLink.earlier_id == one.id))
        .join(other, joined)
        .where(one.id == case_id, other.id.in_(opened))
        .where(one.key_holder_email == other.key_holder_email)
    )
    return ctx.session.scalar(query.limit(1)) is not None
