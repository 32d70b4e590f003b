"""Checks of what can happen on the way: ways that get stuck, are done twice or never end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workflow_app.engine.lint.net import FAILED, Inside, build_net
from workflow_app.engine.lint.rules.states import (
    APPROXIMATED,
    DEADLOCK,
    DONE_TWICE,
    EXCLUSIVE_PARALLEL,
    JOIN_DEAD,
    LEFT_WAITING,
    NEVER_COMPLETES,
    NEVER_ENDS,
    NOT_EXPLORED,
    PILES_UP,
)
from workflow_app.engine.lint.states import MAX_STATES, explore, places_in
from workflow_app.engine.reach import forward

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.lint.net import Net
    from workflow_app.engine.lint.report import Report
    from workflow_app.engine.lint.states import Walk
    from workflow_app.engine.model import Diagram, Graph, Node

CHOICES = frozenset({"exclusiveGateway", "eventBasedGateway"})
LONG = 12


@dataclass(frozen=True, slots=True)
class Played:
    """One graph and what playing it showed; `host` is the sub-process that holds it."""

    diagram: Diagram
    graph: Graph
    host: Node | None
    net: Net
    walk: Walk
    may_be_left: bool


def check_states(report: Report) -> None:
    """Play every graph of every process that runs, sub-processes first and one by one."""
    running = (pair for pair in report.library.running() if report.is_asked(pair[0].file))
    for diagram, process in running:
        _play(report, diagram, process, None, may_be_left=False)


def _play(
    report: Report, diagram: Diagram, graph: Graph, host: Node | None, *, may_be_left: bool
) -> Inside:
    """Play what is inside, then the graph itself; return what the graph around must know."""
    inside: dict[str, Inside] = {}
    for node in graph.nodes.values():
        if node.graph is not None:
            left = any(event.interrupting for event in graph.boundaries(node.id))
            inside[node.id] = _play(report, diagram, node.graph, node, may_be_left=left)
    guarded = may_be_left or any(_interrupts(node) for node in graph.nodes.values())
    unclear = _unclear(graph, host)
    if unclear is not None:
        report.node(APPROXIMATED, diagram, unclear)
        return Inside()
    if not all(flow.target in graph.nodes for flow in graph.flows.values()):
        return Inside()
    net = build_net(graph, inside)
    if not net.begins:
        return Inside()
    played = Played(diagram, graph, host, net, explore(net), guarded)
    _judge(report, played, inside)
    return _summary(played)


def _summary(played: Played) -> Inside:
    walk = played.walk
    saved = any(_interrupts(node) for node in played.graph.nodes.values())
    unknown = saved or not walk.whole or bool(walk.stuck or walk.piles)
    return Inside(completes=walk.completes or unknown, fails=walk.fails)


def _interrupts(node: Node) -> bool:
    inside = node.graph.entries() if node.by_event and node.graph is not None else []
    return any(start.interrupting for start in inside)


def _unclear(graph: Graph, host: Node | None) -> Node | None:
    """Return what follows a rule of its own, which the game cannot know."""
    if host is not None and host.kind == "adHocSubProcess":
        return host
    return next((n for n in graph.nodes.values() if _follows_own_rule(graph, n)), None)


def _follows_own_rule(graph: Graph, node: Node) -> bool:
    joins = node.kind == "complexGateway" and len(graph.incoming(node.id)) > 1
    return joins or node.takes != 1 or node.gives != 1


def _judge(report: Report, played: Played, inside: dict[str, Inside]) -> None:
    walk = played.walk
    if len(walk.came) > MAX_STATES:
        _about_graph(report, played)
    _judge_joins(report, played)
    _judge_meetings(report, played)
    for grows, state in walk.piles.items():
        here = played.graph.nodes[grows]
        report.node(PILES_UP, played.diagram, here, path=_path(played, state))
    for key, known in inside.items():
        node = played.graph.nodes[key]
        if not known.completes and played.graph.outgoing(key) and key in _begun(played):
            report.node(NEVER_COMPLETES, played.diagram, node)
    if walk.whole and not played.may_be_left:
        _judge_loops(report, played)


def _begun(played: Played) -> set[str]:
    """Return the nodes that some token came to, whether or not it got on."""
    walk, nodes = played.walk, played.graph.nodes
    stuck = {played.net.node_at[place] for state in walk.stuck for place in places_in(state)}
    hosts = {nodes[node].attached_to or "" for node in walk.fired}
    return walk.fired | stuck | hosts


def _about_graph(report: Report, played: Played) -> None:
    told: dict[str, object] = {"seen": len(played.walk.came)}
    if played.host is not None:
        report.node(NOT_EXPLORED, played.diagram, played.host, **told)
        return
    graph = played.graph
    told |= {"name": graph.name or graph.id}
    report.add(NOT_EXPLORED, played.diagram.file, graph.id, graph.line, **told)


def _judge_joins(report: Report, played: Played) -> None:
    """Report each join that is left waiting in a stuck state, the shortest way first."""
    graph, told = played.graph, set()
    for state in played.walk.stuck:
        for place in places_in(state):
            node = graph.nodes[played.net.node_at[place]]
            if node.id not in told and node.kind in {"parallelGateway", "inclusiveGateway"}:
                told.add(node.id)
                _report_join(report, played, node, state)


def _report_join(report: Report, played: Played, node: Node, state: int) -> None:
    walk, graph = played.walk, played.graph
    if node.id not in walk.fired and walk.whole:
        choice = _choice_before(graph, node)
        if choice is None:
            report.node(JOIN_DEAD, played.diagram, node)
        else:
            gateway = choice.name or choice.id
            report.node(EXCLUSIVE_PARALLEL, played.diagram, node, gateway=gateway)
        return
    ended = [n for n in walk.path(state) if graph.nodes[n].kind == "endEvent"]
    path = _path(played, state)
    if ended:
        end = graph.nodes[ended[-1]]
        report.node(LEFT_WAITING, played.diagram, node, end=end.name or end.id, path=path)
    else:
        report.node(DEADLOCK, played.diagram, node, path=path)


def _choice_before(graph: Graph, join: Node) -> Node | None:
    """Return the nearest choice whose ways lead to different flows of a join."""
    found = []
    for node in graph.nodes.values():
        flows = graph.outgoing(node.id) if node.kind in CHOICES and not node.together else []
        ways = [_reached(graph, flow.target, flow.id, join, node) for flow in flows]
        whole = frozenset().union(*ways)
        if len({way for way in ways if way}) > 1 and not any(way == whole for way in ways):
            found.append((len(forward(graph, [node.id])), node))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _reached(graph: Graph, start: str, first: str, join: Node, choice: Node) -> frozenset[str]:
    """Return the flows of a join that a way comes to without passing the join or the choice."""
    if start == join.id:
        return frozenset({first})
    seen: set[str] = set()
    todo = [start]
    while todo:
        node = todo.pop()
        if node not in seen and node not in {join.id, choice.id}:
            seen.add(node)
            todo += [event.id for event in graph.boundaries(node)]
            todo += [flow.target for flow in graph.outgoing(node)]
    return frozenset(flow.id for flow in graph.incoming(join.id) if flow.source in seen)


def _judge_meetings(report: Report, played: Played) -> None:
    """Report where two tokens meet first; what comes behind only follows from it."""
    behind: set[str] = set()
    for node, state in played.walk.meets.items():
        if node not in behind:
            here = played.graph.nodes[node]
            report.node(DONE_TWICE, played.diagram, here, path=_path(played, state))
            behind |= forward(played.graph, [node])


def _judge_loops(report: Report, played: Played) -> None:
    """Report the first state from which neither an end nor a known stop can be reached."""
    walk = played.walk
    stops = [0, FAILED, *walk.stuck, *walk.piles.values()]
    leading = set(stops)
    todo = [state for state in stops if state in walk.leads]
    while todo:
        for before in walk.leads.get(todo.pop(), ()):
            if before not in leading:
                leading.add(before)
                todo.append(before)
    order = {state: number for number, state in enumerate(walk.came)}
    for state, number in order.items():
        comes_back = any(order[before] >= number for before in walk.leads.get(state, ()))
        if state not in leading and comes_back:
            where = played.net.node_at[next(places_in(state))]
            report.node(NEVER_ENDS, played.diagram, played.graph.nodes[where])
            return


def _path(played: Played, state: int) -> str:
    """Return the shortest way to a state in words."""
    return " → ".join(_shortened(list(_words(played, state))))


def _words(played: Played, state: int) -> Iterator[str]:
    before = None
    for key in played.walk.path(state):
        node = played.graph.nodes[key]
        if node.id != before:
            yield node.name or node.id
        before = node.id


def _shortened(words: list[str]) -> list[str]:
    half = LONG // 2
    return words if len(words) <= LONG else [*words[:half], "…", *words[-half:]]
