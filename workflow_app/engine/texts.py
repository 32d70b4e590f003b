"""Every expression a diagram holds, with its place: for the linter and for the names it reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from workflow_app.engine.expressions import formula, value, values

#: Properties that are FEEL over the data where the event stands.
FORMULAS = ("forEach", "heard_while")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workflow_app.engine.model import Graph, Node
    from workflow_app.feel import Expression


@dataclass(frozen=True, slots=True)
class Text:
    """One expression: where it stands and how it is compiled.

    `names` are those it may read that FEEL would take for an operation.
    """

    element: str
    line: int
    text: str
    compile: Callable[[str], Expression]
    is_condition: bool = False
    names: frozenset[str] = frozenset()

    @property
    def is_feel(self) -> bool:
        """Say whether it is an expression, and not a word written out."""
        return self.text.lstrip().startswith("=") or self.compile not in {value, values}


def texts_in(graph: Graph) -> Iterator[Text]:
    """Yield the expressions of a graph and the sub-processes in it."""
    for flow in graph.flows.values():
        if flow.condition:
            source = graph.nodes.get(flow.source)
            names = counted_flows(graph, source)
            read = partial(formula, names=names)
            told = flow.id, flow.line, flow.condition, read
            yield Text(*told, is_condition=True, names=names)
    for node in graph.nodes.values():
        yield from texts_of(node)
        if node.activation:
            names = counted_flows(graph, node)
            read = partial(formula, names=names)
            yield Text(node.id, node.line, node.activation, read, names=names)
        if node.graph is not None:
            yield from texts_in(node.graph)


def counted_flows(graph: Graph, node: Node | None) -> frozenset[str]:
    """Return the flows whose tokens a complex gateway's conditions may count, by their ids."""
    if node is None or node.kind != "complexGateway":
        return frozenset()
    return frozenset(flow.id for flow in graph.incoming(node.id))


def texts_of(node: Node) -> Iterator[Text]:
    """Yield the expressions of one node."""
    said = node.extensions
    for mapped in (*said.inputs, *said.outputs):
        yield Text(node.id, mapped.line, mapped.source, value)
    for text in (said.assignee, said.due, said.follow_up, said.priority):
        if text:
            yield Text(node.id, node.line, text, value)
    for text in (said.groups, said.users):
        if text:
            yield Text(node.id, node.line, text, values)
    for text in (said.script, *map(said.properties.get, FORMULAS)):
        if text:
            yield Text(node.id, node.line, text, formula)
    yield from _carried_texts(node)
    yield from _loop_texts(node)
    yield from _trigger_texts(node)


def _carried_texts(node: Node) -> Iterator[Text]:
    for one in node.associations:
        if one.transformation:
            yield Text(node.id, one.line, one.transformation, formula)
        for pair in one.assignments:
            yield Text(node.id, pair.line, pair.source, formula)
        stores = [item for item in (*one.sources, one.target) if item and item.kind == "store"]
        for key in {one.key, *(store.key for store in stores)} - {None, ""}:
            yield Text(node.id, one.line, str(key), value)
        for item in one.sources:
            if item.kind != "store":
                yield Text(node.id, one.line, item.name, formula)


def _loop_texts(node: Node) -> Iterator[Text]:
    loop, ad_hoc = node.loop, node.ad_hoc
    if ad_hoc is not None:
        for text in (ad_hoc.condition, ad_hoc.active):
            if text:
                yield Text(node.id, ad_hoc.line, text, formula)
    if loop is None:
        return
    told = [event.condition for event in loop.events]
    for text in (loop.collection, loop.out_element, loop.completion, loop.cardinality, *told):
        if text:
            yield Text(node.id, loop.line, text, formula)


def _trigger_texts(node: Node) -> Iterator[Text]:
    for trigger in node.triggers:
        if trigger.correlation:
            yield Text(node.id, trigger.line, trigger.correlation, value)
        if trigger.text:
            compile_text = formula if trigger.kind == "conditional" else value
            yield Text(node.id, trigger.line, trigger.text, compile_text)
