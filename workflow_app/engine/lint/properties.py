"""Checks of what properties say of a person's task: who may not do it, what stays hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.lint.report import Place, Report, places
from workflow_app.engine.lint.rules.people import PROPERTY, SAME_EYES, WHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.model import Graph

#: Properties of a user task that say yes or no.
SWITCHES = ("blind", "seal", "final", "offline")
#: The same of an event.
RESTS = "rests"
VALUES = frozenset({"true", "false"})
FOUR_EYES = "fourEyes"


def check_properties(report: Report) -> None:
    """Run the checks over every node of every process that runs."""
    tasks = set(_user_tasks(report))
    for place in places(report.library):
        said = place.node.extensions.properties
        for name in (*SWITCHES, RESTS):
            if said.get(name, "true") not in VALUES:
                told = {"property": name, "value": said[name]}
                report.node(PROPERTY, place.diagram, place.node, **told)
        if place.node.kind != "userTask":
            for name in said.keys() & {*SWITCHES, FOUR_EYES}:
                report.node(WHERE, place.diagram, place.node, property=name)
            continue
        for other in said.get(FOUR_EYES, "").split():
            if not _is_known(report, place, other, tasks):
                report.node(SAME_EYES, place.diagram, place.node, task=other)


def _user_tasks(report: Report) -> Iterator[tuple[str, str]]:
    for _diagram, process in report.library.running():
        for _graph, node in process.walk():
            if node.kind == "userTask":
                yield process.id, node.id


def _is_known(report: Report, place: Place, other: str, tasks: set[tuple[str, str]]) -> bool:
    """Say whether a task is drawn; one of a process that is not at hand is not judged."""
    process, slash, element = other.rpartition("/")
    if slash:
        at_hand = report.library.process(process) is not None
        return not at_hand or (process, element) in tasks
    here = [graph.id for graph in place.diagram.processes if _holds(graph, place)]
    return any((one, element) in tasks for one in here)


def _holds(graph: Graph, place: Place) -> bool:
    return any(node is place.node for _graph, node in graph.walk())
