"""What a draft changes, in sentences, and the signs of it on both diagrams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _

from workflow_app.domain.text import N_
from workflow_app.engine.outline import WORDS
from workflow_app.web.presenting.design_words import file_word

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.engine.comparing import Aspect, Difference
    from workflow_app.services.designing.differences import Changes, FileChange

_KINDS = {
    **WORDS,
    "sequenceFlow": N_("Way"),
    "messageFlow": N_("Message flow"),
    "lane": N_("Lane"),
    "participant": N_("Pool"),
    "textAnnotation": N_("Note"),
    "association": N_("Link"),
    "dataObjectReference": N_("Data"),
    "dataStoreReference": N_("Data store"),
    "message": N_("Message"),
    "error": N_("Error"),
    "signal": N_("Signal"),
    "escalation": N_("Escalation"),
    "process": N_("Process"),
    "group": N_("Frame"),
    "decision": N_("Decision"),
    "rule": N_("Row"),
    "input": N_("Input column"),
    "output": N_("Output column"),
}
_FIELD = N_("Field")
_ASPECTS = {
    "kind": N_("Kind"),
    "name": N_("Name"),
    "text": N_("Text"),
    "documentation": N_("Explanation"),
    "lane": N_("Role"),
    "sourceRef": N_("Begins at"),
    "targetRef": N_("Leads to"),
    "default": N_("Way taken otherwise"),
    "conditionExpression": N_("Condition"),
    "formDefinition/formId": N_("Form"),
    "assignmentDefinition/assignee": N_("Who does it"),
    "assignmentDefinition/candidateGroups": N_("Role"),
    "assignmentDefinition/candidateUsers": N_("Who may do it"),
    "taskSchedule/dueDate": N_("Due"),
    "calledDecision/decisionId": N_("Decision"),
    "calledElement/processId": N_("Called process"),
    "taskDefinition/type": N_("Operation"),
    "script/expression": N_("Calculation"),
    "label": N_("Label"),
    "description": N_("Help"),
    "place": N_("Place in the form"),
    "validate/required": N_("Must be filled in"),
    "conditional/hide": N_("Hidden when"),
    "hitPolicy": N_("Hit policy"),
}
_NUMBERED = {
    "input": N_("Input “%(name)s”"),
    "output": N_("Output “%(name)s”"),
    "header": N_("Constant “%(name)s”"),
    "property": N_("Property “%(name)s”"),
    "inputEntry": N_("Input %(name)s"),
    "outputEntry": N_("Output %(name)s"),
    "annotationEntry": N_("Note %(name)s"),
}
STATES = {
    "new": (N_("New"), "done"),
    "gone": (N_("Removed"), "stuck"),
    "changed": (N_("Changed"), "current"),
}


def changes_shown(changes: Changes, draft_id: int) -> list[dict[str, Any]]:
    """Return each file that differs: {title, path, word, parts, placed, lines, diagrams}."""
    return [_file(one, draft_id, changes.number) for one in changes.files]


def marks(parts: Iterable[Difference], side: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return (markers, labels) of the elements that a side's diagram shows as different."""
    hidden = "gone" if side == "new" else "new"
    shown = [one for one in parts if one.state in STATES and one.state != hidden]
    markers = {one.element: STATES[one.state][1] for one in shown}
    return markers, {one.element: str(_(STATES[one.state][0])) for one in shown}


def _file(change: FileChange, draft_id: int, number: int | None) -> dict[str, Any]:
    drawn = change.path.endswith(".bpmn") and change.state == "changed"
    return {
        "title": file_word(change.path),
        "path": change.path,
        "word": _(STATES[change.state][0]),
        "parts": [_part(one) for one in change.parts if one.state != "placed"],
        "placed": sum(one.state == "placed" for one in change.parts),
        "lines": change.lines,
        "diagrams": _diagrams(change.path, draft_id, number) if drawn else [],
    }


def _diagrams(path: str, draft_id: int, number: int | None) -> list[dict[str, str]]:
    titles = {"old": _("Version %(number)s", number=number), "new": _("This draft")}
    return [
        {
            "title": str(title),
            "source": url_for("studio_changes.diagram", draft_id=draft_id, side=side, path=path),
        }
        for side, title in titles.items()
    ]


def _part(one: Difference) -> dict[str, Any]:
    return {
        "state": one.state,
        "word": _(STATES[one.state][0]),
        "kind": _(_KINDS.get(one.kind, _FIELD)),
        "name": one.name or one.element,
        "aspects": [_aspect(aspect) for aspect in one.aspects],
    }


def _aspect(aspect: Aspect) -> dict[str, Any]:
    return {"word": _aspect_word(aspect.name), "old": aspect.old, "new": aspect.new}


def _aspect_word(name: str) -> str:
    head, _colon, called = name.partition(":")
    if name in _ASPECTS:
        return str(_(_ASPECTS[name]))
    numbered = _NUMBERED.get(head) if called else None
    return str(_(numbered, name=called.partition("/")[0])) if numbered else name
