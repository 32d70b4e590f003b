"""Finds the rules that may match without trying each: bit masks of rows by classes of values.

The cells of a column cut the values of each kind into elementary classes, between which no cell of
constants can tell a difference. Each class has a mask of the rows that take it; a row's bit is its
place from nought. The candidates for a set of inputs are the rows in the masks of all columns. A
cell that is no set (see dmn.sets) keeps its row among the candidates and is asked then.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from workflow_app.dmn.sets import read_set
from workflow_app.dmn.spans import place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from workflow_app.dmn.sets import ValueSet
    from workflow_app.dmn.spans import Cut, Key, Spans
    from workflow_app.feel import UnaryTests

    Tests = tuple[tuple[int, UnaryTests], ...]

#: Trying some rows one after the other costs less than finding out which to try.
WORTH_IT = 12


@dataclass(frozen=True, slots=True)
class Classes:
    """The elementary classes of one kind: below, at and between ``keys``, and a mask for each.

    Class 2n + 1 is the key n itself, class 2n what lies before it, the last one what lies behind.
    """

    keys: Sequence[Key]
    masks: Sequence[int]

    def mask(self, key: Key) -> int:
        """Give the rows that take a value."""
        place = bisect_left(self.keys, key)
        at = place < len(self.keys) and self.keys[place] == key
        return self.masks[2 * place + at]


@dataclass(frozen=True, slots=True)
class Column:
    """The classes of one column by kind, and the rows that take any value of another kind.

    Of the kinds that are ``unsure`` only evaluation can tell (see ValueSet).
    """

    kinds: Mapping[str, Classes]
    others: int
    unsure: frozenset[str]

    def mask(self, kind: str, key: Key) -> int:
        """Give the rows that take a value, those with opaque cells among them."""
        classes = self.kinds.get(kind)
        return self.others if classes is None else classes.mask(key)


def class_of(cut: Cut | None, keys: Sequence[Key], *, start: bool) -> int:
    """Give the class at which a span starts, or the one behind its end."""
    if cut is None:
        return 0 if start else 2 * len(keys) + 1
    return 2 * bisect_left(keys, cut[0]) + 1 + cut[1]


def keys_of(sets: Iterable[ValueSet], kind: str) -> list[Key]:
    """Give all keys at which a set of a kind starts or ends, in order."""
    spans = (span for each in sets if kind in each.parts for span in each.parts[kind])
    return sorted({cut[0] for span in spans for cut in span if cut is not None})


def masks_of(
    keys: Sequence[Key], entries: Iterable[tuple[Spans, int]], always: int
) -> tuple[int, ...]:
    """Give the mask of each class, of sets with their rows, and rows that are in every one."""
    changes = [0] * (2 * len(keys) + 2)
    for spans, rows in entries:
        for low, high in spans:
            changes[class_of(low, keys, start=True)] ^= rows
            changes[class_of(high, keys, start=False)] ^= rows
    running, made = always, []
    for change in changes[:-1]:
        # Neighbours are mostly the same, and need to be kept once only.
        running = running ^ change if change else running
        made.append(running)
    return tuple(made)


def build_column(entries: Sequence[tuple[ValueSet, int]], always: int) -> Column:
    """Make a column of distinct sets with the rows that have them, and rows that take all."""
    sets = [each for each, _rows in entries]
    others = always
    for each, rows in entries:
        others |= rows if each.rest else 0
    kinds = {}
    for kind in {kind for each in sets for kind in each.parts}:
        keys = keys_of(sets, kind)
        spans = ((each.of(kind), rows) for each, rows in entries)
        kinds[kind] = Classes(keys, masks_of(keys, spans, always))
    return Column(kinds, others, frozenset().union(*(each.unsure for each in sets)))


class RuleIndex:
    """The columns of a table and what is left to ask of each candidate."""

    def __init__(self, rules: Sequence[Tests], width: int, names: frozenset[str]) -> None:
        read = _Reader(names)
        sets = [{place: read(tests.text) for place, tests in rule} for rule in rules]
        self._rules = rules
        self._columns = [_column(sets, place) for place in range(width)]
        self._opaque = [
            tuple((place, tests) for place, tests in rule if found[place] is None)
            for rule, found in zip(rules, sets, strict=True)
        ]
        self._all = (1 << len(rules)) - 1

    def matching(
        self, values: Sequence[object], passes: Callable[[UnaryTests, object], bool]
    ) -> Iterator[int]:
        """Give the places of the rules that match, in order; ``passes`` asks an opaque cell."""
        rows, unsure = self._all, set()
        for place, (value, column) in enumerate(zip(values, self._columns, strict=True)):
            found = place_of(value)
            if found is None or found[0] in column.unsure:
                unsure.add(place)
            else:
                rows &= column.mask(*found)
        for row in bits(rows):
            tests = self._opaque[row] if not unsure else self._open(row, unsure)
            if all(passes(test, values[place]) for place, test in tests):
                yield row

    def _open(self, row: int, unsure: set[int]) -> Tests:
        """Give the cells to ask when some values are no scalars, which no class holds."""
        opaque = {place for place, _tests in self._opaque[row]} | unsure
        return tuple((place, tests) for place, tests in self._rules[row] if place in opaque)


class LazyIndex:
    """An index that is built when it is first asked for, by one thread."""

    __slots__ = ("_built", "_lock", "_names", "_rules", "_width")

    def __init__(self, rules: Sequence[Tests], width: int, names: frozenset[str]) -> None:
        self._rules, self._width, self._names = rules, width, names
        self._built: RuleIndex | None = None
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Whether there is nothing to build, or nothing left to."""
        return self._built is not None or len(self._rules) < WORTH_IT

    def get(self) -> RuleIndex | None:
        """Give the index; nothing for a table so short that trying each rule is faster."""
        if not self.ready:
            self._build()
        return self._built

    def _build(self) -> None:
        with self._lock:
            if self._built is None:
                self._built = RuleIndex(self._rules, self._width, self._names)


class _Reader:
    """Reads each distinct text of a table's cells once."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._known: dict[str, ValueSet | None] = {}

    def __call__(self, text: str) -> ValueSet | None:
        if text not in self._known:
            self._known[text] = read_set(text, self._names)
        return self._known[text]


def _column(sets: Sequence[Mapping[int, ValueSet | None]], place: int) -> Column:
    always = 0
    rows: dict[int, int] = {}
    known: dict[int, ValueSet] = {}
    for row, found in enumerate(sets):
        each = found.get(place)
        if each is None:
            # A dash takes everything; what an opaque cell takes is asked later.
            always |= 1 << row
        else:
            known[id(each)] = each
            rows[id(each)] = rows.get(id(each), 0) | 1 << row
    return build_column([(each, rows[mark]) for mark, each in known.items()], always)


def bits(mask: int) -> Iterator[int]:
    """Give the places of the bits that are set, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
