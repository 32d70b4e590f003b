"""Static analysis of decision tables: what no rule answers, what two answer, what none reaches.

Only what is certain is told, never a false alarm. A cell that reads a name, calls a function or
mentions ``?`` may let any value pass and may let none: where it matters, nothing is claimed. The
values of a column are those of its type and its allowed values; null is one where a cell names it.
Columns are taken to have any values beside each other, unless they read the same variable: of
those only one counts. An example gives a value for each column that matters, “-” for the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from workflow_app.dmn.clashes import clashes
from workflow_app.dmn.columns import columns_of
from workflow_app.dmn.domains import written
from workflow_app.dmn.gaps import Search, grouped, size_of
from workflow_app.dmn.givings import refused
from workflow_app.dmn.merging import mergeable
from workflow_app.dmn.reach import unreached
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workflow_app.dmn.columns import Column
    from workflow_app.dmn.reach import Unreached
    from workflow_app.dmn.tables import Table

GAP = N_("No rule matches these values.")
OVERLAP = N_("Rows %(rows)s both match the same values, but only one rule may.")
CONTRADICTION = N_("Rows %(rows)s match the same values, but do not agree on the result.")
NEVER = N_("Row %(row)s can never match: “%(cell)s” takes no value that “%(input)s” can have.")
MASKED = N_("Row %(row)s is never reached: row %(by)s above takes all that it would.")
COVERED = N_("Row %(row)s is never reached: the rows above take all that it would.")
NO_ORDER = N_("No output column lists its values, so none of the results comes before another.")
REFUSED = N_("Row %(row)s gives “%(output)s” %(value)s, which the column does not allow.")
NO_CATCH_ALL = N_("No rule takes what the others leave, and nothing is given by default.")
MERGEABLE = N_("Rows %(rows)s give the same and differ in “%(input)s” only.")
UNFINISHED = N_("The table is so large that not everything in it could be looked at.")
#: How many findings of one code are told.
MOST = 10
MOST_GAPS = 5
# Of so many the largest are told.
GAPS_SOUGHT = 100
BY_ORDER = frozenset({"PRIORITY", "OUTPUT ORDER"})
SINGLE_HIT = frozenset({"UNIQUE", "ANY", "PRIORITY", "FIRST"})


@dataclass(frozen=True, slots=True)
class TableFinding:
    """One thing to say of a table.

    ``code`` is gap, overlap, contradiction, refused, no_order, unreached, no_catch_all, mergeable
    or unfinished;
    ``rows`` count from one; ``example`` has a value in FEEL for each column by its words, “-” where
    any will do; ``why`` is a msgid that ``details`` fill.
    """

    code: str
    why: str
    rows: tuple[int, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)


def analyse(table: Table) -> tuple[TableFinding, ...]:
    """Find the gaps, clashes, and rules without effect of a table; the gravest first."""
    columns = columns_of(table)
    found = [*_clashes(table, columns), *_refused(table), *_unreached(table, columns)]
    found += _unordered(table)
    found += _unanswered(table, columns)
    found += _mergeable(table)
    cut = [each for each in found if each.code == "unfinished"]
    return (*(each for each in found if each.code != "unfinished"), *cut[:1])


def _unfinished() -> TableFinding:
    return TableFinding("unfinished", UNFINISHED)


def _clashes(table: Table, columns: Sequence[Column]) -> Iterator[TableFinding]:
    """Tell of rows that match the same values where only one may, or where they must agree."""
    told = {"overlap": 0, "contradiction": 0}
    for clash in clashes(table, columns):
        code = "contradiction" if clash.disagree else "overlap"
        told[code] += 1
        if sum(told.values()) > MOST:
            yield _unfinished()
            return
        rows = (clash.rows[0] + 1, clash.rows[1] + 1)
        named = {"rows": f"{rows[0]}, {rows[1]}"}
        why = CONTRADICTION if clash.disagree else OVERLAP
        yield TableFinding(code, why, rows, _example(columns, clash.values), named)


def _refused(table: Table) -> Iterator[TableFinding]:
    """Tell of constant outputs that their column refuses when the row matches."""
    for told, (row, place, value) in enumerate(refused(table)):
        if told >= MOST:
            yield _unfinished()
            return
        details = {"row": row + 1, "output": table.outputs[place].name, "value": written(value)}
        yield TableFinding("refused", REFUSED, (row + 1,), {}, details)


def _unordered(table: Table) -> Iterator[TableFinding]:
    """Tell of a table that chooses by the order of output values, and has none."""
    if table.hit_policy in BY_ORDER and not any(column.values for column in table.outputs):
        yield TableFinding("no_order", NO_ORDER)


def _example(columns: Sequence[Column], values: Mapping[int, object]) -> dict[str, str]:
    return {
        column.label: written(values[place]) if place in values else "-"
        for place, column in enumerate(columns)
    }


def _unreached(table: Table, columns: Sequence[Column]) -> Iterator[TableFinding]:
    """Tell of rows that nothing can reach."""
    for told, each in enumerate(unreached(table, columns)):
        if each.row is None or told >= MOST:
            yield _unfinished()
            return
        yield _of_row(each.row, each, columns)


def _of_row(row: int, found: Unreached, columns: Sequence[Column]) -> TableFinding:
    number = row + 1
    if found.column is not None:
        column = columns[found.column]
        details = {"row": number, "cell": column.cells[row], "input": column.label}
        return TableFinding("unreached", NEVER, (number,), {}, details)
    if found.by is not None:
        details = {"row": number, "by": found.by + 1}
        return TableFinding("unreached", MASKED, (number, found.by + 1), {}, details)
    return TableFinding("unreached", COVERED, (number,), {}, {"row": number})


def _unanswered(table: Table, columns: Sequence[Column]) -> Iterator[TableFinding]:
    """Tell of values that no rule takes; a list of hits may as well be empty."""
    default = any(column.default is not None for column in table.outputs)
    if table.hit_policy not in SINGLE_HIT or default or _has_catch_all(table, columns):
        return
    gaps, complete = _gaps(table, columns)
    yield from gaps
    # One rule for everything else would overlap all others.
    if table.hit_policy != "UNIQUE" or not (gaps or complete):
        yield TableFinding("no_catch_all", NO_CATCH_ALL)


def _has_catch_all(table: Table, columns: Sequence[Column]) -> bool:
    rows = (1 << len(table.rules)) - 1
    for column in columns:
        for each in column.classes:
            rows &= each.does
    return rows != 0


def _gaps(table: Table, columns: Sequence[Column]) -> tuple[list[TableFinding], bool]:
    """Give the findings of gaps, and whether there is none for certain."""
    everyone = (1 << len(table.rules)) - 1
    # Where a column's values cannot be told, any row may take them.
    groups = [
        grouped((each.may, each.example) for each in column.usual) or grouped([(everyone, None)])
        for column in columns
    ]
    search = Search(groups, everyone)
    gaps = sorted(islice(search.gaps(), GAPS_SOUGHT), key=size_of, reverse=True)
    found = [
        TableFinding("gap", GAP, (), _example(columns, {p: g.example for p, g in gap.items()}))
        for gap in gaps[:MOST_GAPS]
    ]
    sure = not found and not search.cut and _is_sure(columns)
    return found + ([_unfinished()] if search.cut else []), sure


def _is_sure(columns: Sequence[Column]) -> bool:
    """Tell whether no cell is opaque, and no column is left out."""
    return all(
        column.usual and all(each.may == each.does for each in column.usual)
        for column in columns
        if column.cells
    )


def _mergeable(table: Table) -> Iterator[TableFinding]:
    """Tell of rows that could be one."""
    for place, rows in mergeable(table)[:MOST]:
        numbers = tuple(row + 1 for row in rows)
        details = {
            "rows": ", ".join(map(str, numbers)),
            "input": table.inputs[place].label,
        }
        yield TableFinding("mergeable", MERGEABLE, numbers, {}, details)
