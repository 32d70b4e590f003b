"""Adding and removing rows of dynamic lists by a posted button, so that no JavaScript is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.form_builder.posted import FROM, Posted, row_numbers, tidy
from workflow_app.form_builder.schema import ComponentType, Item, members

if TYPE_CHECKING:
    from workflow_app.form_builder.schema import FormSchema

ACTION = "_row"


def apply_row_action(schema: FormSchema, posted: Posted) -> Posted | None:
    """Do what the pressed row button asks; None when none was pressed.

    The button's value is "add:<list name>" or "remove:<list name>:<row number>". Everything typed,
    uploads included, is kept. What the list does not allow leaves the rows as they are.
    """
    action = posted.get(ACTION)
    if not isinstance(action, str):
        return None
    verb, _, rest = action.partition(":")
    if verb == "add":
        _add(schema, posted := posted.copy(), rest)
    elif verb == "remove":
        name, _, number = rest.rpartition(":")
        posted = _without(schema, posted, name, number)
    return tidy(schema.items, posted)


def _add(schema: FormSchema, posted: Posted, name: str) -> None:
    rows = row_numbers(f"{name}-", posted)
    item = find_list(schema.items, name)
    if item and not item.rows.fixed and len(rows) < item.rows.maximum:
        posted.add(f"{name}-{(rows[-1] + 1) if rows else 0}-{FROM}", "")


def _without(schema: FormSchema, posted: Posted, name: str, number: str) -> Posted:
    rows = row_numbers(f"{name}-", posted)
    item = find_list(schema.items, name)
    if item is None or item.rows.fixed or len(rows) <= item.rows.minimum:
        return posted
    gone = f"{name}-{number}-"
    return Posted([pair for pair in posted.items(multi=True) if not pair[0].startswith(gone)])


def find_list(items: tuple[Item, ...], name: str) -> Item | None:
    """Find the dynamic list that posts under `name`, such as "staff" or "rounds-0-speakers"."""
    for item in members(items):
        if item.type is ComponentType.DYNAMICLIST and name == item.name:
            return item
        if item.is_container and name.startswith(f"{item.name}-"):
            return find_list(item.children, _inner_name(item, name))
    return None


def _inner_name(item: Item, name: str) -> str:
    rest = name[len(item.name) + 1 :]
    return rest.partition("-")[2] if item.type is ComponentType.DYNAMICLIST else rest
