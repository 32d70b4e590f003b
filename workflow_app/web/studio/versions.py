"""One version of a process: who published it, and taking it out of use or rolling back to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import DomainError
from workflow_app.models.designing import DesignEvent
from workflow_app.queries.case_file import titles
from workflow_app.services.designing import retiring
from workflow_app.services.designing.callers import callers_of
from workflow_app.services.designing.moving import running_elsewhere, running_on
from workflow_app.services.publishing import SEED, newest_version
from workflow_app.web.current import context
from workflow_app.web.presenting.design_trail import trail_rows
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from workflow_app.models.catalogue import ProcessVersion

versions = Blueprint("studio_versions", __name__)
VERSION = "/studio/versions/<int:version_id>"
POST = ("POST",)
NEWEST = 20


@route(versions, VERSION, Permission.DESIGN)
def show(version_id: int) -> ResponseReturnValue:
    """Show a version and what can be done with it."""
    return _page(version_id)


@route(versions, f"{VERSION}/retire", Permission.DESIGN, methods=POST)
def retire(version_id: int) -> ResponseReturnValue:
    """Take a version out of use."""
    return _do(version_id, retiring.retire, _("The version is retired."))


@route(versions, f"{VERSION}/take-up", Permission.DESIGN, methods=POST)
def take_up(version_id: int) -> ResponseReturnValue:
    """Put a retired version into use again."""
    return _do(version_id, retiring.take_up, _("The version is in use again."))


@route(versions, f"{VERSION}/roll-back", Permission.DESIGN, methods=POST)
def roll_back(version_id: int) -> ResponseReturnValue:
    """Publish the files of an earlier version anew."""
    done = _("The earlier version is published again. New cases take it.")
    return _do(version_id, retiring.roll_back, done)


def _do(version_id: int, act: Callable[..., int | None], done: str) -> ResponseReturnValue:
    try:
        made = act(context(), version_id, request.form.get("reason", ""))
    except DomainError as refused:
        context().session.rollback()
        return _page(version_id, said(refused))
    flash(done, "success")
    return redirect(url_for("studio_versions.show", version_id=made or version_id), 303)


def _page(version_id: int, trouble: str | None = None) -> ResponseReturnValue:
    ctx = context()
    version = retiring.version_of(ctx, version_id)
    newest = newest_version(ctx, version.key)
    events = select(DesignEvent).where(DesignEvent.key == version.key)
    found = ctx.session.scalars(events.order_by(DesignEvent.id.desc()).limit(NEWEST))
    page = render_template(
        "studio/version.html",
        version=version,
        people=_people(version),
        from_files=version.published_by == SEED,
        is_newest=newest is not None and newest.id == version_id,
        newest=newest,
        running=running_on(ctx, version_id),
        elsewhere=running_elsewhere(ctx, version.key, version_id),
        callers=[_(one.title) for one in callers_of(ctx, version.key)],
        events=trail_rows(ctx, found),
        trouble=trouble,
        typed=request.form.get("reason", ""),
        asked=request.path.rsplit("/", 1)[-1],
    )
    return page, 422 if trouble else 200


def _people(version: ProcessVersion) -> dict[str, str | None]:
    names = (version.published_by, version.approved_by, version.retired_by)
    known = titles(context().session, {one for one in names if one})
    published, approved, retired = (_(known.get(n, n)) if n else None for n in names)
    return {"published_by": published, "approved_by": approved, "retired_by": retired}
