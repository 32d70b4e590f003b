"""Checks of decision tables cell by cell: each is read with the type of its column.

The type is the one declared, if it is one of FEEL's own; else what the column's expression gives,
as far as that is known. A cell's names may come from the decision's data, which a process elsewhere
may give: only a name that is nearly one of those that are known is blamed. Of each cell the first
fault is told, since others mostly follow from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from workflow_app.engine.lint.choices import choices_written, never_offered
from workflow_app.engine.lint.reading import names_written
from workflow_app.engine.lint.report import Inside, finding_of
from workflow_app.engine.lint.rules.expressions import CELL, CHOICE
from workflow_app.engine.lint.typed import problem_finding, types_written
from workflow_app.feel import lint, type_of
from workflow_app.feel.checking.linting import infer_type
from workflow_app.feel.checking.typing import ANY, KNOWN
from workflow_app.feel.explaining.warnings import UNKNOWN_NAME_HINT, Cause
from workflow_app.feel.reading.similar import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from workflow_app.dmn.graph import Node
    from workflow_app.dmn.tables import Input, Output, Rule, Table
    from workflow_app.engine.contract import Finding
    from workflow_app.engine.lint.choices import Choices
    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.lint.rules.rule import Rule as LintRule
    from workflow_app.feel import FeelType, Problem

#: How much alike two names are when one is a slip of the pen for the other.
_NEAR = 0.8
_CONSTANTS = frozenset(["true", "false", "null"])
_TEXT = re.compile(r'"[^"\\]*"')


@dataclass(frozen=True, slots=True)
class _Reader:
    """One table with what its expressions may name and call."""

    file: str
    table: Table
    types: Mapping[str, FeelType]
    functions: Mapping[str, FeelType]
    closed: bool

    def lint(
        self, text: str, wanted: FeelType = ANY, texts: Collection[str] = ()
    ) -> Iterator[Problem]:
        """Yield the problems of an expression; `texts` are those that could stand in its place."""
        found = lint(text, self.types, functions=self.functions, closed=self.closed, wanted=wanted)
        return self._sure(found, texts)

    def lint_tests(
        self, text: str, tested: FeelType, texts: Collection[str] = ()
    ) -> Iterator[Problem]:
        """Yield the problems of a cell that tests an input."""
        types = {**self.types, "?": tested}
        found = lint(text, types, functions=self.functions, closed=self.closed, tests=True)
        return self._sure(found, texts)

    def _sure(self, problems: Iterable[Problem], texts: Collection[str]) -> Iterator[Problem]:
        for problem in problems:
            name = str(problem.details.get("name", ""))
            quoted = f'"{name}"'
            if problem.code is not Cause.UNKNOWN_NAME:
                yield problem
            elif quoted in texts:
                told = {"name": name, "hint": quoted}
                yield replace(problem, why=UNKNOWN_NAME_HINT, details=told, hint=quoted)
            elif _is_slip(name, problem.hint):
                yield problem


def _is_slip(name: str, hint: str | None) -> bool:
    """Say whether a name was surely meant to be another one, and is none that others give."""
    if hint is None or hint in KNOWN:
        return False
    if hint in _CONSTANTS or not hint.replace("_", "").isalnum():
        return True
    numbered = [[each for each in word if each.isdigit()] for word in (name, hint)]
    alike = abs(len(name) - len(hint)) <= 1 and numbered[0] == numbered[1]
    return alike and SequenceMatcher(None, name, hint).ratio() >= _NEAR


def check_cells(report: Report) -> None:
    """Read the columns and cells of every decision table."""
    types = types_written(report.library)
    choices = choices_written(report.library)
    written = dict.fromkeys(names_written(report.library), ANY)
    drawn = bool(report.library.running())
    for file, model in report.asked_tables():
        functions = {node.name: ANY for node in model.graph.nodes()}
        decisions = {node.id for node in model.graph.decisions()}
        for node, table in model.graph.tables():
            # Within knowledge or a boxed context a name may be a parameter or an entry instead.
            own = node.id in decisions and table is node.table
            seen = {**written, **types} if own else {}
            known = {**seen, **functions, **dict.fromkeys(table.names, ANY)}
            reader = _Reader(file, table, known, functions, closed=own and drawn)
            report.findings += _in_table(reader, node, choices if own else {})


def _in_table(reader: _Reader, node: Node, choices: Choices) -> Iterator[Finding]:
    table = reader.table
    for each in table.inputs:
        text = each.expression.text
        for problem in reader.lint(text, _declared(each.type_name)):
            finding = problem_finding(
                problem, reader.file, node.id, text, node.line, condition=False
            )
            if finding is not None:
                yield finding
    tested = [_tested(reader, place, choices) for place in range(len(table.inputs))]
    given = [_given(reader, place) for place in range(len(table.outputs))]
    for rule in table.rules:
        for place, tests in rule.tests:
            yield from _in_test(reader, rule, tested[place], tests.text)
        for column, output in zip(given, rule.outputs, strict=True):
            found = next(reader.lint(output.text, column.kind, column.texts), None)
            yield from _unfit(reader.file, rule, column, output.text, found)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its words, its type, the texts written in it, and the answers that reach it."""

    label: str
    kind: FeelType
    texts: frozenset[str]
    offered: frozenset[str] | None = None


def _tested(reader: _Reader, place: int, choices: Choices) -> _Column:
    column = reader.table.inputs[place]
    source = column.expression.text
    declared = _declared(column.type_name)
    kind = infer_type(source, reader.types) if declared == ANY else declared
    cells = [tests.text for rule in reader.table.rules for at, tests in rule.tests if at == place]
    return _Column(column.label, kind, _texts(column, cells), choices.get(source))


def _given(reader: _Reader, place: int) -> _Column:
    column = reader.table.outputs[place]
    cells = [rule.outputs[place].text for rule in reader.table.rules]
    return _Column(column.name, _declared(column.type_name), _texts(column, cells))


def _texts(column: Input | Output, cells: list[str]) -> frozenset[str]:
    allowed = [] if column.allowed is None else [column.allowed.text]
    return frozenset(text for cell in (*allowed, *cells) for text in _TEXT.findall(cell))


def _declared(name: str | None) -> FeelType:
    return type_of(name) if name in KNOWN else ANY


def _in_test(reader: _Reader, rule: Rule, column: _Column, text: str) -> Iterator[Finding]:
    found = next(reader.lint_tests(text, column.kind, column.texts), None)
    yield from _unfit(reader.file, rule, column, text, found)
    if found is None and column.offered is not None:
        for word in never_offered(text, reader.table.names, column.offered):
            meant = closest(word, column.offered)
            told = {"value": word, "known": ", ".join(sorted(column.offered))}
            yield _of_cell(CHOICE, reader.file, rule, column, told, Inside(hint=meant))


def _unfit(
    file: str, rule: Rule, column: _Column, text: str, problem: Problem | None
) -> Iterator[Finding]:
    if problem is not None and problem.code not in {Cause.SYNTAX, Cause.TOO_LARGE}:
        told = {"text": text, "reason": problem}
        yield _of_cell(CELL, file, rule, column, told, Inside(problem.column, problem.hint))


def _of_cell(
    kind: LintRule,
    file: str,
    rule: Rule,
    column: _Column,
    told: Mapping[str, object],
    inside: Inside,
) -> Finding:
    told = {"row": rule.row, "column": column.label, **told}
    return finding_of(kind, file, rule.id, rule.line, inside, **told)
