"""Collects findings with their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.engine.contract import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.dmn import DecisionModel
    from workflow_app.engine.library import Library
    from workflow_app.engine.lint.rules.rule import Rule
    from workflow_app.engine.model import Diagram, Graph, Node


@dataclass(frozen=True, slots=True)
class Inside:
    """A place within an expression, and the word that was probably meant there."""

    column: int | None = None
    hint: str | None = None


@dataclass(slots=True)
class Report:
    """The findings so far, and what the checks may look things up in.

    `sent` and `received` are the messages of other processes, `given` the names that processes
    which call this one may have written; what is None is not known. A `shelf` is a folder of
    decision tables in which no process is drawn yet. `only` are the files that are asked about:
    dear checks pass over the others.
    """

    library: Library
    roles: frozenset[str] | None = None
    operations: frozenset[str] | None = None
    settings: frozenset[str] | None = None
    registers: frozenset[str] | None = None
    sent: frozenset[str] = frozenset()
    received: frozenset[str] | None = None
    given: frozenset[str] = frozenset()
    shelf: bool = False
    only: frozenset[str] | None = None
    findings: list[Finding] = field(default_factory=list)

    def is_asked(self, file: str) -> bool:
        """Tell whether findings about a file are wanted."""
        return self.only is None or file in self.only

    def asked_tables(self) -> Iterator[tuple[str, DecisionModel]]:
        """Yield the files of tables about which findings are wanted, with what they hold."""
        return ((f, model) for f, model in self.library.tables.items() if self.is_asked(f))

    def add(
        self,
        rule: Rule,
        file: str,
        element: str | None,
        line: int | None,
        inside: Inside | None = None,
        /,
        **params: object,
    ) -> None:
        """Add a finding; `inside` says where in an expression."""
        self.findings.append(finding_of(rule, file, element, line, inside, **params))

    def node(self, rule: Rule, diagram: Diagram, node: Node, **params: object) -> None:
        """Add a finding about a node; its name, or id, is there as a placeholder."""
        params = {"name": node.name or node.id} | params
        self.add(rule, diagram.file, node.id, node.line, **params)


def finding_of(
    rule: Rule,
    file: str,
    element: str | None,
    line: int | None,
    inside: Inside | None = None,
    /,
    **params: object,
) -> Finding:
    """Return the finding that a rule makes of a place; `inside` says where in an expression."""
    place = inside or Inside()
    return Finding(
        code=rule.code,
        severity=rule.severity,
        file=file,
        element=element,
        line=line,
        message=rule.message,
        params=params,
        fix=rule.fix,
        column=place.column,
        hint=place.hint,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A node with the graph and diagram it stands in."""

    diagram: Diagram
    graph: Graph
    node: Node


def places(library: Library) -> list[Place]:
    """Return every node of every process that runs."""
    return [
        Place(diagram, graph, node)
        for diagram, process in library.running()
        for graph, node in process.walk()
    ]
