"""A served application with its worker, and people who use it in browsers of their own."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager

import pytest
from werkzeug.serving import make_server

from tests.e2e.people import Accessibility, Person
from tests.support.installation import Office, make_settings, running_app
from tests.support.postgres import free_port
from workflow_app.adapters.pdf import TypstPrinter
from workflow_app.factory import FONTS, start_worker

#: The shell is the same engine without windows: a new context costs a twentieth of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    """Let every test of this folder pass over a warning about the plugin's own base_url."""
    ignored = "ignore:Session-scoped fixtures:pytest.PytestRemovedIn10Warning"
    for item in items:
        if item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.filterwarnings(ignored))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Use the machine's own browser; without one the tests that need it are skipped, and say so."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed: browser tests are SKIPPED")
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def windowed_browser(browser_type, browser_type_launch_args):
    """Return a whole browser, with its reader of PDF files, which the shell does not have."""
    found = next(filter(None, map(shutil.which, BROWSERS[1:])), None)
    if found is None:
        pytest.skip("no whole Chromium is installed: tests of its PDF reader are SKIPPED")
    browser = browser_type.launch(**{**browser_type_launch_args, "executable_path": found})
    yield browser
    browser.close()


@contextmanager
def serving(settings, *, at_work=True, **parts):
    """Serve an application on the loopback address of its settings.

    Its worker runs and prints, unless the test lets happen itself what is due.
    """
    port = int(settings.base_url.rpartition(":")[2])
    printer = TypstPrinter(FONTS) if at_work else None
    with running_app(settings, printer=printer, **parts) as app:
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        worker = start_worker(app) if at_work else None
        thread.start()
        yield app
        if worker is not None:
            worker.stop()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def own_settings(furnished, tmp_path):
    """Return settings of a server of its own, with a furnished database of its own."""
    own = tmp_path / "own.db"
    shutil.copy(furnished, own)
    address = f"http://127.0.0.1:{free_port()}"
    return make_settings(tmp_path, f"sqlite:///{own}", base_url=address)


@pytest.fixture
def served(own_settings, clock, mailer, parsed_programs, request):
    """Return an office whose application is served on loopback, its worker running.

    A module that plays its cases step by step says `AT_WORK = False`: nothing runs beside it.
    """
    parts = {"clock": clock, "mailer": mailer, "parsed": parsed_programs}
    at_work = getattr(request.module, "AT_WORK", True)
    with serving(own_settings, at_work=at_work, **parts) as app:
        yield Office(app, clock)


@pytest.fixture(scope="session")
def accessibility(of_the_run):
    """Return what looks at each page once with axe; no violation is borne."""
    folder = of_the_run / "looked_at"
    folder.mkdir(exist_ok=True)
    seen = Accessibility(folder)
    yield seen
    assert seen.pages, "no page was looked at"


@pytest.fixture
def person(served, browser, accessibility):
    """Return a function from a username (or None) to that person at a browser of their own."""
    people = []

    def enter(username=None, **options):
        context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **options})
        somebody = Person(served, context, accessibility)
        people.append(somebody)
        if username is not None:
            somebody.sign_in(username)
        return somebody

    yield enter
    for somebody in people:
        somebody.leave()
