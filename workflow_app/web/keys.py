"""Which cases this browser may open without asking for a key again."""

from __future__ import annotations

from flask import session
from sqlalchemy import select

from workflow_app.models.case import Case
from workflow_app.services.parties import goes_with, is_own_case
from workflow_app.web.current import CASE_KEY, OPENED, context

KEPT = 20


def remember_case(case_id: int) -> None:
    """Let this browser open a case from now on."""
    session[CASE_KEY] = case_id
    session[OPENED] = [*[i for i in session.get(OPENED, []) if i != case_id], case_id][-KEPT:]


def keyed_case(number: str) -> int | None:
    """Return the id of a case that this browser may open as its party; None for any other.

    Its key was shown here, or it was started by this account or its organisation, or it is linked
    with one of those and has the same key holder.
    """
    ctx = context()
    case_id = ctx.session.scalar(select(Case.id).where(Case.number == number))
    if case_id is None:
        return None
    opened = session.get(OPENED, [])
    if case_id in opened or is_own_case(ctx, case_id) or goes_with(ctx, case_id, opened):
        remember_case(case_id)
        return int(case_id)
    return None
