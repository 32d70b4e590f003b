"""What the templates draw: everything decided here, nothing there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.form_builder.paths import Json

Params = dict[str, "Json"]  #: parameters of a GOV.UK Frontend component


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A stored file: its id, name and size in words."""

    document: int
    name: str
    size: str
    remove_id: str
    remove_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table that only shows data."""

    head: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row of a dynamic list. `base` is JSON of what the row's rules read but nobody types."""

    id: str
    name: str
    number: str
    origin: str
    heading: str
    called: str
    base: str
    remove_value: str
    remove_label: str
    fields: tuple[View, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsView:
    """A dynamic list; `blank` is the row that the browser copies, None where none can be added."""

    layout: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]
    blank: RowView | None
    minimum: int
    maximum: int
    may_add: bool
    may_remove: bool
    add_label: str
    remove_label: str
    empty_label: str
    heading_pattern: str
    remove_pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One component as drawn. `template` names the macro; FEEL texts come without "="."""

    template: str
    id: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    text: str = ""
    value: str = ""
    html: Markup = field(default_factory=Markup)
    params: Mapping[str, Params] = field(default_factory=dict)
    hide: str = ""
    hidden: bool = False
    reads: str = ""
    compute: str = ""
    money: bool = False
    source: str = ""
    width: int = 0
    files: tuple[FileView, ...] = ()
    table: TableView | None = None
    rows: RowsView | None = None
    children: tuple[View, ...] = ()

    @property
    def described_by(self) -> str:
        """Give the ids of the texts that describe a frame, for aria-describedby."""
        said = {"hint": self.hint, "error": self.error}
        return " ".join(f"{self.id}-{part}" for part, text in said.items() if text and self.id)
