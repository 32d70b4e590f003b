"""A process as a network of queues: places, people, calendars, and what finished cases did there.

Tokens of cases travel over nodes. At a `work` node a visit lies until somebody thinks of it, waits
in the queue of its role for somebody free, and is worked on; at a `delay` node nobody is needed. A
case that replays a finished one takes its ways and its times, visit by visit; where that one has
nothing to say, another visit of the node is drawn, or the node's own times. All times are seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf, sqrt
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

Kind = Literal[
    "work", "delay", "pass", "join", "gather", "scope", "loop", "end", "terminate", "throw"
]
#: Student's t for 95 %, by degrees of freedom from 1 on; beyond them the normal one.
_STUDENT = (12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.2, 2.18, 2.16, 2.14)
_NORMAL = 1.96


class Times(Protocol):
    """Durations in seconds, one at a time."""

    def draw(self, random: Random) -> float:
        """Return a duration."""


@dataclass(frozen=True, slots=True)
class Exponential:
    """Durations without memory around a mean."""

    mean: float

    def draw(self, random: Random) -> float:
        """Return a duration."""
        return random.expovariate(1 / self.mean) if self.mean else 0.0


@dataclass(frozen=True, slots=True)
class Always:
    """The same duration each time."""

    seconds: float

    def draw(self, random: Random) -> float:  # noqa: ARG002 - nothing is left to chance
        """Return the duration."""
        return self.seconds


@dataclass(frozen=True, slots=True)
class Jolt:
    """What came to a visit so long after it began: a token at `target`, beside it or instead.

    `inner` is one that begins inside the scope that the visit opened.
    """

    after: float
    target: str
    breaks: bool
    inner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Visit:
    """What a finished case did at a node, once.

    `seconds` from beginning to end; of them nobody thought of it for `lain` and worked on it for
    `work`, both in office hours. `ways` are ids of the ways taken; `turns` how often a loop went
    round, -1 for no loop; one that is `cut` ended because something else did,
    and one that went `aside` took nobody's office hours.
    """

    seconds: float = 0.0
    lain: float = 0.0
    work: float = 0.0
    ways: tuple[str, ...] = ()
    turns: int = -1
    jolts: tuple[Jolt, ...] = ()
    cut: bool = False
    aside: bool = False


#: The visits of one finished case by node, in their order.
Record = dict[str, list[Visit]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a node."""

    id: str
    target: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Catch:
    """What a scope's border catches: a kind of throw, its code (None for any), where it goes on."""

    kind: str
    code: str | None
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One place of the network.

    `times` go before what was logged; `past` are visits to draw from. Of its ways a node takes
    `one` or all where nothing else is known. A join waits for `ways_in` tokens, a gather until none
    can come from `upstream` any more. A scope or loop goes round `inside`; `throws` is a kind and
    a code that the `catches` of scopes around it are asked for.
    """

    kind: Kind
    role: str = ""
    times: Times | None = None
    ways: tuple[Way, ...] = ()
    one: bool = False
    ways_in: int = 1
    upstream: frozenset[str] = frozenset()
    inside: str = ""
    sequential: bool = False
    turns: int = 1
    catches: tuple[Catch, ...] = ()
    throws: tuple[str, str | None] | None = None
    past: Sequence[Visit] = ()


class Calendar:
    """When a role works: all the time but for closed stretches (from, until), sorted, apart.

    Work goes on after a closed stretch where it stopped before it.
    """

    def __init__(self, closed: Sequence[tuple[float, float]] = ()) -> None:
        self._from = [begins for begins, _ends in closed]
        self._until = [ends for _begins, ends in closed]
        self._before = [0.0, *accumulate(ends - begins for begins, ends in closed)]

    def opens(self, at: float) -> float:
        """Return the first moment from `at` on at which work may begin."""
        place = bisect_right(self._from, at) - 1
        return max(at, self._until[place]) if place >= 0 else at

    def morning(self, at: float) -> float:
        """Return when the last closed stretch before a moment ended; -inf for none."""
        place = bisect_right(self._until, at) - 1
        return self._until[place] if place >= 0 else -inf

    def after(self, at: float, seconds: float) -> float:
        """Return when so many seconds of work that begin at `at` are done."""
        now, left = self.opens(at), seconds
        place = bisect_right(self._from, now)
        while place < len(self._from) and now + left > self._from[place]:
            left -= self._from[place] - now
            now = self._until[place]
            place += 1
        return now + left

    def worked(self, begins: float, ends: float) -> float:
        """Return how many seconds between two moments are open."""
        return max(0.0, ends - begins - self._closed(ends) + self._closed(begins))

    def _closed(self, at: float) -> float:
        """Return how many seconds were closed before a moment."""
        place = bisect_right(self._from, at)
        over = max(0.0, self._until[place - 1] - at) if place else 0.0
        return self._before[place] - over


ALWAYS = Calendar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """How many people of a role work at once, and when."""

    people: int
    calendar: Calendar = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Nodes by name, the one where cases begin, and the staff by role; no staff is no queue.

    `name` is the one under which a record keeps what came to the whole case.
    """

    nodes: Mapping[str, Node]
    start: str
    staff: Mapping[str, Staff]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A case that begins; `record` is of the finished one that it replays."""

    at: float
    record: Record | None = None


@dataclass(slots=True)
class NodeRun:
    """What was seen at a node: visits that ended, and their seconds in sum.

    `waited` in the queue, `lain` before it, `worked` and `spent` from coming to leaving.
    """

    visits: int = 0
    waited: float = 0.0
    lain: float = 0.0
    worked: float = 0.0
    spent: float = 0.0


@dataclass(slots=True)
class Run:
    """One run of all arrivals: nodes, cycle times of finished cases, from when to when it went.

    `stuck` cases came to no end. `queued` are open seconds in queues by the visit replayed.
    """

    nodes: dict[str, NodeRun]
    cycles: list[float]
    begins: float
    ends: float
    stuck: int
    busy: dict[str, float] = field(default_factory=dict)
    queued: dict[int, list[float]] = field(default_factory=dict)

    @property
    def length(self) -> float:
        """Return how long it went."""
        return self.ends - self.begins


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over runs with its 95 % interval."""

    mean: float
    low: float
    high: float


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of one number of several runs, with the interval of Student's t."""
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    mean = fmean(values)
    if len(values) < 2:
        return Estimate(mean, -inf, inf)
    degrees = len(values) - 2
    factor = _STUDENT[degrees] if degrees < len(_STUDENT) else _NORMAL
    half = factor * stdev(values) / sqrt(len(values))
    return Estimate(mean, mean - half, mean + half)


def middle(values: Sequence[float]) -> float:
    """Return the median, 0 of nothing."""
    return median(values) if values else 0.0
