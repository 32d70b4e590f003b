"""Draws a settled form as a tree of views, in the order of the form file."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from workflow_app.form_builder import text
from workflow_app.form_builder.containers import GroupField, LevelForm, RowField, RowsField
from workflow_app.form_builder.display import show_plain, show_size
from workflow_app.form_builder.draw_inputs import draw_entry
from workflow_app.form_builder.draw_rows import draw_row_list, row_layout
from workflow_app.form_builder.markdown import quoted_markdown, safe_html, safe_markdown
from workflow_app.form_builder.problems import html_id
from workflow_app.form_builder.schema import ComponentType, Item, naming_column
from workflow_app.form_builder.view import FileView, TableView, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow_app.form_builder.context import FormContext
    from workflow_app.form_builder.fields import AnswerField
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.template_text import TextTemplate

COLUMNS = 16


def draw_level(form: LevelForm, items: tuple[Item, ...], context: FormContext) -> tuple[View, ...]:
    """Draw the items of one level; components of one layout row are put side by side."""
    return _Drawer(form, context).level(items)


def draw_columns(
    form: LevelForm, items: tuple[Item, ...], context: FormContext
) -> tuple[View, ...]:
    """Draw the items of a row of a table, one view a column."""
    drawer = _Drawer(form, context)
    return tuple(view for item in items if (view := drawer.item(item)))


class _Drawer:
    def __init__(self, form: LevelForm, context: FormContext) -> None:
        self.form = form
        self.context = context
        self.words = context.words

    def level(self, items: tuple[Item, ...]) -> tuple[View, ...]:
        views: list[View] = []
        for _, together in groupby(items, key=_row_key):
            drawn = [view for item in together if (view := self.item(item))]
            beside = len(drawn) > 1
            views += [View(template="beside", children=tuple(drawn))] if beside else drawn
        return tuple(views)

    def item(self, item: Item) -> View | None:
        if item.type is ComponentType.BUTTON:
            return None
        field = self.form.field_of(item) if item.holds_value or item.is_container else None
        return self._framed(item, field, self._drawn(item, field))

    def _drawn(self, item: Item, field: AnswerField | GroupField | RowsField | None) -> View:
        if isinstance(field, RowsField):
            return draw_row_list(field, self.row_fields)
        if isinstance(field, GroupField):
            return self.nested_group(item, field)
        if field is not None:
            return draw_entry(field)
        return _SHOWN[item.type](self, item)

    def _framed(self, item: Item, field: object, view: View) -> View:
        """Add what the browser needs to show and hide it, and its width beside others."""
        known = getattr(field, "hidden", None)
        hidden = self._is_hidden(item) if known is None else known
        hide = item.hide.text.removeprefix("=") if item.hide else ""
        layout = item.source.layout
        width = min(layout.columns or 0, COLUMNS) if layout else 0
        # Most fields of a long table are neither: a copy of each would be a tenth of its drawing.
        if not (hide or hidden or width):
            return view
        return replace(view, hide=hide, hidden=hidden, width=width)

    def _is_hidden(self, item: Item) -> bool:
        return any(self.value(condition, item) is True for condition in item.conditions)

    def value(self, expression: Json, item: Item) -> Json:
        return self.context.evaluate(expression, self.form.scope, item.where)

    def said(self, template: TextTemplate, item: Item, quote: Callable[[str], str] = str) -> str:
        return self.context.fill(template, self.form.scope, item.where, quote)

    def row_fields(self, row: RowField) -> tuple[View, ...]:
        items = row.item.children
        if row_layout(row.item) == "table":
            return draw_columns(row.form, items, self.context)
        # A card's heading says what its read-only naming column would say again.
        namer = naming_column(row.item)
        said = namer if namer is not None and namer.readonly.fixed else None
        shown = tuple(item for item in items if item is not said)
        return draw_level(row.form, shown, self.context)

    def nested_group(self, item: Item, field: GroupField) -> View:
        return View(
            template="group",
            id=html_id(field.name),
            name=field.name,
            label=self.said(item.label, item),
            hint=self.said(item.description, item),
            error=" ".join(field.own_errors),
            children=draw_level(field.form, item.children, self.context),
        )

    def flat_group(self, item: Item) -> View:
        return View(
            template="group",
            label=self.said(item.label, item),
            hint=self.said(item.description, item),
            children=self.level(item.children),
        )

    def text(self, item: Item) -> View:
        said = self.said(item.body, item, quoted_markdown) if item.body else ""
        title = _section_title(said)
        name = html_id(f"section-{item.where}") if title else ""
        return View(template="text", id=name, label=title, html=safe_markdown(said))

    def html(self, item: Item) -> View:
        body = item.body
        html = safe_html(self.said(body, item, escape)) if body else Markup()
        return View(template="text", html=html)

    def image(self, item: Item) -> View:
        found = self.value(item.expression, item) if item.expression else item.source.source
        alt = self.said(item.body, item) if item.body else ""
        return View(template="image", source=_own_address(found), text=alt)

    def table(self, item: Item) -> View:
        columns = self._columns(item)
        rows = self.value(item.expression, item) if item.expression else []
        shown = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        body = tuple(tuple(self._cell(row.get(key)) for key, _ in columns) for row in shown)
        head = tuple(label for _, label in columns)
        table = TableView(head=head, body=body)
        return View(template="table", label=self.said(item.label, item), table=table)

    def _columns(self, item: Item) -> list[tuple[str, str]]:
        if item.columns_from is None:
            return [(c.key, self.words(c.label) or c.key) for c in item.source.columns]
        found = self.value(item.columns_from, item)
        columns = [column for column in found if isinstance(column, dict)] if found else []
        return [(str(c.get("key")), str(c.get("label") or c.get("key"))) for c in columns]

    def _cell(self, value: Json) -> str:
        return show_plain(value, self.context.reader)

    def documents(self, item: Item) -> View:
        found = self.value(item.expression, item) if item.expression else []
        files = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        return View(
            template="documents",
            label=self.said(item.label, item) or self.words(item.source.title),
            text="" if files else self.words(text.NOTHING),
            files=tuple(self._document(one) for one in files if one.get("document")),
        )

    def _document(self, found: dict[str, Json]) -> FileView:
        return FileView(
            document=found["document"],
            name=str(found.get("name") or self.words(str(found.get("title", "")))),
            size=show_size(found.get("size"), self.context.reader),
            remove_id="",
            remove_label="",
        )

    def separator(self, _item: Item) -> View:
        return View(template="separator")

    def spacer(self, _item: Item) -> View:
        return View(template="spacer")


_SHOWN: dict[ComponentType, Callable[[_Drawer, Item], View]] = {
    ComponentType.GROUP: _Drawer.flat_group,
    ComponentType.TEXT: _Drawer.text,
    ComponentType.HTML: _Drawer.html,
    ComponentType.IMAGE: _Drawer.image,
    ComponentType.TABLE: _Drawer.table,
    ComponentType.DOCUMENT_PREVIEW: _Drawer.documents,
    ComponentType.SEPARATOR: _Drawer.separator,
    ComponentType.SPACER: _Drawer.spacer,
}


def _section_title(said: str) -> str:
    """Give the heading that a text consists of; such texts part a long form into sections."""
    lines = said.strip().splitlines()
    return lines[0][3:].strip() if len(lines) == 1 and lines[0].startswith("## ") else ""


def _row_key(item: Item) -> object:
    """Give the layout row; a component without one stands alone."""
    layout = item.source.layout
    return layout.row if layout and layout.row else id(item)


def _own_address(address: object) -> str:
    """Let images come from this site only, as the content security policy does."""
    text_ = str(address or "")
    return text_ if text_.startswith("/") and not text_.startswith(("//", "/\\")) else ""
