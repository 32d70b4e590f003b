"""Several versions of one process in one closed set of files.

What is bound to a version by its tag stands in folders whose names end in a mark, as do the ids of
its processes: `review@review.2024` is the version of `review` tagged “2024”, and
`vote@review.2024` the version of `vote` that it was published with.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.engine.model import Diagram, Graph, Node

MARK = "@"
SHARED = "processes/letters/"


def mark(process: str, tag: str) -> str:
    """Return what the names of everything end in that a process tagged so was published with."""
    return f"{MARK}{process}.{tag.replace('/', '_').replace(MARK, '_')}"


def mark_of(folder: str) -> str:
    """Return the mark that a folder's name ends in, or nothing."""
    return MARK + folder.partition(MARK)[2] if MARK in folder else ""


def marked_files(files: Mapping[str, str], ending: str) -> dict[str, str]:
    """Return files under folders with the mark; what all versions share keeps its place."""
    return {_marked(path, ending): text for path, text in files.items()}


def _marked(path: str, ending: str) -> str:
    if path.startswith(SHARED):
        return path
    top, folder, rest = path.split("/", 2)
    return f"{top}/{folder}{ending}/{rest}"


def settle(diagram: Diagram) -> Diagram:
    """Give processes and global tasks their marked ids, and call activities those they call."""
    ending = mark_of(diagram.folder)
    own, tasks = (
        tuple(replace(_graph(graph, ending), id=graph.id + ending) for graph in graphs)
        for graphs in (diagram.processes, diagram.tasks)
    )
    return replace(diagram, processes=own, tasks=tasks)


def _graph(graph: Graph, ending: str) -> Graph:
    nodes = {key: _node(node, ending) for key, node in graph.nodes.items()}
    changed = any(node is not graph.nodes[key] for key, node in nodes.items())
    return replace(graph, nodes=nodes) if changed else graph


def _node(node: Node, ending: str) -> Node:
    called, tag = node.extensions.process, node.extensions.tags.get("process")
    inner = _graph(node.graph, ending) if node.graph is not None else None
    if called and (tag or ending):
        own = f"{called}{mark(called, tag)}" if tag else called
        said = replace(node.extensions, process=own + ending)
        return replace(node, extensions=said, graph=inner)
    return node if inner is node.graph else replace(node, graph=inner)
