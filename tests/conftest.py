"""One furnished database of each kind, copied for every test that needs an application.

Imports of the application stand inside the fixtures: unit tests do without it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def of_the_run(tmp_path_factory):
    """Return a folder that the test processes of one run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def furnished(of_the_run):
    """Return the file of a SQLite database with catalogue, processes and demonstration.

    The test processes of one run share it: whoever comes first makes it, the others wait.
    """
    from tests.support.installation import MONDAY, furnish, make_settings  # noqa: PLC0415
    from workflow_app.adapters.clock import FixedClock  # noqa: PLC0415

    file = of_the_run / "furnished.db"
    with (of_the_run / "furnished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            making = Path(tempfile.mkdtemp(dir=of_the_run))
            unready = making / "furnished.db"
            furnish(make_settings(making, f"sqlite:///{unready}"), FixedClock(MONDAY))
            unready.rename(file)
    return file


@pytest.fixture(scope="session")
def postgres():
    """Return a PostgreSQL server, or skip saying why."""
    from tests.support.postgres import binaries, postgres_server, why_missing  # noqa: PLC0415

    if reason := why_missing():
        pytest.skip(reason)
    with postgres_server(binaries()) as server:
        yield server


@pytest.fixture(scope="session")
def furnished_postgres(postgres, tmp_path_factory):
    """Return the name of a PostgreSQL database with catalogue, processes and demonstration."""
    from tests.support.installation import MONDAY, furnish, make_settings  # noqa: PLC0415
    from workflow_app.adapters.clock import FixedClock  # noqa: PLC0415

    url = postgres.create("furnished")
    furnish(make_settings(tmp_path_factory.mktemp("pg"), url), FixedClock(MONDAY))
    return "furnished"


@pytest.fixture(scope="session")
def parsed_programs():
    """Return the programs that all tests share, parsed once."""
    from workflow_app.services.programs import ProgramCache  # noqa: PLC0415

    return ProgramCache()


@pytest.fixture
def database(request, tmp_path):
    """Return the address of a furnished database of the test's own.

    SQLite unless parametrised, or unless TEST_DATABASE=postgresql says that all are to be tried on
    the other.
    """
    if getattr(request, "param", os.environ.get("TEST_DATABASE", "sqlite")) == "sqlite":
        own = tmp_path / "own.db"
        shutil.copy(request.getfixturevalue("furnished"), own)
        yield f"sqlite:///{own}"
        return
    template = request.getfixturevalue("furnished_postgres")
    server, name = request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}"
    yield server.create(name, template)
    server.drop(name)


@pytest.fixture
def settings(tmp_path, database):
    from tests.support.installation import make_settings  # noqa: PLC0415

    return make_settings(tmp_path, database)


@pytest.fixture
def clock():
    """Return a clock that stands at Monday, 23 November 2026, nine o'clock in Yerevan."""
    from tests.support.installation import MONDAY  # noqa: PLC0415
    from workflow_app.adapters.clock import FixedClock  # noqa: PLC0415

    return FixedClock(MONDAY)


@pytest.fixture
def mailer():
    from workflow_app.adapters.mailer import MemoryMailer  # noqa: PLC0415

    return MemoryMailer()


@pytest.fixture
def app(settings, clock, mailer, parsed_programs):
    """Return an application on a database of its own, with fakes for mail and print."""
    from tests.support.installation import running_app  # noqa: PLC0415

    with running_app(settings, clock=clock, mailer=mailer, parsed=parsed_programs) as app:
        yield app


@pytest.fixture
def office(app, clock):
    """Return somebody who works in the application outside the web."""
    from tests.support.installation import Office  # noqa: PLC0415

    return Office(app, clock)


@pytest.fixture
def browser_of(app):
    """Return a maker of browsers, each with its own cookies, that lint every page."""
    from tests.support.browser import Browser  # noqa: PLC0415

    return lambda: Browser(app)


@pytest.fixture
def visitor(browser_of):
    """Return a browser in which nobody has signed in."""
    return browser_of()


@pytest.fixture
def sign_in(browser_of):
    """Return a function from a username to a browser in which that person has signed in."""

    def signed_in(username):
        browser = browser_of()
        browser.become(username)
        return browser

    return signed_in


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the browser tests: the longest of them must not be left for the end."""
    items.sort(key=lambda item: "/e2e/" not in item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what long tests have to tell, such as how many steps they walked and from which seed."""
    reports = [one for found in terminalreporter.stats.values() for one in found]
    told = [
        text
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == "told"
    ]
    if told:
        terminalreporter.section("told")
        terminalreporter.write_line("\n".join(sorted(set(told))))
