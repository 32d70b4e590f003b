"""What came over an entry of a register: the cases begun, and the attempts that were refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.states import CaseState
from workflow_app.models.applicants import CaseOrganisation
from workflow_app.models.case import Case
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.entries import CaseEntry, RefusedStart

if TYPE_CHECKING:
    from datetime import tzinfo

    from workflow_app.services.context import Context

Options = list[dict[str, object]]


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
    """Return the attempts on an entry that were refused, oldest first: [{value, label, at}]."""
    query = select(RefusedStart).where(
        RefusedStart.process_key == process, RefusedStart.entry == entry
    )
    return [
        {"value": str(one.id), "label": one.who, "at": one.at.astimezone(zone).isoformat()}
        for one in ctx.session.scalars(query.order_by(RefusedStart.id))
    ]
