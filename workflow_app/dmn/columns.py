"""The columns of a table for its analysis: for each class of values, who may and who does take it.

``may`` are the rows whose cells could let a value of the class pass, ``does`` those whose cells
let it pass for certain; the rows with opaque cells are in the first only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.dmn.domains import (
    ALL_KINDS,
    NO_VALUE,
    UNKNOWN,
    Domain,
    domain_of,
    example,
    is_input,
)
from workflow_app.dmn.index import keys_of, masks_of
from workflow_app.dmn.sets import read_set
from workflow_app.dmn.spans import BOOLEAN, NULL, SIBLINGS
from workflow_app.feel.expression import parse_text
from workflow_app.feel.nodes import Name, Path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflow_app.dmn.tables import Input, Table
    from workflow_app.feel.nodes import Node


@dataclass(frozen=True, slots=True)
class ValueClass:
    """Values between which no cell tells a difference: an example, UNKNOWN if none is at hand."""

    kind: str
    example: object
    may: int
    does: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column for analysis.

    ``classes`` are of all values that can reach the cells, null among them; ``usual`` those that
    the table is meant for, each with a valid example: none where the values of this column hang
    together with those of another, or where its type is not one of scalars. ``dashes`` are the rows
    that take everything, ``cells`` maps a row to the text of its cell.
    """

    label: str
    classes: tuple[ValueClass, ...]
    usual: tuple[ValueClass, ...]
    dashes: int
    cells: Mapping[int, str]


def columns_of(table: Table) -> tuple[Column, ...]:
    """Give the columns of a table for its analysis."""
    free = _independent(table)
    labels = _labels(table)
    return tuple(
        _column(table, place, labels[place], free=place in free)
        for place in range(len(table.inputs))
    )


def _labels(table: Table) -> list[str]:
    """Name the columns; those of one name are told apart by what they read."""
    labels = [column.label for column in table.inputs]
    return [
        label if labels.count(label) == 1 else f"{label} ({column.expression.text}, {place})"
        for place, (label, column) in enumerate(zip(labels, table.inputs, strict=True), 1)
    ]


def _independent(table: Table) -> set[int]:
    """Find columns that can have any values beside each other: none reads what another reads."""
    reads = [_reads(column, table) for column in table.inputs]
    chosen: dict[int, frozenset[tuple[str, ...]]] = {}
    # A variable itself says more than what is computed of it.
    for place, (_computed, paths) in sorted(enumerate(reads), key=lambda each: each[1][0]):
        known = [path for others in chosen.values() for path in others]
        if not any(_meet(one, other) for one in known for other in paths):
            chosen[place] = paths
    return set(chosen)


def _reads(column: Input, table: Table) -> tuple[bool, frozenset[tuple[str, ...]]]:
    """Tell whether a column is computed, and the variables or their members that it reads."""
    path = _path(parse_text(column.expression.text, table.names))
    if path:
        return False, frozenset([path])
    return True, frozenset((name,) for name in column.expression.names)


def _path(node: Node) -> tuple[str, ...]:
    if isinstance(node, Name):
        return (node.name,)
    before = _path(node.base) if isinstance(node, Path) else ()
    return (*before, node.name) if before and isinstance(node, Path) else ()


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _column(table: Table, place: int, label: str, *, free: bool) -> Column:
    cells = {
        row: tests.text
        for row, rule in enumerate(table.rules)
        for column, tests in rule.tests
        if column == place
    }
    builder = _Builder(table, place, cells)
    classes = tuple(builder.classes())
    usual = tuple(builder.usual(classes)) if free else ()
    return Column(label, classes, usual, builder.dashes, cells)


class _Builder:
    """Cuts the values of a column into classes."""

    def __init__(self, table: Table, place: int, cells: Mapping[int, str]) -> None:
        self._table = table
        self._input = table.inputs[place]
        self._domain: Domain = domain_of(self._input, table)
        everyone = (1 << len(table.rules)) - 1
        rows: dict[str, int] = {}
        for row, words in cells.items():
            rows[words] = rows.get(words, 0) | 1 << row
        found = [(read_set(words, table.names), mask) for words, mask in rows.items()]
        # Of lists and contexts no cell's set says enough.
        scalar = self._domain.kinds != ()
        self._sets = [(each, mask) for each, mask in found if each is not None and scalar]
        self._opaque = sum(mask for each, mask in found if each is None or not scalar)
        self.dashes = everyone & ~sum(rows.values())
        self._null_named = any("null" in words for words in rows)

    def classes(self) -> Iterator[ValueClass]:
        """Give the classes of all values that can reach the cells."""
        for kind in self._kinds():
            yield from self._of_kind(kind)
        if not self._domain.kinds:
            yield self._rest()

    def _kinds(self) -> Sequence[str]:
        kinds = ALL_KINDS if self._domain.kinds is None else (*self._domain.kinds, NULL)
        return [kind for kind in kinds if kind in self._named() or self._domain.kinds is not None]

    def _named(self) -> set[str]:
        return {kind for each, _rows in self._sets for kind in (*each.parts, *each.unsure)}

    def _of_kind(self, kind: str) -> Iterator[ValueClass]:
        limits = [each for each in self._domain.limit(kind) if kind not in each.unsure]
        told = [(each, rows) for each, rows in self._sets if kind not in each.unsure]
        sets = [each for each, _rows in told]
        unsure = self._opaque | sum(rows for each, rows in self._sets if kind in each.unsure)
        keys = [False, True] if kind == BOOLEAN else keys_of([*sets, *limits], kind)
        entries = [(each.of(kind), rows) for each, rows in told]
        does = masks_of(keys, entries, self.dashes)
        excluded = [((~each).of(kind), 1 << place) for place, each in enumerate(limits)]
        outside = masks_of(keys, excluded, 0)
        for place, rows in enumerate(does):
            value = NO_VALUE if outside[place] else example(kind, keys, place)
            if value is not NO_VALUE:
                yield ValueClass(kind, value, rows | unsure, rows)

    def _rest(self) -> ValueClass:
        """Give the class of lists, contexts and whatever else no cell names."""
        may = does = self.dashes
        for each, rows in self._sets:
            may |= rows if each.rest or each.composed is not False else 0
            does |= rows if each.rest and each.composed is True else 0
        return ValueClass("", UNKNOWN, may | self._opaque, does)

    def usual(self, classes: Sequence[ValueClass]) -> Iterator[ValueClass]:
        """Give the classes that the table is meant for, by their examples.

        Null is only where a cell names it, and clocks without a zone are not where those with one
        are.
        """
        named = {kind for each, _rows in self._sets for kind in each.parts if keys_of([each], kind)}
        for each in classes:
            meant = self._null_named if each.kind == NULL else each.kind in named
            sibling = SIBLINGS.get(each.kind) in named and not meant
            if each.example is UNKNOWN or sibling or (each.kind == NULL and not meant):
                continue
            if is_input(each.example, self._input, self._table):
                yield each
