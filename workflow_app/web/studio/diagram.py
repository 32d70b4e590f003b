"""The diagram of a draft in the editor; what the editor offers; what formulas may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, g, jsonify, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.services.designing.drafts import draft_of, files_of
from workflow_app.services.designing.feel_names import functions, names_at
from workflow_app.services.designing.operation_notes import NOTES
from workflow_app.services.designing.outlining import main_diagram
from workflow_app.services.designing.palette import choices_of
from workflow_app.services.designing.templates import element_templates
from workflow_app.web.current import context
from workflow_app.web.presenting.settings import readable
from workflow_app.web.presenting.studio import diagram_rows
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page
from workflow_app.web.studio.modeler_words import EDITOR, RULES
from workflow_app.web.studio.saving import saving_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.models.designing import DesignDraft
    from workflow_app.services.designing.drafts import DraftFile

diagram = Blueprint("studio_diagram", __name__)
COUNTED = {"errors": "{errors}", "warnings": "{warnings}"}
NAMES = f"{DRAFT}/diagram/names"


@route(diagram, f"{DRAFT}/diagram", Permission.DESIGN)
def edit(draft_id: int) -> ResponseReturnValue:
    """Show a diagram: to be edited, or where somebody else holds the draft to be looked at."""
    draft = draft_of(context(), draft_id)
    files, path = files_of(context(), draft_id), request.args.get("path", "")
    if path and (path not in files or not path.endswith(".bpmn")):
        raise NotFound
    g.inline_styles = True
    shown: dict[str, Any] = {"given": _given(draft, files, path or main_diagram(draft.key))}
    shown |= {"words": _words(), "diagrams": diagram_rows(draft, files, path, "diagram")}
    shown |= {"settings": readable(context())}
    return draft_page("studio/diagram.html", draft, "diagram", holds=True, **shown)


@route(diagram, f"{DRAFT}/diagram/palette", Permission.DESIGN)
def palette(draft_id: int) -> ResponseReturnValue:
    """Give what the editor offers: lists of what exists, operations, functions."""
    choices = choices_of(context(), draft_id)
    titles = {kind: _(note.title) for kind, note in NOTES.items()}
    templates = element_templates(choices, titles, {"takes": _("Inputs"), "gives": _("Outputs")})
    offered = [*functions(), *readable(context())]
    return jsonify(choices=choices, templates=templates, functions=offered)


@route(diagram, NAMES, Permission.DESIGN)
def names(draft_id: int) -> ResponseReturnValue:
    """Give the names that a formula at an element may read, with their types."""
    element, path = request.args.get("element", ""), request.args.get("path", "")
    found = names_at(context(), draft_id, element, path)
    return jsonify(names=[_with_writers(**one) for one in found])


def _with_writers(writers: list[str], **told: Any) -> dict[str, Any]:
    steps = ", ".join(writers)
    return {**told, "info": _("Written by: %(steps)s", steps=steps) if steps else ""}


def _given(draft: DesignDraft, files: Mapping[str, DraftFile], path: str) -> dict[str, Any]:
    """Return a diagram and where to read, save and check it."""
    found = files.get(path)
    return {
        "body": found.body if found else "",
        "revision": found.revision if found else 0,
        "path": path,
        "address": url_for("studio_files.write", draft_id=draft.id, path=path),
        "check": url_for("studio_files.check", draft_id=draft.id),
        "palette": url_for("studio_diagram.palette", draft_id=draft.id),
        "names": url_for("studio_diagram.names", draft_id=draft.id, path=path),
        "hold": url_for("studio_files.keep", draft_id=draft.id),
        "token": generate_csrf(),
    }


def _words() -> dict[str, dict[str, str]]:
    """Return every word of the editor in the reader's language, by whoever says it."""
    return {
        "saving": saving_words(),
        "editor": {asked: _(said) for asked, said in EDITOR.items()},
        "rules": {rule: _(sentence) for rule, sentence in RULES.items()},
        "choices": _choice_words(),
        "page": _page_words(),
    }


def _choice_words() -> dict[str, str]:
    return {
        "forms": _("Choose a form"),
        "roles": _("Choose a role"),
        "decisions": _("Choose a decision"),
        "processes": _("Choose a process"),
        "messages": _("Choose a message"),
        "senders": _("Who may send it"),
        "begun": _("Page of this event"),
    }


def _page_words() -> dict[str, str]:
    return {
        "error": _("Error"),
        "warn": _("Warning"),
        "info": _("Note"),
        "counts": _("Errors: %(errors)s. Warnings: %(warnings)s.", **COUNTED),
        "nothing": _("Nothing is wrong with this draft."),
        "partly": _("Some parts of the file cannot be drawn. They are kept as they are."),
        "unreadable": _("This file is no diagram that can be drawn. It is kept as it is."),
    }
