"""The commands on a decision table in words: each changes the file and says what it did."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workflow_app.dmn.document import child, children
from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.feel import FeelError
from workflow_app.services.designing.errors import BadName
from workflow_app.services.designing.outline_commands import CHANGED as TABLE_CHANGED
from workflow_app.services.designing.outline_commands import UNKNOWN, Done
from workflow_app.services.designing.step_reading import Untaken, read_fields
from workflow_app.services.designing.table_parts import (
    ANY,
    CELLS,
    FIELDS,
    INPUT,
    KINDS,
    OUTPUT,
    ROW,
    Part,
    copied,
    decision_of,
    fields_of_row,
    label_of,
    make,
    part_at,
    parts_of,
    put_after,
    read_cell,
    set_text,
    take_out,
    values_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workflow_app.engine.drawing.sheet import Sheet
    from workflow_app.services.designing.step_fields import Field
    from workflow_app.services.designing.table_parts import Element

ROW_ADDED = N_("Row %(number)s was added")
ROW_CHANGED = N_("Row %(number)s was changed.")
ROW_MOVED = N_("The row is row %(number)s now.")
ROW_REMOVED = N_("Row %(number)s was removed.")
ADDED = N_("The column “%(name)s” was added.")
CHANGED = N_("The column “%(name)s” was changed.")
REMOVED = N_("The column “%(name)s” was removed.")
LAST_ONE = N_("A table needs at least one of these columns.")
_NAME = re.compile(r"[^\W\d]\w*", re.ASCII)
EMPTY = "null"


def run(sheet: Sheet, said: Mapping[str, str]) -> Done:
    """Do the command `do` that was sent. Raises NotFound, Untaken, Invalid."""
    command = COMMANDS.get(said.get("do", ""))
    if command is None:
        raise Invalid(UNKNOWN)
    return command(sheet, said)


def _add(sheet: Sheet, said: Mapping[str, str]) -> Done:
    """Add a row or a column (`kind`) after a part of a table, or as its last."""
    sort = said.get("kind", "")
    if sort not in KINDS:
        raise Invalid(UNKNOWN)
    near = part_at(sheet, said.get("at", ""))
    held = parts_of(near.table, sort)
    number = near.number if near.sort == sort else len(held)
    if sort == ROW:
        return _add_row(sheet, said, near.table, number)
    return _add_column(sheet, said, Part(near.table, sort, near.table, number))


def _add_row(sheet: Sheet, said: Mapping[str, str], table: Element, number: int) -> Done:
    cells = _cells(fields_of_row(table), said)
    held = parts_of(table, ROW)
    name = f"{decision_of(table).get('id') or 'table'}_row"
    if held:
        row = copied(sheet, held[number - 1], name)
        put_after(table, row, held[number - 1])
        for note in children(row, "annotationEntry"):
            set_text(sheet, note, "")
    else:
        row = _blank_row(sheet, table, name)
    _write_row(sheet, row, cells)
    return Done(focus=_at(said, ROW, number + 1), why=ROW_ADDED, details={"number": number + 1})


def _blank_row(sheet: Sheet, table: Element, name: str) -> Element:
    row = make(sheet, table, "rule")
    row.set("id", sheet.unique(name, name))
    for sort, cell in CELLS.items():
        for _column in parts_of(table, sort):
            entry = make(sheet, row, cell)
            entry.set("id", sheet.unique(f"{name}_{sort}", name))
    return row


def _cells(fields: Iterable[Field], said: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a row by field. Raises Untaken."""
    read = read_fields(fields, said)
    wrong: dict[str, FeelError] = {}
    for name, words in read.items():
        try:
            read[name] = read_cell(name, words)
        except FeelError as error:
            wrong[name] = error
    if wrong:
        raise Untaken(wrong)
    return read


def _write_row(sheet: Sheet, row: Element, cells: Mapping[str, str]) -> None:
    for sort, name in CELLS.items():
        for number, cell in enumerate(children(row, name), 1):
            if f"{sort}{number}" in cells:
                set_text(sheet, cell, cells[f"{sort}{number}"])
    _note(sheet, row, cells.get("note"))


def _note(sheet: Sheet, row: Element, words: str | None) -> None:
    held = child(row, "description")
    if words is None or (held is None and not words):
        return
    if held is None:
        held = make(sheet, row, "description")
        row.remove(held)
        put_after(row, held, None)
    if words:
        held.text = words
    else:
        take_out(held)


def _add_column(sheet: Sheet, said: Mapping[str, str], place: Part) -> Done:
    read = _column(place.sort, said)
    table, sort, number = place.table, place.sort, place.number
    held = parts_of(table, sort)
    name = f"{decision_of(table).get('id') or 'table'}_{KINDS[sort]}"
    column = copied(sheet, held[number - 1], name) if held else make(sheet, table, KINDS[sort])
    for inside in children(column, "inputValues", "outputValues", "defaultOutputEntry"):
        column.remove(inside)
    if not held:
        column.set("id", sheet.unique(name, name))
        table.remove(column)
    before = held or (parts_of(table, INPUT) if sort == OUTPUT else [])
    put_after(table, column, before[number - 1] if before else None)
    _write_column(sheet, column, sort, read)
    for row in parts_of(table, ROW):
        _add_cell(sheet, row, sort, number)
    return Done(focus=_at(said, sort, number + 1), why=ADDED, details={"name": read["label"]})


def _add_cell(sheet: Sheet, row: Element, sort: str, number: int) -> None:
    held = list(children(row, CELLS[sort]))
    name = f"{row.get('id') or 'row'}_{sort}"
    if held:
        cell = copied(sheet, held[number - 1], name)
        put_after(row, cell, held[number - 1])
    else:
        cell = make(sheet, row, CELLS[sort])
        cell.set("id", sheet.unique(name, name))
        row.remove(cell)
        put_after(row, cell, child(row, "description"))
    set_text(sheet, cell, ANY if sort == INPUT else EMPTY)


def _column(sort: str, said: Mapping[str, str]) -> dict[str, str]:
    read = read_fields(FIELDS[sort], said)
    if sort == OUTPUT and not _NAME.fullmatch(read["source"]):
        raise Untaken({"source": BadName(name=read["source"])})
    return read


def _write_column(sheet: Sheet, column: Element, sort: str, read: Mapping[str, str]) -> None:
    column.set("label", read["label"])
    typed = column
    if sort == INPUT:
        found = child(column, "inputExpression")
        typed = make(sheet, column, "inputExpression") if found is None else found
        set_text(sheet, typed, read["source"].removeprefix("="))
    else:
        column.set("name", read["source"])
    if read["type"]:
        typed.set("typeRef", read["type"])
    elif "typeRef" in typed.attrib:
        del typed.attrib["typeRef"]


def _change(sheet: Sheet, said: Mapping[str, str]) -> Done:
    part = part_at(sheet, said.get("at", ""))
    if part.sort == ROW:
        return _change_row(sheet, said, part)
    if part.sort == "table":
        return _change_table(said, part)
    read = _column(part.sort, said)
    if read != values_of(part):
        _write_column(sheet, part.element, part.sort, read)
    return Done(focus=said["at"], why=CHANGED, details={"name": read["label"]})


def _change_row(sheet: Sheet, said: Mapping[str, str], part: Part) -> Done:
    before = values_of(part)
    cells = _cells([one for one in fields_of_row(part.table) if one.name in said], said)
    old = {name: before.get(name) or (ANY if name.startswith(INPUT) else "") for name in cells}
    changed = {name: words for name, words in cells.items() if words != old[name]}
    _write_row(sheet, part.element, changed)
    return Done(focus=said["at"], why=ROW_CHANGED, details={"number": part.number})


def _change_table(said: Mapping[str, str], part: Part) -> Done:
    read = read_fields(FIELDS["table"], said)
    before = values_of(part)
    if read["title"] != before["title"]:
        decision_of(part.element).set("name", read["title"])
    if read["policy"] != before["policy"]:
        part.element.set("hitPolicy", read["policy"])
        if "aggregation" in part.element.attrib:
            del part.element.attrib["aggregation"]
    return Done(focus=said["at"], why=TABLE_CHANGED, details={"name": read["title"]})


def _step(by: int) -> Callable[[Sheet, Mapping[str, str]], Done]:
    def move(sheet: Sheet, said: Mapping[str, str]) -> Done:
        part = part_at(sheet, said.get("at", ""))
        held = parts_of(part.table, ROW)
        place = part.number - 1 + by
        if part.sort != ROW or not 0 <= place < len(held):
            return Done(focus=said["at"], why=ROW_MOVED, details={"number": part.number})
        upper, lower = sorted((part.element, held[place]), key=part.table.index)
        take_out(lower)
        above = upper.getprevious()
        put_after(part.table, lower, above)
        return Done(focus=_at(said, ROW, place + 1), why=ROW_MOVED, details={"number": place + 1})

    return move


def _remove(sheet: Sheet, said: Mapping[str, str]) -> Done:
    part = part_at(sheet, said.get("at", ""))
    table = said["at"].partition(".")[0]
    if part.sort == ROW:
        take_out(part.element)
        return Done(focus=table, why=ROW_REMOVED, details={"number": part.number})
    if part.sort not in CELLS:
        raise Invalid(UNKNOWN)
    if len(parts_of(part.table, part.sort)) == 1:
        raise Invalid(LAST_ONE)
    name = label_of(part.element, part.sort)
    for row in parts_of(part.table, ROW):
        cells = list(children(row, CELLS[part.sort]))
        take_out(cells[part.number - 1])
    take_out(part.element)
    return Done(focus=table, why=REMOVED, details={"name": name})


def _at(said: Mapping[str, str], sort: str, number: int) -> str:
    return f"{said['at'].partition('.')[0]}.{sort}{number}"


COMMANDS: Mapping[str, Callable[[Sheet, Mapping[str, str]], Done]] = {
    "add": _add,
    "change": _change,
    "up": _step(-1),
    "down": _step(1),
    "remove": _remove,
}
