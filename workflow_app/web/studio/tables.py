"""The decision tables of a draft: their list, and one in the editor with findings and a bench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.engine import types_written
from workflow_app.services.designing import tables as service
from workflow_app.services.designing.bench import asked_of, read_entries, try_decision
from workflow_app.services.designing.drafts import draft_of, holder_of
from workflow_app.services.designing.kept_cases import keep_case, tests_of
from workflow_app.services.designing.sources import source_of
from workflow_app.web.current import context
from workflow_app.web.presenting.design_forms import found_words
from workflow_app.web.presenting.design_tables import (
    bench_fields,
    draft_teller,
    drawn_decisions,
    table_rows,
    tried_shown,
)
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page, finding_row
from workflow_app.web.studio.decision_words import EDITOR
from workflow_app.web.studio.saving import saving_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.designing.bench import Tried
    from workflow_app.services.designing.tables import TableLook

tables = Blueprint("studio_tables", __name__)
PAGE = f"{DRAFT}/tables"
ONE = f"{PAGE}/<signed:name>"
POST = ("POST",)
#: A table of more rows is drawn by the editor only when somebody asks for it.
EDITOR_ROWS = 600


@route(tables, PAGE, Permission.DESIGN)
def index(draft_id: int) -> ResponseReturnValue:
    """List the decisions of a draft with the steps that ask them."""
    return _index(draft_id)


@route(tables, PAGE, Permission.DESIGN, methods=POST)
def add(draft_id: int) -> ResponseReturnValue:
    """Add a decision table."""
    name, title = (request.form.get(part, "").strip() for part in ("name", "title"))
    try:
        service.new_table(context(), draft_id, name, title)
    except Invalid as wrong:
        return _index(draft_id, {"value": name, "title": title, "error": said(wrong)}), 422
    return redirect(url_for("studio_tables.edit", draft_id=draft_id, name=name), 303)


@route(tables, ONE, Permission.DESIGN)
def edit(draft_id: int, name: str) -> ResponseReturnValue:
    """Edit a file of decisions; what is wrong with it stands beside."""
    return _editor(draft_id, name, holds=True)


@route(tables, ONE, Permission.DESIGN, methods=POST)
def tried(draft_id: int, name: str) -> ResponseReturnValue:
    """Make a decision over what was entered, and keep it as a test if that was asked for."""
    return _editor(draft_id, name)


@route(tables, f"{ONE}/bench", Permission.DESIGN, methods=POST)
def bench(draft_id: int, name: str) -> ResponseReturnValue:
    """Give the bench over what was entered, as a piece of a page."""
    where = url_for("studio_tables.tried", draft_id=draft_id, name=name)
    shown = _bench(draft_id, service.look_at_table(context(), draft_id, name, checked=False))
    return render_template("studio/bench.html", bench=shown, action=where)


@route(tables, f"{ONE}/text", Permission.DESIGN, methods=POST)
def text(draft_id: int, name: str) -> ResponseReturnValue:
    """Save the text of a file of decisions, for whoever edits it without the editor."""
    body = request.form.get("text", "").replace("\r\n", "\n")
    revision = request.form.get("revision", 0, type=int)
    try:
        service.write_table_text(context(), draft_id, name, body, revision)
    except (Invalid, Conflict) as wrong:
        return _editor(draft_id, name, trouble=said(wrong), typed=(body, revision)), 422
    flash(_("The table is saved."), "success")
    return redirect(url_for("studio_tables.edit", draft_id=draft_id, name=name), 303)


@route(tables, f"{ONE}/delete", Permission.DESIGN, methods=POST)
def delete(draft_id: int, name: str) -> ResponseReturnValue:
    """Take a file of decisions that no step asks out of the draft."""
    try:
        service.delete_table(context(), draft_id, name)
    except (Invalid, Conflict) as wrong:
        return _editor(draft_id, name, trouble=said(wrong)), 422
    flash(_("“%(name)s” was deleted.", name=name), "success")
    return redirect(url_for("studio_tables.index", draft_id=draft_id), 303)


def _given() -> dict[str, str]:
    return {name[3:]: value for name, value in request.form.items() if name.startswith("in-")}


def _bench(draft_id: int, look: TableLook) -> dict[str, Any]:
    """Return the bench: what it asks for, what came of what was entered, and what was kept."""
    ctx = context()
    if look.model is None or not look.model.decisions:
        return {"decisions": [], "large": look.large}
    decisions = look.model.decisions
    chosen = request.form.get("_decision", "")
    chosen = chosen if chosen in decisions else [*decisions][-1]
    asked = asked_of(look.model, chosen, types_written(source_of(ctx, draft_id)))
    pressed = "_ask" in request.form or "_keep" in request.form
    entered = read_entries(asked, _given()) if pressed else None
    tried = None
    if entered is not None and not entered.faults:
        tried = try_decision(ctx, look.model, chosen, entered.data)
    kept = _keep(draft_id, look, chosen, tried) if tried and "_keep" in request.form else None
    teller = draft_teller(ctx, draft_of(ctx, draft_id))
    tests = tests_of(ctx, draft_id, chosen)
    return {
        "decisions": [{"id": d.id, "title": teller.words(d.title)} for d in decisions.values()],
        "chosen": chosen,
        "fields": bench_fields(asked, _given(), entered),
        "told": tried_shown(tried, look, teller) if tried else None,
        "kept": kept,
        "tests": tests.cases if tests else 0,
        "may_keep": _may_edit(draft_id),
        "large": False,
    }


def _keep(draft_id: int, look: TableLook, decision: str, tried: Tried) -> dict[str, Any]:
    """Keep what was tried as a test; return what to say of it."""
    if look.model is None:
        raise NotFound
    title = request.form.get("_title", "").strip()[:200]
    try:
        path = keep_case(context(), draft_id, look.model, decision, tried, title)
    except (Invalid, Conflict) as wrong:
        return {"done": False, "text": said(wrong)}
    return {"done": True, "text": str(_("Kept as a test in %(file)s.", file=path))}


def _may_edit(draft_id: int) -> bool:
    draft = draft_of(context(), draft_id)
    return draft.state == "draft" and holder_of(context(), draft) is None


def _index(draft_id: int, new: dict[str, str] | None = None) -> str:
    return draft_page(
        "studio/tables.html",
        draft_id,
        "tables",
        rows=table_rows(draft_of(context(), draft_id), service.tables_of(context(), draft_id)),
        new=new or {"value": "", "title": "", "error": ""},
        has_errors=bool(new),
    )


def _editor(
    draft_id: int,
    name: str,
    *,
    holds: bool = False,
    trouble: str | None = None,
    typed: tuple[str, int] | None = None,
) -> str:
    """Draw the page; `typed` is a text that was not saved, and what it was read at."""
    ctx = context()
    g.inline_styles = True
    look = service.look_at_table(ctx, draft_id, name)
    text, revision = typed or (look.file.body, look.file.revision)
    teller = draft_teller(ctx, draft_of(ctx, draft_id))
    return draft_page(
        "studio/table.html",
        draft_id,
        "tables",
        holds=holds,
        name=name,
        bench=_bench(draft_id, look),
        action=url_for("studio_tables.tried", draft_id=draft_id, name=name),
        decisions=drawn_decisions(look, teller),
        findings=[finding_row(one) for one in look.findings],
        large=look.large,
        text=text,
        revision=revision,
        trouble=trouble,
        has_errors=bool(trouble),
        given=_given_to_script(draft_id, name, look) | {"revision": revision},
    )


def _given_to_script(draft_id: int, name: str, look: TableLook) -> dict[str, Any]:
    """Return what the editor's script needs."""
    words = {
        "found": found_words(),
        "editor": {asked: _(said) for asked, said in EDITOR.items()},
        "views": {"drd": _("How the decisions hang together")},
        "unreadable": _(
            "The editor cannot open this file: %(reason)s You may mend its text below.",
            reason="{reason}",
        ),
    }
    return {
        "address": url_for("studio_files.read", draft_id=draft_id, path=look.path),
        "bench": url_for("studio_tables.bench", draft_id=draft_id, name=name),
        "path": look.path,
        "hold": url_for("studio_files.keep", draft_id=draft_id),
        "token": generate_csrf(),
        "mayEdit": _may_edit(draft_id),
        "findings": [finding_row(one) for one in look.findings],
        "waits": look.file.body.count("<rule") + look.file.body.count(":rule ") > EDITOR_ROWS,
        "words": saving_words() | words,
    }
