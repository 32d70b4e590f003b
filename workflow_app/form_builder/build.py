"""Builds one WTForms class for each form version."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow_app.form_builder.containers import GroupField, LevelForm, RowField, RowsField
from workflow_app.form_builder.kinds import field_class
from workflow_app.form_builder.schema import ComponentType, Item, members

if TYPE_CHECKING:
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.schema import FormSchema


@lru_cache(maxsize=512)
def build_form(schema: FormSchema) -> type[LevelForm]:
    """Give the WTForms class of a form; the same schema object gives the same class."""
    return _level(schema.items)


def _level(items: tuple[Item, ...]) -> type[LevelForm]:
    """Attribute names are ours, so that a key such as "data" cannot hide a method of WTForms."""
    attributes = {f"field_{number:03}": item for number, item in enumerate(members(items))}
    body: dict[str, Any] = {name: _unbound(item) for name, item in attributes.items()}
    return type("BuiltForm", (LevelForm,), {**body, "_attributes": attributes})


def _unbound(item: Item) -> Json:
    if item.type is ComponentType.DYNAMICLIST:
        row = RowField(_level(item.children), item=item)
        return RowsField(row, item=item, name=item.name)
    if item.is_container:
        return GroupField(_level(item.children), item=item, name=item.name)
    return field_class(item)(item=item, name=item.name)
