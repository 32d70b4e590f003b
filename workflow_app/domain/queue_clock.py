"""The virtual clock of a network of queues: events to come in order, roles served in turn.

Nothing is read or written but numbers, and the same seed gives the same run.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from functools import partial
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from workflow_app.domain.queue_parts import NOTHING, Case, Desk, Scope, Token
from workflow_app.domain.queueing import NodeRun, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workflow_app.domain.queueing import Arrival, Jolt, Network, Node, Visit

#: A case that took more steps than this goes round in a circle.
MOST_STEPS = 20_000
#: What was cut in the log waits so much longer for what cut it.
GRACE = 1.0
_MEETINGS = frozenset({"join", "gather"})


def run(network: Network, arrivals: Sequence[Arrival], seed: int) -> Run:
    """Send a case in at each arrival (sorted) and follow all until they end.

    Raises ValueError for a way that leads nowhere.
    """
    _check(network)
    return _Clock(network, Random(seed)).run(arrivals)  # noqa: S311 - a simulation, no secret


def _check(network: Network) -> None:
    nodes = network.nodes.values()
    targets = {way.target for node in nodes for way in node.ways}
    inner = {node.inside for node in nodes if node.inside}
    lost = ({network.start} | targets | inner) - set(network.nodes)
    if lost:
        message = f"ways lead nowhere: {', '.join(sorted(lost))}"
        raise ValueError(message)


class _Clock:
    """One run. Steps that take no time go through the agenda, all else through the events."""

    def __init__(self, network: Network, random: Random) -> None:
        self._network, self._random = network, random
        self._order = count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._agenda: deque[tuple[Scope, int, str]] = deque()
        self._desks = {role: Desk(staff) for role, staff in network.staff.items()}
        self._seen: dict[str, NodeRun] = defaultdict(NodeRun)
        self._queued: dict[int, list[float]] = {}
        self._cycles: list[float] = []
        self._open: int = 0
        self._now = 0.0
        self._kinds: dict[str, Callable[[Token, Node], None]] = {
            "work": self._work,
            "delay": self._delay,
            "pass": self._pass,
            "join": self._join,
            "gather": self._gather,
            "scope": self._scope,
            "loop": self._loop,
            "end": self._end,
            "terminate": self._terminate,
            "throw": self._throw,
        }

    def run(self, arrivals: Sequence[Arrival]) -> Run:
        """Let all cases in and go from event to event."""
        begins = arrivals[0].at if arrivals else 0.0
        self._now = begins
        for arrival in arrivals:
            self._at(arrival.at, partial(self._begin, arrival))
        while self._events:
            self._now, _number, act = heapq.heappop(self._events)
            act()
            while self._agenda:
                self._come(*self._agenda.popleft())
        busy = {role: desk.busy for role, desk in self._desks.items()}
        seen = dict(self._seen)
        return Run(seen, self._cycles, begins, self._now, self._open, busy, self._queued)

    # -- cases, scopes and tokens ------------------------------------------------------------

    def _at(self, moment: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._events, (moment, next(self._order), act))

    def _begin(self, arrival: Arrival) -> None:
        case = Case(arrival.at, arrival.record)
        self._open += 1
        root = Scope(case, None)
        visit = self._replayed(case, self._network.name, ())
        self._arm_inner(root, visit)
        start = visit.ways[0] if visit.ways and visit.ways[0] in self._network.nodes else ""
        self._send(root, start or self._network.start)

    def _send(self, scope: Scope, name: str) -> None:
        scope.live += 1
        scope.at[name] += 1
        self._agenda.append((scope, scope.round, name))

    def _come(self, scope: Scope, rounds: int, name: str) -> None:
        if scope.over or scope.round != rounds:
            return
        case, node = scope.case, self._network.nodes[name]
        case.steps += 1
        if case.steps > MOST_STEPS:
            scope.over = True
            return
        meets = node.kind in _MEETINGS
        visit = NOTHING if meets else self._replayed(case, name, node.past)
        self._kinds[node.kind](Token(scope, name, rounds, self._now, visit), node)

    def _replayed(self, case: Case, name: str, past: Sequence[Visit]) -> Visit:
        """Return what the finished case did here this time; else one of the visits of others."""
        if case.record is not None:
            number = case.seen[name]
            case.seen[name] = number + 1
            known = case.record.get(name)
            if known is not None and number < len(known):
                return known[number]
        return past[int(self._random.random() * len(past))] if past else NOTHING

    def _leave(self, token: Token) -> None:
        """Send the token's case on along the ways of its node."""
        if not token.lives:
            return
        token.gone = True
        scope, node = token.scope, self._network.nodes[token.node]
        for target in self._targets(node, token.visit):
            self._send(scope, target)
        self._drop(scope, token.node)

    def _drop(self, scope: Scope, name: str) -> None:
        scope.live -= 1
        scope.at[name] -= 1
        if scope.came:
            self._release(scope)
        if not scope.live:
            self._close(scope)

    def _targets(self, node: Node, visit: Visit) -> list[str]:
        if visit.ways:
            taken = [way.target for way in node.ways if way.id in visit.ways]
            if taken:
                return taken
        if not node.one or len(node.ways) < 2:
            return [way.target for way in node.ways]
        weights = [way.weight for way in node.ways]
        return [self._random.choices(node.ways, weights)[0].target]

    def _close(self, scope: Scope) -> None:
        """End a scope without tokens: its next turn, the node that opened it, or the case."""
        if scope.over or any(scope.came.values()):
            return
        above = scope.above
        if above is None:
            scope.over = True
            self._open -= 1
            self._cycles.append(self._now - scope.case.begun)
        elif scope.again:
            scope.again -= 1
            self._send(scope, self._network.nodes[above.node].inside)
        else:
            scope.over = True
            above.scope.inner.remove(scope)
            self._note(above, 0.0, 0.0)
            self._leave(above)

    # -- what comes in between ---------------------------------------------------------------

    def _arm(self, token: Token) -> None:
        for jolt in token.visit.jolts:
            if not jolt.inner:
                self._at(self._now + jolt.after, partial(self._jolt, token, jolt))

    def _jolt(self, token: Token, jolt: Jolt) -> None:
        if not token.lives or jolt.target not in self._network.nodes:
            return
        self._send(token.scope, jolt.target)
        if jolt.breaks:
            self._remove(token)

    def _arm_inner(self, scope: Scope, visit: Visit) -> None:
        for jolt in visit.jolts:
            if jolt.inner:
                self._at(self._now + jolt.after, partial(self._jolt_inner, scope, jolt))

    def _jolt_inner(self, scope: Scope, jolt: Jolt) -> None:
        if scope.over or jolt.target not in self._network.nodes:
            return
        if jolt.breaks:
            scope.sweep()
            scope.again = 0
        self._send(scope, jolt.target)

    def _remove(self, token: Token) -> None:
        """Take a token away with what it opened."""
        token.gone = True
        for scope in [one for one in token.scope.inner if one.above is token]:
            scope.over = True
            scope.sweep()
            token.scope.inner.remove(scope)
        self._drop(token.scope, token.node)

    def _vanish(self, token: Token) -> None:
        if token.lives:
            self._remove(token)

    # -- kinds of nodes ----------------------------------------------------------------------

    def _pass(self, token: Token, _node: Node) -> None:
        self._leave(token)

    def _delay(self, token: Token, node: Node) -> None:
        self._arm(token)
        if token.visit.cut and node.times is None:
            self._at(self._now + token.visit.seconds + GRACE, partial(self._vanish, token))
            return
        took = token.visit.seconds if node.times is None else node.times.draw(self._random)
        self._at(self._now + took, partial(self._done, token))

    def _done(self, token: Token) -> None:
        if token.lives:
            self._note(token, 0.0, 0.0)
            self._leave(token)

    def _work(self, token: Token, node: Node) -> None:
        desk = self._desks.get(node.role)
        aside = token.visit.aside and node.times is None
        if desk is None or token.visit.cut or aside:
            self._delay(token, node)
            return
        self._arm(token)
        if not token.visit.lain:
            self._queue(token, desk)
            return
        # What lay until the office closed is thought of in the morning.
        lain = desk.calendar.after(self._now, token.visit.lain)
        opens = desk.calendar.opens(lain + GRACE)
        thought_of = opens if opens > lain + GRACE else lain
        self._at(thought_of, partial(self._queue, token, desk))

    def _queue(self, token: Token, desk: Desk) -> None:
        desk.queue.append((token, self._now))
        self._serve(desk)

    def _serve(self, desk: Desk) -> None:
        """Let whoever is free take the next of the queue, when the role works."""
        opens = desk.calendar.opens(self._now)
        if opens > self._now:
            if desk.wakes < opens:
                desk.wakes = opens
                self._at(opens, partial(self._serve, desk))
            return
        while desk.queue and desk.free:
            token, queued = desk.queue.popleft()
            if token.lives:
                self._take(token, desk, queued)

    def _take(self, token: Token, desk: Desk, queued: float) -> None:
        times = self._network.nodes[token.node].times
        work = token.visit.work if times is None else times.draw(self._random)
        desk.free -= 1
        desk.busy += work
        known = self._queued.setdefault(id(token.visit), [0.0, 0.0])
        known[0] += desk.calendar.worked(queued, self._now)
        known[1] += 1
        waited = self._now - queued
        done = desk.calendar.after(self._now, work)
        self._at(done, partial(self._finish, token, desk, waited, work))

    def _finish(self, token: Token, desk: Desk, waited: float, work: float) -> None:
        desk.free += 1
        if token.lives:
            self._note(token, waited, work)
            self._leave(token)
        self._serve(desk)

    def _note(self, token: Token, waited: float, work: float) -> None:
        seen = self._seen[token.node]
        seen.visits += 1
        seen.waited += waited
        seen.lain += token.visit.lain
        seen.worked += work
        seen.spent += self._now - token.came

    def _join(self, token: Token, node: Node) -> None:
        scope = token.scope
        if scope.came[token.node] + 1 >= node.ways_in:
            del scope.came[token.node]
            token.visit = self._replayed(scope.case, token.node, node.past)
            self._pass(token, node)
            return
        scope.came[token.node] += 1
        self._drop(scope, token.node)

    def _gather(self, token: Token, _node: Node) -> None:
        token.scope.came[token.node] += 1
        self._drop(token.scope, token.node)

    def _release(self, scope: Scope) -> None:
        """Let go on what was gathered where nothing more can come."""
        for name in [one for one, held in scope.came.items() if held]:
            node = self._network.nodes[name]
            if node.kind != "gather" or any(scope.at[one] > 0 for one in node.upstream):
                continue
            del scope.came[name]
            scope.live += 1
            scope.at[name] += 1
            visit = self._replayed(scope.case, name, node.past)
            self._pass(Token(scope, name, scope.round, self._now, visit), node)

    def _scope(self, token: Token, node: Node) -> None:
        self._arm(token)
        inner = Scope(token.scope.case, token)
        token.scope.inner.append(inner)
        self._arm_inner(inner, token.visit)
        self._send(inner, node.inside)

    def _loop(self, token: Token, node: Node) -> None:
        turns = node.turns if token.visit.turns < 0 else token.visit.turns
        if not turns:
            self._pass(token, node)
            return
        self._arm(token)
        inner = Scope(token.scope.case, token)
        token.scope.inner.append(inner)
        inner.again = turns - 1 if node.sequential else 0
        for _turn in range(1 if node.sequential else turns):
            self._send(inner, node.inside)

    def _end(self, token: Token, _node: Node) -> None:
        token.gone = True
        self._drop(token.scope, token.node)

    def _terminate(self, token: Token, _node: Node) -> None:
        scope = token.scope
        scope.sweep()
        scope.again = 0
        self._close(scope)

    def _throw(self, token: Token, node: Node) -> None:
        """Go on where the nearest scope around catches what is thrown; else just end."""
        kind, code = node.throws or ("", None)
        above = token.scope.above
        while above is not None:
            for catch in self._network.nodes[above.node].catches:
                if catch.kind == kind and catch.code in (None, code):
                    self._send(above.scope, catch.target)
                    self._remove(above)
                    return
            above = above.scope.above
        self._end(token, node)
