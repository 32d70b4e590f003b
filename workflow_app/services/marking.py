"""What stands beside an entry of a register: its territory, and whether it may leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from workflow_app.feel import compile_expression
from workflow_app.models.base import table_of
from workflow_app.models.register import RegisterEntry
from workflow_app.services.host import Host, home_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.services.context import Context

TERRITORY = "territory"
PUBLIC_WHEN = "public_when"
_entries = table_of(RegisterEntry)


def place_field(definition: Mapping[str, Any]) -> str | None:
    """Return the first field that names a territory."""
    fields = definition.get("fields", [])
    return next((str(f["name"]) for f in fields if f["type"] == TERRITORY), None)


def marks_of(
    definition: Mapping[str, Any],
    data: Mapping[str, Any],
    functions: Mapping[str, Callable[..., object]],
) -> dict[str, Any]:
    """Return the columns `place` and `is_hidden` of an entry.

    `public_when` of the register is FEEL over the entry: one for which it is not true is hidden.
    Raises FeelError.
    """
    field, rule = place_field(definition), definition.get(PUBLIC_WHEN)
    place = data.get(field) if field else None
    shown = not rule or compile_expression(rule).evaluate(data, functions) is True
    return {"place": place if isinstance(place, str) else None, "is_hidden": not shown}


def mark_again(ctx: Context, register: str, definition: Mapping[str, Any]) -> None:
    """Mark every entry of a register anew, after its file said something else of it."""
    functions = Host(ctx, home_path(ctx)).functions
    query = select(_entries.c.id, _entries.c.data).where(_entries.c.register == register)
    for row in ctx.connection.execute(query).all():
        marks = marks_of(definition, row.data, functions)
        ctx.connection.execute(update(_entries).where(_entries.c.id == row.id).values(**marks))


def marks_differ(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Tell whether two definitions of a register mark its entries differently."""
    return (place_field(old), old.get(PUBLIC_WHEN)) != (place_field(new), new.get(PUBLIC_WHEN))
