"""The forms of the outline as its template draws them: fields, what was typed, what was wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from workflow_app.web.presenting.reasons import said as sentence
from workflow_app.web.presenting.reasons import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflow_app.domain.reasons import Reasoned
    from workflow_app.services.designing.step_fields import Field

    Choices = Mapping[str, list[dict[str, str]]]
    Faults = Mapping[str, Reasoned]


def field_row(
    prefix: str, field: Field, value: str, fault: Reasoned | None, choices: Choices
) -> dict[str, Any]:
    """Return one field: {id, name, label, hint, value, error, kind, options, needed, lines}.

    `kind` is “text”, “area”, “select”, or “list” for a text with proposals.
    """
    options = [{"value": word, "label": _(label)} for word, label in field.options]
    options += list(choices.get(field.choices, ()))
    known = any(one["value"] == value for one in options)
    if options and value and not known and not field.free:
        options = [{"value": value, "label": value}, *options]
    return {
        "id": f"{prefix}-{field.name}".replace(".", "-"),
        "name": field.name,
        "label": _(field.label),
        "hint": _(field.hint) if field.hint else "",
        "value": value,
        "error": sentence(fault) if fault is not None else "",
        "kind": _kind(field, options),
        "options": options,
        "needed": field.needed,
        "lines": field.lines,
        "formula": field.feel or field.pairs,
    }


def _kind(field: Field, options: list[dict[str, str]]) -> str:
    if field.lines > 1:
        return "area"
    if field.choices and field.free:
        return "list"
    return "select" if field.choices or options else "text"


def form_rows(
    prefix: str,
    fields: Iterable[Field],
    values: Mapping[str, str],
    faults: Faults,
    choices: Choices,
) -> list[dict[str, Any]]:
    """Return the fields of one form with what stands in them."""
    return [
        field_row(prefix, one, values.get(one.name, ""), faults.get(one.name), choices)
        for one in fields
    ]


def choice_row(
    identity: str, label: str, options: list[dict[str, str]], value: str, fault: Reasoned | None
) -> dict[str, Any]:
    """Return a field that chooses one of several, named by the last part of its id."""
    return {
        "id": identity,
        "name": identity.rpartition("-")[2],
        "label": label,
        "hint": "",
        "value": value,
        "error": sentence(fault) if fault is not None else "",
        "kind": "select",
        "options": options,
        "needed": False,
        "lines": 1,
        "formula": False,
    }


def problems(forms: Iterable[list[dict[str, Any]]]) -> list[dict[str, str]]:
    """Return what was wrong, for the summary: [{id, text}]."""
    rows = (row for form in forms for row in form)
    return [
        {"id": row["id"], "text": f"{row['label']}: {row['error']}"} for row in rows if row["error"]
    ]


def troubles(trouble: str, found: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Return what was wrong as components/trouble.html tells it: (field or nothing, sentence)."""
    return [("", trouble), *((one["id"], one["text"]) for one in found)] if trouble else []


def last_row(last: Mapping[str, Any] | None) -> dict[str, str] | None:
    """Return the command that can be taken back: {text, focus}; None without one."""
    if last is None:
        return None
    return {"text": told(last["why"], last["details"]), "focus": last["focus"]}
