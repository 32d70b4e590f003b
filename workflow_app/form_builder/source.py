"""The shape of a form-js file as it is written, decoded by msgspec; unknown members are ignored."""

from __future__ import annotations

from typing import Any

import msgspec


class OptionSource(msgspec.Struct, frozen=True):
    """One written choice of a select, radio, checklist or taglist."""

    label: str = ""
    value: str | int | float | bool | None = None


class ValidateSource(msgspec.Struct, frozen=True, rename="camel"):
    """The `validate` member; text after `=` is FEEL wherever text is accepted."""

    required: bool | str = False
    min_length: int | str | None = None
    max_length: int | str | None = None
    min: float | str | None = None
    max: float | str | None = None
    pattern: str | None = None
    pattern_error_message: str | None = None
    validation_type: str | None = None


class ConditionalSource(msgspec.Struct, frozen=True):
    """The `conditional` member."""

    hide: str = ""


class LayoutSource(msgspec.Struct, frozen=True):
    """The `layout` member: components of one row stand beside each other, 16 columns wide."""

    row: str | None = None
    columns: int | None = None


class ColumnSource(msgspec.Struct, frozen=True):
    """A column of a `table` component."""

    key: str = ""
    label: str = ""


class AppearanceSource(msgspec.Struct, frozen=True, rename="camel"):
    """Short texts before and after an input, such as a currency."""

    prefix_adorner: str = ""
    suffix_adorner: str = ""


class ComponentSource(msgspec.Struct, frozen=True, rename="camel"):
    """One component, of any type, as the file writes it."""

    type: str
    id: str = ""
    key: str = ""
    path: str = ""
    label: str = ""
    description: str = ""
    text: str = ""
    content: str = ""
    title: str = ""
    subtype: str = "date"
    date_label: str = ""
    time_label: str = ""
    disallow_passed_dates: bool = False
    decimal_digits: int | None = None
    serialize_to_string: bool = False
    default_value: Any = None
    validate: ValidateSource = ValidateSource()
    values: tuple[OptionSource, ...] = ()
    values_key: str = ""
    values_expression: str = ""
    conditional: ConditionalSource | None = None
    readonly: bool | str = False
    disabled: bool | str = False
    layout: LayoutSource | None = None
    appearance: AppearanceSource | None = None
    expression: str = ""
    multiple: bool | str = False
    accept: str = ""
    default_repetitions: int | None = None
    allow_add_remove: bool = True
    data_source: str = ""
    columns: tuple[ColumnSource, ...] = ()
    columns_expression: str = ""
    source: str = ""
    alt: str = ""
    properties: dict[str, str | bool | int | float] = {}
    components: tuple[ComponentSource, ...] = ()


class FormSource(msgspec.Struct, frozen=True, rename="camel"):
    """A whole form file."""

    components: tuple[ComponentSource, ...]
    id: str = ""
