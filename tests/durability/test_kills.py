"""Servers are killed at random moments while people work: no step is lost, doubled or half done.

`KILLS` is how many kills a database gets, `KILL_SEED` where the row of moments begins.
"""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.durability.clients import Caller, Crowd
from tests.durability.conftest import PEOPLE
from tests.durability.forge import ForgedWeb
from tests.durability.promises import broken_deliveries, broken_promises
from workflow_app.models.case import Case, History

KILLS = int(os.environ.get("KILLS", "20"))
SEED = int(os.environ.get("KILL_SEED", "1"))
#: What servers and workers may never write, whenever they are killed.
SIGNS = ("Traceback", "unexpected_error", "database_busy", "database is locked", "deadlock")
PAUSES = (0.4, 1.0, 2.0)


def callers_of(web, count):
    """Return browsers that are signed in, several a person."""
    found = []
    for name in PEOPLE:
        client = web.browser(name)
        token = client.token("/inbox")
        jar = client.jar
        found += [Caller(web.address, jar, token) for _ in range(count // len(PEOPLE))]
    return found


def kill_at_random(processes, rnd, kills):
    """Kill one after another at random moments; each is there again before the next."""
    for _ in range(kills):
        # Two thirds soon after the start, when drivers and caches are cold; the rest in full work.
        time.sleep(rnd.random() * rnd.choice(PAUSES))
        victim = rnd.choice(processes)
        victim.kill()
        victim.start()
        if isinstance(victim, ForgedWeb):
            victim.wait_ready()


def settled(office, postbox):
    """Let happen all that is due, leases of the dead included."""
    office.clock.moment = datetime.now(UTC) + timedelta(minutes=10)
    for _ in range(100):
        if not office.settle():
            return
        office.clock.advance(timedelta(minutes=10))


def play(office, cluster, webs, processes, postbox):
    """Let a crowd work while processes are killed; returns (crowd, steps in history)."""
    rnd = random.Random(SEED)  # noqa: S311
    crowd = Crowd(cluster.settings.database_url, lambda: [web.address for web in webs])
    callers = callers_of(webs[0], 8)
    seeds = [random.Random(SEED + n) for n in range(len(callers))]  # noqa: S311
    crowd.start(callers, seeds)
    try:
        kill_at_random(processes, rnd, KILLS)
        time.sleep(1)
    finally:
        crowd.stop()
    for process in processes:
        process.kill()
    settled(office, postbox)
    return crowd


def judged(office, cluster, crowd, postbox, record_property, database):
    with office.acting() as ctx:
        broken = broken_promises(ctx, crowd.sent)
        broken += broken_deliveries(ctx.session, postbox.received)
        steps = ctx.session.scalar(select(func.sum(Case.version)))
        rows = ctx.session.scalar(select(func.count()).select_from(History))
    logs = "".join(process.said() for process in cluster.processes)
    broken += [f"a log says {sign!r}: {around(logs, sign)}" for sign in SIGNS if sign in logs]
    assert crowd.faults + broken == []
    done = len(crowd.acknowledged("complete"))
    unsaid = sum(one.status == 0 for one in crowd.sent)
    assert done >= KILLS // 2
    record_property(
        "told",
        f"{database}: {KILLS} kills, seed {SEED}: {len(crowd.sent)} requests, {unsaid} unanswered, "
        f"{done} completions acknowledged, {steps} steps, {rows} rows of history",
    )


def around(text, sign):
    place = text.index(sign)
    return text[max(0, place - 1500) : place + 3000]


@pytest.mark.kills
@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_killed_server_loses_and_doubles_nothing(
    world, forged, postbox, record_property, request
):
    office, cluster = world
    own = {"WORKFLOW_APP_EMBEDDED_WORKER": "1", "WORKFLOW_APP_MAIL_URL": postbox.url}
    web = forged(cluster.web(begin=False, **own))
    crowd = play(office, cluster, [web], [web], postbox)
    name = request.node.callspec.params["database"]
    judged(office, cluster, crowd, postbox, record_property, name)


@pytest.mark.kills
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_of_two_servers_and_two_workers_any_may_be_killed(world, forged, postbox, record_property):
    office, cluster = world
    own = {"WORKFLOW_APP_MAIL_URL": postbox.url}
    webs = [forged(cluster.web(begin=False, **own)) for _ in range(2)]
    workers = [forged(cluster.worker(begin=False, **own)) for _ in range(2)]
    crowd = play(office, cluster, webs, [*webs, *workers], postbox)
    judged(office, cluster, crowd, postbox, record_property, "two servers, two workers")
