"""Recording how a notice reached the party, by whoever keeps the register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from workflow_app.domain.actors import Permission
from workflow_app.domain.calendars import end_of_day
from workflow_app.domain.errors import Conflict, Invalid, NotFound, NotYours
from workflow_app.domain.permissions import has_role, may
from workflow_app.domain.states import NoticeState, Service
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.notices import Notice
from workflow_app.services.host import Host
from workflow_app.services.notices import record_service
from workflow_app.services.receipts import Receipt

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row

    from workflow_app.services.case_store import Loaded
    from workflow_app.services.context import Context

SERVED_ALREADY = N_("This notice was served already.")
TOO_LATE = N_("The date of service cannot lie in the future.")
TOO_EARLY = N_("The date of service cannot lie before the day on which the notice was written.")
_notices = table_of(Notice)


def may_record(ctx: Context, loaded: Loaded) -> bool:
    """Tell whether the actor keeps the register of the case, or supervises it."""
    path, registry = loaded.row.territory_path, loaded.published.manifest.registry
    keeps = registry is not None and has_role(ctx.actor, registry, path)
    return keeps or may(ctx.actor, Permission.SUPERVISE, path)


def recordable(ctx: Context, loaded: Loaded, notice_id: int) -> Row[Any]:
    """Return a notice of the case that is not served yet. Raises NotFound, NotYours, Conflict."""
    if not may_record(ctx, loaded):
        raise NotYours
    mine = (_notices.c.id == notice_id, _notices.c.case_id == loaded.row.id)
    found = ctx.session.execute(select(_notices).where(*mine)).first()
    if found is None:
        raise NotFound
    if found.state == NoticeState.SERVED:
        raise Conflict(SERVED_ALREADY)
    return found


def record(
    ctx: Context, loaded: Loaded, notice: Row[Any], how: Service, day: date, remark: str
) -> None:
    """Keep that a notice reached the party on a day. Raises Invalid for the day, Conflict."""
    host = Host(ctx, loaded.facts.path, loaded.row.id)
    if day > host.today():
        raise Invalid(TOO_LATE)
    if day < notice.created_at.astimezone(host.calendar.zone).date():
        raise Invalid(TOO_EARLY)
    at: datetime = min(end_of_day(day, host.calendar), ctx.now)
    receipt = Receipt(how=how, at=at, by=ctx.actor.username, remark=remark or None)
    if not record_service(ctx, notice, receipt):
        raise Conflict(SERVED_ALREADY)
