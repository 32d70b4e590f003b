"""Real server and worker processes on one database: started, killed, measured, gone at the end.

    with cluster(settings) as cluster:
        web = cluster.web()
        worker = cluster.worker()
        client = web.browser("registrar")       # signed in, keeps cookies, follows redirects
        client.get("/inbox")
        web.kill()                              # SIGKILL to the whole process group
        web.restart()                           # the same port

Every process ends by itself after LONGEST_SECONDS, whatever becomes of the test. Servers bind to
loopback ports. `settings` are those of tests/support/installation.py on a furnished database.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from bs4 import BeautifulSoup
from sqlalchemy import make_url

from tests.support.installation import ROOT
from tests.support.postgres import free_port
from workflow_app.services.seeding import DEMO_PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.config import Settings

LONGEST_SECONDS = 900
START_SECONDS = 60
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `address` is where redirects led."""

    status: int
    address: str
    text: str

    @property
    def soup(self) -> BeautifulSoup:
        """Return the page."""
        return BeautifulSoup(self.text, "html.parser")


class Client:
    """A browser over HTTP with cookies of its own."""

    def __init__(self, address: str, *, timeout: float = 30) -> None:
        self.address = address
        self._timeout = timeout
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar))

    def at(self, address: str) -> None:
        """Go on with another server; the cookies stay."""
        self.address = address

    def get(self, path: str) -> Answer:
        """Open a page. Raises OSError when nobody answers."""
        return self._open(Request(f"{self.address}{path}"))  # noqa: S310 - a server of ours

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send fields, with the form token of the page at the same path unless they hold one.

        Raises OSError when nobody answers.
        """
        if "csrf_token" not in fields:
            fields = {**fields, "csrf_token": self.token(path)}
        body = urlencode(dict(fields)).encode()
        return self._open(Request(f"{self.address}{path}", body))  # noqa: S310 - likewise

    def token(self, path: str) -> str:
        """Return the form token of a page."""
        field = self.get(path).soup.select_one("input[name=csrf_token]")
        assert field is not None, f"{path} has no form"
        return str(field["value"])

    def sign_in(self, username: str, password: str = DEMO_PASSWORD) -> Client:
        """Sign in as an account of the demonstration."""
        answer = self.post("/sign-in", {"email": f"{username}@example.org", "password": password})
        assert answer.status == 200, f"{username}: {answer.status}"
        assert "/sign-in" not in answer.address, f"{username} may not sign in"
        return self

    def _open(self, request: Request) -> Answer:
        try:
            with self._opener.open(request, timeout=self._timeout) as reply:
                return Answer(reply.status, reply.url, reply.read().decode())
        except HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.url, refused.read().decode())
        except http.client.HTTPException as broken:
            raise ConnectionError(str(broken)) from broken


@dataclass(slots=True)
class Process:
    """One program of ours in a process group of its own; its log is kept."""

    name: str
    command: list[str]
    environ: dict[str, str]
    log: Path
    handle: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, not waiting until it is ready."""
        assert not self.is_running, f"{self.name} runs already"
        # Ends by itself: whoever kills the test run leaves nothing behind for long.
        command = ["timeout", "--kill-after=5", str(LONGEST_SECONDS), *self.command]
        with self.log.open("ab") as log:
            self.handle = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def is_running(self) -> bool:
        """Tell whether it runs."""
        return self.handle is not None and self.handle.poll() is None

    def kill(self) -> None:
        """End the whole group at once, as a power cut would: SIGKILL."""
        self._signal_all(signal.SIGKILL)

    def stop(self, timeout: float = 30) -> int:
        """Ask it to end, SIGTERM, and return its exit status; killed when it takes longer."""
        if self.handle is None:
            return 0
        with suppress(ProcessLookupError):
            self.handle.send_signal(signal.SIGTERM)
        try:
            return self.handle.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._signal_all(signal.SIGKILL)

    def cpu_seconds(self) -> float:
        """Return the processor seconds of it and its children so far, ended children included."""
        assert self.handle is not None
        return cpu_of_tree(self.handle.pid)

    def said(self) -> str:
        """Return what it has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def _signal_all(self, number: int) -> None:
        if self.handle is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.handle.pid, number)
        self.handle.wait(30)


@dataclass(slots=True)
class Web(Process):
    """A server; `address` is where it answers."""

    address: str = ""

    def wait_ready(self, timeout: float = START_SECONDS) -> None:
        """Wait until pages are served."""
        limit = time.monotonic() + timeout
        while time.monotonic() < limit:
            assert self.is_running, f"{self.name} ended:\n{self.said()}"
            with suppress(OSError):
                if Client(self.address, timeout=5).get("/sign-in").status == 200:
                    return
            time.sleep(0.1)
        message = f"{self.name} does not answer:\n{self.said()}"
        raise AssertionError(message)

    def restart(self) -> None:
        """Start it again on the same port and wait until it answers."""
        self.start()
        self.wait_ready()

    def browser(self, username: str | None = None) -> Client:
        """Return a new browser, signed in if an account is named."""
        client = Client(self.address)
        return client.sign_in(username) if username else client


@dataclass(slots=True)
class Cluster:
    """Servers and workers on one database."""

    settings: Settings
    processes: list[Process] = field(default_factory=list)

    def web(self, *, threads: int = 4, begin: bool = True, **environ: str) -> Web:
        """Start a server with so many threads and wait until it answers, unless told not to."""
        port = free_port()
        command = [str(BIN / "gunicorn"), "--workers", "1", "--threads", str(threads)]
        command += ["--worker-class", "gthread", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-tmp-dir", str(self.settings.instance), "--log-level", "warning"]
        name = f"web{len(self.processes)}"
        web = Web(
            name=name,
            command=[*command, "workflow_app.wsgi:app"],
            environ=self._environ(environ),
            log=self._log(name),
            address=f"http://127.0.0.1:{port}",
        )
        self.processes.append(web)
        if begin:
            web.restart()
        return web

    def worker(self, *, threads: int = 2, begin: bool = True, **environ: str) -> Process:
        """Start a worker process unless told not to; on PostgreSQL only."""
        name = f"worker{len(self.processes)}"
        command = [str(BIN / "flask"), "--app", "workflow_app.wsgi", "worker"]
        worker = Process(
            name=name,
            command=[*command, "--threads", str(threads)],
            environ=self._environ(environ),
            log=self._log(name),
        )
        self.processes.append(worker)
        if begin:
            worker.start()
        return worker

    def end(self) -> None:
        """Kill whatever is left."""
        for process in self.processes:
            process.kill()

    def _log(self, name: str) -> Path:
        return self.settings.instance / f"{name}.log"

    def _environ(self, changes: Mapping[str, str]) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith("WORKFLOW_APP_")}
        settings = self.settings
        url = make_url(settings.database_url).render_as_string(hide_password=False)
        return {
            **own,
            # A fault in native code says where it happened.
            "PYTHONFAULTHANDLER": "1",
            "DATABASE_URL": url,
            "SECRET_KEY": settings.secret_key,
            "WORKFLOW_APP_INSTANCE": str(settings.instance),
            "WORKFLOW_APP_FILES_URL": settings.files_url,
            "WORKFLOW_APP_DEMO": "1" if settings.demo else "0",
            **changes,
        }


@contextmanager
def cluster(settings: Settings) -> Iterator[Cluster]:
    """Give servers and workers on the settings' database; all are gone afterwards."""
    started = Cluster(settings)
    try:
        yield started
    finally:
        started.end()


def cpu_of_tree(root: int) -> float:
    """Return the processor seconds of a process and its descendants, ended children included."""
    found = {int(place.parent.name): stat for place, stat in _stats()}
    tree, fresh = set(), {root}
    while fresh:
        tree |= fresh
        fresh = {pid for pid, stat in found.items() if int(stat[1]) in fresh} - tree
    ticks = sum(_ticks(found[pid]) for pid in tree if pid in found)
    return ticks / os.sysconf("SC_CLK_TCK")


def _stats() -> Iterator[tuple[Path, list[str]]]:
    """Give (place, fields) of every /proc/<pid>/stat, as [state, parent, group, …]."""
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield place, place.read_text(encoding="utf-8").rpartition(")")[2].split()


def _ticks(stat: list[str]) -> int:
    """Return user and system time, of waited-for children too (proc(5): fields 14 to 17)."""
    return sum(int(ticks) for ticks in stat[11:15])
