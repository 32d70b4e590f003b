"""Turns a settled form into the answers that are stored, and into what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workflow_app.form_builder.containers import GroupField, LevelForm, RowField, RowsField
from workflow_app.form_builder.paths import overlaid, set_path
from workflow_app.form_builder.posted import FROM
from workflow_app.form_builder.signing import SignEntry

if TYPE_CHECKING:
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.settle import BoundField

Raw = dict[str, list[str]]


def level_answers(form: LevelForm) -> dict[str, Json]:
    """Give the declared, visible, writable fields of a level and what they hold, as JSON."""
    answers: dict[str, Any] = {}
    for field in form.fields():
        if not field.hidden:
            _answer(field, answers)
    return answers


def _answer(field: BoundField, answers: dict[str, Any]) -> None:
    path = field.item.path
    if isinstance(field, RowsField):
        set_path(answers, path, [_row_answers(field, row) for row in field.rows])
    elif isinstance(field, GroupField):
        set_path(answers, path, level_answers(field.form))
    elif field.answers_something:
        set_path(answers, path, field.data)


def _row_answers(field: RowsField, row: RowField) -> dict[str, Json]:
    """Keep what the data gave the row: read-only columns belong to the list's answers."""
    base = field.base[row.origin] if row.origin is not None else {}
    given = overlaid(base, {})
    for inner in row.form.fields():
        if inner.hidden:
            _forget(given, inner.item.path)
    return overlaid(given, level_answers(row.form))


def _forget(data: dict[str, Any], path: tuple[str, ...]) -> None:
    *outer, last = path
    found: Any = data
    for part in outer:
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, dict):
        found.pop(last, None)


def level_raw(form: LevelForm) -> Raw:
    """Give what stands in every input that takes entries, by name; hidden fields included."""
    raw: Raw = {}
    for field in form.fields():
        if isinstance(field, RowsField):
            for row in field.rows:
                raw[f"{row.name}-{FROM}"] = [_origin(row)]
                raw |= level_raw(row.form)
        elif isinstance(field, GroupField):
            raw |= level_raw(field.form)
        elif field.writable:
            raw |= _typed(field)
    return raw


def _origin(row: RowField) -> str:
    return "" if row.origin is None else str(row.origin)


def _typed(field: Json) -> Raw:
    """Leave signatures out: nobody signs by opening a draft."""
    if isinstance(field, SignEntry):
        return {}
    return {f"{field.name}{part}": list(values) for part, values in field.typed.items()}
