"""Checks of decision tables cell by cell: each is read with the type of its column.

The type is the one declared, if it is one of FEEL's own; else what the column's expression gives,
as far as that is known. A cell's names may come from the decision's data or its requirements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.engine.contract import Finding
from workflow_app.engine.lint.rules.expressions import CELL
from workflow_app.engine.lint.typed import problem_finding, types_written
from workflow_app.feel import lint, type_of
from workflow_app.feel.linting import infer_type
from workflow_app.feel.typing import ANY, KNOWN
from workflow_app.feel.warnings import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.dmn.graph import Node
    from workflow_app.dmn.tables import Input, Rule, Table
    from workflow_app.engine.lint.report import Report
    from workflow_app.feel import FeelType, Problem


@dataclass(frozen=True, slots=True)
class _Reader:
    """One table with what its expressions may name and call."""

    file: str
    table: Table
    types: Mapping[str, FeelType]
    functions: Mapping[str, FeelType]

    def lint(self, text: str, wanted: FeelType = ANY) -> tuple[Problem, ...]:
        return lint(text, self.types, functions=self.functions, closed=False, wanted=wanted)

    def lint_tests(self, text: str, tested: FeelType) -> tuple[Problem, ...]:
        types = {**self.types, "?": tested}
        return lint(text, types, functions=self.functions, closed=False, tests=True)


def check_cells(report: Report) -> None:
    """Read the columns and cells of every decision table."""
    types = types_written(report.library)
    for file, model in report.library.tables.items():
        functions = {node.name: ANY for node in model.graph.nodes()}
        decisions = {node.id for node in model.graph.decisions()}
        for node, table in model.graph.tables():
            # Within knowledge or a boxed context a name may be a parameter or an entry instead.
            seen = types if node.id in decisions and table is node.table else {}
            known = {**seen, **functions, **dict.fromkeys(table.names, ANY)}
            report.findings += _in_table(_Reader(file, table, known, functions), node)


def _in_table(reader: _Reader, node: Node) -> Iterator[Finding]:
    table = reader.table
    columns = []
    for column in table.inputs:
        text = column.expression.text
        for problem in reader.lint(text, _declared(column.type_name)):
            place = reader.file, node.id, text, node.line
            finding = problem_finding(problem, *place, condition=False)
            if finding is not None:
                yield finding
        columns.append(_tested(column, reader.types))
    for rule in table.rules:
        yield from _in_row(reader, rule, columns)


def _tested(column: Input, types: Mapping[str, FeelType]) -> FeelType:
    declared = _declared(column.type_name)
    return infer_type(column.expression.text, types) if declared == ANY else declared


def _declared(name: str | None) -> FeelType:
    return type_of(name) if name in KNOWN else ANY


def _in_row(reader: _Reader, rule: Rule, columns: list[FeelType]) -> Iterator[Finding]:
    table = reader.table
    for place, tests in rule.tests:
        for problem in reader.lint_tests(tests.text, columns[place]):
            yield from _cell(reader.file, rule, table.inputs[place].label, tests.text, problem)
    for column, output in zip(table.outputs, rule.outputs, strict=False):
        for problem in reader.lint(output.text, _declared(column.type_name)):
            yield from _cell(reader.file, rule, column.name, output.text, problem)


def _cell(file: str, rule: Rule, column: str, text: str, problem: Problem) -> Iterator[Finding]:
    if problem.code in {Cause.SYNTAX, Cause.TOO_LARGE}:
        return
    yield Finding(
        code=CELL.code,
        severity=CELL.severity,
        file=file,
        element=rule.id,
        line=rule.line,
        message=CELL.message,
        params={"row": rule.row, "column": column, "text": text, "reason": problem},
        fix=CELL.fix,
        column=problem.column,
        hint=problem.hint,
    )
