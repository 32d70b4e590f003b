"""Checks of decision tables: their analysis, as findings with rows and example values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.dmn.analysis import COVERED, MASKED, NEVER, analyse
from workflow_app.engine.lint.rules.tables import (
    CONTRADICTION,
    COVERED_ROW,
    DEAD_ROW,
    GAP,
    MASKED_ROW,
    MERGEABLE,
    NO_CATCH_ALL,
    OVERLAP,
    UNFINISHED,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.dmn.analysis import TableFinding
    from workflow_app.dmn.graph import Node
    from workflow_app.dmn.tables import Table
    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.lint.rules.rule import Rule

_RULES: Mapping[str, Rule] = {
    "gap": GAP,
    "overlap": OVERLAP,
    "contradiction": CONTRADICTION,
    "no_catch_all": NO_CATCH_ALL,
    "mergeable": MERGEABLE,
    "unfinished": UNFINISHED,
}
_ROWS: Mapping[str, Rule] = {NEVER: DEAD_ROW, MASKED: MASKED_ROW, COVERED: COVERED_ROW}


def check_tables(report: Report) -> None:
    """Analyse every decision table that can be read."""
    for file, model in report.library.tables.items():
        for node, table in model.graph.tables():
            for finding in analyse(table):
                _tell(report, file, node, table, finding)


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
