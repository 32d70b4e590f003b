"""What a draft changes, in sentences and on both diagrams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify
from flask_babel import gettext as _

from workflow_app.config import LANGUAGES
from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import NotFound
from workflow_app.engine.comparing import compare_diagrams
from workflow_app.engine.documents import UnreadableXml
from workflow_app.services.designing import differences as service
from workflow_app.web.current import context
from workflow_app.web.presenting.design_changes import changes_shown, marks
from workflow_app.web.presenting.diagrams import drawing
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

changes = Blueprint("studio_changes", __name__)
PAGE = f"{DRAFT}/changes"


@route(changes, PAGE, Permission.DESIGN)
def show(draft_id: int) -> ResponseReturnValue:
    """Show all that a draft changes."""
    found = service.changes_of(context(), draft_id)
    return draft_page(
        "studio/changes.html",
        draft_id,
        "changes",
        number=found.number,
        files=changes_shown(found, draft_id),
        said=found.words,
        tongues=LANGUAGES,
    )


@route(changes, f"{PAGE}/<any(old,new):side>/<path:path>.json", Permission.DESIGN)
def diagram(draft_id: int, side: str, path: str) -> ResponseReturnValue:
    """Give one side's diagram with the signs of what is different."""
    ctx = context()
    old, new = service.two_sides(ctx, draft_id, path)
    xml = old if side == "old" else new
    if xml is None or not path.endswith(".bpmn"):
        raise NotFound
    try:
        drawn, parts = drawing(ctx, xml, _), compare_diagrams(old or xml, new or xml)
    except UnreadableXml as exc:
        raise NotFound from exc
    markers, words = marks(parts, side)
    return jsonify(**drawn, markers=markers, labels=words)
