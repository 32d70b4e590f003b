"""Editing one scenario of a draft: as a table of steps, or as its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid
from workflow_app.services.designing import drafts as service
from workflow_app.services.designing import scripts
from workflow_app.services.designing.proofs import proof_of
from workflow_app.web.current import context
from workflow_app.web.presenting.proofs import result_of
from workflow_app.web.presenting.reasons import said
from workflow_app.web.presenting.scripts import hints, new_path, sheet_page
from workflow_app.web.routing import route
from workflow_app.web.studio.common import draft_page
from workflow_app.web.studio.scenarios import ALL, scenarios

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.models.designing import DesignDraft

__all__ = ["scenarios"]
FIELDS = ("title", "clock", "element", "who", "answers", "start_rest", "expect", "rest")
STEP = ("kind", "name", "who", "answers", "expect", "rest")
MOST_STEPS = 400


@route(scenarios, f"{ALL}/new", Permission.DESIGN, methods=("POST",))
def add(draft_id: int) -> ResponseReturnValue:
    """Add a scenario that only begins a case."""
    ctx = context()
    draft = service.draft_of(ctx, draft_id)
    title = request.form.get("title", "").strip()
    try:
        path, body = new_path(ctx, draft, title)
        service.write_file(ctx, draft_id, path, body, revision=0)
    except Invalid as wrong:
        flash(said(wrong), "error")
        return redirect(url_for("studio_scenarios.show", draft_id=draft_id), 303)
    name = path.rsplit("/", 1)[-1]
    return redirect(url_for("studio_scenarios.edit", draft_id=draft_id, name=name), 303)


@route(scenarios, f"{ALL}/<signed:name>", Permission.DESIGN)
def edit(draft_id: int, name: str) -> ResponseReturnValue:
    """Show a scenario as a table where it can be, else as text."""
    ctx = context()
    draft = service.draft_of(ctx, draft_id)
    stored = service.read_file(ctx, draft_id, _path(draft, name))
    if not scripts.is_sheet(stored.body):
        return redirect(url_for("studio_scenarios.text", draft_id=draft_id, name=name))
    sheet = scripts.sheet_of(stored.body)
    return _table(draft, name, sheet, stored.revision, remarks="#" in stored.body)


@route(scenarios, f"{ALL}/<signed:name>", Permission.DESIGN, methods=("POST",))
def save(draft_id: int, name: str) -> ResponseReturnValue:
    """Save a scenario's table, or add, move and remove a row of it."""
    draft = service.draft_of(context(), draft_id)
    sheet, revision = _posted_sheet(), request.form.get("revision", 0, type=int)
    act = request.form.get("_act", "")
    if act:
        return _table(draft, name, scripts.changed(sheet, act), revision)
    try:
        body = scripts.text_of(sheet)
        scripts.check(name, body)
        with context().session.begin_nested():
            service.write_file(context(), draft_id, _path(draft, name), body, revision=revision)
    except (Invalid, Conflict) as wrong:
        return _table(draft, name, sheet, revision, wrong=wrong), _status(wrong)
    flash(_("The scenario is saved."), "success")
    return redirect(url_for("studio_scenarios.edit", draft_id=draft_id, name=name), 303)


@route(scenarios, f"{ALL}/<signed:name>/text", Permission.DESIGN)
def text(draft_id: int, name: str) -> ResponseReturnValue:
    """Show a scenario file as it is."""
    ctx = context()
    draft = service.draft_of(ctx, draft_id)
    stored = service.read_file(ctx, draft_id, _path(draft, name))
    return _text(draft, name, stored.body, stored.revision)


@route(scenarios, f"{ALL}/<signed:name>/text", Permission.DESIGN, methods=("POST",))
def save_text(draft_id: int, name: str) -> ResponseReturnValue:
    """Save a scenario file as it was typed."""
    draft = service.draft_of(context(), draft_id)
    body = request.form.get("body", "").replace("\r\n", "\n")
    revision = request.form.get("revision", 0, type=int)
    try:
        scripts.check(name, body)
        with context().session.begin_nested():
            service.write_file(context(), draft_id, _path(draft, name), body, revision=revision)
    except (Invalid, Conflict) as wrong:
        return _text(draft, name, body, revision, wrong), _status(wrong)
    flash(_("The scenario is saved."), "success")
    return redirect(url_for("studio_scenarios.text", draft_id=draft_id, name=name), 303)


@route(scenarios, f"{ALL}/<signed:name>/remove", Permission.DESIGN, methods=("POST",))
def remove(draft_id: int, name: str) -> ResponseReturnValue:
    """Take a scenario out of the draft."""
    draft = service.draft_of(context(), draft_id)
    service.delete_file(context(), draft_id, _path(draft, name))
    flash(_("The scenario was removed from the draft."), "success")
    return redirect(url_for("studio_scenarios.show", draft_id=draft_id), 303)


def _path(draft: DesignDraft, name: str) -> str:
    return f"processes/{draft.key}/scenarios/{name}"


def _status(wrong: Exception) -> int:
    return 409 if isinstance(wrong, Conflict) else 422


def _posted_sheet() -> scripts.Sheet:
    given = {name: _posted(name) for name in FIELDS}
    count = min(request.form.get("count", 0, type=int), MOST_STEPS)
    return scripts.Sheet(**given, steps=tuple(map(_posted_step, range(count))))


def _posted_step(number: int) -> scripts.StepRow:
    return scripts.StepRow(**{name: _posted(f"{name}-{number}") for name in STEP})


def _posted(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")


def _table(
    draft: DesignDraft,
    name: str,
    sheet: scripts.Sheet,
    revision: int,
    *,
    wrong: Invalid | Conflict | None = None,
    remarks: bool = False,
) -> str:
    shown = sheet_page(draft, name, sheet, wrong)
    return _page("scenario", draft, name, wrong, revision, **shown, remarks=remarks)


def _text(
    draft: DesignDraft,
    name: str,
    body: str,
    revision: int,
    wrong: Invalid | Conflict | None = None,
) -> str:
    line = getattr(wrong, "line", 0)
    rows = body.split("\n")
    shown = rows[line - 1] if 0 < line <= len(rows) else None
    may_table = scripts.is_sheet(body)
    more = {"body": body, "line": line, "shown": shown, "may_table": may_table}
    return _page("scenario_text", draft, name, wrong, revision, **more)


def _page(
    template: str,
    draft: DesignDraft,
    name: str,
    wrong: Invalid | Conflict | None,
    revision: int,
    **more: Any,
) -> str:
    result = result_of(proof_of(context(), draft.id), name)
    trouble = said(wrong) if wrong else None
    return draft_page(
        f"studio/{template}.html",
        draft,
        "scenarios",
        name=name,
        revision=revision,
        result=result,
        **more,
        trouble=trouble,
        has_errors=wrong is not None,
        hints=hints(context(), draft),
    )
