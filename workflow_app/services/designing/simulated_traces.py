"""What finished cases did, read from their history: visits in order, with ways and times.

A visit is one stay of a case at a step. What a step was broken off by, and what came while it
lasted, is kept with it, so that a replayed case meets the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.domain.queueing import Jolt, Visit
from workflow_app.services.designing.simulated_network import TURN, places_of, whole_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workflow_app.domain.queueing import Calendar, Record
    from workflow_app.engine import Program
    from workflow_app.engine.model import Graph

#: kind, `<process>/<element>`, task id, second, flows taken before the next row.
Row = tuple[str, str, str | None, float, str | None]
_KINDS = frozenset({"entered", "completed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A task of a case as the desk knew it; moments in seconds."""

    opened: float
    claimed: float | None
    closed: float
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A finished case: when it went, what its history says, and its tasks by id."""

    begins: float
    ends: float
    rows: Sequence[Row]
    items: Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class _Host:
    """Where something may come in: to visits of these nodes, breaking them off or beside them."""

    nodes: tuple[str, ...]
    breaks: bool
    inner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a diagram says of the rows of a history."""

    whole: str
    loops: frozenset[str]
    sources: Mapping[str, str]
    hosts: Mapping[str, _Host]
    contests: frozenset[str]


@dataclass(slots=True, eq=False)
class Stay:
    """A visit being read: `ends` is None while it lasts."""

    name: str
    begins: float
    ends: float | None = None
    ways: list[str] = field(default_factory=list)
    jolts: list[Jolt] = field(default_factory=list)
    turns: int = -1
    cut: bool = False
    item: Item | None = None


def shape_of(program: Program) -> Shape:
    """Return what the rows of a program's history mean."""
    places = list(places_of(program))
    calls: dict[str, list[str]] = defaultdict(list)
    for place in places:
        if place.step.kind == "callActivity":
            calls[place.step.extensions.process or ""].append(place.name)
    calls[program.main].append(whole_of(program))
    hosts: dict[str, _Host] = {}
    for process, graph in program.processes.items():
        hosts |= _hosts(process, graph, tuple(calls[process]))
    return Shape(
        whole=whole_of(program),
        loops=frozenset(place.name for place in places if place.step.loop is not None),
        sources={
            f"{place.process}/{flow.id}": place.name
            for place in places
            for flow in place.graph.outgoing(place.step.id)
        },
        hosts=hosts,
        contests=frozenset(
            f"{place.process}/{flow.target}"
            for place in places
            if place.step.kind == "eventBasedGateway"
            for flow in place.graph.outgoing(place.step.id)
        ),
    )


def _hosts(process: str, graph: Graph, around: tuple[str, ...]) -> dict[str, _Host]:
    """Return what may come in to a graph and to all inside it; `around` are nodes that open it."""
    found: dict[str, _Host] = {}
    for step in graph.nodes.values():
        name = f"{process}/{step.id}"
        if step.attached_to is not None:
            hosted = (f"{process}/{step.attached_to}",)
            found[name] = _Host(hosted, step.interrupting, inner=False)
        if step.graph is None:
            continue
        found |= _hosts(process, step.graph, around if step.by_event else (name, name + TURN))
        if step.by_event:
            for start in step.graph.entries():
                host = _Host(around, start.interrupting, inner=True)
                found[f"{process}/{start.id}"] = host
    return found


def stays_of(told: Told, shape: Shape) -> list[Stay]:
    """Return the visits of a case in their order; the first is the whole case."""
    return _Reading(told, shape).read()


class _Reading:
    """One case's rows, read in their order."""

    def __init__(self, told: Told, shape: Shape) -> None:
        self.told, self.shape = told, shape
        self.root = Stay(shape.whole, told.begins, told.ends)
        self.stays = [self.root]
        self.open: dict[str, Stay] = {}
        self.last: dict[str, Stay] = {shape.whole: self.root}
        self.loops: dict[str, tuple[str, Stay, set[str]]] = {}

    def read(self) -> list[Stay]:
        """Read all rows."""
        for kind, name, task, at, flows in self.told.rows:
            if kind in _KINDS and name and task:
                self._row(kind, name, task, at)
            self._ways(name, flows)
        for stay in self.stays:
            if stay.ends is None:
                stay.ends, stay.cut = self.told.ends, True
        return [one for one in self.stays if not (one.cut and one.name in self.shape.contests)]

    def _row(self, kind: str, name: str, task: str, at: float) -> None:
        if kind == "completed" and name in self.shape.hosts:
            self._came_in(name, at)
        if kind == "entered":
            self._enter(name, task, at)
            return
        stay = self.open.pop(task, None)
        if stay is None and kind == "completed":
            stay = self._begin(self._turned(name, task), task, at)
            self.open.pop(task)
        if stay is not None:
            stay.ends, stay.cut = at, kind == "cancelled"
            if name in self.loops and self.loops[name][1] is stay:
                del self.loops[name]
        if stay is not None and len(self.stays) == 2:
            self.root.ways.append(name)

    def _enter(self, name: str, task: str, at: float) -> None:
        if name not in self.shape.loops or name in self.loops:
            self._begin(self._turned(name, task), task, at)
            return
        stay = self._begin(name, task, at)
        stay.turns = 0
        self.loops[name] = (task, stay, set())

    def _turned(self, name: str, task: str) -> str:
        """Return the name of a node's turn where the row tells of one, and count it."""
        if name not in self.loops:
            return name
        _body, stay, turns = self.loops[name]
        turns.add(task)
        stay.turns = len(turns)
        return name + TURN

    def _begin(self, name: str, task: str, at: float) -> Stay:
        stay = Stay(name, at, item=self.told.items.get(task))
        self.stays.append(stay)
        self.open[task] = self.last[name] = stay
        return stay

    def _came_in(self, name: str, at: float) -> None:
        """Keep with the visit it came to what came in from its border or beside it."""
        host = self.shape.hosts[name]
        found = [self.last[one] for one in host.nodes if one in self.last]
        lasting = [one for one in found if one.ends is None or one.ends >= at]
        if lasting:
            stay = max(lasting, key=lambda one: one.begins)
        elif not host.inner:
            stay = Stay(host.nodes[0], at, at, cut=host.breaks)
            self.stays.append(stay)
        else:
            return
        stay.jolts.append(Jolt(at - stay.begins, name, host.breaks, host.inner))

    def _ways(self, name: str, flows: str | None) -> None:
        process = name.rpartition("/")[0]
        for flow in (flows or "").split():
            source = self.shape.sources.get(f"{process}/{flow}", name)
            if source in self.last:
                self.last[source].ways.append(flow)


def record_of(stays: Sequence[Stay], visits: Sequence[Visit]) -> Record:
    """Return the visits of a case by node, as a replayed case takes them."""
    record: Record = {}
    for stay, visit in zip(stays, visits, strict=True):
        record.setdefault(stay.name, []).append(visit)
    return record


def visit_of(stay: Stay, begun: float | None, calendar: Calendar, ways: Mapping[str, str]) -> Visit:
    """Return a visit with its seconds parted: lain, worked on.

    `begun` is when its work began, None where nobody of an office did it; what was done when the
    office was closed takes none of its hours. `ways` are names that ways have now.
    """
    ends = stay.begins if stay.ends is None else stay.ends
    seconds = ends - stay.begins
    aside = begun is None or calendar.opens(ends) != ends
    work = 0.0 if begun is None or aside else calendar.worked(begun, ends)
    lain = 0.0 if aside else max(0.0, calendar.worked(stay.begins, ends) - work)
    return Visit(
        seconds=seconds,
        lain=lain,
        work=work,
        ways=tuple(ways.get(one, one) for one in stay.ways),
        turns=stay.turns,
        jolts=tuple(stay.jolts),
        cut=stay.cut,
        aside=aside,
    )


def begun_of(cases: Sequence[Sequence[Stay]], mornings: Calendar) -> dict[int, float]:
    """Return when the work of each visit began, by the identity of the visit.

    Nobody works on two steps at once, so it began at the earliest when the same person had closed
    another one, and in the morning of the day on which it was closed: what was taken earlier lay.
    `mornings` is the calendar of the office.
    """
    worked = [stay for stays in cases for stay in stays if stay.item is not None]
    found: dict[int, float] = {}
    free: dict[str, float] = {}
    for stay in sorted(worked, key=lambda one: one.item.closed if one.item else 0.0):
        item = stay.item
        if item is None:
            continue
        taken = item.opened if item.claimed is None else item.claimed
        morning = mornings.morning(item.closed)
        found[id(stay)] = min(item.closed, max(taken, free.get(item.by, taken), morning))
        free[item.by] = item.closed
    return found
