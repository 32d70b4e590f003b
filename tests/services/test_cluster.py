"""Two servers and two workers on one PostgreSQL: started with nothing but its address."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, select, text

from tests.services.drawing import START, begin, diagram, publish, user_task
from tests.support.answers import open_item
from tests.support.cluster import cluster
from workflow_app.models.case import Answer, Case
from workflow_app.models.work import WorkItem
from workflow_app.services.auditing import verify_all

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


def test_a_worker_outlives_the_loss_of_its_connections(machines, ask):
    web, worker = machines.web(), machines.worker()
    until(lambda: ask("SELECT 1 FROM procrastinate_workers"))
    ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    web.browser().post("/services/accreditation", {"email": "ani@example.net"})
    until(lambda: letters_to(ask, "ani@example.net"))
    assert worker.stop() == 0, worker.said()


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


def two_steps_and_a_number():
    number = (
        '<bpmn:serviceTask id="number"><bpmn:extensionElements>'
        '<zeebe:taskDefinition type="case.number"/></bpmn:extensionElements></bpmn:serviceTask>'
    )
    nodes = {
        "begin": START,
        "first": user_task("first"),
        "number": number,
        "second": user_task("second"),
        "done": '<bpmn:endEvent id="done"/>',
    }
    return diagram(nodes, "begin>first first>number number>second second>done")


def test_two_servers_and_two_workers_lose_and_double_no_step(office, machines, ask):
    publish(office, two_steps_and_a_number())
    cases = [begin(office) for _ in range(8)]
    webs = [machines.web(), machines.web()]
    for _ in range(2):
        machines.worker()

    def work_through(number):
        """Send every form twice, once to each server: only one of them may count."""
        client = webs[number % 2].browser("registrar")
        for task in ("first", "second"):
            place = f"/tasks/{open_item(office, cases[number], task)}"
            sent = {"csrf_token": client.token(place), "amount": str(number), "_form": "1"}
            for web in (webs[number % 2], webs[1 - number % 2]):
                client.at(web.address)
                answer = client.post(place, sent)
                assert answer.status in (200, 409), answer.soup.main.get_text(" ", strip=True)

    with ThreadPoolExecutor(4) as clients:
        list(clients.map(work_through, range(len(cases))))
    assert office.read(lambda s: set(s.scalars(select(Case.phase)))) == {"finished"}
    assert office.read(lambda s: set(s.scalars(select(WorkItem.state)))) == {"completed"}
    answers = office.read(lambda s: s.execute(select(Answer.case_id, Answer.element)).all())
    assert Counter(Counter(answers).values()) == {1: 3 * len(cases)}
    numbers = office.read(lambda s: s.scalars(select(Case.number)).all())
    assert len(set(numbers)) == len(cases)
    with office.acting() as ctx:
        assert verify_all(ctx) == (len(cases), [])
