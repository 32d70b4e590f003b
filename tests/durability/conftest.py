"""Real processes on a real database, a real mail server, and a clock that goes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from flask_security.utils import hash_password

from tests.durability import pairs
from tests.durability.forge import Forge, reforged
from tests.support.cluster import cluster
from tests.support.installation import make_settings
from tests.support.postgres import free_port
from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.mailer import SmtpMailer
from workflow_app.services.seeding import DEMO_PASSWORD, load_accounts

PEOPLE = [f"worker{number}" for number in range(4)]
MESSAGE_ID = re.compile(rb"^Message-ID: <(outbox-\d+)@", re.MULTILINE)


class Postbox:
    """Counts what arrives, by message id."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        found = MESSAGE_ID.search(envelope.content)
        assert found is not None
        self.received[found[1].decode()] += 1
        return "250 OK"


@pytest.fixture
def postbox():
    """Return a mail server on loopback; `url` is where it listens."""
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


@pytest.fixture
def settings(tmp_path, database, postbox):
    return make_settings(tmp_path, database, mail_url=postbox.url)


@pytest.fixture
def clock():
    """Return a clock that stands at the moment the test began."""
    return FixedClock(datetime.now(UTC))


@pytest.fixture
def mailer(postbox):
    return SmtpMailer.from_url(postbox.url, sender="services@example.org")


@pytest.fixture
def world(office, settings):
    """Return an office with both processes and four registrars, and a cluster to start."""
    pairs.publish(office)
    roles = [{"role": "registrar", "territory": "AM"}]
    rows = [
        {"username": name, "title": name, "email": f"{name}@example.org", "roles": roles}
        for name in PEOPLE
    ]
    with office.app.app_context(), office.acting() as ctx:
        load_accounts(ctx, rows, hash_password(DEMO_PASSWORD))
    with cluster(settings) as started:
        yield office, started


@pytest.fixture
def forge():
    """Return what servers come out of that are to be up again at once."""
    made = Forge()
    yield made
    made.close()


@pytest.fixture
def forged(forge):
    """Return a function that starts a process, forked instead of begun anew."""

    def again(process):
        twin = reforged(process, forge)
        twin.start()
        if hasattr(twin, "wait_ready"):
            twin.wait_ready()
        return twin

    return again
