"""The decision tables of a file that is being changed: their columns, rows and cells.

A part is named by the number of its table and its own: “1” is the first table, “1.i2” its second
input, “1.o1” its first output, “1.r3” its third row.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from workflow_app.dmn.document import child, children, kind, text
from workflow_app.domain.errors import NotFound
from workflow_app.domain.text import N_
from workflow_app.feel import compile_expression, compile_unary_tests
from workflow_app.services.designing.step_fields import Field

if TYPE_CHECKING:
    from workflow_app.engine.drawing.sheet import Sheet

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type

INPUT, OUTPUT, ROW = "i", "o", "r"
KINDS = {INPUT: "input", OUTPUT: "output", ROW: "rule"}
CELLS = {INPUT: "inputEntry", OUTPUT: "outputEntry"}
ANY = "-"
TYPES = (
    ("string", N_("Text")),
    ("number", N_("Number")),
    ("boolean", N_("Yes or no")),
    ("date", N_("Date")),
    ("", N_("Anything")),
)
POLICIES = (
    ("UNIQUE", N_("Only one row may apply")),
    ("FIRST", N_("The first row that applies")),
    ("ANY", N_("Any row that applies; they agree")),
    ("COLLECT", N_("All rows that apply, as a list")),
    ("RULE ORDER", N_("All rows that apply, in their order")),
)
TYPE = Field(name="type", label=N_("Kind of value"), options=TYPES)
COLUMN = Field(name="label", label=N_("Heading"), needed=True)
FIELDS = {
    "table": (
        Field(name="title", label=N_("Title"), needed=True),
        Field(name="policy", label=N_("Which rows count"), options=POLICIES, needed=True),
    ),
    INPUT: (
        COLUMN,
        Field(
            name="source",
            label=N_("What is compared"),
            hint=N_("The name of an answer, or a formula."),
            needed=True,
            feel=True,
        ),
        TYPE,
    ),
    OUTPUT: (
        COLUMN,
        Field(
            name="source",
            label=N_("Name of the result"),
            hint=N_("Small letters, digits and _."),
            needed=True,
        ),
        TYPE,
    ),
}
NOTE = Field(name="note", label=N_("Note"), hint=N_("Why the row is so."), lines=2)
TEST_HINT = N_('Words in quotes, such as "yes"; numbers such as >= 5. Empty: any.')
RESULT_HINT = N_('Words in quotes, such as "accepted"; numbers as they are; true or false.')
_AT = re.compile(r"(\d+)(?:\.([ior])(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a table: the table, its sort (“table”, i, o, r), its element, and its number."""

    table: Element
    sort: str
    element: Element
    number: int


def tables_in(sheet: Sheet) -> list[Element]:
    """Return the decision tables of a file in order."""
    return list(sheet.root.iter("{*}decisionTable"))


def part_at(sheet: Sheet, at: str) -> Part:
    """Return a part by its name. Raises NotFound."""
    found = _AT.fullmatch(at)
    tables = tables_in(sheet)
    if found is None or not 0 < int(found[1]) <= len(tables):
        raise NotFound
    table = tables[int(found[1]) - 1]
    if not found[2]:
        return Part(table, "table", table, 0)
    held = parts_of(table, found[2])
    if not 0 < int(found[3]) <= len(held):
        raise NotFound
    return Part(table, found[2], held[int(found[3]) - 1], int(found[3]))


def parts_of(table: Element, sort: str) -> list[Element]:
    """Return the inputs, outputs or rows of a table."""
    return list(children(table, KINDS[sort]))


def decision_of(table: Element) -> Element:
    """Return what a table's words stand on: its decision, or the table itself."""
    above = (one for one in table.iterancestors() if kind(one) == "decision")
    return next(above, table)


def fields_of_row(table: Element) -> tuple[Field, ...]:
    """Return a field for each column of a table, and one for the note."""
    found = [
        Field(
            name=f"{sort}{number}",
            label=label_of(column, sort),
            hint=TEST_HINT if sort == INPUT else RESULT_HINT,
            needed=sort == OUTPUT,
        )
        for sort in (INPUT, OUTPUT)
        for number, column in enumerate(parts_of(table, sort), 1)
    ]
    return (*found, NOTE)


def label_of(column: Element, sort: str) -> str:
    """Return the heading of a column."""
    return column.get("label") or source_of(column, sort)


def source_of(column: Element, sort: str) -> str:
    """Return what an input compares, or the name of an output."""
    return text(child(column, "inputExpression")) if sort == INPUT else column.get("name") or ""


def values_of(part: Part) -> dict[str, str]:
    """Return what stands in a part's fields now."""
    element = part.element
    if part.sort == "table":
        title = decision_of(element).get("name") or ""
        return {"title": title, "policy": element.get("hitPolicy") or "UNIQUE"}
    if part.sort == ROW:
        return values_of_row(element)
    typed = child(element, "inputExpression") if part.sort == INPUT else element
    type_ = "" if typed is None else typed.get("typeRef") or ""
    label = element.get("label") or ""
    return {"label": label, "source": source_of(element, part.sort), "type": type_}


def values_of_row(row: Element) -> dict[str, str]:
    """Return the cells of a row by field; what takes anything is empty."""
    found = {"note": text(child(row, "description"))}
    for sort, name in CELLS.items():
        for number, cell in enumerate(children(row, name), 1):
            words = text(cell)
            found[f"{sort}{number}"] = "" if sort == INPUT and words == ANY else words
    return found


def read_cell(field: str, words: str) -> str:
    """Return a cell as a file holds it. Raises FeelError."""
    if field.startswith(INPUT):
        words = words or ANY
        compile_unary_tests(words)
    elif field != NOTE.name:
        compile_expression(words)
    return words


# --- writing -------------------------------------------------------------------------------------


def make(sheet: Sheet, parent: Element, name: str) -> Element:
    """Add an element of DMN as the last inside another."""
    space = etree.QName(sheet.root).namespace
    return etree.SubElement(parent, f"{{{space}}}{name}")


def set_text(sheet: Sheet, holder: Element, words: str) -> None:
    """Write the words of a cell or of an expression."""
    held = child(holder, "text")
    for inside in list(holder) if held is None else list(held):
        (holder if held is None else held).remove(inside)
    if held is None:
        holder.text = None
        held = make(sheet, holder, "text")
    held.text = words


def put_after(parent: Element, new: Element, before: Element | None) -> None:
    """Add an element after another, first where there is none, spaced as its neighbours are."""
    if before is None:
        new.tail, parent.text = parent.text, parent.text
        parent.insert(0, new)
        return
    above = before.getprevious()
    space = parent.text if above is None else above.tail
    new.tail, before.tail = before.tail, space
    parent.insert(parent.index(before) + 1, new)


def take_out(element: Element) -> None:
    """Remove an element; the space before what follows stays as it was."""
    parent, above = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.getnext() is None:
        if above is None:
            parent.text = element.tail
        else:
            above.tail = element.tail
    parent.remove(element)


def copied(sheet: Sheet, pattern: Element, fallback: str) -> Element:
    """Return a copy of an element whose ids nothing else has."""
    found = deepcopy(pattern)
    for number, inside in enumerate(one for one in found.iter() if one.get("id")):
        base = f"{fallback}_{number}" if number else fallback
        inside.set("id", sheet.unique(base, base))
    return found
