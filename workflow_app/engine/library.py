"""The parsed files of one source: diagrams, decision tables, settings of processes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workflow_app.dmn import DecisionModel, DmnError, load_decisions
from workflow_app.engine.documents import UnreadableXml
from workflow_app.engine.reader import read_diagram
from workflow_app.engine.versions import mark_of, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workflow_app.engine.contract import Source
    from workflow_app.engine.model import Diagram, Graph

FORM_TAG = re.compile(r'"versionTag"\s*:\s*"([^"]+)"')
TABLE_TAG = re.compile(r"""<[\w:]*versionTag\s[^>]*?value=["']([^"']+)["']""")
#: The headers of an operation that name forms.
FORM_HEADERS = ("form", "answer_form")
#: So many diagrams and as many tables are kept for those who look at them again, none longer.
KEPT = 128
LARGEST_KEPT = 300_000


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that cannot be read: why, an error or a sentence, and where."""

    file: str
    reason: object
    line: int | None
    element: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """Everything read once; what could not be read stands in `broken`."""

    source: Source
    diagrams: tuple[Diagram, ...]
    tables: Mapping[str, DecisionModel]
    settings: Mapping[str, Mapping[str, Any]]
    broken: tuple[Broken, ...] = field(default=())

    def process(self, process_id: str) -> tuple[Diagram, Graph] | None:
        """Return a process by id with the diagram it stands in."""
        pairs = ((diagram, graph) for diagram in self.diagrams for graph in diagram.callable)
        return next((pair for pair in pairs if pair[1].id == process_id), None)

    def running(self) -> list[tuple[Diagram, Graph]]:
        """Return the processes that can run; pools drawn to be looked at are left out."""
        pairs = [(diagram, graph) for diagram in self.diagrams for graph in diagram.callable]
        called = {node.extensions.process for _, graph in pairs for _, node in graph.walk()}
        return [pair for pair in pairs if pair[1].executable or pair[1].id in called]

    def main(self) -> tuple[Diagram, Graph] | None:
        """Return the process that the source is named after, else its folder's first to run."""
        for diagram in self.diagrams:
            if diagram.folder == self.source.key:
                running = [graph for graph in diagram.processes if graph.executable]
                named = [graph for graph in running if graph.id == self.source.key]
                for graph in [*named, *running]:
                    return diagram, graph
        return None

    def decision(self, decision_id: str, folder: str) -> DecisionModel | None:
        """Return the model that holds a decision, from the same folder first."""
        file = self.decision_file(decision_id, folder)
        return None if file is None else self.tables[file]

    def may_hold(self, decision_id: str) -> bool:
        """Say whether a file of tables that cannot be read seems to hold a decision."""
        marks = (f'id="{decision_id}"', f"id='{decision_id}'")
        unread = [each.file for each in self.broken if each.file.endswith(".dmn")]
        return any(mark in self.source.files[file] for file in unread for mark in marks)

    def decision_file(self, decision_id: str, folder: str) -> str | None:
        """Return the file that holds a decision, from the same folder first."""
        files = [file for file, model in self.tables.items() if decision_id in model.decisions]
        return min(files, key=lambda f: (*_distance(f.split("/")[-2], folder), f), default=None)

    def form_tags(self, reference: str, folder: str) -> list[str]:
        """Return the version tag of a form, if it has one."""
        where, _, name = (self.form(reference, folder) or "").partition("/")
        held = [d.forms.get(name[1:], "") for d in self.diagrams if d.folder == where]
        text = self.source.files.get(f"forms/{where}/{name}.form") or "".join(held)
        return FORM_TAG.findall(text)

    def decision_tags(self, decision_id: str, folder: str) -> list[str]:
        """Return the version tags in the file that holds a decision."""
        file = self.decision_file(decision_id, folder)
        return [] if file is None else TABLE_TAG.findall(self.source.files[file])

    def form(self, reference: str | None, folder: str) -> str | None:
        """Return “<process key>/<form>” for a form id as drawn (“#id” stands in the diagram)."""
        if not reference:
            return None
        if "/" not in reference:
            return f"{folder}/{reference}"
        return reference.replace("/", f"{mark_of(folder)}/", 1)

    def with_forms(self, headers: Mapping[str, str], folder: str) -> Mapping[str, str]:
        """Return an operation's headers with its forms as `form` gives them."""
        named = {name: self.form(headers.get(name), folder) for name in FORM_HEADERS}
        return {**headers, **{name: form for name, form in named.items() if form is not None}}

    def has_form(self, form: str) -> bool:
        """Say whether a form is there, as a file or inside a diagram."""
        folder, _, name = form.partition("/")
        if name.startswith("#"):
            held = [diagram.forms for diagram in self.diagrams if diagram.folder == folder]
            return any(name[1:] in forms for forms in held)
        return f"forms/{form}.form" in self.source.files


def _distance(other: str, folder: str) -> tuple[bool, bool]:
    """Say how far a folder is: the same one, one of the same version, any."""
    return other != folder, mark_of(other) != mark_of(folder)


def open_library(source: Source, *, kept: bool = False) -> Library:
    """Read every file of the source.

    `kept`: diagrams and tables that were read lately are given again, which suits whoever looks at
    a source again and again while one of its files changes. They are to be looked at only.
    """
    broken: list[Broken] = []
    return Library(
        source,
        tuple(_diagrams(source, broken, _kept_diagram if kept else _diagram)),
        _tables(source, broken, _kept_table if kept else _table),
        _settings(source, broken),
        tuple(broken),
    )


def _diagram(file: str, text: str) -> Diagram:
    return settle(read_diagram(file, text))


def _table(text: str) -> DecisionModel:
    return load_decisions(text.encode())


_keep_diagram = lru_cache(maxsize=KEPT)(_diagram)
_keep_table = lru_cache(maxsize=KEPT)(_table)


def _kept_diagram(file: str, text: str) -> Diagram:
    return _keep_diagram(file, text) if len(text) <= LARGEST_KEPT else _diagram(file, text)


def _kept_table(text: str) -> DecisionModel:
    return _keep_table(text) if len(text) <= LARGEST_KEPT else _table(text)


def _diagrams(
    source: Source, broken: list[Broken], read: Callable[[str, str], Diagram]
) -> list[Diagram]:
    found = []
    for file, text in sorted(source.files.items()):
        if file.endswith(".bpmn"):
            try:
                found.append(read(file, text))
            except UnreadableXml as error:
                broken.append(Broken(file, error.reason, error.line))
    return found


def _tables(
    source: Source, broken: list[Broken], read: Callable[[str], DecisionModel]
) -> dict[str, DecisionModel]:
    found = {}
    for file, text in sorted(source.files.items()):
        if file.endswith(".dmn"):
            try:
                found[file] = read(text)
            except DmnError as error:
                broken.append(Broken(file, error, error.line, error.element))
    return found


def _settings(source: Source, broken: list[Broken]) -> dict[str, dict[str, Any]]:
    """Folder key → its `process.toml`."""
    found = {}
    for file, text in sorted(source.files.items()):
        if file.endswith("/process.toml"):
            try:
                found[file.split("/")[-2]] = tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                broken.append(Broken(file, str(error), None))
    return found
