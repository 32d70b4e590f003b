"""Which field class serves which component."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.form_builder.dates import DateEntry, DateTimeEntry, TimeEntry
from workflow_app.form_builder.fields import (
    AnswerField,
    ChoiceEntry,
    ChoicesEntry,
    ComputedEntry,
    LongTextEntry,
    NumberEntry,
    ScoreEntry,
    TextEntry,
    TickEntry,
)
from workflow_app.form_builder.schema import ComponentType, Item, Kind
from workflow_app.form_builder.signing import SignEntry
from workflow_app.form_builder.uploads import FilesEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_KIND: Mapping[Kind, type[AnswerField]] = {
    Kind.MONEY: NumberEntry,
    Kind.SCORE: ScoreEntry,
    Kind.SIGN: SignEntry,
}
_BY_TYPE: Mapping[ComponentType, type[AnswerField]] = {
    ComponentType.TEXTFIELD: TextEntry,
    ComponentType.TEXTAREA: LongTextEntry,
    ComponentType.NUMBER: NumberEntry,
    ComponentType.CHECKBOX: TickEntry,
    ComponentType.CHECKLIST: ChoicesEntry,
    ComponentType.TAGLIST: ChoicesEntry,
    ComponentType.RADIO: ChoiceEntry,
    ComponentType.SELECT: ChoiceEntry,
    ComponentType.FILEPICKER: FilesEntry,
    ComponentType.EXPRESSION: ComputedEntry,
}
_BY_SUBTYPE: Mapping[str, type[AnswerField]] = {
    "date": DateEntry,
    "time": TimeEntry,
    "datetime": DateTimeEntry,
}


def field_class(item: Item) -> type[AnswerField]:
    """Give the class that reads this component's entry."""
    if item.kind in _BY_KIND and item.type is not ComponentType.EXPRESSION:
        return _BY_KIND[item.kind]
    if item.type is ComponentType.DATETIME:
        return _BY_SUBTYPE.get(item.source.subtype, DateEntry)
    return _BY_TYPE[item.type]


def entry_names(item: Item) -> tuple[str, ...]:
    """Give the names under which this component's inputs post, without prefix."""
    names = tuple(f"{item.name}{part}" for part in field_class(item).parts)
    return (*names, item.name) if item.type is ComponentType.FILEPICKER else names
