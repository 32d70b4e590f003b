"""Decision tables as they are drawn: every cell as written, with the words for people.

For whoever shows a table; evaluation knows the compiled cells only (dmn/tables.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from workflow_app.dmn.document import Element, child, children, kind, read_document, text
from workflow_app.dmn.hitpolicy import policy_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY_VALUE = frozenset({"", "-"})

#: Where a note's words come from: a capital in brackets, "[A]" or "[P 6]", and what follows it.
_SOURCE_MARK = re.compile(r"\s*\[[A-Z](?: \d+)?\].*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its words, and the expression that an input tests or the name of an output."""

    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, counted from one; ``notes`` are its description and annotations, those that say it.

    A note ends before the mark of its source, which is for whoever writes the table.
    ``tests`` and ``outputs`` are FEEL as written, a test that takes anything is empty.
    """

    id: str
    row: int
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A decision table: ``title`` and ``question`` are those of its decision, empty without one."""

    id: str
    title: str
    question: str
    hit_policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]


def drawn_tables(xml: bytes) -> Mapping[str, DrawnTable]:
    """Return the tables of a model by their ids, and each decision's own by the decision's id too.

    Raises DmnError for a file that cannot be read.
    """
    found: dict[str, DrawnTable] = {}
    for element in read_document(xml).iter("{*}decisionTable"):
        decision = _decision(element)
        table = _table(element, decision)
        found.setdefault(table.id, table)
        if decision is not None and element.getparent() is decision:
            found.setdefault(decision.get("id") or "", table)
    found.pop("", None)
    return MappingProxyType(found)


def said(note: str) -> str:
    """Return what a note says to readers: its words before the mark of their source."""
    return _SOURCE_MARK.sub("", note).strip()


def _decision(element: Element) -> Element | None:
    return next((above for above in element.iterancestors() if kind(above) == "decision"), None)


def _table(element: Element, decision: Element | None) -> DrawnTable:
    return DrawnTable(
        element.get("id") or "",
        "" if decision is None else decision.get("name") or "",
        "" if decision is None else text(child(decision, "question")),
        policy_of(element.get("hitPolicy"))[0],
        tuple(_input(column) for column in children(element, "input")),
        tuple(_output(column) for column in children(element, "output")),
        tuple(_row(rule, row) for row, rule in enumerate(children(element, "rule"), 1)),
    )


def _input(element: Element) -> Column:
    words = text(child(element, "inputExpression"))
    return Column(element.get("label") or words, words)


def _output(element: Element) -> Column:
    name = element.get("name") or ""
    return Column(element.get("label") or name, name)


def _row(element: Element, row: int) -> Row:
    tests = (text(cell) for cell in children(element, "inputEntry"))
    notes = (child(element, "description"), *children(element, "annotationEntry"))
    return Row(
        element.get("id") or str(row),
        row,
        tuple("" if cell in ANY_VALUE else cell for cell in tests),
        tuple(text(cell) for cell in children(element, "outputEntry")),
        tuple(note for note in dict.fromkeys(said(text(note)) for note in notes) if note),
    )
