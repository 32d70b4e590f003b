"""Values as people read them: dates in words, choices by their labels, sizes of files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, TypeGuard

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from workflow_app.form_builder import text
from workflow_app.form_builder.fields import choice_text
from workflow_app.form_builder.numbers import write_number
from workflow_app.form_builder.schema import Choice, ComponentType, Item, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.text import Words


_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a value is shown to."""

    words: Words
    locale: str
    zone: tzinfo | None = None

    @property
    def known_locale(self) -> str:
        """The locale, or English where the date library does not know it."""
        try:
            return str(Locale.parse(self.locale.replace("-", "_")))
        except (UnknownLocaleError, ValueError):
            return "en"


def show_value(item: Item, value: Json, choices: tuple[Choice, ...], reader: Reader) -> str:
    """Give one value of a component as text; empty for nothing."""
    if item.kind is Kind.SIGN:
        return show_signature(value, reader)
    if item.type is ComponentType.DATETIME and value:
        return show_moment(value, item.source.subtype, reader)
    if choices and value is not None and not isinstance(value, list):
        return choice_label(value, choices)
    if not isinstance(value, str) or item.expression is not None:
        return _show_computed(item, value, reader)
    # What somebody typed stays as typed, even where it looks like a date.
    return reader.words(value) if item.readonly.possible else value


def _show_computed(item: Item, value: Json, reader: Reader) -> str:
    if item.kind is Kind.MONEY and item.expression is not None and _is_number(value):
        return show_money(value, reader)
    return show_plain(value, reader)


def show_plain(value: Json, reader: Reader) -> str:
    """Give a value without a component of its own: computed, or a cell of a table."""
    if isinstance(value, bool):
        return reader.words(text.YES if value else text.NO)
    if isinstance(value, int | float):
        return show_number(value, reader)
    if isinstance(value, list):
        return ", ".join(show_plain(one, reader) for one in value)
    if isinstance(value, dict):
        return str(value.get("name", ""))
    return "" if value is None else _show_text(str(value), reader)


def in_words(row: Mapping[str, Json], reader: Reader) -> dict[str, Json]:
    """Give a row of data with its texts in the reader's language, for what names the row."""
    return {
        name: reader.words(value) if isinstance(value, str) else value
        for name, value in row.items()
    }


def _show_text(value: str, reader: Reader) -> str:
    """Give a text in the reader's language; one that is an ISO date or moment in words."""
    if not _ISO.fullmatch(value):
        return reader.words(value)
    return show_moment(value, "datetime" if "T" in value else "date", reader)


def _is_number(value: Json) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def show_money(value: float, reader: Reader) -> str:
    """Give an amount with its two decimals, grouped as other numbers are."""
    return _decimal(value, "#,##0.00", reader)


def show_number(value: float, reader: Reader) -> str:
    """Give a number; digits are grouped from five on, so that a year stays a year."""
    return _decimal(value, "#,##0.######", reader)


def _decimal(value: float, pattern: str, reader: Reader) -> str:
    return format_decimal(
        Decimal(write_number(value)),
        format=pattern,
        locale=reader.known_locale,
        group_separator=abs(value) >= 10_000,
    )


def show_moment(value: Json, subtype: str, reader: Reader) -> str:
    """Give an ISO date, time or moment in words; text that is none of these as it is."""
    try:
        if subtype == "time":
            return str(value)[:5]
        if subtype == "datetime":
            moment = datetime.fromisoformat(str(value))
            local = moment.astimezone(reader.zone) if moment.tzinfo and reader.zone else moment
            return format_datetime(local, "d MMMM y, HH:mm", locale=reader.known_locale)
        day = date.fromisoformat(str(value)[:10])
        return format_date(day, "d MMMM y", locale=reader.known_locale)
    except ValueError:
        return str(value)


def show_signature(value: Json, reader: Reader) -> str:
    """Give who signed and when."""
    if not isinstance(value, dict):
        return ""
    at = show_moment(value.get("at"), "datetime", reader)
    return reader.words(text.SIGNED, name=value.get("name", ""), at=at)


def choice_label(value: Json, choices: tuple[Choice, ...]) -> str:
    """Give the label of a chosen value; the value itself when its choice is gone."""
    wanted = choice_text(value)
    return next((c.label for c in choices if choice_text(c.value) == wanted), wanted)


def show_size(size: object, reader: Reader) -> str:
    """Give a size in bytes as kB or MB."""
    if not isinstance(size, int):
        return ""
    if size < 1_000_000:
        return reader.words(text.KILOBYTES, number=max(1, round(size / 1000)))
    return reader.words(text.MEGABYTES, number=size / 1_000_000)
