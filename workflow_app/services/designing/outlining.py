"""A draft's diagram in words: read step by step, changed by commands, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import NotFound
from workflow_app.engine.documents import UnreadableXml, children
from workflow_app.engine.drawing.sheet import sheet_of
from workflow_app.engine.outline import outline_of_graph
from workflow_app.engine.reader import read_diagram
from workflow_app.services.designing.drafts import draft_of, files_of, read_file
from workflow_app.services.designing.outline_commands import run
from workflow_app.services.designing.palette import choices_of
from workflow_app.services.designing.undoing import file_at, last_done, undo_last, write_done

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.model import Diagram, Graph, Node
    from workflow_app.engine.outline import OutlineStep
    from workflow_app.services.context import Context
    from workflow_app.services.designing.drafts import DraftFile
    from workflow_app.services.designing.outline_commands import Done


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process of the file with its steps in reading order; the nodes are by id."""

    graph: Graph
    steps: tuple[OutlineStep, ...]
    nodes: Mapping[str, tuple[Graph, Node]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InWords:
    """A diagram in words. `trouble` says why it cannot be read; `last` is what can be undone."""

    path: str
    paths: tuple[str, ...]
    revision: int
    parts: tuple[Part, ...] = ()
    lanes: tuple[tuple[str, str], ...] = ()
    trouble: str | None = None
    last: Mapping[str, Any] | None = None


def diagrams_of(ctx: Context, draft_id: int) -> tuple[str, ...]:
    """Return the diagrams of a draft, the process's own first."""
    own = main_diagram(draft_of(ctx, draft_id).key)
    found = [path for path in files_of(ctx, draft_id) if path.endswith(".bpmn")]
    return tuple(sorted(found, key=lambda path: (path != own, path)))


def main_diagram(key: str) -> str:
    """Return where the diagram stands that a process is named after."""
    return f"processes/{key}/{key}.bpmn"


def in_words(ctx: Context, draft_id: int, path: str = "") -> InWords:
    """Return a diagram of a draft in words, its first unless named. Raises NotFound."""
    paths = diagrams_of(ctx, draft_id)
    if not paths or (path and path not in paths):
        raise NotFound
    file = read_file(ctx, draft_id, path or paths[0])
    last = last_done(ctx, draft_id, file)
    found = InWords(path=file.path, paths=paths, revision=file.revision, last=last)
    try:
        diagram = read_diagram(file.path, file.body)
    except UnreadableXml as error:
        return replace(found, trouble=str(error))
    parts = tuple(_part(graph) for graph in diagram.processes)
    return replace(found, parts=parts, lanes=_lanes(file.body))


def _part(graph: Graph) -> Part:
    nodes = {node.id: (around, node) for around, node in graph.walk()}
    return Part(graph=graph, steps=outline_of_graph(graph), nodes=nodes)


def _lanes(body: str) -> tuple[tuple[str, str], ...]:
    sheet = sheet_of(body)
    found = [
        lane for process in children(sheet.root, "process") for lane in sheet.lanes_of(process)
    ]
    return tuple((lane.get("id", ""), (lane.get("name") or "").strip()) for lane in found)


def choices_for(ctx: Context, draft_id: int) -> dict[str, list[dict[str, str]]]:
    """Return what fields offer: what exists around the draft, by the name of its list."""
    return choices_of(ctx, draft_id)


def change(ctx: Context, draft_id: int, path: str, revision: int, said: Mapping[str, str]) -> Done:
    """Do a command to the file as it was read at a revision, and keep the way back.

    Raises NotFound, LostRace, HeldBySomebody, NotOpen, Untaken, Invalid.
    """
    file = _file(ctx, draft_id, path, revision)
    sheet = sheet_of(file.body)
    done = run(sheet, _node(read_diagram(path, file.body), said.get("step", "")), said)
    text = sheet.text()
    if text != file.body:
        told = {"why": done.why, "details": done.details, "focus": done.focus}
        write_done(ctx, draft_id, file, text, told)
    return done


def take_back(ctx: Context, draft_id: int, path: str, revision: int) -> Mapping[str, Any]:
    """Undo the newest command of a file and return what it was told as.

    Raises NothingToUndo where the file was changed by other means since; else as `change`.
    """
    return undo_last(ctx, draft_id, _file(ctx, draft_id, path, revision))


def _file(ctx: Context, draft_id: int, path: str, revision: int) -> DraftFile:
    if path not in diagrams_of(ctx, draft_id):
        raise NotFound
    return file_at(ctx, draft_id, path, revision)


def _node(diagram: Diagram, key: str) -> Node | None:
    nodes = (node for graph in diagram.processes for _, node in graph.walk())
    return next((node for node in nodes if node.id == key), None)
