"""The library: processes, forms, tables and registers; one process with its versions; a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.models.catalogue import RegisterDefinition
from workflow_app.queries.designs import open_drafts, versions_page
from workflow_app.queries.pages import read_cursor
from workflow_app.services.designing import drafts as service
from workflow_app.services.designing.library import processes_of
from workflow_app.services.designing.register_history import (
    drafts_with,
    history_of,
    newest_changes,
)
from workflow_app.services.designing.starting import Wanted, begin_process, roles_of
from workflow_app.services.designing.trail import events_of
from workflow_app.web.current import context
from workflow_app.web.presenting.design_trail import trail_rows
from workflow_app.web.presenting.library import (
    file_rows,
    process_rows,
    register_row,
    register_rows,
    version_rows,
)
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

library = Blueprint("studio_library", __name__)
KINDS = ("processes", "forms", "tables", "registers")
LONGEST = 100


@route(library, "/studio", Permission.DESIGN)
def index() -> ResponseReturnValue:
    """List processes, forms, tables or registers, those that hold the words searched for."""
    ctx = context()
    kind = request.args.get("kind", "processes")
    search = request.args.get("q", "")[:LONGEST]
    state = request.args.get("state", "")
    names: dict[str, Any] = {"kind": kind if kind in KINDS else "processes", "q": search}
    if names["kind"] == "processes":
        names["rows"] = process_rows(ctx, processes_of(ctx, search, state))
    elif names["kind"] == "registers":
        names["rows"] = register_rows(ctx, search)
    else:
        names["rows"] = file_rows(ctx, names["kind"], search)
    return render_template("studio/library.html", state=state, **names)


@route(library, "/studio/processes/<slug:key>", Permission.DESIGN)
def process(key: str) -> ResponseReturnValue:
    """Show one process: its open draft, its versions with what runs on them, its trail."""
    ctx = context()
    page = versions_page(ctx.session, key, read_cursor(request.args.get("page"), int))
    draft = open_drafts(ctx.session).get(key)
    if not page.rows and draft is None:
        raise NotFound
    return render_template(
        "studio/process.html",
        key=key,
        title=_(page.rows[0].title) if page.rows else draft.title if draft else key,
        draft=draft,
        versions=version_rows(ctx, page.rows),
        events=trail_rows(ctx, events_of(ctx, key).rows),
        previous_url=url_for(".process", key=key, page=page.previous) if page.previous else None,
        next_url=url_for(".process", key=key, page=page.next) if page.next else None,
    )


@route(library, "/studio/registers/<slug:key>", Permission.DESIGN)
def register(key: str) -> ResponseReturnValue:
    """Show one register: its fields, its versions, and the drafts that hold it."""
    ctx = context()
    found = ctx.session.get(RegisterDefinition, key)
    if found is None:
        raise NotFound
    page = history_of(ctx, key, read_cursor(request.args.get("page"), int))
    drafts = drafts_with(ctx).get(key, [])
    return render_template(
        "studio/register.html",
        register=register_row(ctx, found, newest_changes(ctx).get(key), drafts),
        fields=found.definition["fields"],
        events=trail_rows(ctx, page.rows),
        previous_url=url_for(".register", key=key, page=page.previous) if page.previous else None,
        next_url=url_for(".register", key=key, page=page.next) if page.next else None,
    )


@route(library, "/studio/processes/<slug:key>/draft", Permission.DESIGN, methods=("POST",))
def begin(key: str) -> ResponseReturnValue:
    """Open the draft of a process, making one where there is none."""
    draft = service.open_draft(context(), key)
    return redirect(url_for("studio_drafts.overview", draft_id=draft.id), 303)


@route(library, "/studio/new", Permission.DESIGN, methods=("GET", "POST"))
def new() -> ResponseReturnValue:
    """Begin a process from nothing: title, key, prefix of numbers, who works on a case."""
    ctx, error, wanted = context(), None, Wanted.of(request.form)
    if request.method == "POST":
        try:
            draft = begin_process(ctx, wanted)
        except Invalid as wrong:
            error = {"field": getattr(wrong, "field", "title"), "text": said(wrong)}
        else:
            flash(
                _("The process is begun: every step has a form, and nothing is wrong."), "success"
            )
            return redirect(url_for("studio_drafts.overview", draft_id=draft.id), 303)
    page = render_template("studio/new.html", wanted=wanted, error=error, roles=roles_of(ctx))
    return page, 400 if error else 200
