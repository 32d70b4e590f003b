"""What the rows of a table give, as far as that is constant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.sets import OPAQUE, read_constant
from workflow_app.feel.errors import FeelError
from workflow_app.feel.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.dmn.tables import Output, Table


def constant_output(table: Table, row: int, place: int) -> tuple[object, object]:
    """Give what a cell says and what its column makes of it; OPAQUE for both unless constant."""
    said = read_constant(table.rules[row].outputs[place].text, table.names)
    if said is OPAQUE:
        return OPAQUE, OPAQUE
    try:
        return said, table.types.coerce(said, table.outputs[place].type_name, Runtime({}))
    except FeelError:
        return OPAQUE, OPAQUE


def refused(table: Table) -> Iterator[tuple[int, int, object]]:
    """Find the row, the column and the value of constants that their column does not allow."""
    for row in range(len(table.rules)):
        for place, column in enumerate(table.outputs):
            said, value = constant_output(table, row, place)
            if said is OPAQUE or said is None:
                continue
            if value is None or not _allows(column, value):
                yield row, place, said


def _allows(column: Output, value: object) -> bool:
    try:
        return column.allowed is None or column.allowed.run(Runtime({}), {}, value) is True
    except FeelError:
        return True
