"""The files of a draft as scripts read and save them, and what is wrong with them, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, request

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from workflow_app.services.designing.drafts import (
    delete_file,
    draft_of,
    hold,
    read_file,
)
from workflow_app.services.designing.errors import FileNotTaken
from workflow_app.services.designing.findings import findings_of
from workflow_app.services.designing.paths import LARGEST, TOO_LARGE, check_file
from workflow_app.services.designing.undoing import write_edited
from workflow_app.web.current import SignInNeeded, context
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, finding_row

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

files = Blueprint("studio_files", __name__)
FILE = f"{DRAFT}/files/<path:path>"
#: Requests longer than this are not even read: a file of the largest size, as JSON writes it.
LONGEST = 3 * LARGEST
STATUS = ((SignInNeeded, 401), (NotAllowed, 403), (NotFound, 404), (Conflict, 409))


@route(files, FILE, Permission.DESIGN)
def read(draft_id: int, path: str) -> ResponseReturnValue:
    """Give a file with its revision."""
    found = read_file(context(), draft_id, path)
    return jsonify(path=path, body=found.body, revision=found.revision)


@route(files, FILE, Permission.DESIGN, methods=("PUT",))
def write(draft_id: int, path: str) -> ResponseReturnValue:
    """Store a file over the revision it was read at; say what is wrong with the draft now."""
    sent = _sent(path)
    body, revision = sent.get("body"), sent.get("revision")
    if not isinstance(body, str) or not isinstance(revision, int) or revision < 0:
        raise Invalid
    stored = write_edited(context(), draft_id, path, body, revision)
    return jsonify(revision=stored, findings=_findings(draft_id))


@route(files, FILE, Permission.DESIGN, methods=("DELETE",))
def remove(draft_id: int, path: str) -> ResponseReturnValue:
    """Take a file out of the draft."""
    delete_file(context(), draft_id, path, revision=request.args.get("revision", type=int))
    return jsonify(findings=_findings(draft_id))


@route(files, f"{DRAFT}/check", Permission.DESIGN, methods=("POST",))
def check(draft_id: int) -> ResponseReturnValue:
    """Say what would be wrong if these texts were saved."""
    texts = _sent("").get("files", {})
    if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
        raise Invalid
    key = draft_of(context(), draft_id).key
    for path, body in texts.items():
        check_file(key, path, body)
    return jsonify(findings=_findings(draft_id, texts))


@route(files, f"{DRAFT}/hold", Permission.DESIGN, methods=("POST",))
def keep(draft_id: int) -> ResponseReturnValue:
    """Go on holding the draft while its page is open."""
    hold(context(), draft_id)
    return jsonify(held=True)


@files.errorhandler(DomainError)
def refused(error: DomainError) -> ResponseReturnValue:
    """Say what was wrong: 409 where somebody else was faster or holds the draft."""
    told: dict[str, Any] = {"error": said(error)}
    told |= {name: error.params.get(name) for name in ("holder", "revision")}
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 422)
    return jsonify(told), status


def _findings(draft_id: int, changed: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return [finding_row(one) for one in findings_of(context(), draft_id, changed)]


def _sent(path: str) -> dict[str, Any]:
    if (request.content_length or 0) > LONGEST:
        details = {"limit": LARGEST // 1_000_000}
        raise FileNotTaken(path=path, reason={"why": TOO_LARGE, "details": details})
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Invalid
    return sent
