"""Published processes as services that somebody may start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from sqlalchemy import func, select

from workflow_app.domain.errors import NotAllowed, NotFound
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.forms import translator
from workflow_app.services.opening import PUBLIC, stands_alone, start_form_of

if TYPE_CHECKING:
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published


def startable(ctx: Context) -> list[Published]:
    """Return the newest version of every process that has a start form and takes new cases."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.key)
    query = select(ProcessVersion.id).where(
        ProcessVersion.id.in_(newest),
        ProcessVersion.startable,
        ProcessVersion.retired_at.is_(None),
    )
    ids = ctx.session.scalars(query).all()
    return [ctx.platform.programs.get(ctx.session, version_id) for version_id in sorted(ids)]


def is_public(published: Published) -> bool:
    """Tell whether anybody may start the process."""
    starts = published.program.starts.values()
    return any(s.form and s.by in (None, PUBLIC) and stands_alone(s) for s in starts)


def may_start(ctx: Context, published: Published) -> bool:
    """Tell whether the actor has a start form in this process."""
    try:
        start_form_of(published, ctx.actor)
    except (NotAllowed, NotFound):
        return False
    return True


def card(ctx: Context, published: Published) -> dict[str, Any]:
    """Return a service as its card shows it."""
    words, manifest = translator(ctx, published), published.manifest
    return {
        "title": words(manifest.title),
        "summary": words(manifest.summary),
        "steps": [words(step) for step in manifest.steps],
        "url": url_for("public.service", key=published.key),
        "term": words(manifest.term["words"]) if "words" in manifest.term else None,
    }
