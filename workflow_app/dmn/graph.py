"""The elements of a model and how they require each other (DMN 1.5 §6.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.dmn.errors import DmnError
from workflow_app.dmn.functions import ServiceFunction
from workflow_app.dmn.run import MAX_REQUIREMENTS, Run
from workflow_app.feel.errors import FeelError
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator

    from workflow_app.dmn.run import Boxed, Scope, TableOutcome
    from workflow_app.dmn.tables import Table
    from workflow_app.dmn.types import Types
    from workflow_app.feel.runtime import Runtime
    from workflow_app.feel.values import FeelFunction


NOWHERE = N_("“%(name)s” requires “%(key)s”, which is nowhere.")
CIRCLE = N_("“%(name)s” requires itself, or too long a chain of decisions.")


@dataclass(slots=True)
class Node:
    """An input, decision, business knowledge model or decision service.

    ``requires`` are the keys of other nodes: a local id, or namespace#id of an imported model.
    ``name`` is what expressions call it, ``title`` what people do.
    """

    key: str
    id: str
    kind: str
    name: str
    types: Types
    namespace: str
    type_name: str | None = None
    line: int | None = None
    title: str = ""
    body: Boxed | None = None
    table: Table | None = None
    requires: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    members: frozenset[str] = field(default_factory=frozenset)


class Graph:
    """All nodes of a model and of those it imports; decides by following requirements."""

    def __init__(self, *, lenient: bool) -> None:
        self.lenient = lenient
        self.namespace = ""
        self._nodes: dict[str, Node] = {}
        self._prefixes: dict[tuple[str, str], str] = {}

    def add(self, node: Node) -> None:
        """Add a node."""
        self._nodes[node.key] = node

    def import_as(self, importer: str, imported: str, name: str) -> None:
        """Let one namespace see another under a name."""
        self._prefixes[importer, imported] = name

    def check(self) -> None:
        """Raise DmnError when a requirement leads nowhere."""
        for node in self._nodes.values():
            for key in (*node.requires, *node.outputs):
                if key not in self._nodes:
                    told = {"name": node.name, "key": key}
                    raise DmnError(NOWHERE, element=node.id, line=node.line, **told)

    def node(self, key: str) -> Node:
        """Give a node by its key."""
        return self._nodes[key]

    def decisions(self) -> Iterator[Node]:
        """Give the decisions of the model itself."""
        return (
            node
            for node in self._nodes.values()
            if node.kind == "decision" and node.namespace == self.namespace
        )

    def named(self, name: str, kind: str) -> Node | None:
        """Give the node of a kind by its name or id."""
        found = (n for n in self._nodes.values() if n.kind == kind and name in {n.name, n.id})
        return next(found, None)

    def table_id(self, key: str) -> str | None:
        """Give the id of a decision's own table."""
        table = self._nodes[key].table
        return None if table is None else table.id

    def names(self, key: str) -> frozenset[str]:
        """Give the variables that a decision and all it requires read from the data given."""
        return self._names(key, frozenset())

    def _names(self, key: str, seen: frozenset[str]) -> frozenset[str]:
        node = self._nodes[key]
        if key in seen:
            return frozenset()
        required = [self._nodes[other] for other in node.requires if other in self._nodes]
        bound = {n.name for n in required if n.kind != "inputData"} | {
            n.id for n in required if n.kind != "inputData"
        }
        names = node.names - bound
        for other in required:
            if other.kind != "inputData":
                names |= self._names(other.key, seen | {key})
        return names

    def decide(self, key: str, run: Run) -> object:
        """Make a decision once in a run; raises DmnError when it requires itself."""
        if key in run.made:
            return run.made[key]
        node = self._nodes[key]
        if key in run.open or len(run.open) >= MAX_REQUIREMENTS:
            raise DmnError(CIRCLE, element=node.id, line=node.line, name=node.name)
        run.open.append(key)
        run.made[key] = self._value(node, run)
        run.open.pop()
        return run.made[key]

    def _value(self, node: Node, run: Run) -> object:
        try:
            scope = self._scope(node, run)
            value = None if node.body is None else node.body(run, scope)
            return node.types.coerce(value, node.type_name, run.runtime)
        except DmnError as error:
            if not self.lenient:
                raise error.at(node.id) from None
        except FeelError:
            if not self.lenient:
                raise
        return None

    def _scope(self, node: Node, run: Run) -> Scope:
        # Case data need not be drawn as inputs; the standard itself shows only what is required.
        scope: Scope = {} if self.lenient else dict(run.given)
        for key in node.requires:
            required = self._nodes[key]
            self._put(scope, node, required, self._required_value(required, run))
        return scope

    def _required_value(self, node: Node, run: Run) -> object:
        if node.kind == "inputData":
            return node.types.coerce(self._input(node, run), node.type_name, run.runtime)
        return self.decide(node.key, run) if node.kind == "decision" else self.function(node, run)

    def _input(self, node: Node, run: Run) -> object:
        """Find an input among the data given; an imported one may stand under its model's name."""
        if node.namespace != self.namespace:
            prefix = self._prefixes.get((self.namespace, node.namespace), "")
            members = run.given.get(prefix)
            if isinstance(members, dict) and node.name in members:
                return members[node.name]
            return run.given.get(f"{prefix}.{node.name}", run.given.get(node.name))
        return run.given.get(node.name)

    def _put(self, scope: Scope, node: Node, required: Node, value: object) -> None:
        prefix = self._prefixes.get((node.namespace, required.namespace))
        if prefix is None:
            scope[required.name] = value
            scope.setdefault(required.id, value)
            return
        members = scope.get(prefix)
        scope[prefix] = {**(members if isinstance(members, dict) else {}), required.name: value}

    def function(self, node: Node, run: Run) -> FeelFunction:
        """Give a business knowledge model or decision service as a function."""
        mark = f"function {node.key}"
        known = run.made.get(mark)
        if known is None:
            known = self._service(node, run) if node.kind == "decisionService" else None
            known = known or self._knowledge(node, run, mark)
            run.made[mark] = known
        return known  # type: ignore[return-value]

    def _knowledge(self, node: Node, run: Run, mark: str) -> object:
        scope: Scope = {}
        function = None if node.body is None else node.body(run, scope)
        # Known before what it requires is looked at, so that it may call itself.
        run.made[mark] = scope[node.name] = function
        for key in node.requires:
            required = self._nodes[key]
            self._put(scope, node, required, self._required_value(required, run))
        return function

    def _service(self, node: Node, run: Run) -> ServiceFunction:
        inputs = [self._nodes[key] for key in node.requires]
        return ServiceFunction(
            tuple(required.name for required in inputs),
            lambda runtime, given: self.serve(node, runtime, given, run.tables),
        )

    def serve(
        self, node: Node, runtime: Runtime, given: Scope, tables: deque[TableOutcome] | None = None
    ) -> object:
        """Evaluate a decision service from its inputs alone (DMN 1.5 §10.4).

        The tables that take part are noted among those given.
        """
        run = Run(runtime, {})
        if tables is not None:
            run.tables = tables
        for key in node.requires:
            required = self._nodes[key]
            argument = given.get(required.name)
            value = required.types.coerce(argument, required.type_name, runtime)
            if value is None and argument is not None:
                return None
            if required.kind == "decision":
                run.made[key] = value
            else:
                run.given[required.name] = value
        results = {self._nodes[key].name: self.decide(key, run) for key in node.outputs}
        value = next(iter(results.values())) if len(results) == 1 else results
        return node.types.coerce(value, node.type_name, runtime)
