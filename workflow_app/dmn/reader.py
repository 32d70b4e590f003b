"""Turns the XML of a model, and of those it imports, into a graph of compiled nodes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from workflow_app.dmn.boxed import Builder, placed
from workflow_app.dmn.checking import (
    NAMED,
    Reference,
    check_circles,
    check_ids,
    check_names,
    check_reference,
    check_types,
)
from workflow_app.dmn.document import (
    Element,
    child,
    children,
    fault,
    kind,
    line_of,
    name_of,
    names_in,
    read_document,
)
from workflow_app.dmn.errors import DmnError
from workflow_app.dmn.expressions import Compiler
from workflow_app.dmn.graph import Graph, Node
from workflow_app.dmn.model import DecisionModel
from workflow_app.dmn.tables import read_table
from workflow_app.dmn.types import Types
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

TOO_DEEP = N_("The decision model is nested too deeply.")
NOT_GIVEN = N_("The imported model “%(name)s” was not given.")
OTHER_NAMESPACE = N_("The model given for “%(namespace)s” is of another namespace.")
TOO_MANY = N_("A model imports more than %(limit)s others.")
NO_OUTPUT = N_("A decision service has no output decision.")
_NO_IMPORTS: Mapping[str, bytes] = MappingProxyType({})
_MAX_IMPORTS = 20


def load_decisions(
    xml: bytes, imports: Mapping[str, bytes] = _NO_IMPORTS, *, lenient: bool = False
) -> DecisionModel:
    """Read a decision model of DMN 1.2 to 1.5; imported models are given by namespace.

    A lenient model takes broken expressions, clashing rules and refused functions for null, as the
    standard's test kit expects, and shows a decision only what it requires; otherwise DmnError
    tells the element and the line, and a decision sees all data given.
    """
    graph = Graph(lenient=lenient)
    reader = _Reader(graph, imports)
    try:
        root = read_document(xml, lenient=lenient)
        graph.namespace = root.get("namespace") or ""
        reader.read(root)
        if not lenient:
            reader.check()
        return DecisionModel(graph)
    except RecursionError:
        raise DmnError(TOO_DEEP) from None


class _Document:
    """One file: its namespace, its types, and what compiles its expressions.

    ``main`` is the namespace of the model that imports the others.
    """

    def __init__(self, root: Element, main: str, *, lenient: bool) -> None:
        self.namespace = root.get("namespace") or ""
        self._main = main
        self.compiler = Compiler(names_in(root), lenient=lenient)
        self.compiler.language = root.get("expressionLanguage")
        self.types = Types(self.compiler)
        self.compiler.types = self.types.structure
        self.builder = Builder(self.compiler, self.types)
        self.located: dict[str, str] = {}
        self.references: list[Reference] = []

    def key(self, href: str) -> str:
        """Give the key of the node that a reference names, by namespace or by place."""
        namespace, _hash, local = href.strip().rpartition("#")
        namespace = self.located.get(namespace, namespace) or self.namespace
        return local if namespace == self._main else f"{namespace}#{local}"

    def refer(self, element: Element, *kinds: str) -> tuple[str, ...]:
        """Give the keys that the references of some kinds below an element name."""
        found = []
        for reference in (each for name in kinds for each in children(element, name)):
            key = self.key(reference.get("href", ""))
            holder = element if element.get("name") else element.getparent()
            name = "" if holder is None else holder.get("name", "")
            self.references.append(Reference(reference, name, key))
            found.append(key)
        return tuple(found)


class _Reader:
    def __init__(self, graph: Graph, imports: Mapping[str, bytes]) -> None:
        self._graph = graph
        self._imports = imports
        self._read: dict[str, _Document] = {}

    def read(self, root: Element) -> _Document:
        document = _Document(root, self._graph.namespace, lenient=self._graph.lenient)
        self._read[document.namespace] = document
        for element in children(root, "itemDefinition"):
            document.types.define(element)
        for element in children(root, "import"):
            self._import(element, document)
        if not self._graph.lenient:
            check_ids(root)
            check_names(root)
            check_types(root, document.types)
        for element in children(root, *NAMED):
            self._graph.add(self._node(element, document))
        return document

    def check(self) -> None:
        """Raise DmnError for a requirement that cannot be met."""
        for document in self._read.values():
            for reference in document.references:
                check_reference(reference, self._graph)
        check_circles(self._graph)

    def _import(self, element: Element, document: _Document) -> None:
        namespace, name = element.get("namespace", ""), name_of(element)
        if namespace not in self._imports and namespace not in self._read:
            of_dmn = element.get("importType", "").rstrip("/").endswith("MODEL")
            if of_dmn and not self._graph.lenient:
                raise fault(NOT_GIVEN, element, name=name or namespace)
            return
        imported = self._imported(namespace, element)
        document.types.include(name, imported.types)
        document.compiler.names |= imported.compiler.names
        if element.get("locationURI"):
            document.located[element.get("locationURI", "")] = namespace
        self._graph.namespaces.add(document.namespace, namespace, name)

    def _imported(self, namespace: str, element: Element) -> _Document:
        known = self._read.get(namespace)
        if known is not None:
            return known
        if len(self._read) > _MAX_IMPORTS:
            raise fault(TOO_MANY, element, limit=_MAX_IMPORTS)
        root = read_document(self._imports[namespace], lenient=self._graph.lenient)
        if root.get("namespace") != namespace:
            raise fault(OTHER_NAMESPACE, element, namespace=namespace)
        return self.read(root)

    def _node(self, element: Element, document: _Document) -> Node:
        variable = child(element, "variable")
        source = element if variable is None else variable
        local = (element.get("id") or name_of(element)).strip()
        node = Node(
            key=document.key(f"#{local}"),
            id=local,
            kind=kind(element),
            name=name_of(source) or name_of(element) or local,
            types=document.types,
            namespace=document.namespace,
            type_name=source.get("typeRef"),
            line=line_of(element),
            title=element.get("name") or local,
        )
        document.builder.tables.clear()
        try:
            _FILLERS[node.kind](node, element, document)
        except DmnError:
            if not self._graph.lenient:
                raise
            # What cannot be read is null; the rest of the model may well be used.
            node.body = None
        own = () if node.table is None else (node.table,)
        node.tables = (*own, *document.builder.tables)
        return node


def _fill_input(_node: Node, _element: Element, _document: _Document) -> None:
    """Nothing more is said of an input."""


def _fill_decision(node: Node, element: Element, document: _Document) -> None:
    compiler = document.compiler
    compiler.start()
    table = child(element, "decisionTable")
    if table is None:
        node.body = document.builder.within(element)
    else:
        node.table = read_table(table, compiler, document.types)
        body = placed(node.table.evaluate, table, lenient=compiler.lenient)
        node.body = document.builder.typed(body, table.get("typeRef"))
    node.names, node.members = compiler.free()
    node.requires = _required(element, document)


def _fill_knowledge(node: Node, element: Element, document: _Document) -> None:
    compiler = document.compiler
    compiler.start()
    logic = child(element, "encapsulatedLogic")
    if logic is not None:
        node.body = document.builder.function(logic, node.type_name)
    node.names, node.members = compiler.free()
    node.requires = _required(element, document)
    # The type of the variable is that of the function, not of what it gives.
    node.type_name = None


def _fill_service(node: Node, element: Element, document: _Document) -> None:
    node.requires = document.refer(element, "inputData", "inputDecision")
    node.outputs = document.refer(element, "outputDecision")
    document.refer(element, "encapsulatedDecision")
    if not node.outputs and not document.compiler.lenient:
        raise fault(NO_OUTPUT, element)
    node.type_name = document.types.result_of(node.type_name)


def _required(element: Element, document: _Document) -> tuple[str, ...]:
    kinds = ("requiredInput", "requiredDecision", "requiredKnowledge")
    return tuple(
        key
        for requirement in children(element, "informationRequirement", "knowledgeRequirement")
        for key in document.refer(requirement, *kinds)
    )


_FILLERS = {
    "inputData": _fill_input,
    "decision": _fill_decision,
    "businessKnowledgeModel": _fill_knowledge,
    "decisionService": _fill_service,
}
