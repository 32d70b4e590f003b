"""What a designer can get wrong in a model as a whole: names, ids, types, requirements.

Each check raises DmnError with the element and its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.dmn.document import children, elements, fault, kind, line_of, name_of
from workflow_app.dmn.errors import DmnError
from workflow_app.dmn.types import NO_TYPE
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.dmn.document import Element
    from workflow_app.dmn.graph import Graph, Node
    from workflow_app.dmn.types import Types

SAME_ID = N_("The id “%(id)s” is there twice: in line %(first)s already.")
SAME_NAME = N_("The name “%(name)s” is there twice: in line %(first)s already.")
NO_NAME = N_("“%(kind)s” has no name.")
NO_REFERENCE = N_("“%(name)s” requires something that it does not name.")
NOWHERE = N_("“%(name)s” requires “%(key)s”, which is nowhere.")
OTHER_KIND = N_("“%(name)s” requires “%(key)s”, which is of another kind.")
ITSELF = N_("“%(name)s” requires itself: %(chain)s.")
NAMED = ("inputData", "decision", "businessKnowledgeModel", "decisionService")
#: What each kind of reference leads to.
LEADS_TO = {
    "requiredInput": {"inputData"},
    "requiredDecision": {"decision"},
    "requiredKnowledge": {"businessKnowledgeModel", "decisionService"},
    "inputData": {"inputData"},
    "inputDecision": {"decision"},
    "outputDecision": {"decision"},
    "encapsulatedDecision": {"decision"},
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a model: the element, the node that has it, and the key that it names."""

    element: Element
    name: str
    key: str


def check_ids(root: Element) -> None:
    """Refuse a second element of the same id."""
    seen: dict[str, Element] = {}
    for element in elements(root):
        known = seen.setdefault(element.get("id") or "", element)
        if known is not element and element.get("id"):
            raise fault(SAME_ID, element, id=element.get("id"), first=line_of(known))


def check_names(root: Element) -> None:
    """Refuse two inputs, decisions, knowledge models, services or imports of the same name."""
    seen: dict[str, Element] = {}
    for element in children(root, "import", *NAMED):
        name = name_of(element)
        if not name and kind(element) == "import":
            continue
        if not name:
            raise fault(NO_NAME, element, kind=kind(element))
        known = seen.setdefault(name, element)
        if known is not element:
            raise fault(SAME_NAME, element, name=name, first=line_of(known))


def check_types(root: Element, types: Types) -> None:
    """Refuse a type that is nowhere, and what is wrong with the types of the model itself."""
    types.check()
    for element in elements(root):
        for attribute in ("typeRef", "outputTypeRef"):
            name = element.get(attribute)
            if name and not types.is_defined(name):
                raise fault(NO_TYPE, element, type=name)


def check_reference(reference: Reference, graph: Graph) -> None:
    """Refuse a reference that leads nowhere, or to an element of another kind."""
    element = reference.element
    if not element.get("href"):
        raise fault(NO_REFERENCE, element, name=reference.name)
    found = graph.find(reference.key)
    told = {"name": reference.name, "key": reference.key}
    if found is None:
        raise fault(NOWHERE, element, **told)
    if found.kind not in LEADS_TO[kind(element)]:
        raise fault(OTHER_KIND, element, **told)


def check_circles(graph: Graph) -> None:
    """Refuse decisions that require each other in a circle."""
    done: set[str] = set()
    for node in graph.nodes():
        if node.kind == "decision" and node.key not in done:
            _walk(node, graph, done)


def _walk(start: Node, graph: Graph, done: set[str]) -> None:
    """Go through what a decision requires without recursion, since chains may be long."""
    chain = [start]
    waiting = [_required(start, graph)]
    while chain:
        following = next(waiting[-1], None)
        if following is None:
            done.add(chain.pop().key)
            waiting.pop()
        elif following in chain:
            raise _circle(chain[chain.index(following) :])
        elif following.key not in done:
            chain.append(following)
            waiting.append(_required(following, graph))


def _circle(chain: list[Node]) -> DmnError:
    first = chain[0]
    names = " → ".join(node.title or node.name for node in (*chain, first))
    return DmnError(ITSELF, element=first.id, line=first.line, name=first.name, chain=names)


def _required(node: Node, graph: Graph) -> Iterator[Node]:
    found = (graph.find(key) for key in node.requires)
    return (each for each in found if each is not None and each.kind == "decision")
