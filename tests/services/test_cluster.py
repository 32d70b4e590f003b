"""Two servers and two workers on one PostgreSQL: started with nothing but its address."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from sqlalchemy import create_engine, text

from tests.support.cluster import cluster

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def machines(settings):
    """Return a maker of servers and workers."""
    with cluster(settings) as started:
        yield started


@pytest.fixture
def ask(settings):
    """Return a function that reads rows of the database."""
    engine = create_engine(settings.database_url)

    def rows(statement, **params):
        with engine.begin() as connection:
            result = connection.execute(text(statement), params)
            return result.all() if result.returns_rows else []

    yield rows
    engine.dispose()


def until(true, *, seconds=60):
    """Wait until something is so."""
    limit = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < limit, "it did not come to pass"
        time.sleep(0.1)
    return found


def letters_to(ask, email):
    return ask("SELECT id FROM sent_mail WHERE recipient = :email", email=email)


def test_a_worker_delivers_what_a_server_puts_into_the_outbox(machines, ask):
    web = machines.web()
    worker = machines.worker()
    until(lambda: ask("SELECT 1 FROM procrastinate_workers"))
    answer = web.browser().post("/services/accreditation", {"email": "ani@example.net"})
    assert answer.status == 200
    until(lambda: letters_to(ask, "ani@example.net"))
    assert worker.stop() == 0, worker.said()
    assert ask("SELECT 1 FROM procrastinate_workers") == []


def test_a_worker_finds_what_came_while_none_lived(machines, ask):
    web = machines.web()
    web.browser().post("/services/accreditation", {"email": "ani@example.net"})
    assert ask("SELECT 1 FROM procrastinate_jobs") == [], "a nudge that nobody would ever take"
    machines.worker()
    until(lambda: letters_to(ask, "ani@example.net"))


def test_what_a_killed_worker_had_taken_is_done_by_another(machines, ask):
    web = machines.web()
    first = machines.worker()
    until(lambda: ask("SELECT 1 FROM procrastinate_workers"))
    first.kill()
    # As if it had died in the middle: the nudge is taken, the item leased for a while.
    web.browser().post("/services/accreditation", {"email": "ani@example.net"})
    ask("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'due'")
    ask("UPDATE outbox SET not_before = now() AT TIME ZONE 'UTC' + interval '3 seconds'")
    machines.worker()
    until(lambda: letters_to(ask, "ani@example.net"))
    until(lambda: not ask("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'due'"))


def test_nudges_without_number_deliver_a_mail_once(machines, ask):
    web = machines.web()
    for _ in range(2):
        machines.worker()
    until(lambda: len(ask("SELECT 1 FROM procrastinate_workers")) == 2)
    client = web.browser()
    token = client.token("/services/accreditation")
    for number in range(10):
        sent = {"email": f"a{number}@example.net", "csrf_token": token}
        assert client.post("/services/accreditation", sent).status == 200
        ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "SELECT 'due', 'due', jsonb_build_object('kind', 'outgoing', 'thing', id) "
            "FROM outbox, generate_series(1, 3)"
        )
    until(lambda: len(ask("SELECT 1 FROM sent_mail")) >= 10)
    until(lambda: not ask("SELECT 1 FROM procrastinate_jobs WHERE task_name = 'due'"))
    got = Counter(row.recipient for row in ask("SELECT recipient FROM sent_mail"))
    assert got == {f"a{number}@example.net": 1 for number in range(10)}
