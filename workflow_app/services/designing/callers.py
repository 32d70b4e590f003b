"""Processes that hold a copy of another one, and their renewal after it was published."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from workflow_app.domain.errors import DomainError
from workflow_app.domain.reasons import as_stored
from workflow_app.domain.text import N_
from workflow_app.models.catalogue import ProcessVersion, ProcessVersionFile
from workflow_app.services.checking import check_source
from workflow_app.services.designing.sources import published_seeds, scenarios_of
from workflow_app.services.designing.trail import record
from workflow_app.services.designing.translated import pinned_words
from workflow_app.services.publishing import (
    Origin,
    digest_of,
    newest_version,
    publish_version,
    tagged_source,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workflow_app.services.context import Context

RENEWED, UNCHANGED, REFUSED = "renewed", "unchanged", "refused"
HAS_ERRORS = N_("Errors to mend: %(count)s. The first: %(first)s")
BECAUSE = N_("Renewed because “%(title)s” was published.")
NOT_IN_USE = N_("It takes no new cases.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A process whose newest version holds files of another one."""

    key: str
    title: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What became of one caller: `renewed` as version `number`, `unchanged`, or `refused`."""

    key: str
    outcome: str
    number: int | None = None
    why: str = ""
    details: dict[str, Any] | None = None

    def told(self) -> dict[str, Any]:
        """Return it as JSON for the trail."""
        return {
            "caller": self.key,
            "outcome": self.outcome,
            "number": self.number,
            "why": self.why,
            "details": self.details or {},
        }


def callers_of(ctx: Context, key: str) -> list[Caller]:
    """Return the processes in use whose newest version holds files of a process, by key."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    path = ProcessVersionFile.path
    folders = (f"{top}/{key}/" for top in ("processes", "forms"))
    held = (
        select(ProcessVersion.key, ProcessVersion.title, ProcessVersion.number)
        .join(ProcessVersionFile, ProcessVersionFile.version_id == ProcessVersion.id)
        .where(ProcessVersion.id.in_(newest), ProcessVersion.key != key)
        .where(ProcessVersion.retired_at.is_(None))
        .where(or_(*(path.startswith(folder, autoescape=True) for folder in folders)))
        .distinct()
        .order_by(ProcessVersion.key)
    )
    return [Caller(row.key, row.title, row.number) for row in ctx.session.execute(held)]


def renew_callers(ctx: Context, title: str, keys: Sequence[str], origin: Origin) -> list[Renewal]:
    """Publish the callers anew, each checked first and each told; one that fails keeps no other.

    `title` is what was published, `origin` who agreed to it.
    """
    renewals = [_renew(ctx, key, title, origin) for key in keys]
    for one in renewals:
        record(ctx, "caller", key=one.key, draft_id=origin.draft_id, **one.told())
    return renewals


def _renew(ctx: Context, key: str, title: str, origin: Origin) -> Renewal:
    newest = newest_version(ctx, key)
    if newest is None or newest.retired_at is not None:
        return Renewal(key=key, outcome=REFUSED, why=NOT_IN_USE)
    source = published_seeds(ctx).source(key, partial(tagged_source, ctx))
    if digest_of(source.files) == newest.sha256:
        return Renewal(key=key, outcome=UNCHANGED)
    errors = [one for one in check_source(ctx, source) if one.severity == "error"]
    if errors:
        told = {"count": len(errors), "first": errors[0].text()}
        return Renewal(key=key, outcome=REFUSED, why=HAS_ERRORS, details=told)
    try:
        with ctx.session.begin_nested():
            publish_version(
                ctx,
                source,
                number=newest.number + 1,
                by=ctx.actor.username,
                checked=True,
                words=pinned_words(ctx, source, newest.words),
                scenarios=scenarios_of(ctx, newest.id),
                origin=Origin(approved_by=origin.approved_by, note=BECAUSE % {"title": title}),
            )
    except DomainError as failure:
        return Renewal(key=key, outcome=REFUSED, **as_stored(failure))
    return Renewal(key=key, outcome=RENEWED, number=newest.number + 1)
