"""Versions in use and out of use: retired, taken up again, and rolled back to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from workflow_app.domain.errors import Conflict, DomainError, Invalid, NotFound
from workflow_app.domain.reasons import as_stored
from workflow_app.domain.text import N_
from workflow_app.engine import InvalidSource
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.locks import hold_words
from workflow_app.services.checking import check_source
from workflow_app.services.designing.sources import scenarios_of
from workflow_app.services.designing.trail import record
from workflow_app.services.programs import load_source, publish_in_memory
from workflow_app.services.publishing import Origin, newest_version, publish_version
from workflow_app.services.starts import drop_starts, replace_starts

if TYPE_CHECKING:
    from workflow_app.engine import Source
    from workflow_app.services.context import Context

NO_REASON = N_("Enter a reason")
IS_RETIRED = N_("This version is retired. Take it up again first.")
IN_USE = N_("This version is in use already.")
NOT_RETIRED = N_("This version is not retired.")
ACCEPTED = N_("Errors by today's check that were accepted: %(count)s. The first: %(first)s")
#: Findings about what a version needs and nobody has any more: a case would not get past it.
GONE = frozenset(
    {
        *("unknown-operation", "unknown-setting", "unknown-register", "unknown-role"),
        *("unknown-decision", "unknown-process", "no-process", "missing-form", "no-version"),
        *("unreadable", "file-unreadable", "form-unreadable", "mails-unreadable"),
        *("manifest-missing", "manifest-unreadable"),
    }
)
LONGEST = 2000
_versions = table_of(ProcessVersion)


def version_of(ctx: Context, version_id: int) -> ProcessVersion:
    """Return a version by id, as it is stored now. Raises NotFound."""
    version = ctx.session.get(ProcessVersion, version_id, populate_existing=True)
    if version is None:
        raise NotFound
    return version


def retire(ctx: Context, version_id: int, reason: str) -> None:
    """Take a version out of use: it begins no new case, and nobody rolls back to it.

    Running cases go on. Raises NotFound, Invalid without a reason, Conflict when it is retired.
    """
    version, reason = version_of(ctx, version_id), _said(reason)
    live = update(_versions).where(_versions.c.id == version_id, _versions.c.retired_at.is_(None))
    gone = {"retired_at": ctx.now, "retired_by": ctx.actor.username}
    if ctx.connection.execute(live.values(**gone)).rowcount != 1:
        raise Conflict(IS_RETIRED)
    if _is_newest(ctx, version):
        drop_starts(ctx, version.key)
    ctx.session.refresh(version)
    _record(ctx, version, "retired", reason)


def take_up(ctx: Context, version_id: int, reason: str) -> None:
    """Put a retired version into use again; the newest one begins cases again.

    Raises NotFound, Invalid without a reason, Conflict when it is not retired, engine.StepFailed
    for a timer start without a time.
    """
    version, reason = version_of(ctx, version_id), _said(reason)
    gone = _versions.c.retired_at.is_not(None)
    back = update(_versions).where(_versions.c.id == version_id, gone)
    if ctx.connection.execute(back.values(retired_at=None, retired_by=None)).rowcount != 1:
        raise Conflict(NOT_RETIRED)
    if _is_newest(ctx, version):
        published = publish_in_memory(load_source(ctx.session, version_id), checked=True)
        replace_starts(ctx, version_id, published)
    ctx.session.refresh(version)
    _record(ctx, version, "taken_up", reason)


def roll_back(ctx: Context, version_id: int, reason: str) -> int:
    """Publish the files of an earlier version as the newest one; returns its id.

    The reason stands in the place of a second person's approval, and is kept with the version. It
    has run before, so errors that only today's check finds are accepted and told in the trail.
    Raises NotFound, Invalid without a reason, Conflict when it is in use or retired,
    engine.InvalidSource when something that it needs is gone, FileRefused, StepFailed.
    """
    version, reason = version_of(ctx, version_id), _said(reason)
    hold_words(ctx.session, [f"publish {version.key}"])
    newest = newest_version(ctx, version.key) or version
    if newest.id == version.id:
        raise Conflict(IN_USE)
    if version.retired_at is not None:
        raise Conflict(IS_RETIRED)
    source = load_source(ctx.session, version_id)
    accepted = _accepted(ctx, source)
    made = publish_version(
        ctx,
        source,
        number=newest.number + 1,
        by=ctx.actor.username,
        checked=True,
        words=version.words,
        scenarios=scenarios_of(ctx, version_id),
        origin=Origin(note=reason),
    )
    told: dict[str, Any] = {"reason": reason, "to": version.number, "from": newest.number}
    told |= {"accepted": accepted} if accepted else {}
    record(ctx, "rolled_back", key=version.key, version_id=made, **told)
    return made


def _accepted(ctx: Context, source: Source) -> dict[str, Any] | None:
    """Return what today's check says against files that ran before, as JSON; None for nothing.

    Raises InvalidSource when something that they need is gone.
    """
    errors = tuple(one for one in check_source(ctx, source) if one.severity == "error")
    if gone := tuple(one for one in errors if one.code in GONE):
        raise InvalidSource(gone)
    if not errors:
        return None
    first = as_stored(DomainError(errors[0].message, **errors[0].params))
    return {"why": ACCEPTED, "details": {"count": len(errors), "first": first}}


def _is_newest(ctx: Context, version: ProcessVersion) -> bool:
    newest = newest_version(ctx, version.key)
    return newest is not None and newest.id == version.id


def _said(reason: str) -> str:
    if not reason.strip():
        raise Invalid(NO_REASON)
    return reason.strip()[:LONGEST]


def _record(ctx: Context, version: ProcessVersion, kind: str, reason: str) -> None:
    told: dict[str, Any] = {"reason": reason, "number": version.number}
    record(ctx, kind, key=version.key, version_id=version.id, **told)
