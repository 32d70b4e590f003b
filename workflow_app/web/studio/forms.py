"""The forms of a draft: their list, and one in the editor beside what its reviewer will see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, DomainError, Invalid
from workflow_app.services.designing import forms as service
from workflow_app.services.designing.adding import add_new
from workflow_app.services.designing.drafts import draft_of, holder_of, read_file
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.form_looks import Trial, form_path, look_at_form
from workflow_app.web.current import context
from workflow_app.web.posting import posted_form
from workflow_app.web.presenting.design_forms import (
    form_rows,
    found_words,
    look_shown,
    rule_words,
    use_rows,
)
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page, finding_row
from workflow_app.web.studio.saving import saving_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from workflow_app.services.designing.form_looks import FormLook
    from workflow_app.services.designing.forms import Renamed

forms = Blueprint("studio_forms", __name__)
PAGE = f"{DRAFT}/forms"
ONE = f"{PAGE}/<slug:name>"
POST = ("POST",)


@route(forms, PAGE, Permission.DESIGN)
def index(draft_id: int) -> ResponseReturnValue:
    """List the forms of a draft with the steps that show them."""
    return _index(draft_id)


@route(forms, PAGE, Permission.DESIGN, methods=POST)
def add(draft_id: int) -> ResponseReturnValue:
    """Add a form."""
    name = request.form.get("name", "").strip()
    try:
        add_new(context(), draft_id, "form", name)
    except Invalid as wrong:
        return _index(draft_id, {"value": name, "error": said(wrong)}), 422
    return redirect(url_for("studio_forms.edit", draft_id=draft_id, name=name), 303)


@route(forms, ONE, Permission.DESIGN)
def edit(draft_id: int, name: str) -> ResponseReturnValue:
    """Edit a form beside what its reviewer will see."""
    return _editor(draft_id, name, look_at_form(context(), draft_id, name, Trial()), holds=True)


@route(forms, ONE, Permission.DESIGN, methods=POST)
def tried(draft_id: int, name: str) -> ResponseReturnValue:
    """Show a form over the sample data and answers that were entered."""
    return _editor(draft_id, name, look_at_form(context(), draft_id, name, _trial()))


@route(forms, f"{ONE}/look", Permission.DESIGN, methods=POST)
def look(draft_id: int, name: str) -> ResponseReturnValue:
    """Give what the reviewer would see of a text that is not saved yet, as a piece of a page."""
    found = look_at_form(context(), draft_id, name, _trial())
    where = url_for("studio_forms.tried", draft_id=draft_id, name=name)
    return render_template("studio/form_look.html", look=look_shown(found), action=where)


@route(forms, f"{ONE}/text", Permission.DESIGN, methods=POST)
def text(draft_id: int, name: str) -> ResponseReturnValue:
    """Save a form's text, for whoever edits it without the editor."""
    body = request.form.get("text", "").replace("\r\n", "\n")
    revision = request.form.get("revision", 0, type=int)
    try:
        service.write_form_text(context(), draft_id, name, body, revision)
    except (Invalid, Conflict) as wrong:
        kept = look_at_form(context(), draft_id, name, Trial(text=body))
        return _editor(draft_id, name, kept, trouble=said(wrong), revision=revision), 422
    flash(_("The form is saved."), "success")
    return redirect(url_for("studio_forms.edit", draft_id=draft_id, name=name), 303)


@route(forms, f"{ONE}/copy", Permission.DESIGN, methods=POST)
def copy(draft_id: int, name: str) -> ResponseReturnValue:
    """Add a copy of a form."""
    new = request.form.get("name", "").strip()
    try:
        service.copy_form(context(), draft_id, name, new)
    except (Invalid, Conflict) as wrong:
        return _refused(draft_id, name, wrong)
    return redirect(url_for("studio_forms.edit", draft_id=draft_id, name=new), 303)


@route(forms, f"{ONE}/rename", Permission.DESIGN, methods=POST)
def rename(draft_id: int, name: str) -> ResponseReturnValue:
    """Give a form another name, in the diagrams of the draft too."""
    new = request.form.get("name", "").strip()
    try:
        found = service.rename_form(context(), draft_id, name, new)
    except (Invalid, Conflict) as wrong:
        return _refused(draft_id, name, wrong)
    for sentence in _renamed(found):
        flash(sentence, "success")
    return redirect(url_for("studio_forms.edit", draft_id=draft_id, name=new), 303)


@route(forms, f"{ONE}/delete", Permission.DESIGN, methods=POST)
def delete(draft_id: int, name: str) -> ResponseReturnValue:
    """Take a form that no step shows out of the draft."""
    try:
        service.delete_form(context(), draft_id, name)
    except (Invalid, Conflict) as wrong:
        return _refused(draft_id, name, wrong)
    flash(_("“%(name)s” was deleted.", name=name), "success")
    return redirect(url_for("studio_forms.index", draft_id=draft_id), 303)


def _refused(draft_id: int, name: str, wrong: DomainError) -> ResponseReturnValue:
    found = look_at_form(context(), draft_id, name, Trial())
    return _editor(draft_id, name, found, trouble=said(wrong)), 422


def _trial() -> Trial:
    form = request.form
    return Trial(
        text=form.get("_text"),
        sample=form.get("_sample"),
        posted=posted_form() if "_form" in form and "_fresh" not in form else None,
        checked="_try" in form,
    )


def _renamed(found: Renamed) -> list[str]:
    told = [str(_("The form has its new name."))]
    if found.changed:
        steps = ", ".join(use.name or use.element for use in found.changed)
        told.append(str(_("These steps show it under its new name: %(steps)s.", steps=steps)))
    if found.elsewhere:
        steps = ", ".join(f"{use.name or use.element} ({use.process})" for use in found.elsewhere)
        told.append(
            str(_("Steps of other processes still ask for the old name: %(steps)s.", steps=steps))
        )
    return told


def _index(draft_id: int, new: dict[str, str] | None = None) -> str:
    rows = form_rows(draft_of(context(), draft_id), service.forms_of(context(), draft_id))
    return draft_page(
        "studio/forms.html",
        draft_id,
        "forms",
        rows=rows,
        new=new or {"value": "", "error": ""},
        has_errors=bool(new),
    )


def _editor(
    draft_id: int,
    name: str,
    look: FormLook,
    *,
    holds: bool = False,
    trouble: str | None = None,
    revision: int | None = None,
) -> str:
    """Draw the page; `revision` is what a text that was not saved was read at."""
    ctx = context()
    g.inline_styles = True
    draft = draft_of(ctx, draft_id)
    path = form_path(draft.key, name)
    revision = revision or read_file(ctx, draft_id, path).revision
    return draft_page(
        "studio/form.html",
        draft_id,
        "forms",
        holds=holds,
        name=name,
        look=look_shown(look),
        action=url_for("studio_forms.tried", draft_id=draft_id, name=name),
        text=look.text,
        revision=revision,
        trouble=trouble,
        has_errors=bool(trouble),
        uses=use_rows(draft_of(ctx, draft_id), service.uses_of_form(ctx, draft_id, name)),
        findings=[finding_row(one) for one in findings_of(ctx, draft_id) if one.file == path],
        given=_given(draft_id, name, path, revision),
    )


def _given(draft_id: int, name: str, path: str, revision: int) -> dict[str, Any]:
    """Return what the editor's script needs beside the form's text."""
    ctx = context()
    draft = draft_of(ctx, draft_id)
    return {
        "address": url_for("studio_files.read", draft_id=draft_id, path=path),
        "look": url_for("studio_forms.look", draft_id=draft_id, name=name),
        "path": path,
        "revision": revision,
        "hold": url_for("studio_files.keep", draft_id=draft_id),
        "token": generate_csrf(),
        "mayEdit": draft.state == "draft" and holder_of(ctx, draft) is None,
        "words": saving_words()
        | {
            "rules": rule_words(),
            "found": found_words(),
            "unreadable": _(
                "The editor cannot open this form: %(reason)s You may mend its text below.",
                reason="{reason}",
            ),
        },
    }
