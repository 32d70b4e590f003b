"""The FEEL names that a form reads, for the check of a process as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.form_builder.schema import members, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.feel import Expression
    from workflow_app.form_builder.schema import FormSchema, Item

#: Names that a row of a dynamic list sees beside its own.
ROW_NAMES = frozenset({"this", "parent", "i"})


def form_names(schema: FormSchema) -> frozenset[str]:
    """Names that must come from the case data: read by FEEL or valuesKey, or shown read-only.

    Names of the form's own entries are left out unless they are read-only or rows of the data.
    """
    own = {item.path[0] for item in members(schema.items)}
    given = {item.path[0] for item in members(schema.items) if _needs_data(item)}
    return frozenset((_read(schema.items, frozenset(own)) - own) | given)


def _needs_data(item: Item) -> bool:
    return item.readonly.possible or item.rows.fixed


def _read(items: tuple[Item, ...], own: frozenset[str]) -> set[str]:
    found: set[str] = set()
    for item in items:
        for expression in expressions_of(item):
            found |= expression.names - own
        inner = own
        if item.is_container:
            inner = own | ROW_NAMES | {child.path[0] for child in members(item.children)}
        found |= _read(item.children, inner)
        found |= _row_label_names(item, inner)
    return found


def _row_label_names(item: Item, inner: frozenset[str]) -> set[str]:
    label = item.rows.label
    return set(label.names - inner) if label else set()


def expressions_of(item: Item) -> Iterator[Expression]:
    """Yield the expressions of one item that see the level that the item stands in."""
    rules = item.rules
    limits = (rules.min_length, rules.max_length, rules.minimum, rules.maximum)
    candidates = [
        item.hide,
        item.choices_from,
        item.expression,
        item.columns_from,
        item.readonly.expression,
        rules.required.expression,
        rules.required_if,
        rules.check,
        *(limit.expression for limit in limits),
    ]
    yield from (found for found in candidates if found is not None)
    for template in (item.label, item.description, item.body, rules.check_message):
        yield from template.expressions if template else ()


def browser_expressions(schema: FormSchema) -> Iterator[Expression]:
    """Yield the expressions that the page evaluates too: conditions and computed values."""
    for item in walk(schema.items):
        if item.hide is not None:
            yield item.hide
        if item.expression is not None and item.path:
            yield item.expression
