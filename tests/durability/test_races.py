"""A hundred at once on the same few cases: every conflict is told as one, nobody sees a fault.

`RACE_SEED` is where the row of choices begins.
"""

from __future__ import annotations

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from tests.durability import pairs
from tests.durability.clients import Caller, Crowd, Sent
from tests.durability.conftest import PEOPLE
from tests.durability.promises import broken_deliveries, broken_promises
from tests.durability.test_kills import SIGNS, around, callers_of, settled
from workflow_app.domain.actors import PUBLIC
from workflow_app.domain.errors import DomainError
from workflow_app.domain.states import WorkState
from workflow_app.models.case import Case, History
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.models.work import Subscription, WorkItem
from workflow_app.services.following import deliver_answers, key_holder_actor
from workflow_app.services.holding import claim_task, release_task
from workflow_app.services.migrating import Order, move_back, move_case
from workflow_app.services.starting import Opening, start_case, start_form_of
from workflow_app.services.tasks import complete_task, save_task_draft

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
SEED = int(os.environ.get("RACE_SEED", "1"))
TURNS = int(os.environ.get("RACE_TURNS", "3"))
CLIENTS, PAIRS, CROWDED = 100, 8, 12
WAYS = ["complete"] * 12 + ["claim", "release", "draft", "move"] * 2 + ["back", "sweep", "withdraw"]


def begun(office, key, pair):
    """Start a case; returns its id."""
    with office.acting(PUBLIC) as ctx:
        published = ctx.platform.programs.latest(ctx.session, key)
        form = start_form_of(published, ctx.actor, by_link=True)
        opening = Opening(published=published, start=form, owner=f"link:{pair}")
        answers = {"pair": pair, "email": f"{pair}@example.org"}
        return start_case(ctx, opening, answers, once=f"{key}-{pair}").id


@pytest.fixture
def crowded(world):
    """Return the world with a few pairs of cases and a second version to move them to."""
    office, cluster = world
    for number in range(PAIRS):
        for key in (pairs.ASKING, pairs.TELLING):
            begun(office, key, f"pair-{number}")
    pairs.publish_second(office)
    return office, cluster


class Rivals:
    """Everybody does something to the same cases through the services, each in a session."""

    def __init__(self, office, seed):
        self.office = office
        self.sent, self.faults, self.told = [], [], []
        self.tokens = count(1)
        self.start = threading.Barrier(CLIENTS)
        # As many at once as there are connections, as in a server.
        self.seats = threading.Semaphore(10)
        self.seed = seed
        versions = select(ProcessVersion.id).where(ProcessVersion.key == pairs.ASKING)
        self.old, self.new = office.read(lambda s: s.scalars(versions.order_by("id")).all())

    def work(self, number):
        rnd = random.Random(self.seed * 1000 + number)  # noqa: S311
        self.start.wait(60)
        for _ in range(TURNS):
            act = rnd.choice(WAYS)
            try:
                with self.seats:
                    getattr(self, act)(rnd)
            except DomainError as conflict:
                self.told.append(type(conflict).__name__)
            except Exception as fault:  # noqa: BLE001 - any other is what this test looks for
                self.faults.append(f"{act}: {fault!r}")

    def acting(self, rnd):
        return self.office.acting(rnd.choice(PEOPLE))

    def item(self, rnd):
        query = select(WorkItem.id).where(WorkItem.state == WorkState.OPEN).order_by(WorkItem.id)
        found = self.office.read(lambda s: s.scalars(query.limit(CROWDED)).all())
        return rnd.choice(found or [1])

    def complete(self, rnd):
        item, one = self.item(rnd), Sent("complete", "", next(self.tokens))
        self.sent.append(one)
        with suppress_told(one), self.acting(rnd) as ctx:
            complete_task(ctx, item, {"token": one.token})

    def claim(self, rnd):
        with self.acting(rnd) as ctx:
            claim_task(ctx, self.item(rnd))

    def release(self, rnd):
        with self.acting(rnd) as ctx:
            release_task(ctx, self.item(rnd))

    def draft(self, rnd):
        with self.acting(rnd) as ctx:
            save_task_draft(ctx, self.item(rnd), MultiDict({"token": "1"}))

    def case(self, rnd):
        query = select(Case.id).join(ProcessVersion, ProcessVersion.id == Case.process_version_id)
        query = query.where(ProcessVersion.key == pairs.ASKING).order_by(Case.id)
        return rnd.choice(self.office.read(lambda s: s.scalars(query).all()))

    def withdraw(self, rnd):
        case_id = self.case(rnd)
        query = select(Subscription.task_id).where(
            Subscription.case_id == case_id, Subscription.message == "withdraw"
        )
        wait = self.office.read(lambda s: s.scalar(query))
        with self.office.acting(key_holder_actor(case_id)) as ctx:
            deliver_answers(ctx, case_id, wait or "gone", {"why": "x"})

    def move(self, rnd):
        order = Order(old=self.old, new=self.new, reason="a race")
        with self.office.acting("supervisor") as ctx:
            move_case(ctx, self.case(rnd), order)

    def back(self, rnd):
        with self.office.acting("supervisor") as ctx:
            move_back(ctx, self.case(rnd), "a race")

    def sweep(self, _rnd):
        self.office.settle()


class suppress_told:  # noqa: N801 - reads like contextlib's
    """Note how a completion ended: done, refused, or neither."""

    def __init__(self, one):
        self.one = one

    def __enter__(self):
        return self

    def __exit__(self, kind, _error, _trace):
        if kind is None:
            self.one.status = 303
        elif issubclass(kind, DomainError):
            self.one.status = 409


def broken(office, postbox, sent):
    settled(office, postbox)
    with office.acting() as ctx:
        return [
            *broken_promises(ctx, sent),
            *broken_deliveries(ctx.session, postbox.received),
            *withdrawn_twice(ctx.session),
        ]


def withdrawn_twice(session):
    told = select(History.case_id, func.count()).where(History.element.like("%/withdrawn"))
    rows = session.execute(told.where(History.kind == "message").group_by(History.case_id))
    return [f"case {case} was withdrawn {times} times" for case, times in rows if times > 1]


@pytest.mark.races
@BOTH
def test_a_hundred_rivals_are_told_of_every_conflict(crowded, postbox, record_property, request):
    office, _cluster = crowded
    rivals = Rivals(office, SEED)
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(rivals.work, range(CLIENTS), timeout=200))
    assert rivals.faults == []
    assert broken(office, postbox, rivals.sent) == []
    done = sum(one.status == 303 for one in rivals.sent)
    assert done > 0
    assert rivals.told
    name = request.node.callspec.params["database"]
    record_property(
        "told",
        f"{name}: {CLIENTS} rivals, seed {SEED}: {done} of {len(rivals.sent)} completions, "
        f"{len(rivals.told)} conflicts told",
    )


class Rush(Crowd):
    """Everybody sends a few things to the same few cases, withdrawals among them."""

    def _work(self, caller, rnd):
        for _ in range(TURNS):
            if rnd.random() < 0.04:
                self._withdraw(rnd)
            else:
                self._touch(caller, rnd, rnd.random() * 1.8)

    def _open_item(self, rnd):
        query = select(WorkItem.id).where(WorkItem.state == WorkState.OPEN).order_by(WorkItem.id)
        with self.engine.connect() as connection:
            found = connection.scalars(query.limit(CROWDED)).all()
        return rnd.choice(found) if found else None

    def _withdraw(self, rnd):
        number, caller = rnd.choice(self.keys)
        query = select(Subscription.task_id).join(Case, Case.id == Subscription.case_id)
        query = query.where(Case.number == number, Subscription.message == "withdraw")
        with self.engine.connect() as connection:
            wait = connection.scalar(query) or "0" * 32
        self._send(caller, Sent("withdraw", number, 0), f"/follow/{number}/{wait}", {"why": "x"})


def keys_to(office, web):
    """Return (number, browser that showed the key) of every asking case."""
    query = select(Case.number, Case.secret).join(
        ProcessVersion, ProcessVersion.id == Case.process_version_id
    )
    found = []
    for row in office.read(
        lambda s: s.execute(query.where(ProcessVersion.key == pairs.ASKING)).all()
    ):
        client = web.browser()
        client.get(f"/follow/{row.number}?key={row.secret}")
        found.append((row.number, Caller(web.address, client.jar, client.token("/follow"))))
    return found


@pytest.mark.races
@BOTH
def test_a_hundred_browsers_get_a_page_for_every_conflict(
    crowded, forged, postbox, record_property, request
):
    office, cluster = crowded
    mail = {"WORKFLOW_APP_EMBEDDED_WORKER": "1", "WORKFLOW_APP_MAIL_URL": postbox.url}
    web = forged(cluster.web(threads=8, begin=False, **mail))
    rush = Rush(cluster.settings.database_url, lambda: [web.address])
    rush.keys = keys_to(office, web)
    callers = callers_of(web, CLIENTS)
    seeds = [random.Random(SEED * 1000 + n) for n in range(len(callers))]  # noqa: S311
    rush.start(callers, seeds)
    rush.join(120)
    web.kill()
    assert rush.faults == []
    assert [one for one in rush.sent if one.status == 0] == []
    assert broken(office, postbox, rush.sent) == []
    assert [around(web.said(), sign) for sign in SIGNS if sign in web.said()] == []
    told = sum(one.status in (404, 409) for one in rush.sent)
    done = len(rush.acknowledged("complete"))
    assert done > 0
    assert told > 0
    name = request.node.callspec.params["database"]
    record_property(
        "told",
        f"{name}: {CLIENTS} browsers, seed {SEED}: {len(rush.sent)} requests, {done} completions, "
        f"{told} conflicts shown",
    )
