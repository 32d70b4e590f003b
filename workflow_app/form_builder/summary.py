"""Shows stored answers as rows of label and value: check your answers, case file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workflow_app.feel import FeelError, to_json
from workflow_app.form_builder import text
from workflow_app.form_builder.display import Reader, choice_label, in_words, show_value
from workflow_app.form_builder.fields import as_choice, choice_text
from workflow_app.form_builder.paths import get_path
from workflow_app.form_builder.schema import (
    MANY_TYPES,
    Choice,
    ComponentType,
    Item,
    members,
    naming_column,
)
from workflow_app.form_builder.text import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import tzinfo

    from workflow_app.feel import Expression
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.schema import FormSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """One line. `kind` says which member holds the value: text, list, table, files or group.

    The first cell of each row of a table names the row where `headed`.
    """

    name: str
    label: str
    kind: str
    text: str = ""
    entries: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    body: tuple[tuple[str, ...], ...] = ()
    headed: bool = False
    files: tuple[Mapping[str, Any], ...] = ()
    rows: tuple[SummaryRow, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryWords:
    """How the summary speaks; `options` gives the choices of lists that come from data.

    `filled` says what an expression within a label gives.
    """

    locale: str = "en"
    zone: tzinfo | None = None
    options: Callable[[Item], list[Any]] = field(default=lambda _item: [])
    filled: Callable[[Expression], str] = field(default=lambda _expression: "…")


def answers_summary(
    schema: FormSchema,
    answers: Mapping[str, Any],
    translate: Callable[[str], str],
    speech: SummaryWords | None = None,
) -> tuple[SummaryRow, ...]:
    """Give the rows for what was answered, in form order; questions not asked are left out.

    Labels and choices are translated; a question left empty says so.
    """
    speech = speech or SummaryWords()
    reader = Reader(Words(translate), speech.locale, speech.zone)
    summary = _Summary(reader, speech.options, speech.filled)
    return tuple(summary.level(schema.items, dict(answers)))


@dataclass(frozen=True, slots=True)
class _Summary:
    reader: Reader
    options: Callable[[Item], list[Any]]
    filled: Callable[[Expression], str]

    def level(self, items: tuple[Item, ...], answers: dict[str, Any]) -> Iterator[SummaryRow]:
        for item in members(items):
            if _was_asked(item, answers):
                yield self.row(item, get_path(answers, item.path))

    def row(self, item: Item, value: Json) -> SummaryRow:
        if item.type is ComponentType.DYNAMICLIST:
            return self.table(item, value)
        if item.is_container:
            rows = tuple(self.level(item.children, value if isinstance(value, dict) else {}))
            return self.made(item, kind="group", rows=rows)
        if item.type is ComponentType.FILEPICKER:
            files = tuple(one for one in value or () if isinstance(one, dict))
            return self.made(item, kind="files", files=files, text=self.nothing(files))
        if item.type in MANY_TYPES:
            entries = tuple(choice_label(one, self.choices(item)) for one in value or ())
            return self.made(item, kind="list", entries=entries, text=self.nothing(entries))
        return self.made(item, kind="text", text=self.said(item, value) or self.nothing(()))

    def made(self, item: Item, **members_: Json) -> SummaryRow:
        label = self.label(item)
        return SummaryRow(name=item.name, label=label, sensitive=item.sensitive, **members_)

    def label(self, item: Item) -> str:
        plain = item.label.fill(self.reader.words, self.filled)
        return plain or item.name

    def said(self, item: Item, value: Json) -> str:
        return show_value(item, value, self.choices(item), self.reader)

    def nothing(self, found: tuple[Any, ...]) -> str:
        return "" if found else self.reader.words(text.NOTHING)

    def choices(self, item: Item) -> tuple[Choice, ...]:
        written = tuple(Choice(c.value, self.reader.words(c.label)) for c in item.choices)
        if item.choices_from is None:
            return written
        found = (c for option in self.options(item) if (c := as_choice(option)))
        return (*written, *(Choice(c.value, self.reader.words(c.label)) for c in found))

    def table(self, item: Item, value: Json) -> SummaryRow:
        rows = [row for row in value or () if isinstance(row, dict)]
        namer = naming_column(item)
        columns = [child for child in members(item.children) if _used(child, rows)]
        columns.sort(key=lambda child: child is not namer)
        names = [self.row_name(item, row) for row in rows] if namer is None else []
        filled = [(self.label(c), [self.cell(c, row) for row in rows]) for c in columns]
        if any(names):
            filled.insert(0, (self.reader.words(text.ROW_NAME), names))
        shown = [(label, cells) for label, cells in filled if any(cells)] or filled
        return self.made(
            item,
            kind="table",
            head=tuple(label for label, _cells in shown),
            body=tuple(zip(*(cells for _label, cells in shown), strict=True)),
            headed=any(names) or namer in columns,
            text=self.nothing(tuple(rows)),
        )

    def row_name(self, item: Item, row: dict[str, Any]) -> str:
        """Give what `properties.rowLabel` calls a row; empty when it says nothing."""
        if item.rows.label is None:
            return ""
        said = in_words(row, self.reader)
        try:
            value = to_json(item.rows.label.evaluate({**said, "this": said}))
        except FeelError:
            return ""
        return "" if value is None or isinstance(value, list | dict) else choice_text(value)

    def cell(self, item: Item, row: dict[str, Any]) -> str:
        value = get_path(row, item.path)
        if item.type in MANY_TYPES:
            return ", ".join(choice_label(one, self.choices(item)) for one in value or ())
        if item.type is ComponentType.FILEPICKER:
            return ", ".join(str(one.get("name", "")) for one in value or ())
        return self.said(item, value)


def _was_asked(item: Item, answers: dict[str, Any]) -> bool:
    """Whether there is an answer to show; a computed value without a label is for rules only."""
    if item.type is ComponentType.EXPRESSION and not item.label:
        return False
    holder = get_path(answers, item.path[:-1])
    return isinstance(holder, dict) and item.path[-1] in holder


def _used(item: Item, rows: list[dict[str, Any]]) -> bool:
    return any(_was_asked(item, row) for row in rows)
