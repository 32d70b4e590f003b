"""A draft and what is published, run against each other on a virtual clock.

Both sides replay the same finished cases. What a step's logged time was made of is found first: the
published process runs with the staff of today, and what neither work nor queue explains is time in
which the step lay. It lies as long in every run; only queues grow shorter by more people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from workflow_app.adapters.holidays_calendar import calendar_at
from workflow_app.domain import queue_clock
from workflow_app.domain.queueing import (
    Always,
    Arrival,
    Calendar,
    Exponential,
    Network,
    Staff,
    Visit,
    estimate,
    middle,
)
from workflow_app.services.designing.simulated_network import (
    DAY,
    Known,
    is_wait,
    is_work,
    network_nodes,
    places_of,
    start_of,
    stated_wait,
    whole_of,
)
from workflow_app.services.designing.simulated_traces import (
    Told,
    begun_of,
    record_of,
    shape_of,
    stays_of,
    visit_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workflow_app.domain.queueing import Record, Run, Times
    from workflow_app.engine import Program

RUNS = 10
WEEK = 7 * DAY
#: Office hours of a working day as history is read, and the minutes and days of unknown steps.
HOURS, MINUTES, DAYS = 9.0, 60.0, 1.0
#: So many visits of a step are kept to draw from.
MOST_PAST = 2_000
#: Calendars are known so long; whoever begins so few cases works without holidays afterwards.
HORIZON = 60 * 365 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a designer wants to know: cases in all runs, how many begin a week (None: as logged).

    `staff` are people by role, `work` minutes and `wait` days by step, `hours` those of a working
    day with the draft.
    """

    cases: int
    rate: float | None
    hours: float
    staff: Mapping[str, int]
    staff_today: Mapping[str, int]
    work: Mapping[str, float]
    wait: Mapping[str, float]
    varied: bool
    runs: int = RUNS
    seed: int = 1

    @property
    def each(self) -> int:
        """Return how many cases there are in a run."""
        return max(1, self.cases // self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is simulated: the draft, what is published, finished cases, who did steps, and where."""

    draft: Program
    today: Program | None
    told: Sequence[Told]
    roles: Mapping[str, str]
    place: str
    now: float
    asked: Asked


def office_calendar(place: str, hours: float, begins: float, ends: float) -> Calendar:
    """Return when an office works that is open so many hours before it closes; in seconds."""
    known = calendar_at(place)
    day = datetime.fromtimestamp(begins, known.zone).date() - timedelta(days=8)
    last = datetime.fromtimestamp(min(ends, begins + HORIZON), known.zone).date()
    closed, since = [], datetime.combine(day, known.closes, known.zone).timestamp()
    while day <= last:
        day += timedelta(days=1)
        if not known.is_working(day):
            continue
        until = datetime.combine(day, known.closes, known.zone).timestamp()
        opens = max(since, until - hours * 3600)
        if opens > since:
            closed.append((since, opens))
        since = until
    return Calendar(closed)


class Simulation:
    """One order, run: visits are read from history once, and each side is run many times."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.cases = sorted(order.told, key=lambda one: one.begins)
        read_by = order.today or order.draft
        shape = shape_of(read_by)
        self.stays = [stays_of(one, shape) for one in self.cases]
        first = self.cases[0].begins if self.cases else order.now
        self.span = self._length() + 5 * 365 * DAY
        self.log_calendar = office_calendar(order.place, HOURS, first, first + self.span)
        self.first = first
        self.visits = self._logged()

    def run(self, say: Callable[[int, int], None]) -> dict[str, Any]:
        """Run both sides and return what was found, as JSON."""
        asked, order = self.order.asked, self.order
        sides = 1 if order.today is None else 2
        done = iter(range(sides * asked.runs + 1))
        say(next(done), sides * asked.runs)
        found: dict[str, Any] = {"history": self._history(), "runs": asked.runs, "today": None}
        if order.today is not None:
            if self.cases:
                self._lie(order.today)
            side = self._side(order.today, asked.staff_today, HOURS, stated=False)
            found["today"] = self._many(side, lambda: say(next(done), sides * asked.runs))
        side = self._side(order.draft, asked.staff, asked.hours, stated=True)
        found["draft"] = self._many(side, lambda: say(next(done), sides * asked.runs))
        return found

    def _history(self) -> dict[str, Any]:
        return {
            "cases": len(self.cases),
            "from": self.cases[0].begins if self.cases else None,
            "to": max((one.ends for one in self.cases), default=None),
            "median": middle([one.ends - one.begins for one in self.cases]),
        }

    # -- history -----------------------------------------------------------------------------

    def _logged(self) -> list[list[Visit]]:
        begun = begun_of(self.stays, self.log_calendar)
        return [
            [visit_of(stay, begun.get(id(stay)), self.log_calendar, {}) for stay in stays]
            for stays in self.stays
        ]

    def _lie(self, program: Program) -> None:
        """Take from the time that each visit lay what it waited in a queue, both as logged."""
        records = self._records({})
        arrivals = [
            Arrival(case.begins, record) for case, record in zip(self.cases, records, strict=True)
        ]
        nodes = network_nodes(program, self._known(program, self.visits, stated=False))
        staff = self._staff(self.order.asked.staff_today, self.log_calendar)
        net = Network(nodes=nodes, start=start_of(program), staff=staff, name=whole_of(program))
        queued = queue_clock.run(net, arrivals, 0).queued

        def lying(visit: Visit) -> Visit:
            seconds, times = queued.get(id(visit), (0.0, 1.0))
            return replace(visit, lain=max(0.0, visit.lain - seconds / times))

        self.visits = [[lying(visit) for visit in visits] for visits in self.visits]

    def _records(self, ways: Mapping[str, str]) -> list[Record]:
        return [
            record_of(stays, [_renamed(visit, ways) for visit in visits])
            for stays, visits in zip(self.stays, self.visits, strict=True)
        ]

    # -- sides -------------------------------------------------------------------------------

    def _side(
        self, program: Program, people: Mapping[str, int], hours: float, *, stated: bool
    ) -> tuple[Network, list[Record]]:
        ways = _same_ways(self.order.today, program) if self.order.today is not None else {}
        visits = [[_renamed(visit, ways) for visit in row] for row in self.visits]
        nodes = network_nodes(program, self._known(program, visits, stated=stated))
        calendar = office_calendar(self.order.place, hours, self.first, self.first + self.span)
        network = Network(
            nodes=nodes,
            start=start_of(program),
            staff=self._staff(people, calendar),
            name=whole_of(program),
        )
        return network, [record_of(*pair) for pair in zip(self.stays, visits, strict=True)]

    def _staff(self, people: Mapping[str, int], calendar: Calendar) -> dict[str, Staff]:
        return {role: Staff(people=number, calendar=calendar) for role, number in people.items()}

    def _known(self, program: Program, visits: Sequence[Sequence[Visit]], *, stated: bool) -> Known:
        past: dict[str, list[Visit]] = {}
        for stays, row in zip(self.stays, visits, strict=True):
            for stay, visit in zip(stays, row, strict=True):
                kept = past.setdefault(stay.name, [])
                if len(kept) < MOST_PAST:
                    kept.append(visit)
        times = self._times(program, past, stated=stated)
        return Known(past=past, times=times, roles=self.order.roles)

    def _times(
        self, program: Program, past: Mapping[str, Sequence[Visit]], *, stated: bool
    ) -> dict[str, Times]:
        """Return the times of steps that history does not tell, or that the designer told."""
        asked, found = self.order.asked, dict[str, "Times"]()
        changed = _changed_timers(self.order.today, program)
        for place in places_of(program):
            name = place.name
            known = name in past or f"{name}#turn" in past
            if is_work(place) and (not known or (stated and name in asked.work)):
                found[name] = self._spread(asked.work.get(name, MINUTES) * 60)
            elif is_wait(place) and stated and name in asked.wait:
                found[name] = Always(asked.wait[name] * DAY)
            elif name in changed:
                found[name] = Always(changed[name])
            elif is_wait(place) and not known and stated_wait(place.step) is None:
                found[name] = Always(DAYS * DAY)
        return found

    def _spread(self, seconds: float) -> Times:
        return Exponential(seconds) if self.order.asked.varied else Always(seconds)

    # -- runs --------------------------------------------------------------------------------

    def _many(self, side: tuple[Network, list[Record]], done: Callable[[], None]) -> dict[str, Any]:
        network, records = side
        runs = []
        for number in range(self.order.asked.runs):
            seed = self.order.asked.seed * 1_000 + number
            runs.append(queue_clock.run(network, self._arrivals(records, seed), seed))
            done()
        return summed(network, runs)

    def _length(self) -> float:
        """Return about how long it is from the first case that begins to the last."""
        asked = self.order.asked
        if asked.rate is not None or not self.cases:
            return asked.each / (asked.rate or 1.0) * WEEK * 1.2
        return (asked.each / len(self.cases) + 1) * self._period()

    def _period(self) -> float:
        """Return the whole weeks in which the logged cases began."""
        return ((self.cases[-1].begins - self.cases[0].begins) // WEEK + 1) * WEEK

    def _arrivals(self, records: Sequence[Record], seed: int) -> list[Arrival]:
        """Return when cases begin: in the weeks as logged, again and again, or at a stated rate.

        A replayed case keeps its own day and hour of the week.
        """
        asked = self.order.asked
        # Not the clock's own numbers: long services must not come with long pauses.
        random = Random(f"arrivals {seed}")  # noqa: S311 - a simulation, no secret
        if asked.rate is not None or not self.cases:
            return _steady(records, asked, self.first, random)
        found = []
        for number in range(asked.each):
            turn, slot = divmod(number, len(self.cases))
            chosen = random.randrange(len(self.cases))
            week = (self.cases[slot].begins - self.first) // WEEK
            own = (self.cases[chosen].begins - self.first) % WEEK
            at = self.first + turn * self._period() + week * WEEK + own
            found.append(Arrival(at, records[chosen]))
        return sorted(found, key=lambda one: one.at)


def _steady(records: Sequence[Record], asked: Asked, first: float, random: Random) -> list[Arrival]:
    at, found = first, []
    for _number in range(asked.each):
        at += random.expovariate((asked.rate or 1.0) / WEEK)
        found.append(Arrival(at, random.choice(records) if records else None))
    return found


def _renamed(visit: Visit, ways: Mapping[str, str]) -> Visit:
    """Return a visit with its ways as the draft calls them; itself where nothing changes."""
    if not any(one in ways for one in visit.ways):
        return visit
    return replace(visit, ways=tuple(ways.get(one, one) for one in visit.ways))


def _same_ways(old: Program, new: Program) -> dict[str, str]:
    """Return ways that are drawn anew between the same steps, by their old id."""
    drawn = {
        (place.process, flow.source, flow.target): flow.id
        for place in places_of(new)
        for flow in place.graph.outgoing(place.step.id)
    }
    return {
        flow.id: drawn[place.process, flow.source, flow.target]
        for place in places_of(old)
        for flow in place.graph.outgoing(place.step.id)
        if (place.process, flow.source, flow.target) in drawn
        and drawn[place.process, flow.source, flow.target] != flow.id
    }


def _changed_timers(old: Program | None, new: Program) -> dict[str, float]:
    """Return the seconds of timers on the way that are drawn otherwise now."""
    drawn = {} if old is None else {one.name: one.step.trigger.text for one in places_of(old)}
    found = {}
    for place in places_of(new):
        text = place.step.trigger.text
        seconds = stated_wait(place.step) if is_wait(place) else None
        if seconds is not None and drawn.get(place.name, text) != text:
            found[place.name] = seconds
    return found


def summed(network: Network, runs: Sequence[Run]) -> dict[str, Any]:
    """Return runs as numbers with intervals: the cases, each step, each role; times in seconds."""
    shown = {
        name: _node(name, runs)
        for name, node in network.nodes.items()
        if node.kind in ("work", "delay") and any(name in run.nodes for run in runs)
    }
    return {
        "median": _told([middle(run.cycles) for run in runs]),
        "slow": _told([_ninth(run.cycles) for run in runs]),
        "finished": sum(len(run.cycles) for run in runs),
        "stuck": sum(run.stuck for run in runs),
        "nodes": shown,
        "roles": {role: _role(role, staff, runs) for role, staff in network.staff.items()},
    }


def _node(name: str, runs: Sequence[Run]) -> dict[str, Any]:
    seen = [(run.nodes[name], run) for run in runs if name in run.nodes]
    cases = [max(1, len(run.cycles) + run.stuck) for run in runs]
    visits = [run.nodes[name].visits if name in run.nodes else 0 for run in runs]
    return {
        "visits": _told([a / b for a, b in zip(visits, cases, strict=True)]),
        "queue": _told([node.waited / node.visits for node, _run in seen]),
        "lain": _told([(node.spent - node.waited - node.worked) / node.visits for node, _ in seen]),
        "work": _told([node.worked / node.visits for node, _run in seen]),
        "spent": _told([node.spent / node.visits for node, _run in seen]),
        "length": _told([node.waited / run.length for node, run in seen if run.length]),
    }


def _role(role: str, staff: Staff, runs: Sequence[Run]) -> dict[str, Any]:
    def use(run: Run) -> float:
        hours = staff.calendar.worked(run.begins, run.ends) * staff.people
        return run.busy.get(role, 0.0) / hours if hours else 0.0

    return {"people": staff.people, "use": _told([use(run) for run in runs])}


def _ninth(values: Sequence[float]) -> float:
    """Return what nine of ten are below."""
    return sorted(values)[len(values) * 9 // 10] if values else 0.0


def _told(values: Sequence[float]) -> list[float]:
    found = estimate(values)
    return [round(one, 3) for one in (found.mean, found.low, found.high)]


def second_of(moment: datetime) -> float:
    """Return a moment as seconds."""
    return moment.astimezone(UTC).timestamp()
