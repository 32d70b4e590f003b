"""The diagram of a draft in words, changed by plain forms."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, request, url_for

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict
from workflow_app.services.designing import outlining as service
from workflow_app.services.designing.drafts import draft_of, files_of
from workflow_app.services.designing.findings import findings_of
from workflow_app.web.current import context
from workflow_app.web.presenting.outline_forms import form_rows, last_row, problems
from workflow_app.web.presenting.outline_rows import LANE_NAME, Asked, OutlineRows
from workflow_app.web.presenting.reasons import said as sentence
from workflow_app.web.presenting.settings import readable
from workflow_app.web.presenting.studio import diagram_rows
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page, finding_row
from workflow_app.web.studio.in_words import commanded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.domain.errors import DomainError
    from workflow_app.domain.reasons import Reasoned

outline = Blueprint("studio_outline", __name__)
PAGE = f"{DRAFT}/outline"
POST = ("POST",)


@route(outline, PAGE, Permission.DESIGN)
def edit(draft_id: int) -> ResponseReturnValue:
    """Show the diagram in words, with the forms of the step that was chosen."""
    if "go" in request.args:
        path, step = (request.args.get(name, "") for name in ("path", "step"))
        return redirect(_address(draft_id, path, step))
    given = {name: text for name, text in request.args.items() if name != "do"}
    return _page(draft_id, request.args.get("path", ""), _asked(request.args, given, {}))


@route(outline, PAGE, Permission.DESIGN, methods=POST)
def change(draft_id: int) -> ResponseReturnValue:
    """Do one command, and go to the step where it happened."""
    form, path = request.form, request.form.get("path", "")

    def act(revision: int) -> str:
        return service.change(context(), draft_id, path, revision, form).focus

    return commanded(act, partial(_again, draft_id, path), partial(_address, draft_id, path))


@route(outline, f"{PAGE}/undo", Permission.DESIGN, methods=POST)
def undo(draft_id: int) -> ResponseReturnValue:
    """Take the last command back."""
    path = request.form.get("path", "")

    def act(revision: int) -> str:
        return str(service.take_back(context(), draft_id, path, revision)["focus"])

    address = partial(_address, draft_id, path)
    return commanded(act, partial(_again, draft_id, path), address, (Conflict,))


def _address(draft_id: int, path: str, step: str) -> str:
    if not step:
        return url_for("studio_outline.edit", draft_id=draft_id, path=path)
    anchor = f"step-{step}"
    return url_for("studio_outline.edit", draft_id=draft_id, path=path, step=step, _anchor=anchor)


def _again(draft_id: int, path: str, faults: Mapping[str, Reasoned], wrong: DomainError) -> str:
    """Show the page again with what was typed, and what was wrong at its field."""
    asked = _asked(request.form, dict(request.form.items()), faults)
    return _page(draft_id, path, asked, sentence(wrong))


def _asked(
    sent: Mapping[str, str], said: Mapping[str, str], faults: Mapping[str, Reasoned]
) -> Asked:
    step, do, kind = (sent.get(name, "") for name in ("step", "do", "kind"))
    return Asked(step=step, do=do, kind=kind, said=said, faults=faults)


def _page(draft_id: int, path: str, asked: Asked, trouble: str = "") -> str:
    ctx = context()
    words = service.in_words(ctx, draft_id, path)
    found = findings_of(ctx, draft_id)
    findings = [finding_row(one) for one in found if one.file == words.path]
    rows = OutlineRows(words, service.choices_for(ctx, draft_id), findings, asked)
    chosen = rows.chosen()
    lanes = _lane_forms(rows, asked)
    faults = (chosen["problems"] if chosen else []) + problems(one["rows"] for one in lanes)
    return draft_page(
        "studio/outline.html",
        draft_id,
        "outline",
        holds=True,
        words=words,
        diagrams=diagram_rows(draft_of(ctx, draft_id), files_of(ctx, draft_id), path, "outline"),
        parts=rows.parts(),
        steps=rows.steps(),
        chosen_step=asked.step,
        elsewhere=rows.elsewhere(),
        chosen=chosen,
        lanes=lanes,
        last=last_row(words.last),
        settings=readable(ctx),
        trouble=trouble,
        problems=faults,
        has_errors=bool(trouble),
    )


def _lane_forms(rows: OutlineRows, asked: Asked) -> list[dict[str, Any]]:
    """Return a form for each lane, to be renamed, and one for a new lane."""
    return [_lane_form(rows, asked, *lane) for lane in (*rows.words.lanes, ("", ""))]


def _lane_form(rows: OutlineRows, asked: Asked, key: str, name: str) -> dict[str, Any]:
    sent = asked.do == "lane" and asked.said.get("lane", "") == key
    said, faults = (asked.said, asked.faults) if sent else ({"lane_name": name}, {})
    prefix = f"lane-{key or 'new'}"
    fields = form_rows(prefix, (LANE_NAME,), said, faults, rows.choices)
    return {"lane": key, "name": rows.who(name), "rows": fields}
