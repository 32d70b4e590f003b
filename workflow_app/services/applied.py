"""What came over an entry of a register: the cases begun, and the attempts that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.states import CaseState
from workflow_app.domain.text import N_
from workflow_app.models.applicants import CaseOrganisation
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.entries import CaseEntry, RefusedStart
from workflow_app.models.people import Account

if TYPE_CHECKING:
    from datetime import tzinfo

    from workflow_app.services.context import Context

Options = list[dict[str, object]]
OUTSIDE = N_("Applicant")


def applied(ctx: Context, process: str, entry: str = "") -> Options:
    """Return the cases of a process over an entry, the first that came first.

    [{value: number, label: title, territory, status, outcome, running, started_at, email,
    organisation}]
    """
    query = (
        select(Case, CaseOrganisation.organisation_code)
        .join(CaseEntry, CaseEntry.case_id == Case.id)
        .join(ProcessVersion, ProcessVersion.id == Case.process_version_id)
        .outerjoin(CaseOrganisation, CaseOrganisation.case_id == Case.id)
        .where(CaseEntry.entry == entry, ProcessVersion.key == process)
        .order_by(Case.id)
    )
    return [
        {
            "value": case.number,
            "label": case.title,
            "territory": case.territory_code,
            "status": case.status,
            "outcome": case.outcome,
            "running": case.phase != CaseState.FINISHED,
            "started_at": case.started_at.isoformat(),
            "email": case.key_holder_email,
            "organisation": organisation,
        }
        for case, organisation in ctx.session.execute(query)
    ]


def refused(ctx: Context, process: str, entry: str = "", *, zone: tzinfo) -> Options:
    """Return the attempts on an entry that were refused, oldest first: [{value, label, at}].

    The label is who tried: the title of an account, else that it was an applicant without one.
    """
    query = (
        select(RefusedStart, Account.title)
        .outerjoin(Account, Account.username == RefusedStart.who)
        .where(RefusedStart.process_key == process, RefusedStart.entry == entry)
        .order_by(RefusedStart.id)
    )
    return [
        {"value": str(one.id), "label": _who(one, title), "at": one.at.astimezone(zone).isoformat()}
        for one, title in ctx.session.execute(query)
    ]


def _who(attempt: RefusedStart, title: str | None) -> str:
    return OUTSIDE if attempt.who == PUBLIC.username else title or attempt.who
