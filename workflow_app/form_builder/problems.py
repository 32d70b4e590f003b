"""Collects the errors of a validated form in page order, each with the input to go to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.form_builder import text
from workflow_app.form_builder.containers import GroupField, LevelForm, RowField, RowsField
from workflow_app.form_builder.display import in_words
from workflow_app.form_builder.fields import choice_text
from workflow_app.form_builder.schema import Kind
from workflow_app.form_builder.settle import row_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.form_builder.fields import AnswerField
    from workflow_app.form_builder.schema import Item
    from workflow_app.form_builder.settle import BoundField

Problem = tuple[str, str]


def html_id(name: str) -> str:
    """Give the id of an input or frame; apart from the ids of the page around the form."""
    return "f-" + name.replace(".", "-")


def level_problems(form: LevelForm, only: frozenset[Item] | None = None) -> Iterator[Problem]:
    """Yield (html id, message) for every field in error; `only` limits it to these items."""
    for field in form.fields():
        if only is None or field.item in only:
            yield from _field_problems(field)


def _field_problems(field: BoundField) -> Iterator[Problem]:
    if isinstance(field, RowsField):
        yield from ((html_id(field.name), message) for message in field.errors)
        for position, row in enumerate(field.rows):
            yield from _row_problems(field, row, position + 1)
    elif isinstance(field, GroupField):
        yield from _group_problems(field)
    elif field.errors:
        yield error_target(field), field.errors[0]


def _group_problems(field: GroupField) -> Iterator[Problem]:
    yield from ((html_id(field.name), message) for message in field.own_errors)
    yield from level_problems(field.form)


def _row_problems(field: RowsField, row: RowField, number: int) -> Iterator[Problem]:
    words, name = field.context.words, row_name(field, row)
    params = {"list": field.caption, "number": number, "name": name}
    sentence = text.NAMED_ROW_ERROR if name else text.ROW_ERROR
    for target, message in level_problems(row.form):
        yield target, words(sentence, message=message, **params)


def row_name(field: RowsField, row: RowField) -> str:
    """Give what `properties.rowLabel` calls a row; empty when it says nothing."""
    rule = field.item.rows.label
    if rule is None:
        return ""
    scope = row.form.scope
    said = in_words(row_values(field, row), field.context.reader)
    value = field.context.evaluate(rule, {**scope, **said, "this": said}, field.item.where)
    return "" if value is None or isinstance(value, list | dict) else choice_text(value)


def error_target(field: AnswerField) -> str:
    """Give the id of the input at fault, else of the field's first input."""
    first = field.parts[0] if field.parts and field.parts[0] in _LINKED_PARTS else ""
    if field.item.kind is Kind.SIGN and not field.bad_part:
        first = "-name"
    return html_id(field.name) + (field.bad_part or first)


_LINKED_PARTS = frozenset({"-day", "-name"})
