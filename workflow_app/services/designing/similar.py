"""Which element of a new version an old one probably became: by name, kind, lane and neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow_app.engine import Program
    from workflow_app.engine.model import Graph, Node

NAME, NEIGHBOURS, LANE, KIND = 50, 25, 15, 10
#: A proposal is made from this likeness on, of a hundred.
LIKELY = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """An element of the new version and how alike it is, of a hundred."""

    element: str
    name: str
    score: int


@dataclass(frozen=True, slots=True)
class _Place:
    process: str
    graph: Graph
    node: Node


def alike(old: Program, new: Program, element: str, candidates: Iterable[str]) -> list[Likeness]:
    """Return the candidates for a place that is gone, the most alike first.

    Elements are ids, as an obstacle names them.
    """
    was = _place(old, element)
    found = [place for one in candidates if (place := _place(new, one)) is not None]
    told = [
        Likeness(
            element=place.node.id,
            name=place.node.name,
            score=_score(was, place) if was is not None else 0,
        )
        for place in found
    ]
    return sorted(told, key=lambda one: (-one.score, one.element))


def proposed(likely: list[Likeness]) -> str | None:
    """Return the element that is proposed: the most alike, if it is alike enough."""
    return likely[0].element if likely and likely[0].score >= LIKELY else None


def process_of(program: Program, element: str) -> str | None:
    """Return the process in whose diagram an element is drawn."""
    place = _place(program, element)
    return place.process if place is not None else None


def name_of(program: Program, element: str) -> str:
    """Return what an element is called; its id where it has no name."""
    place = _place(program, element)
    return place.node.name or element if place is not None else element


def _place(program: Program, element: str) -> _Place | None:
    for process, graph in program.processes.items():
        for inner, node in graph.walk():
            if node.id == element:
                return _Place(process, inner, node)
    return None


def _score(old: _Place, new: _Place) -> int:
    same = SequenceMatcher(None, _spelt(old.node), _spelt(new.node)).ratio()
    return round(
        NAME * same
        + NEIGHBOURS * _shared(_around(old), _around(new))
        + LANE * (old.node.lane == new.node.lane)
        + KIND * (old.node.kind == new.node.kind)
    )


def _spelt(node: Node) -> str:
    return (node.name or node.id).casefold()


def _around(place: _Place) -> set[str]:
    """Return the ids and names of what stands just before and after."""
    ids, nodes = _neighbours(place), place.graph.nodes
    named = {nodes[one].name.casefold() for one in ids if one in nodes}
    return ids | (named - {""})


def _neighbours(place: _Place) -> set[str]:
    graph, element = place.graph, place.node.id
    before = {flow.source for flow in graph.incoming(element)}
    return before | {flow.target for flow in graph.outgoing(element)}


def _shared(one: set[str], other: set[str]) -> float:
    both = one | other
    return len(one & other) / len(both) if both else 0.0
