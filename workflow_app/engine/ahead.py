"""What people meet after a step: the next tasks, waits and ends, by the diagram alone.

Boundary events are left out: they say what may come between, not what follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflow_app.engine.model import Graph, Node
    from workflow_app.engine.program import Program

WAITS = frozenset({"intermediateCatchEvent", "receiveTask"})
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
CAUGHT = frozenset({"error", "escalation", "cancel"})
#: So many combinations of parallel ways are told apart; of more, each step is a way by itself.
MOST = 12
DEEPEST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """Something a case comes to.

    `kind` is "task", "wait" (a message, a signal), "time" (a timer), "end" (of the case) or "rest"
    (a side way is over, the case goes on elsewhere); `element` is `<process>/<element id>`;
    `together`: only once what runs beside it is done too; `inside`: the activities it lies in.
    """

    kind: str
    element: str
    name: str
    lane: str | None = None
    together: bool = False
    inside: tuple[str, ...] = field(default=(), compare=False)


#: One of several ways, each with all that it comes to at once.
Ways = tuple[tuple[Ahead, ...], ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """A graph that a token is in, and the activity of the frame below that opened it."""

    process: str
    graph: Graph
    holder: Node | None


_Frames = tuple[_Frame, ...]


def ahead(program: Program, element: str, callers: Iterable[str] = ()) -> Ways:
    """Return what follows from an element, `<process>/<element id>`.

    `callers` are the call activities that led to it, the outermost first; without them every
    place that calls its process is looked at. Empty for an element that the program does not have.
    """
    frames: _Frames = ()
    holder: Node | None = None
    for place in (*callers, element):
        frames = _placed(program, place, frames, holder)
        if not frames:
            return ()
        holder = frames[-1].graph.nodes[place.rpartition("/")[2]]
    return _Walk(program, frames, holder).after(frames, holder) if holder is not None else ()


def _placed(program: Program, element: str, above: _Frames, holder: Node | None) -> _Frames:
    process, _slash, key = element.rpartition("/")
    graph = program.processes.get(process)
    return () if graph is None else _search((*above, _Frame(process, graph, holder)), key)


def _search(frames: _Frames, key: str) -> _Frames:
    """Return the frames down to the graph that holds an element."""
    here = frames[-1]
    if key in here.graph.nodes:
        return frames
    for node in here.graph.nodes.values():
        if node.graph is not None:
            found = _search((*frames, _Frame(here.process, node.graph, node)), key)
            if found:
                return found
    return ()


class _Walk:
    """One look ahead; `sides` are the graphs in which it began on a way beside the main one."""

    def __init__(self, program: Program, frames: _Frames, node: Node | None) -> None:
        self.program = program
        holders = [*(frame.holder for frame in frames[1:]), node]
        self.sides = {
            frame.graph.id
            for frame, at in zip(frames, holders, strict=True)
            if at is not None and not at.by_event and at.id not in _main_way(frame.graph)
        }
        self.seen: set[tuple[tuple[str, ...], str]] = set()

    def after(self, frames: _Frames, node: Node) -> Ways:
        """Return what follows from a node that is done, other turns of its loop first."""
        onward = self._onward(frames, node)
        if node.loop is None:
            return onward
        if not (node.loop.sequential or node.loop.standard):
            return _together(onward)
        return _joined(self._again(frames, node), onward)

    def _again(self, frames: _Frames, node: Node) -> Ways:
        if node.kind == "userTask":
            return ((_task(frames, node),),)
        return self._entered(frames, node)

    def _onward(self, frames: _Frames, node: Node) -> Ways:
        graph = frames[-1].graph
        if node.kind == "intermediateThrowEvent" and node.trigger.kind == "link":
            return self._either(frames, _landings(graph, node))
        flows = [flow for flow in graph.outgoing(node.id) if flow.target in graph.nodes]
        targets = [graph.nodes[flow.target] for flow in flows]
        if not targets:
            return self._left(frames, node)
        if node.kind in CHOICES or any(flow.condition for flow in flows):
            return self._either(frames, targets)
        return self._all(frames, targets)

    def _either(self, frames: _Frames, targets: Iterable[Node]) -> Ways:
        return _joined(*(self._at(frames, target) for target in targets))

    def _all(self, frames: _Frames, targets: list[Node]) -> Ways:
        if len(targets) == 1:
            return self._at(frames, targets[0])
        before, branches = self.seen, []
        for target in targets:
            self.seen = set(before)
            branches.append(self._at(frames, target))
        self.seen = before
        return _combined([ways for ways in branches if ways])

    def _at(self, frames: _Frames, node: Node) -> Ways:
        """Return what a token meets that comes to a node; nothing where the look has been."""
        above = tuple(f.holder.id for f in frames if f.holder is not None)
        key = (above, f"{frames[-1].process}/{node.id}")
        if key in self.seen:
            return ()
        self.seen.add(key)
        if node.kind == "userTask":
            return ((_task(frames, node),),)
        if node.kind in WAITS and node.trigger.kind != "link":
            return ((_wait(frames, node),),)
        if node.graph is not None or node.kind == "callActivity":
            return self._entered(frames, node)
        onward = self._onward(frames, node)
        joins = node.kind == "parallelGateway" and len(frames[-1].graph.incoming(node.id)) > 1
        return _together(onward) if joins else onward

    def _entered(self, frames: _Frames, node: Node) -> Ways:
        process, graph = frames[-1].process, node.graph
        if graph is None:
            process = node.extensions.process or ""
            graph = self.program.processes.get(process)
        if graph is None or len(frames) > DEEPEST:
            return self._onward(frames, node)
        inner = (*frames, _Frame(process, graph, node))
        plain = [one for one in graph.entries() if one.trigger.kind == "none"]
        return self._either(inner, plain or graph.entries())

    def _left(self, frames: _Frames, node: Node) -> Ways:
        """Return what follows where a way ends: what caught it, else what is behind its graph."""
        if node.kind == "endEvent" and node.trigger.kind in CAUGHT:
            for depth in range(len(frames) - 1, 0, -1):
                found = _catcher(frames[depth - 1].graph, frames[depth].holder, node)
                if found is not None:
                    return self._onward(frames[:depth], found)
        here = frames[-1]
        if here.graph.id in self.sides:
            return ((_plain("rest", frames, node),),)
        if here.holder is None:
            return self._returned(frames, node)
        if here.holder.by_event:
            stops = any(start.interrupting for start in here.graph.entries())
            rest = ((_plain("rest", frames, node),),)
            return self._left(frames[:-1], here.holder) if stops else rest
        return self.after(frames[:-1], here.holder)

    def _returned(self, frames: _Frames, node: Node) -> Ways:
        """Return what follows from the end of a process: its end, or wherever it may be called."""
        process = frames[-1].process
        if process == self.program.main:
            return ((_plain("end", frames, node),),)
        found: Ways = ()
        for place in _calls(self.program, process):
            key = (("called",), place)
            if key not in self.seen:
                self.seen.add(key)
                above = _placed(self.program, place, (), None)
                call = above[-1].graph.nodes[place.rpartition("/")[2]]
                found = _joined(found, self.after(above, call))
        return found


def _task(frames: _Frames, node: Node) -> Ahead:
    return replace(_plain("task", frames, node), lane=node.lane)


def _wait(frames: _Frames, node: Node) -> Ahead:
    kind = "time" if node.trigger.kind == "timer" and len(node.triggers) == 1 else "wait"
    return _plain(kind, frames, node)


def _plain(kind: str, frames: _Frames, node: Node) -> Ahead:
    return Ahead(
        kind=kind,
        element=f"{frames[-1].process}/{node.id}",
        name=node.name,
        inside=tuple(
            f"{outer.process}/{inner.holder.id}"
            for outer, inner in pairwise(frames)
            if inner.holder is not None
        ),
    )


def _joined(*several: Ways) -> Ways:
    return tuple(dict.fromkeys(way for ways in several for way in ways))


def _together(ways: Ways) -> Ways:
    return tuple(tuple(replace(one, together=True) for one in way) for way in ways)


def _combined(branches: list[Ways]) -> Ways:
    """Return the ways of branches that are taken at once."""
    if len({_bare(ways) for ways in branches}) == 1:
        return _bare(branches[0])
    count = 1
    for ways in branches:
        count *= len(ways)
    if count > MOST:
        return _joined(*branches)
    return _joined(tuple(_next_of(way) for way in product(*branches)))


def _bare(ways: Ways) -> Ways:
    """Return ways without what they wait for: here all that ran beside them came to them."""
    return tuple(tuple(replace(one, together=False) for one in way) for way in ways)


def _next_of(branches: tuple[tuple[Ahead, ...], ...]) -> tuple[Ahead, ...]:
    """Return what comes at once; what waits for the rest of it comes later."""
    steps = dict.fromkeys(one for way in branches for one in way)
    return tuple(one for one in steps if not one.together) or tuple(steps)


def _main_way(graph: Graph) -> set[str]:
    """Return the nodes that a token comes to without anything that starts beside it."""
    seen: set[str] = set()
    todo = [node.id for node in graph.entries()]
    while todo:
        key = todo.pop()
        if key in graph.nodes and key not in seen:
            seen.add(key)
            todo += _targets(graph, graph.nodes[key])
    return seen


def _targets(graph: Graph, node: Node) -> Iterator[str]:
    yield from (flow.target for flow in graph.outgoing(node.id))
    yield from (one.id for one in graph.boundaries(node.id) if one.interrupting)
    if node.trigger.kind == "link":
        yield from (one.id for one in _landings(graph, node))


def _landings(graph: Graph, node: Node) -> list[Node]:
    """Return where a link leads."""
    return [
        one
        for one in graph.nodes.values()
        if one.kind == "intermediateCatchEvent"
        and one.trigger.kind == "link"
        and one.trigger.name == node.trigger.name
        and one is not node
    ]


def _catcher(graph: Graph, holder: Node | None, thrown: Node) -> Node | None:
    """Return the event on an activity's border that catches what its end throws."""
    for one in graph.boundaries(holder.id) if holder is not None else ():
        codes = (None, "", thrown.trigger.code)
        if one.trigger.kind == thrown.trigger.kind and one.trigger.code in codes:
            return one
    return None


def _calls(program: Program, called: str) -> list[str]:
    """Return the call activities of a process, by `<process>/<element id>`."""
    return [
        f"{process}/{node.id}"
        for process, graph in program.processes.items()
        for _graph, node in graph.walk()
        if node.kind == "callActivity" and node.extensions.process == called
    ]
