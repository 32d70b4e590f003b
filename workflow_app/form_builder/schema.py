"""A form after reading: checked, its expressions compiled, ready to build classes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from workflow_app.form_builder.template_text import TextTemplate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.feel import Expression
    from workflow_app.form_builder.source import ComponentSource

Path = tuple[str, ...]


class ComponentType(StrEnum):
    """The component types of form-js that we know."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATETIME = "datetime"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    RADIO = "radio"
    SELECT = "select"
    TAGLIST = "taglist"
    FILEPICKER = "filepicker"
    GROUP = "group"
    DYNAMICLIST = "dynamiclist"
    TEXT = "text"
    HTML = "html"
    EXPRESSION = "expression"
    TABLE = "table"
    IMAGE = "image"
    DOCUMENT_PREVIEW = "documentPreview"
    SEPARATOR = "separator"
    SPACER = "spacer"
    BUTTON = "button"  #: accepted, never drawn: the page has its own buttons


class Kind(StrEnum):
    """What `properties.kind` makes of a component."""

    NONE = ""
    MONEY = "money"
    SCORE = "score"
    SIGN = "sign"
    REFERENCE = "reference"
    TEL = "tel"
    EMAIL = "email"


INPUT_TYPES = frozenset(
    {
        ComponentType.TEXTFIELD,
        ComponentType.TEXTAREA,
        ComponentType.NUMBER,
        ComponentType.DATETIME,
        ComponentType.CHECKBOX,
        ComponentType.CHECKLIST,
        ComponentType.RADIO,
        ComponentType.SELECT,
        ComponentType.TAGLIST,
        ComponentType.FILEPICKER,
        ComponentType.EXPRESSION,
    }
)
CHOICE_TYPES = frozenset(
    {
        ComponentType.CHECKLIST,
        ComponentType.RADIO,
        ComponentType.SELECT,
        ComponentType.TAGLIST,
    }
)
MANY_TYPES = frozenset({ComponentType.CHECKLIST, ComponentType.TAGLIST})


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound that is a number or a FEEL expression giving one."""

    number: float | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no that is fixed or a FEEL expression giving it."""

    fixed: bool = False
    expression: Expression | None = None

    @property
    def possible(self) -> bool:
        """Whether it may ever be yes."""
        return self.fixed or self.expression is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything that decides whether an entry is fine."""

    required: Flag = Flag()
    required_if: Expression | None = None
    min_length: Limit = Limit()
    max_length: Limit = Limit()
    minimum: Limit = Limit()
    maximum: Limit = Limit()
    pattern: str = ""
    pattern_message: TextTemplate = field(default_factory=TextTemplate)
    validation_type: str = ""
    not_before_today: bool = False
    check: Expression | None = None
    check_message: TextTemplate = field(default_factory=TextTemplate)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRules:
    """How many rows a dynamic list takes and what names one."""

    minimum: int = 0
    maximum: int = 200
    fixed: bool = False
    initial: int = 0
    label: Expression | None = None
    layout: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice as written: label and hint are message ids."""

    value: str | int | float | bool
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """One component, checked and compiled. `conditions` holds those of enclosing groups too."""

    source: ComponentSource
    type: ComponentType
    kind: Kind
    name: str
    path: Path
    label: TextTemplate
    description: TextTemplate
    rules: Rules
    rows: RowRules
    readonly: Flag
    hide: Expression | None
    conditions: tuple[Expression, ...]
    choices: tuple[Choice, ...] = ()
    choices_from: Expression | None = None
    expression: Expression | None = None
    columns_from: Expression | None = None
    body: TextTemplate | None = None
    children: tuple[Item, ...] = ()
    sensitive: bool = False

    @property
    def where(self) -> str:
        """How messages to the designer name this component."""
        return self.source.id or self.name or self.type

    @property
    def holds_value(self) -> bool:
        """Whether it has an entry of its own in the data."""
        return self.type in INPUT_TYPES or self.kind is Kind.SIGN

    @property
    def is_container(self) -> bool:
        """Whether its children live under its own path."""
        return self.type is ComponentType.DYNAMICLIST or self.is_nested_group

    @property
    def is_nested_group(self) -> bool:
        """Whether it is a group with a path."""
        return self.type is ComponentType.GROUP and bool(self.path) and self.kind is not Kind.SIGN

    @property
    def is_flat_group(self) -> bool:
        """Whether it only frames components that belong to the level above."""
        return self.type is ComponentType.GROUP and not self.path


def members(items: tuple[Item, ...]) -> Iterator[Item]:
    """Yield the items that have a field at this level, looking into flat groups."""
    for item in items:
        if item.is_flat_group:
            yield from members(item.children)
        elif item.holds_value or item.is_container:
            yield item


def naming_column(item: Item) -> Item | None:
    """Give the column whose value names a row, where the row's label is just one of them."""
    said = item.rows.label.text.removeprefix("=").strip() if item.rows.label else ""
    return next((c for c in members(item.children) if said in {c.name, f"this.{c.name}"}), None)


def walk(items: tuple[Item, ...]) -> Iterator[Item]:
    """Yield every item of the tree, parents first."""
    for item in items:
        yield item
        yield from walk(item.children)


@dataclass(frozen=True, slots=True, eq=False)
class FormSchema:
    """A form that can be built. Compared by identity, so that caches hold one class a reading."""

    id: str
    items: tuple[Item, ...]
    sensitive: frozenset[str] = field(default=frozenset())
