"""The letters of a draft: their list, and one beside what is printed from sample data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _

from workflow_app.config import LANGUAGES
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, Invalid, NotFound
from workflow_app.services.designing import letters as service
from workflow_app.services.designing.drafts import read_file, write_file
from workflow_app.web.current import context
from workflow_app.web.headers import content_policy, csp_nonce
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

letters = Blueprint("studio_letters", __name__)
PAGE = f"{DRAFT}/letters"
ONE = f"{PAGE}/<slug:name>"
POST = ("POST",)


@route(letters, PAGE, Permission.DESIGN)
def index(draft_id: int) -> ResponseReturnValue:
    """List the letters of a draft."""
    names = service.letters_of(context(), draft_id)
    rows = [{"name": one, "url": _address("edit", draft_id, one)} for one in names]
    return draft_page("studio/letters.html", draft_id, "letters", rows=rows)


@route(letters, ONE, Permission.DESIGN)
def edit(draft_id: int, name: str) -> ResponseReturnValue:
    """Show a letter's template beside its preview."""
    return _page(draft_id, name)


@route(letters, ONE, Permission.DESIGN, methods=POST)
def save(draft_id: int, name: str) -> ResponseReturnValue:
    """Store the template; one that cannot be printed is stored too, and its line is named."""
    ctx, trial = context(), _trial()
    revision = request.form.get("revision", 0, type=int)
    try:
        write_file(ctx, draft_id, _path(draft_id, name), trial.template, revision=revision)
    except (Conflict, Invalid) as wrong:
        status = 409 if isinstance(wrong, Conflict) else 422
        return _page(draft_id, name, trial, said(wrong)), status
    flash(_("The letter is saved."), "success")
    try:
        service.printed(ctx, draft_id, trial)
    except Invalid as wrong:
        return _page(draft_id, name, trial, said(wrong), wrong)
    return redirect(_address("edit", draft_id, name), 303)


@route(letters, f"{ONE}/preview", Permission.DESIGN, methods=POST)
def preview(draft_id: int, name: str) -> ResponseReturnValue:
    """Print a template that need not be saved; it is shown in a frame of the letter's page."""
    _path(draft_id, name)
    trial = _trial()
    try:
        pdf = service.printed(context(), draft_id, trial)
    except Invalid as wrong:
        fault = _fault(trial.template, wrong)
        page = render_template("studio/letter_fault.html", trouble=said(wrong), **fault)
        return _framed(make_response(page, 422))
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return _framed(answer)


def _framed(answer: Response) -> Response:
    """Let our own pages show an answer in a frame."""
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Content-Security-Policy"] = content_policy(csp_nonce(), "'self'")
    return answer


def _trial() -> service.Trial:
    form = request.form
    template = form.get("template", "").replace("\r\n", "\n")
    sample, language = form.get("sample", ""), form.get("language", "en")
    return service.Trial(template=template, sample=sample, language=language)


def _path(draft_id: int, name: str) -> str:
    path = service.letters_of(context(), draft_id).get(name)
    if path is None:
        raise NotFound
    return path


def _page(
    draft_id: int,
    name: str,
    typed: service.Trial | None = None,
    trouble: str | None = None,
    wrong: Invalid | None = None,
) -> str:
    file = read_file(context(), draft_id, _path(draft_id, name))
    sample = json.dumps(service.sample_of(file.body), indent=2, ensure_ascii=False)
    trial = typed or service.Trial(template=file.body, sample=sample, language="en")
    return draft_page(
        "studio/letter.html",
        draft_id,
        "letters",
        holds=typed is None,
        name=name,
        trial=trial,
        revision=file.revision,
        newest=file.body if typed and file.body != trial.template else None,
        spoken=list(LANGUAGES.items()),
        trouble=trouble,
        **_fault(trial.template, wrong),
    )


def _fault(template: str, wrong: Invalid | None) -> dict[str, Any]:
    """Return the line that is wrong, with its text, and all that the compiler said."""
    if not isinstance(wrong, service.LetterFaulty):
        return {"line": 0, "shown": None, "detail": None}
    lines = template.split("\n")
    shown = lines[wrong.line - 1] if 0 < wrong.line <= len(lines) else None
    return {"line": wrong.line, "shown": shown, "detail": wrong.detail}


def _address(view: str, draft_id: int, name: str) -> str:
    return url_for(f"studio_letters.{view}", draft_id=draft_id, name=name)
