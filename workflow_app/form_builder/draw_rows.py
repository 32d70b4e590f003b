"""Draws a dynamic list: as a table when its columns are few and narrow, else as one card a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from workflow_app.form_builder import text
from workflow_app.form_builder.fields import AnswerField
from workflow_app.form_builder.problems import html_id, row_name
from workflow_app.form_builder.schema import ComponentType, Item, Kind
from workflow_app.form_builder.view import RowsView, RowView, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.form_builder.containers import RowField, RowsField

#: What the browser replaces by a number in a row that it copies.
BLANK = "__row__"
NUMBER = "__number__"

_MAX_WIDTH = 7
_CODED = re.compile(r"[A-Z]{0,3}\d")
_WIDTHS = {
    ComponentType.NUMBER: 1,
    ComponentType.CHECKBOX: 1,
    ComponentType.EXPRESSION: 1,
    ComponentType.TEXTFIELD: 2,
    ComponentType.SELECT: 2,
    ComponentType.TEXTAREA: 3,
}


def draw_row_list(field: RowsField, draw_fields: Callable[[RowField], tuple[View, ...]]) -> View:
    """Draw the list with its rows and the buttons that add and remove them."""
    item, context = field.item, field.context
    return View(
        template="rows",
        id=html_id(field.name),
        name=field.name,
        label=field.caption,
        hint=context.fill(item.description, field.scope, item.where),
        error=" ".join(field.errors),
        reads="rows",
        rows=_rows(field, draw_fields),
    )


def _rows(field: RowsField, draw_fields: Callable[[RowField], tuple[View, ...]]) -> RowsView:
    rules, words, label = field.item.rows, field.context.words, field.caption
    open_ended = not rules.fixed
    blank = _row(field, field.blank_row(BLANK), draw_fields) if open_ended else None
    drawn = tuple(_row(field, row, draw_fields) for row in field.rows)
    return RowsView(
        layout=row_layout(field.item),
        columns=_columns(drawn, blank),
        rows=drawn,
        blank=blank,
        minimum=rules.minimum,
        maximum=rules.maximum,
        may_add=open_ended and len(drawn) < rules.maximum,
        may_remove=open_ended and len(drawn) > rules.minimum,
        add_label=words(text.ADD, label=label),
        remove_label=words(text.REMOVE),
        empty_label=words(text.NO_ROWS),
        heading_pattern=words(text.ROW, number="{number}"),
        remove_pattern=words(text.REMOVE_NAMED, number="{number}", label=label),
    )


def _columns(drawn: tuple[RowView, ...], blank: RowView | None) -> tuple[str, ...]:
    sample = drawn[0] if drawn else blank
    return tuple(view.label for view in sample.fields) if sample else ()


def _row(
    field: RowsField, row: RowField, draw_fields: Callable[[RowField], tuple[View, ...]]
) -> RowView:
    words, position = field.context.words, row.name.rpartition("-")[2]
    number = NUMBER if position == BLANK else str(row.index + 1)
    called = "" if position == BLANK else row_name(field, row)
    numbered = words(text.NAMED_ROW, number=number, name=called)
    return RowView(
        id=html_id(row.name),
        name=row.name,
        number=number,
        origin="" if row.origin is None else str(row.origin),
        heading=_heading(called, numbered) if called else words(text.ROW, number=number),
        called=called,
        base=_base(row),
        remove_value=f"remove:{field.name}:{position}",
        remove_label=words(text.REMOVE_NAMED, number=number, label=field.caption),
        fields=draw_fields(row),
    )


def _heading(called: str, numbered: str) -> str:
    """Leave out the row's number before a name that begins with a number of its own."""
    return called if _CODED.match(called) else numbered


def _base(row: RowField) -> str:
    """Give as JSON the row's read-only values, which the browser's conditions may read."""
    given = {
        field.item.name: field.data
        for field in row.form.fields()
        if isinstance(field, AnswerField) and field.readonly
    }
    return msgspec.json.encode(given).decode() if given else ""


def row_layout(item: Item) -> str:
    """Give "table" or "cards": what the form says, else what fits."""
    if item.rows.layout in {"table", "cards"}:
        return item.rows.layout
    width = sum(_width(child) for child in item.children)
    return "table" if width <= _MAX_WIDTH else "cards"


def _width(item: Item) -> int:
    """Give how much room a column takes; one that no table can hold takes all."""
    if item.hide is not None or item.kind is Kind.SCORE:
        return _MAX_WIDTH + 1
    return _WIDTHS.get(item.type, _MAX_WIDTH + 1)
