"""Checks of names: conditions that read what nothing writes, or what is written only later."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workflow_app.engine.library import FORM_HEADERS
from workflow_app.engine.lint.report import Inside
from workflow_app.engine.lint.rules.content import NEVER_WRITTEN, WRITTEN_LATER
from workflow_app.engine.names import keys_in_form
from workflow_app.engine.reach import forward
from workflow_app.engine.texts import texts_in
from workflow_app.feel import FeelError
from workflow_app.feel.reading.similar import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflow_app.dmn import DecisionModel
    from workflow_app.engine.library import Library
    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.model import Diagram, Graph, Node
    from workflow_app.engine.texts import Text

ENTRY = re.compile(r"[{,]\s*\"?([^\W\d][\w ]*?)\"?\s*:")
COUNTS = frozenset(
    f"numberOf{which}Instances" for which in ("", "Active", "Completed", "Terminated")
)
GIVEN = COUNTS | {
    "case",
    "error",
    "escalation",
    "loopCounter",
    "actor",
    "activationCount",
    "waitingForStart",
}
#: The properties of an event that name a form.
SHOWN_BY = ("form", "before")


class Spot(NamedTuple):
    """A node or flow by the graphs it stands in: the node of each level, outermost first."""

    process: str
    levels: tuple[tuple[Graph, str], ...]


def check_names(report: Report) -> None:
    """Warn of conditions on names that nothing writes, or that only later steps write."""
    library = report.library
    writers = writers_in(library)
    elsewhere = set(_written_elsewhere(library)) | GIVEN | report.given
    for diagram, process in library.running():
        spots = spots_of(process)
        for text in texts_in(process):
            if not text.is_condition:
                continue
            for name in sorted(names_in(text) - elsewhere):
                found = writers.get(name)
                if found is None:
                    _never(report, diagram, text, name, [*writers, *elsewhere])
                elif all(comes_later(spot, spots[text.element]) for _, spot in found):
                    _later(report, diagram, text, name, found[0][0])


def names_written(library: Library) -> frozenset[str]:
    """Return every name that something in the source writes, or that the shell gives."""
    return frozenset({*writers_in(library), *_written_elsewhere(library), *GIVEN})


def _never(report: Report, diagram: Diagram, text: Text, name: str, known: Iterable[str]) -> None:
    inside = Inside(hint=suggestion(name, known))
    report.add(NEVER_WRITTEN, diagram.file, text.element, text.line, inside, variable=name)


def _later(report: Report, diagram: Diagram, text: Text, name: str, writer: Node) -> None:
    told = {"variable": name, "writer": writer.name or writer.id}
    report.add(WRITTEN_LATER, diagram.file, text.element, text.line, **told)


def comes_later(writer: Spot, reader: Spot) -> bool:
    """Say whether a writer stands behind a reader and can never have run before it."""
    if writer.process != reader.process:
        return False
    for (graph, write), (_, read) in zip(writer.levels, reader.levels, strict=False):
        if write != read:
            if any(graph.nodes[node].by_event for node in (write, read)):
                return False
            return write in forward(graph, [read]) and read not in forward(graph, [write])
    return False


def names_in(text: Text) -> frozenset[str]:
    """Return the names a text reads; none if it cannot be read, which is reported elsewhere."""
    try:
        return text.compile(text.text).names
    except FeelError:
        return frozenset()


def spots_of(process: Graph) -> dict[str, Spot]:
    """Return where each node and flow stands; a flow stands where its source does."""
    found: dict[str, Spot] = {}
    todo: list[tuple[Graph, tuple[tuple[Graph, str], ...]]] = [(process, ())]
    while todo:
        graph, around = todo.pop()
        for node in graph.nodes.values():
            found[node.id] = Spot(process.id, (*around, (graph, node.id)))
            if node.graph is not None:
                todo.append((node.graph, (*around, (graph, node.id))))
        for flow in graph.flows.values():
            found[flow.id] = Spot(process.id, (*around, (graph, flow.source)))
    return found


def writers_in(library: Library) -> dict[str, list[tuple[Node, Spot]]]:
    """Return for each name the nodes that write it."""
    found: dict[str, list[tuple[Node, Spot]]] = {}
    for diagram, process in library.running():
        spots = spots_of(process)
        for _, node in process.walk():
            for name in {*written_by(node), *_in_its_form(library, diagram, node)}:
                found.setdefault(name, []).append((node, spots[node.id]))
    return found


def _in_its_form(library: Library, diagram: Diagram, node: Node) -> Iterable[str]:
    drawn = node.extensions.form or node.extensions.properties.get("form")
    form = library.form(drawn, diagram.folder)
    if form is None:
        return ()
    name = form.partition("/")[2]
    text = diagram.forms.get(name[1:]) if name.startswith("#") else None
    return keys_in_form(text or library.source.files.get(f"forms/{form}.form", ""))


def _written_elsewhere(library: Library) -> Iterator[str]:
    """Yield what is written by no node in particular: forms nothing shows, decision tables."""
    shown = forms_shown(library)
    for path, text in library.source.files.items():
        if path.endswith(".form") and path not in shown:
            yield from keys_in_form(text)
    yield from names_decided(library.tables.values())


def names_decided(tables: Iterable[DecisionModel]) -> Iterator[str]:
    """Yield the names of decisions and of what they give."""
    for model in tables:
        for decision in model.decisions.values():
            yield decision.id
            yield from (str(getattr(output, "name", output)) for output in decision.outputs)


def forms_shown(library: Library) -> set[str]:
    """Return the paths of the forms that some task or event shows."""
    found = set()
    for diagram in library.diagrams:
        for process in diagram.processes:
            for _, node in process.walk():
                said = node.extensions
                named = [said.properties.get(name) for name in SHOWN_BY]
                named += [said.headers.get(name) for name in FORM_HEADERS if said.operation]
                for drawn in (said.form, *named):
                    found.add(f"forms/{library.form(drawn, diagram.folder)}.form")
    return found


def written_by(node: Node) -> Iterator[str]:
    """Yield the names that a node's mappings, script, result, data and loop write."""
    said, loop = node.extensions, node.loop
    for mapped in (*said.inputs, *said.outputs):
        yield mapped.target.partition(".")[0]
    for name in (said.result, said.headers.get("resultVariable")):
        if name:
            yield name.partition(".")[0]
    yield from ENTRY.findall(said.script or "")
    for one in node.associations:
        if one.target is not None:
            yield one.target.name
        yield from (pair.target.partition(".")[0] for pair in one.assignments)
    if loop is not None:
        yield from (name for name in (loop.element, loop.out_collection) if name)
