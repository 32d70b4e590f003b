"""Walks through every state of a token game, up to a stated bound.

Moves that nobody else can take away are made at once and alone (partial-order reduction): only
where ways come together does the order matter. Stuck states and the shortest ways to them are kept
by that; so are two tokens that can come to the same place at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workflow_app.engine.lint.net import BITS, FAILED, MOST, Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.engine.lint.net import InclusiveJoin, Net

#: So many states of one graph are looked at.
MAX_STATES = 20_000


@dataclass(slots=True)
class Walk:
    """What was found: each state's way back, the stuck states, what fired, what met where."""

    came: dict[int, tuple[int, str] | None] = field(default_factory=dict)
    leads: dict[int, list[int]] = field(default_factory=dict)
    stuck: list[int] = field(default_factory=list)
    meets: dict[str, int] = field(default_factory=dict)
    piles: dict[str, int] = field(default_factory=dict)
    fired: set[str] = field(default_factory=set)
    completes: bool = False
    fails: bool = False
    whole: bool = True

    def path(self, state: int) -> list[str]:
        """Return the nodes on the shortest way to a state, first to last."""
        nodes = []
        step = self.came[state]
        while step is not None:
            nodes.append(step[1])
            step = self.came[step[0]]
        return nodes[::-1]


def explore(net: Net, most: int = MAX_STATES) -> Walk:
    """Play every move of every state, breadth first."""
    walk = Walk(whole=net.whole)
    level = [_plus(net, 0, places) for places in net.begins]
    walk.came = dict.fromkeys(level)
    level = list(walk.came)
    while level:
        following: list[int] = []
        for state in level:
            if len(walk.came) > most:
                walk.whole = False
                return walk
            following += _look(net, walk, state)
        level = following
    return walk


def _look(net: Net, walk: Walk, state: int) -> Iterator[int]:
    """Play the moves of one state; yield the states that are new."""
    _note_meetings(net, walk, state)
    moves = list(_moves(net, state))
    if not moves:
        walk.stuck.append(state)
    for move in moves:
        walk.fired.add(move.node)
        if _is_full(net, state, move):
            walk.whole = False
            continue
        after = _after(net, state, move)
        walk.leads.setdefault(after, []).append(state)
        if after in walk.came:
            continue
        walk.came[after] = (state, move.node)
        if after in (0, FAILED):
            walk.completes |= after == 0
            walk.fails |= after == FAILED
        elif _is_growing(walk, after, move):
            walk.piles.setdefault(move.node, after)
        else:
            yield after


def _moves(net: Net, state: int) -> Iterator[Move]:
    marked = list(places_in(state))
    for place in marked:
        moves = net.alone.get(place)
        if moves and place not in net.merges:
            yield from (move for move in moves if _has(state, move.takes))
            return
    for move in net.joins:
        if _has(state, move.takes):
            yield move
            return
    for place in marked:
        if place in net.merges:
            yield from net.alone.get(place, ())
    for join in net.inclusive:
        yield from _inclusive_moves(net, join, marked)


def _inclusive_moves(net: Net, join: InclusiveJoin, marked: list[int]) -> Iterator[Move]:
    """Yield the moves of an inclusive join for which nothing more can come (BPMN §13.4.3)."""
    came = tuple(place for place in join.flows if place in marked)
    if not came:
        return
    missing = [place for place in join.flows if place not in marked]
    for place in marked:
        node = net.node_at[place]
        may_come = any(node in join.reach[flow] for flow in missing)
        if may_come and not any(node in join.reach[flow] for flow in came):
            return
    yield from (Move(join.node, came, gives) for gives in join.gives)


def _note_meetings(net: Net, walk: Walk, state: int) -> None:
    """Note where two tokens stand before a step that waits for neither."""
    seen: set[str] = set()
    for place in places_in(state):
        node = net.merges.get(place)
        if node is not None:
            if node in seen:
                walk.meets.setdefault(node, state)
            seen.add(node)


def _is_growing(walk: Walk, state: int, move: Move) -> bool:
    """Say whether a state holds all that one before it held, and more: it will for ever."""
    if all(count_at(state, place) < 2 for place in move.gives):
        return False
    step = walk.came[state]
    while step is not None:
        before = step[0]
        if before != state and _holds(state, before):
            return True
        step = walk.came[before]
    return False


def _holds(state: int, other: int) -> bool:
    return all(count_at(state, place) >= count_at(other, place) for place in places_in(other))


def places_in(state: int) -> Iterator[int]:
    """Yield the places that hold a token."""
    while state:
        place = ((state & -state).bit_length() - 1) // BITS
        yield place
        state &= ~(MOST << place * BITS)


def count_at(state: int, place: int) -> int:
    """Return how many tokens a place holds."""
    return state >> place * BITS & MOST


def _has(state: int, takes: tuple[int, ...]) -> bool:
    return all(count_at(state, place) for place in takes)


def _plus(net: Net, state: int, places: tuple[int, ...]) -> int:
    for place in places:
        if place not in net.side or not count_at(state, place):
            state += 1 << place * BITS
    return state


def _is_full(net: Net, state: int, move: Move) -> bool:
    rest = [place for place in move.gives if place not in {*move.takes, *net.side}]
    return any(count_at(state, place) + rest.count(place) > MOST for place in rest)


def _after(net: Net, state: int, move: Move) -> int:
    if move.ends:
        return FAILED if move.fails else 0
    state -= sum(1 << place * BITS for place in move.takes)
    for place in move.empties:
        state &= ~(MOST << place * BITS)
    return _plus(net, state, move.gives)
