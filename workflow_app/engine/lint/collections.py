"""Checks of collections: forms, roles, words and keys that operations and tasks name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.expressions import value
from workflow_app.engine.library import FORM_HEADERS
from workflow_app.engine.lint.report import Place, Report, places
from workflow_app.engine.lint.rules.collections import NOT_OPENED, WORD
from workflow_app.engine.lint.rules.content import FORM, ROLE
from workflow_app.engine.lint.rules.people import WHERE
from workflow_app.feel import FeelError, to_json

if TYPE_CHECKING:
    from workflow_app.engine.model import Extensions

KEY = "collection"
OPENS = "collection.open"
WORDS = {
    "show": ("none", "count", "answered", "all"),
    "publish_answers": ("at_once", "closing"),
    "anonymous": ("true", "false"),
}


def check_collections(report: Report) -> None:
    """Run the checks over every node of every process that runs."""
    every = places(report.library)
    opened = [_key(p.node.extensions) for p in every if p.node.extensions.operation == OPENS]
    for place in every:
        said = place.node.extensions
        if said.operation == OPENS:
            _check_opening(report, place)
        wanted = said.properties.get(KEY)
        if wanted is not None and place.node.kind != "userTask":
            report.node(WHERE, place.diagram, place.node, property=KEY)
            continue
        if (said.operation or "").startswith("collection."):
            wanted = _key(said)
        # A key that is worked out may be any.
        if wanted is not None and None not in opened and wanted not in opened:
            report.node(NOT_OPENED, place.diagram, place.node, collection=wanted)


def _check_opening(report: Report, place: Place) -> None:
    said, library = place.node.extensions, report.library
    for header in FORM_HEADERS:
        form = library.form(said.headers.get(header), place.diagram.folder)
        if form is not None and not library.has_form(form):
            report.node(FORM, place.diagram, place.node, form=form)
    role = said.headers.get("answered_by")
    if role and report.roles is not None and role not in report.roles:
        report.node(ROLE, place.diagram, place.node, role=role)
    for header, words in WORDS.items():
        told = said.headers.get(header)
        if told and told not in words:
            named = {"header": header, "value": told, "choices": ", ".join(words)}
            report.node(WORD, place.diagram, place.node, **named)


def _key(said: Extensions) -> str | None:
    """Return the key that an operation names; None where it is worked out."""
    mapped = [one.source for one in said.inputs if one.target == KEY]
    if not mapped:
        return said.headers.get(KEY, "")
    try:
        expression = value(mapped[0])
        found = None if expression.names else to_json(expression.evaluate({}))
    except FeelError:
        return None
    return None if found is None else str(found)
