"""What a formula may read at one element: names, their types, and which steps write them.

A name is known where something writes it that need not come later; what mappings of the element
itself or of what it stands in make is seen there alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from workflow_app.engine.library import open_library
from workflow_app.engine.lint.reading import comes_later, spots_of, writers_in
from workflow_app.engine.lint.typed import fields_in_form, forms_of, type_of_field, types_written
from workflow_app.feel.checking.typing import ANY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.engine.contract import Source
    from workflow_app.engine.library import Library
    from workflow_app.engine.lint.reading import Spot
    from workflow_app.engine.model import Diagram, Graph, Node
    from workflow_app.feel import FeelType

MOST_WRITERS = 5
#: What the shell gives wherever a formula stands.
ALWAYS = frozenset({"case"})


class KnownName(NamedTuple):
    """A name with the FEEL type of its value, the parts it has, and the names of who writes it."""

    name: str
    kind: str
    parts: tuple[KnownName, ...] = ()
    writers: tuple[str, ...] = ()


def known_at(
    source: Source, process: str, element: str, *, file: str = ""
) -> tuple[KnownName, ...]:
    """Return what is known at a node or flow of a process, in the order of names.

    Where a diagram's `file` is given, it is that of its processes which has the element. Nothing
    for a process that is not there; at an element that is not there, all that the process ever
    knows.
    """
    library = open_library(source, kept=True)
    found = _process_at(library, file, element) or library.process(process)
    if found is None:
        return ()
    here = spots_of(found[1]).get(element)
    types, parts = types_written(library), _parts(library)
    writers = _writers_before(library, here)
    names = {*writers, *_mapped_in(here), *ALWAYS}
    return tuple(
        KnownName(name, str(types.get(name, ANY)), parts.get(name, ()), writers.get(name, ()))
        for name in sorted(names)
    )


def _process_at(library: Library, file: str, element: str) -> tuple[Diagram, Graph] | None:
    """Return the process of a file that has an element; None where none has."""
    graphs = (
        (one, graph) for one in library.diagrams if one.file == file for graph in one.callable
    )
    return next((pair for pair in graphs if element in spots_of(pair[1])), None)


def _writers_before(library: Library, here: Spot | None) -> dict[str, tuple[str, ...]]:
    """Return by name the steps that write it and need not come later."""
    found = {
        name: [node for node, spot in pairs if here is None or not comes_later(spot, here)]
        for name, pairs in writers_in(library).items()
    }
    return {name: _named(nodes) for name, nodes in found.items() if nodes}


def _named(writers: list[Node]) -> tuple[str, ...]:
    found = dict.fromkeys(node.name or node.id for node in writers)
    return tuple(found)[:MOST_WRITERS]


def _mapped_in(here: Spot | None) -> Iterator[str]:
    """Yield the names that the node itself, and what it stands in, make for inside."""
    for graph, node_id in here.levels if here else ():
        node = graph.nodes.get(node_id)
        if node is not None:
            yield from (mapped.target.partition(".")[0] for mapped in node.extensions.inputs)
            if node.loop is not None and node.loop.element:
                yield node.loop.element


def _parts(library: Library) -> Mapping[str, tuple[KnownName, ...]]:
    """Return the parts of what forms write, by the name at the root."""
    trees: dict[str, dict[str, FeelType]] = {}
    for text in forms_of(library):
        for path, component in fields_in_form(text):
            root, _, rest = path.partition(".")
            for name, kind in _fields(rest, component):
                trees.setdefault(root, {}).setdefault(name, kind)
    return {
        root: tuple(KnownName(name, str(kind)) for name, kind in sorted(tree.items()))
        for root, tree in trees.items()
    }


def _fields(rest: str, component: Mapping[str, object]) -> Iterator[tuple[str, FeelType]]:
    """Yield what stands one level below a root: a field with a path, or the fields of a list."""
    if rest:
        yield rest.partition(".")[0], type_of_field(component, deep="." in rest)
    inner = component.get("components")
    for one in inner if isinstance(inner, list) and not rest else ():
        name = str(one.get("path") or one.get("key") or "") if isinstance(one, dict) else ""
        if name:
            yield name.partition(".")[0], type_of_field(one, deep="." in name)
