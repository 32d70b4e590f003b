"""The answers that forms offer, and cells of tables that wait for another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.index import keys_of
from workflow_app.dmn.sets import read_set
from workflow_app.engine.lint.typed import fields_in_form, forms_of, type_of_field, types_written
from workflow_app.feel.checking.typing import STRING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.library import Library

    #: The answers that stand for a name, where nothing but forms with fixed answers writes it.
    Choices = Mapping[str, frozenset[str]]

_OFFERING = frozenset(["radio", "select"])
_ORDERED = ("<", ">", "..")


def choices_written(library: Library) -> Choices:
    """Return the answers by the name in a case's data that they are written to."""
    offered: dict[str, set[str]] = {}
    free: set[str] = set()
    for name, component in (each for form in forms_of(library) for each in fields_in_form(form)):
        if component.get("type") in _OFFERING and type_of_field(component) == STRING:
            values = offered.setdefault(name, set())
            values.update(answer["value"] for answer in component["values"])
        else:
            free.add(name.partition(".")[0])
    alone = {name for name, kind in types_written(library).items() if kind == STRING} - free
    return {name: frozenset(values) for name, values in offered.items() if name in alone}


def never_offered(cell: str, names: frozenset[str], offered: frozenset[str]) -> list[str]:
    """Return the texts that a cell waits for, in order, and that are none of the answers."""
    found = None if any(mark in cell for mark in _ORDERED) else read_set(cell, names)
    words = [] if found is None else keys_of([found], "string")
    return [word for word in words if word and word not in offered]
