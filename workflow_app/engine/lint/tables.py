"""Checks of decision tables: their analysis, as findings with rows and example values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.analysis import COVERED, MASKED, NEVER, REFUSED, analyse
from workflow_app.engine.lint.rules.expressions import CELL, CHOICE
from workflow_app.engine.lint.rules.tables import (
    CONTRADICTION,
    COVERED_ROW,
    DEAD_ROW,
    GAP,
    MASKED_ROW,
    MERGEABLE,
    NO_CATCH_ALL,
    NO_ORDER,
    OVERLAP,
    REFUSED_OUTPUT,
    UNFINISHED,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.dmn.analysis import TableFinding
    from workflow_app.dmn.graph import Node
    from workflow_app.dmn.tables import Table
    from workflow_app.engine.contract import Finding
    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.lint.rules.rule import Rule

    #: File, row by its id, column by its words.
    Cell = tuple[str, str | None, object]

_RULES: Mapping[str, Rule] = {
    "gap": GAP,
    "overlap": OVERLAP,
    "contradiction": CONTRADICTION,
    "refused": REFUSED_OUTPUT,
    "no_order": NO_ORDER,
    "no_catch_all": NO_CATCH_ALL,
    "mergeable": MERGEABLE,
    "unfinished": UNFINISHED,
}
_ROWS: Mapping[str, Rule] = {NEVER: DEAD_ROW, MASKED: MASKED_ROW, COVERED: COVERED_ROW}


def check_tables(report: Report) -> None:
    """Analyse every decision table that can be read."""
    blamed = {_cell(each) for each in report.findings if each.code in {CELL.code, CHOICE.code}}
    for file, model in report.asked_tables():
        for node, table in model.graph.tables():
            for finding in analyse(table):
                if not blamed.intersection(_cells_of(file, table, finding)):
                    _tell(report, file, node, table, finding)


def _cell(finding: Finding) -> Cell:
    return finding.file, finding.element, finding.params["column"]


def _cells_of(file: str, table: Table, finding: TableFinding) -> Iterator[Cell]:
    """Yield the cell that a finding is about, if it is about one: it may be blamed already."""
    for column in ("input", "output"):
        if column in finding.details and finding.why in {NEVER, REFUSED}:
            yield file, table.rules[finding.rows[0] - 1].id, finding.details[column]


def _tell(report: Report, file: str, node: Node, table: Table, finding: TableFinding) -> None:
    """Add a finding; about rows it stands at the last of them, which is the one to mend."""
    rule = _ROWS[finding.why] if finding.code == "unreached" else _RULES[finding.code]
    element, line = node.id, node.line
    if finding.rows:
        row = finding.rows[0] if finding.code == "unreached" else finding.rows[-1]
        element, line = table.rules[row - 1].id, table.rules[row - 1].line
    told = {"name": node.title, "example": _values(finding.example), **finding.details}
    report.add(rule, file, element, line, **told)


def _values(example: Mapping[str, str]) -> str:
    return "; ".join(f"{label}: {value}" for label, value in example.items())
