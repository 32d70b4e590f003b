"""The decision tables of a file of a draft in words, changed by plain forms."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request, url_for

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, NotFound
from workflow_app.services.designing import table_words as service
from workflow_app.services.designing.findings import findings_of
from workflow_app.web.current import context
from workflow_app.web.presenting.outline_forms import last_row, troubles
from workflow_app.web.presenting.reasons import said as sentence
from workflow_app.web.presenting.table_words import Asked, TablePage
from workflow_app.web.routing import route
from workflow_app.web.studio.common import DRAFT, draft_page, finding_row
from workflow_app.web.studio.in_words import commanded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from workflow_app.domain.errors import DomainError
    from workflow_app.domain.reasons import Reasoned

table_words = Blueprint("studio_table_words", __name__)
PAGE = f"{DRAFT}/tables/<signed:name>/words"
POST = ("POST",)


@route(table_words, PAGE, Permission.DESIGN)
def edit(draft_id: int, name: str) -> ResponseReturnValue:
    """Show the tables of a file in words, with the form of the part that was chosen."""
    return _page(draft_id, name, _asked(request.args, {}))


@route(table_words, PAGE, Permission.DESIGN, methods=POST)
def change(draft_id: int, name: str) -> ResponseReturnValue:
    """Do one command, and go to where it happened."""

    def act(revision: int) -> str:
        return service.change_table(context(), draft_id, name, revision, request.form).focus

    return commanded(act, partial(_again, draft_id, name), partial(_address, draft_id, name))


@route(table_words, f"{PAGE}/undo", Permission.DESIGN, methods=POST)
def undo(draft_id: int, name: str) -> ResponseReturnValue:
    """Take the last command back."""

    def act(revision: int) -> str:
        service.take_back_table(context(), draft_id, name, revision)
        return ""

    address = partial(_address, draft_id, name)
    return commanded(act, partial(_again, draft_id, name), address, (Conflict,))


def _address(draft_id: int, name: str, at: str) -> str:
    where: dict[str, Any] = {"at": at, "_anchor": f"part-{at}"} if at else {}
    return url_for("studio_table_words.edit", draft_id=draft_id, name=name, **where)


def _again(draft_id: int, name: str, faults: Mapping[str, Reasoned], wrong: DomainError) -> str:
    """Show the page again with what was typed, and what was wrong at its field."""
    asked = _asked(request.form, faults) if not isinstance(wrong, NotFound) else _asked({}, {})
    return _page(draft_id, name, asked, sentence(wrong))


def _asked(sent: Mapping[str, str], faults: Mapping[str, Reasoned]) -> Asked:
    at, do, kind = (sent.get(part, "") for part in ("at", "do", "kind"))
    said = dict(sent.items()) if request.method == "POST" else {}
    return Asked(at=at, do=do, kind=kind, said=said, faults=faults)


def _page(draft_id: int, name: str, asked: Asked, trouble: str = "") -> str:
    found = service.tables_in_words(context(), draft_id, name)
    marks, elsewhere = _findings(draft_id, found)
    page = TablePage(found.sheet, asked, marks) if found.sheet is not None else None
    forms = page.forms() if page else None
    return draft_page(
        "studio/table_words.html",
        draft_id,
        "tables",
        holds=True,
        name=name,
        revision=found.revision,
        unread=sentence(found.trouble) if found.trouble else "",
        elsewhere=elsewhere,
        tables=page.tables() if page else [],
        forms=forms,
        last=last_row(found.last),
        troubles=troubles(trouble, forms["problems"] if forms else ()),
        has_errors=bool(trouble),
    )


def _findings(
    draft_id: int, found: service.TableWords
) -> tuple[Mapping[str, list[dict[str, Any]]], list[dict[str, Any]]]:
    """Return the findings of a file by the element they stand at, and all of them."""
    told_of = [one for one in findings_of(context(), draft_id) if one.file == found.path]
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in told_of:
        held[one.element or ""].append(finding_row(one))
    return held, [finding_row(one) for one in told_of]
