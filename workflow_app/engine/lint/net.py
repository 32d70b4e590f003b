"""A graph as a token game: places, and moves that take tokens from some and give to others.

Each flow is a place, so is each beginning, each link, and each activity that may be under way while
an event on its border lets something else begin. A state is one integer with two bits a place: at
most three tokens. Data is not looked at: whatever a condition may choose, the game may choose.
A way that only an event beside an activity begins is a side way: each token there goes by itself,
however many there are, so the game keeps one at a place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import TYPE_CHECKING

from workflow_app.engine.reach import backward, loop_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflow_app.engine.model import Flow, Graph, Node

BITS = 2
MOST = 3
#: The state after an error or cancellation has ended the whole graph.
FAILED = -1
#: Above so many conditions only single ways, all ways and no way are tried.
MANY = 6
ENDS_ALL = frozenset({"terminate", "error", "cancel"})
FAILS = frozenset({"error", "cancel"})
BESIDE_THE_GAME = frozenset({"compensate", "link", "none"})


@dataclass(frozen=True, slots=True)
class Move:
    """What a node may do: places it takes one token of each, gives one to each, empties some."""

    node: str
    takes: tuple[int, ...]
    gives: tuple[int, ...]
    empties: tuple[int, ...] = ()
    ends: bool = False
    fails: bool = False


@dataclass(frozen=True, slots=True)
class InclusiveJoin:
    """A join that waits while more can come: its flows, and the nodes each can be reached from."""

    node: str
    flows: tuple[int, ...]
    reach: Mapping[int, frozenset[str]]
    gives: tuple[tuple[int, ...], ...]


@dataclass(slots=True)
class Net:
    """The game of one graph. `alone` holds the moves that take one place only, by that place."""

    places: dict[str, int] = field(default_factory=dict)
    node_at: dict[int, str] = field(default_factory=dict)
    alone: dict[int, list[Move]] = field(default_factory=dict)
    joins: list[Move] = field(default_factory=list)
    inclusive: list[InclusiveJoin] = field(default_factory=list)
    merges: dict[int, str] = field(default_factory=dict)
    begins: list[tuple[int, ...]] = field(default_factory=list)
    side: set[int] = field(default_factory=set)
    whole: bool = True

    def place(self, key: str, node: str) -> int:
        """Return the number of a place, made when first asked for; `node` is who takes from it."""
        index = self.places.setdefault(key, len(self.places))
        self.node_at.setdefault(index, node)
        return index


@dataclass(frozen=True, slots=True)
class Inside:
    """What is known of a sub-process: whether it can come to its end, whether it can fail."""

    completes: bool = True
    fails: bool = False


def build_net(graph: Graph, inside: Mapping[str, Inside]) -> Net:
    """Return the token game of one graph; sub-processes are single steps, known by `inside`."""
    net = Net()
    maker = _Maker(graph, net, inside)
    for flow in graph.flows.values():
        place = net.place(flow.id, flow.target)
        if flow.source not in maker.main:
            net.side.add(place)
    for node in graph.nodes.values():
        if not node.by_event and not node.compensates and node.kind != "boundaryEvent":
            maker.add(node)
    net.begins = [tuple(places) for places in _beginnings(graph, net)]
    return net


def _beginnings(graph: Graph, net: Net) -> Iterator[list[int]]:
    """Each start that waits begins alone; those that wait for nothing begin together."""
    together = []
    for node in graph.entries():
        here = net.place(f"@{node.id}", node.id)
        if node.trigger.kind == "none" and not node.instantiates:
            together.append(here)
        else:
            yield [here]
    if together:
        yield together


class _Maker:
    """Adds the moves of nodes to a net."""

    def __init__(self, graph: Graph, net: Net, inside: Mapping[str, Inside]) -> None:
        self.graph = graph
        self.net = net
        self.inside = inside
        self.links = {
            node.trigger.name: node.id
            for node in graph.nodes.values()
            if node.kind == "intermediateCatchEvent" and node.trigger.kind == "link"
        }
        self.entries = {node.id for node in graph.entries()}
        self.main = _main_way(graph, [*self.entries, *self.links.values()])

    def add(self, node: Node) -> None:
        """Add what one node may do."""
        places = self._places(node)
        incoming = self.graph.incoming(node.id)
        if node.kind == "parallelGateway" and len(incoming) > 1:
            self._parallel_join(node)
            places = places[len(incoming) :]
        elif node.kind == "inclusiveGateway" and len(incoming) > 1:
            self._inclusive_join(node)
            places = places[len(incoming) :]
        elif len(places) > 1 and node.id in self.main and not _only_ends(node):
            self.net.merges |= dict.fromkeys(places, node.id)
        for place in places:
            self.net.alone[place] = self._moves(node, place)

    def _places(self, node: Node) -> list[int]:
        keys = [flow.id for flow in self.graph.incoming(node.id)]
        if node.id in self.entries or node.id in self.links.values():
            keys.append(f"@{node.id}")
        return [self.net.place(key, node.id) for key in keys]

    def _moves(self, node: Node, place: int) -> list[Move]:
        if node.trigger.kind in ENDS_ALL and node.kind == "endEvent":
            fails = node.trigger.kind in FAILS
            return [Move(node.id, (place,), (), ends=True, fails=fails)]
        events = [e for e in self.graph.boundaries(node.id) if _plays(e)]
        if any(not event.interrupting for event in events):
            return [self._begin_beside(node, place, events)]
        return list(self._works(node, place, events))

    def _works(self, node: Node, place: int, events: list[Node]) -> Iterator[Move]:
        """Yield: done, interrupted by each event, failed."""
        inside = self.inside.get(node.id, Inside())
        if inside.completes:
            yield from (Move(node.id, (place,), gives) for gives in self._gives(node))
        for event in events:
            if event.interrupting:
                yield from (Move(event.id, (place,), gives) for gives in self._gives(event))
        if inside.fails and not any(event.trigger.kind in FAILS for event in events):
            yield Move(node.id, (place,), (), ends=True, fails=True)

    def _begin_beside(self, node: Node, place: int, events: list[Node]) -> Move:
        """Let the activity be under way, so that events beside it can happen once each."""
        busy = self.net.place(f"*{node.id}", node.id)
        beside = [event for event in events if not event.interrupting]
        armed = tuple(self.net.place(f"*{event.id}", node.id) for event in beside)
        if busy not in self.net.alone:
            moves = [
                Move(move.node, move.takes, move.gives, armed, move.ends, move.fails)
                for move in self._works(node, busy, events)
            ]
            for event, waits in zip(beside, armed, strict=True):
                moves += [
                    Move(event.id, (busy, waits), (busy, *gives)) for gives in self._gives(event)
                ]
            self.net.alone[busy] = moves
            self.net.alone |= {waits: [] for waits in armed}
        return Move(node.id, (place,), (busy, *armed))

    def _parallel_join(self, node: Node) -> None:
        for group in loop_groups(self.graph, node.id):
            takes = tuple(sorted(self.net.places[flow] for flow in group))
            for gives in self._gives(node):
                self.net.joins.append(Move(node.id, takes, gives))

    def _inclusive_join(self, node: Node) -> None:
        places = self.net.places
        flows = {places[flow.id]: flow for flow in self.graph.incoming(node.id)}
        reach = {
            place: frozenset(backward(self.graph, flow, node.id)) for place, flow in flows.items()
        }
        gives = tuple(self._gives(node))
        self.net.inclusive.append(InclusiveJoin(node.id, tuple(flows), reach, gives))

    def _gives(self, node: Node) -> Iterator[tuple[int, ...]]:
        """Yield the sets of places that a token may go on to."""
        if node.kind == "intermediateThrowEvent" and node.trigger.kind == "link":
            target = self.links.get(node.trigger.name)
            yield () if target is None else (self.net.place(f"@{target}", target),)
            return
        for flows in self._choices(node):
            yield tuple(self.net.places[flow.id] for flow in flows)

    def _choices(self, node: Node) -> Iterable[list[Flow]]:
        flows = self.graph.outgoing(node.id)
        if not flows or node.kind == "parallelGateway" or node.together:
            return [flows]
        if node.kind in {"exclusiveGateway", "eventBasedGateway"}:
            return [[flow] for flow in flows]
        return self._subsets(node, flows)

    def _subsets(self, node: Node, flows: list[Flow]) -> list[list[Flow]]:
        """Return every way to choose among conditional flows; plain ones are always taken."""
        asked = [flow for flow in flows if flow.condition and flow.id != node.default]
        always = [flow for flow in flows if not flow.condition and flow.id != node.default]
        default = [flow for flow in flows if flow.id == node.default]
        sizes: Iterable[int] = range(1, len(asked) + 1)
        if len(asked) > MANY:
            self.net.whole = False
            sizes = (1, len(asked))
        chosen = chain.from_iterable(combinations(asked, size) for size in sizes)
        found = [[*always, *some] for some in chosen]
        nothing = always or default
        return [*found, nothing] if nothing else found


def _main_way(graph: Graph, starts: Iterable[str]) -> set[str]:
    """Return the nodes that can be reached without an event that happens beside an activity."""
    seen: set[str] = set()
    todo = list(starts)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += [flow.target for flow in graph.outgoing(node)]
            todo += [event.id for event in graph.boundaries(node) if event.interrupting]
    return seen


def _plays(event: Node) -> bool:
    return event.trigger.kind not in BESIDE_THE_GAME


def _only_ends(node: Node) -> bool:
    return node.kind == "endEvent" and node.trigger.kind in {"none", "terminate", "error"}
