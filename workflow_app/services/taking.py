"""Whether a process takes new cases: its newest version may have been retired."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import ProcessVersion

if TYPE_CHECKING:
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

NO_NEW_CASES = N_("New applications are not taken at the moment. What runs already goes on.")
_versions = table_of(ProcessVersion)


class NoNewCases(DomainError):
    """Somebody wants to begin a case of a process that takes none."""

    message = NO_NEW_CASES


def takes_cases(ctx: Context, published: Published) -> bool:
    """Tell whether a version begins new cases."""
    query = select(_versions.c.retired_at).where(_versions.c.id == published.version_id)
    return ctx.connection.execute(query).scalar() is None


def newest_taking(ctx: Context, key: str) -> Published:
    """Return the newest version of a process for a new case. Raises NotFound, NoNewCases."""
    published = ctx.platform.programs.latest(ctx.session, key)
    if not takes_cases(ctx, published):
        raise NoNewCases
    return published
