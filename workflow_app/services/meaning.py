"""Checks of meaning beside the diagram: what forms, mails and manifests compute.

Each level of a form sees its own fields over those around it, with their types; a row also sees
`this`, `parent` and `i`. What else stands in a case's data has the type that forms give it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workflow_app.engine import Finding, problem_finding, type_of_field
from workflow_app.feel import lint
from workflow_app.feel.checking.typing import ANY, BOOLEAN
from workflow_app.form_builder.schema import ComponentType, members

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.feel import Expression, FeelType
    from workflow_app.form_builder import FormSchema
    from workflow_app.form_builder.schema import Item

    Types = Mapping[str, FeelType]

_IN_ROWS = dict.fromkeys(["this", "parent", "i"], ANY)


def check_form(path: str, form: FormSchema, types: Types) -> Iterator[Finding]:
    """Yield what is wrong with the expressions of a form."""
    return _level(path, form.items, types)


def check_text(
    path: str, element: str, text: str, types: Types, *, condition: bool = False
) -> Iterator[Finding]:
    """Yield what is wrong with one expression; one that cannot be read is told elsewhere."""
    wanted = BOOLEAN if condition else ANY
    for problem in lint(text, types, functions={}, closed=False, wanted=wanted):
        finding = problem_finding(problem, path, element, text)
        if finding is not None:
            yield finding


def _level(path: str, items: tuple[Item, ...], around: Types) -> Iterator[Finding]:
    types = {**around, **_fields(items)}
    todo = list(items)
    while todo:
        item = todo.pop(0)
        yield from _item(path, item, types)
        if item.is_flat_group:
            todo = [*item.children, *todo]
        elif item.children:
            rows = _IN_ROWS if item.type is ComponentType.DYNAMICLIST else {}
            inside = {**types, **rows}
            if item.rows.label is not None:
                told = {**inside, **_fields(item.children)}
                yield from check_text(path, item.where, item.rows.label.text, told)
            yield from _level(path, item.children, inside)


def _fields(items: tuple[Item, ...]) -> dict[str, FeelType]:
    return {
        item.path[0]: type_of_field(msgspec.to_builtins(item.source), deep=len(item.path) > 1)
        for item in members(items)
        if item.path
    }


def _item(path: str, item: Item, types: Types) -> Iterator[Finding]:
    rules = item.rules
    flags = (item.hide, rules.required.expression, rules.required_if, rules.check)
    limits = (rules.min_length, rules.max_length, rules.minimum, rules.maximum)
    values = (item.choices_from, item.expression, item.columns_from)
    for found in (*flags, item.readonly.expression):
        yield from _expression(path, item, found, types, condition=True)
    for found in (*values, *(limit.expression for limit in limits), *_in_texts(item)):
        yield from _expression(path, item, found, types, condition=False)


def _in_texts(item: Item) -> Iterator[Expression]:
    for text in (item.label, item.description, item.body, item.rules.check_message):
        if text is not None:
            yield from text.expressions


def _expression(
    path: str, item: Item, found: Expression | None, types: Types, *, condition: bool
) -> Iterator[Finding]:
    if found is not None:
        yield from check_text(path, item.where, found.text, types, condition=condition)
