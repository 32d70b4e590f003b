"""The elements of a model and how they require each other (DMN 1.5 §6.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.dmn.errors import BECAUSE, DmnError
from workflow_app.dmn.functions import ServiceFunction
from workflow_app.dmn.namespaces import Namespaces
from workflow_app.dmn.run import MAX_REQUIREMENTS, Run
from workflow_app.feel.errors import FeelError
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.dmn.namespaces import Way
    from workflow_app.dmn.run import Boxed, Scope
    from workflow_app.dmn.tables import Table
    from workflow_app.dmn.types import Types
    from workflow_app.feel.values import FeelFunction


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
    tables: tuple[Table, ...] = ()
    requires: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    members: frozenset[str] = field(default_factory=frozenset)


class Graph:
    """All nodes of a model and of those it imports; decides by following requirements.

    An imported node is made for each way that leads to it, since a model may give its inputs
    different values under each name.
    """

    def __init__(self, *, lenient: bool) -> None:
        self.lenient = lenient
        self.namespace = ""
        self.namespaces = Namespaces()
        self._nodes: dict[str, Node] = {}

    def add(self, node: Node) -> None:
        """Add a node."""
        self._nodes[node.key] = node

    def find(self, key: str) -> Node | None:
        """Give a node by its key, or nothing."""
        return self._nodes.get(key)

    def node(self, key: str) -> Node:
        """Give a node by its key."""
        return self._nodes[key]

    def nodes(self) -> Iterator[Node]:
        """Give all nodes, those of imported models first."""
        return iter(self._nodes.values())

    def decisions(self) -> Iterator[Node]:
        """Give the decisions of the model itself."""
        return (
            node
            for node in self._nodes.values()
            if node.kind == "decision" and node.namespace == self.namespace
        )

    def named(self, name: str, kind: str, namespace: str | None = None) -> Node | None:
        """Give the node of a kind by its title, name or id, of the model itself if it has one."""
        nodes = [
            node
            for node in self._nodes.values()
            if node.kind == kind and namespace in {None, node.namespace}
        ]
        nodes.sort(key=lambda node: node.namespace != self.namespace)
        found = (n for each in ("title", "name", "id") for n in nodes if getattr(n, each) == name)
        return next(found, None)

    def tables(self) -> Iterator[tuple[Node, Table]]:
        """Give every table of the model itself, boxed ones too, with the node that holds it."""
        return (
            (node, table)
            for node in self._nodes.values()
            if node.namespace == self.namespace
            for table in node.tables
        )

    def table_id(self, key: str) -> str | None:
        """Give the id of a decision's own table."""
        table = self._nodes[key].table
        return None if table is None else table.id

    def names(self, key: str) -> frozenset[str]:
        """Give the variables that a decision and all it requires read from the data given."""
        names: set[str] = set()
        waiting, seen = [key], {key}
        while waiting:
            node = self._nodes[waiting.pop()]
            made = [each for each in self._required(node) if each.kind != "inputData"]
            names |= node.names - {name for each in made for name in self._called(node, each)}
            # Each once, since many ways may lead to the same decision.
            following = {each.key for each in made} - seen
            seen |= following
            waiting += following
        return frozenset(names)

    def _called(self, node: Node, required: Node) -> Iterator[str]:
        """Give the names by which a node's expressions begin to speak of one that it requires."""
        for way in self.namespaces.ways(node.namespace, required.namespace):
            yield from way[:1] or _own_names(required)

    def _required(self, node: Node) -> list[Node]:
        return [self._nodes[key] for key in node.requires if key in self._nodes]

    def decide(self, key: str, run: Run, way: Way | None = None) -> object:
        """Make a decision once in a run; raises DmnError when it requires itself.

        An imported decision is made for the way that leads to it, the shortest if none is given.
        """
        node = self._nodes[key]
        way = self._way_to(node) if way is None else way
        mark = _mark(key, way)
        if mark in run.made:
            return run.made[mark]
        if mark in run.open or len(run.open) >= MAX_REQUIREMENTS:
            raise DmnError(CIRCLE, element=node.id, line=node.line, name=node.name)
        run.open.append(mark)
        try:
            run.made[mark] = self._value(node, run, way)
        finally:
            run.open.pop()
        return run.made[mark]

    def _way_to(self, node: Node) -> Way:
        return self.namespaces.ways(self.namespace, node.namespace)[0]

    def _value(self, node: Node, run: Run, way: Way) -> object:
        try:
            value = None if node.body is None else node.body(run, self._scope(node, run, way))
            return node.types.coerce(value, node.type_name, run.runtime)
        except (DmnError, FeelError) as error:
            found = _placed(error, node)
            if not self.lenient and found is not error:
                raise found from error
            if not self.lenient:
                raise
            run.troubles.append(found)
        return None

    def _scope(self, node: Node, run: Run, way: Way) -> Scope:
        # Case data need not be drawn as inputs; the standard itself shows only what is required.
        run.turn(run.given)
        scope: Scope = {} if self.lenient else dict(run.given)
        self._add_required(scope, node, run, way)
        return scope

    def _add_required(self, scope: Scope, node: Node, run: Run, way: Way) -> None:
        for required in self._required(node):
            for step in self.namespaces.ways(node.namespace, required.namespace):
                value = self._required_value(required, run, way + step)
                _put(scope, step, required.name, value)
                if not step and not self.lenient:
                    for name in _own_names(required):
                        scope.setdefault(name, value)

    def _required_value(self, node: Node, run: Run, way: Way) -> object:
        if node.key in run.fixed:
            return run.fixed[node.key]
        if node.kind == "inputData":
            return node.types.coerce(self._input(node, run, way), node.type_name, run.runtime)
        if node.kind == "decision":
            return self.decide(node.key, run, way)
        return self.function(node, run, way)

    def _input(self, node: Node, run: Run, way: Way) -> object:
        """Find an input among the data given; an imported one may stand under its model's name."""
        found, value = self.given(node, run, way)
        if found:
            return value
        return next((run.given[name] for name in _own_names(node) if name in run.given), None)

    def given(self, node: Node, run: Run, way: Way | None = None) -> tuple[bool, object]:
        """Tell whether the data has a value for a node under the names that lead to it, and it."""
        way = self._way_to(node) if way is None else way
        for name in _own_names(node):
            found, value = _follow(run.given, (*way, name))
            if found:
                return True, value
            dotted = ".".join((*way, name))
            if dotted in run.given:
                return True, run.given[dotted]
        return False, None

    def fix(self, run: Run, target: Node) -> None:
        """Take every other decision that the data gives a value for as made."""
        for node in self._nodes.values():
            found, value = self.given(node, run) if node.kind == "decision" else (False, None)
            if found and node is not target:
                run.fixed[node.key] = node.types.coerce(value, node.type_name, run.runtime)

    def function(self, node: Node, run: Run, way: Way | None = None) -> FeelFunction | None:
        """Give a business knowledge model or decision service as a function.

        Null for knowledge without logic.
        """
        way = self._way_to(node) if way is None else way
        mark = f"function {_mark(node.key, way)}"
        known = run.made.get(mark)
        if known is None:
            service = node.kind == "decisionService"
            known = (
                self._service(node, run, way) if service else self._knowledge(node, run, mark, way)
            )
            run.made[mark] = known
        return known  # type: ignore[return-value]

    def _knowledge(self, node: Node, run: Run, mark: str, way: Way) -> object:
        scope: Scope = {}
        function = None if node.body is None else node.body(run, scope)
        # Known before what it requires is looked at, so that it may call itself.
        run.made[mark] = scope[node.name] = function
        self._add_required(scope, node, run, way)
        return function

    def _service(self, node: Node, run: Run, way: Way) -> ServiceFunction:
        return ServiceFunction(
            tuple(required.name for required in self._required(node)),
            lambda runtime, given: self.serve(node, run.within(runtime), given, way),
        )

    def serve(self, node: Node, run: Run, given: Scope, way: Way | None = None) -> object:
        """Evaluate a decision service from its inputs alone (DMN 1.5 §10.4), in a run of its own.

        Null for an argument that does not conform to the type of its input.
        """
        way = self._way_to(node) if way is None else way
        for required in self._required(node):
            argument = next((given[name] for name in _own_names(required) if name in given), None)
            value = required.types.coerce(argument, required.type_name, run.runtime)
            if value is None and argument is not None:
                return None
            run.fixed[required.key] = value
            run.given[required.name] = value
        results = {
            output.name: self.decide(output.key, run, way + step)
            for output in (self._nodes[key] for key in node.outputs if key in self._nodes)
            for step in self.namespaces.ways(node.namespace, output.namespace)
        }
        value = next(iter(results.values())) if len(results) == 1 else results
        return node.types.coerce(value, node.type_name, run.runtime)


def _own_names(node: Node) -> tuple[str, ...]:
    """Give what a node is called in its own model: as expressions do, as people do, by its id."""
    return tuple(dict.fromkeys((node.name, node.title or node.name, node.id)))


def _mark(key: str, way: Way) -> str:
    return f"{'.'.join(way)}#{key}" if way else key


def _placed(error: DmnError | FeelError, node: Node) -> DmnError:
    if isinstance(error, DmnError):
        return error.at(node.id, node.line)
    return DmnError(BECAUSE, element=node.id, line=node.line, reason=error)


def _put(scope: Scope, way: Way, name: str, value: object) -> None:
    """Put a value into a scope, within contexts for the names that lead to it."""
    if not way:
        scope[name] = value
        return
    members = scope.get(way[0])
    inner = dict(members) if isinstance(members, dict) else {}
    _put(inner, way[1:], name, value)
    scope[way[0]] = inner


def _follow(data: object, steps: Way) -> tuple[bool, object]:
    for step in steps:
        if not isinstance(data, dict) or step not in data:
            return False, None
        data = data[step]
    return True, data
