"""Queues on a virtual clock, against what is known of them on paper."""

from __future__ import annotations

import heapq
from math import factorial
from random import Random

import pytest

from workflow_app.domain.queue_clock import run
from workflow_app.domain.queueing import (
    Always,
    Arrival,
    Calendar,
    Catch,
    Exponential,
    Jolt,
    Network,
    Node,
    Staff,
    Visit,
    Way,
    estimate,
)

HOUR = 3600.0


def ways(*targets):
    return tuple(Way(one, one) for one in targets)


def network(people=None, **nodes):
    """Return nodes between a start and an end; all work is the role's whose people are given."""
    staff = {} if people is None else {"role": Staff(people=people)}
    every = {"end": Node(kind="end"), **nodes}
    return Network(nodes=every, start=next(iter(nodes)), staff=staff, name="all")


def work(seconds, target="end", **more):
    return Node(kind="work", role="role", times=Always(seconds), ways=ways(target), **more)


def erlang_wait(arrivals, services, servers):
    """Return the mean wait of an M/M/c queue (Erlang's C formula); rates a second."""
    load = arrivals / services
    last = load**servers / factorial(servers) / (1 - load / servers)
    idle = 1 / (sum(load**n / factorial(n) for n in range(servers)) + last)
    return last * idle / (servers * services - arrivals)


@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (2, 0.7), (3, 0.8)])
def test_one_step_waits_as_erlang_says(servers, use):
    mean = 600.0
    rate = use * servers / mean
    net = network(
        servers, step=Node(kind="work", role="role", times=Exponential(mean), ways=ways("end"))
    )
    waits = []
    for seed in range(10):
        random, at, arrivals = Random(1000 + seed), 0.0, []  # noqa: S311
        for _ in range(8_000):
            at += random.expovariate(rate)
            arrivals.append(Arrival(at))
        seen = run(net, arrivals, seed)
        waits.append(seen.nodes["step"].waited / seen.nodes["step"].visits)
        assert seen.busy["role"] / seen.length / servers == pytest.approx(use, rel=0.05)
    assert estimate(waits).mean == pytest.approx(erlang_wait(rate, 1 / mean, servers), rel=0.05)


def test_each_wait_is_what_it_is_by_hand():
    """Who comes takes whoever is free first: a queue of several servers needs no more than that."""
    random, at, arrivals = Random(5), 0.0, []  # noqa: S311
    for _ in range(2_000):
        at += random.expovariate(2.5 / 600)
        arrivals.append(at)
    step = Node(kind="work", role="role", times=Exponential(600), ways=ways("end"))
    seen = run(network(3, step=step), [Arrival(one) for one in arrivals], 9)
    services, free, waited = Random(9), [0.0] * 3, 0.0  # noqa: S311
    for one in arrivals:
        first = heapq.heappop(free)
        waited += max(0.0, first - one)
        heapq.heappush(free, max(first, one) + services.expovariate(1 / 600))
    assert seen.nodes["step"].waited == pytest.approx(waited)


def test_first_come_is_served_first_and_nobody_is_served_twice():
    seen = run(network(1, step=work(10)), [Arrival(0), Arrival(1), Arrival(2)], 1)
    assert seen.cycles == [10, 19, 28]
    assert seen.nodes["step"].waited == 9 + 18


def test_work_stops_overnight_and_goes_on_in_the_morning():
    nights = Calendar([(n * 24 * HOUR + 8 * HOUR, (n + 1) * 24 * HOUR) for n in range(9)])
    assert nights.after(6 * HOUR, 4 * HOUR) == 26 * HOUR
    assert nights.opens(9 * HOUR) == 24 * HOUR
    assert nights.worked(6 * HOUR, 26 * HOUR) == 4 * HOUR
    net = Network(
        nodes={"step": work(4 * HOUR), "end": Node(kind="end")},
        start="step",
        staff={"role": Staff(people=1, calendar=nights)},
    )
    seen = run(net, [Arrival(0), Arrival(1 * HOUR), Arrival(9 * HOUR)], 1)
    assert [one + at for one, at in zip(seen.cycles, (0, HOUR, 9 * HOUR), strict=True)] == [
        4 * HOUR,
        8 * HOUR,
        28 * HOUR,
    ]


def test_a_join_waits_for_all_and_a_gather_for_those_that_can_still_come():
    both = network(
        None,
        split=Node(kind="pass", ways=ways("a", "b")),
        a=work(5, "meet"),
        b=work(9, "meet"),
        meet=Node(kind="join", ways_in=2, ways=ways("c")),
        c=work(1),
    )
    assert run(both, [Arrival(0)], 1).cycles == [10]
    nodes = both.nodes | {
        "meet": Node(kind="gather", upstream=frozenset({"split", "a", "b"}), ways=ways("c"))
    }
    some = Network(nodes=nodes, start="split", staff={}, name="all")
    record = {"split": [Visit(ways=("a",))]}
    assert sorted(run(some, [Arrival(0, record), Arrival(0)], 1).cycles) == [6, 10]


def test_a_case_replays_its_own_ways_and_times():
    net = network(
        None,
        ask=Node(kind="delay", past=[Visit(seconds=99)], ways=ways("again")),
        again=Node(kind="pass", one=True, ways=ways("ask", "end")),
    )
    record = {
        "ask": [Visit(seconds=3), Visit(seconds=4)],
        "again": [Visit(ways=("ask",)), Visit(ways=("end",))],
    }
    assert run(net, [Arrival(0, record)], 1).cycles == [7]


def test_a_loop_goes_round_together_or_one_after_the_other():
    def looped(*, sequential):
        loop = Node(kind="loop", inside="turn", sequential=sequential, turns=3, ways=ways("end"))
        turn = Node(kind="work", role="role", times=Always(10))
        return network(2, loop=loop, turn=turn)

    assert run(looped(sequential=False), [Arrival(0)], 1).cycles == [20]
    assert run(looped(sequential=True), [Arrival(0)], 1).cycles == [30]
    none = {"loop": [Visit(turns=0)]}
    assert run(looped(sequential=True), [Arrival(0, none)], 1).cycles == [0]


def test_what_broke_a_step_off_breaks_it_off_again():
    net = network(
        1,
        part=Node(kind="scope", inside="step", ways=ways("end")),
        step=Node(kind="work", role="role", times=Always(100)),
        late=Node(kind="delay", times=Always(5), ways=ways("end")),
    )
    broken = {"part": [Visit(jolts=(Jolt(30, "late", breaks=True),))]}
    beside = {"part": [Visit(jolts=(Jolt(30, "late", breaks=False),))]}
    assert run(net, [Arrival(0, broken)], 1).cycles == [35]
    assert run(net, [Arrival(0, beside)], 1).cycles == [100]
    whole = {"all": [Visit(jolts=(Jolt(40, "late", breaks=True, inner=True),))]}
    assert run(net, [Arrival(0, whole)], 1).cycles == [45]


def test_what_is_thrown_goes_on_where_it_is_caught():
    net = network(
        None,
        part=Node(
            kind="scope",
            inside="step",
            catches=(Catch("error", "no", "amends"),),
            ways=ways("never"),
        ),
        step=work(2, "fail"),
        fail=Node(kind="throw", throws=("error", "no")),
        never=work(1000),
        amends=work(3),
    )
    assert run(net, [Arrival(0)], 1).cycles == [5]


def test_what_never_ends_is_counted():
    circle = network(None, a=Node(kind="pass", ways=ways("b")), b=Node(kind="pass", ways=ways("a")))
    seen = run(circle, [Arrival(0), Arrival(1)], 1)
    assert (seen.stuck, seen.cycles) == (2, [])
    meet = Node(kind="join", ways_in=2, ways=ways("end"))
    assert run(network(None, meet=meet), [Arrival(0)], 1).stuck == 1


def test_a_way_that_leads_nowhere_is_told():
    with pytest.raises(ValueError, match="nowhere: gone"):
        run(network(None, a=work(1, "gone")), [Arrival(0)], 1)


def test_the_same_seed_gives_the_same_run():
    net = network(1, step=Node(kind="work", role="role", times=Exponential(60), ways=ways("end")))
    arrivals = [Arrival(n * 50) for n in range(200)]
    assert run(net, arrivals, 7).cycles == run(net, arrivals, 7).cycles
    assert run(net, arrivals, 7).cycles != run(net, arrivals, 8).cycles
