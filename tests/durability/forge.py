"""Servers that are up again at once: forked from a process that has read all the code already.

A server takes seconds to read its code, which is no part of what these tests ask. `Forge` keeps one
process that has read it; every server or worker is a fork of it, in a session of its own, and is
killed like any other. When the test run ends, however it ends, so do they.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from tests.support.cluster import LONGEST_SECONDS, Process, Web

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
READ = (
    *("gunicorn.app.wsgiapp", "gunicorn.workers.gthread", "flask.cli"),
    *("workflow_app.factory", "workflow_app.jobs.process"),
)


class Forge:
    """The process that forks servers on demand."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.forge"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def spawn(self, command: list[str], environ: Mapping[str, str], log: Path) -> int:
        """Start a program of ours and return its process group."""
        order = {"command": command, "environ": dict(environ), "log": str(log)}
        return int(self._ask(order))

    def is_running(self, pid: int) -> bool:
        """Tell whether a program that was started still runs."""
        return self._ask({"pid": pid}) == "1"

    def close(self) -> None:
        """End, and all that was started with it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def _ask(self, order: dict[str, Any]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@dataclass(slots=True)
class Forged(Process):
    """A worker out of the forge."""

    forge: Any = None
    group: int = 0

    @override
    def start(self) -> None:
        """Start it, not waiting until it is ready."""
        self.group = self.forge.spawn(self.command, self.environ, self.log)

    @property
    @override
    def is_running(self) -> bool:
        """Tell whether it runs."""
        return bool(self.group) and self.forge.is_running(self.group)

    @override
    def kill(self) -> None:
        """End the whole group at once: SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
        while self.is_running:
            time.sleep(0.005)


@dataclass(slots=True)
class ForgedWeb(Web):
    """A server out of the forge."""

    forge: Any = None
    group: int = 0

    start = Forged.start
    is_running = Forged.is_running
    kill = Forged.kill


def reforged(process: Process, forge: Forge) -> Forged | ForgedWeb:
    """Return the same program as a fork of the forge; the other one must not run."""
    kept = {
        "name": process.name,
        "command": process.command,
        "environ": process.environ,
        "log": process.log,
        "forge": forge,
    }
    if isinstance(process, Web):
        return ForgedWeb(**kept, address=process.address)
    return Forged(**kept)


def main() -> None:
    """Read orders, a line each, until there are no more."""
    for module in READ:
        import_module(module)
    # It ends with its orders only, or what it started would outlive it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    children: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "pid" in order:
            answer = int(_lives(order["pid"]))
        else:
            answer = _fork(order)
            children.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    for child in children:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


def _lives(pid: int) -> bool:
    with suppress(ChildProcessError):
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    return False


def _fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.alarm(LONGEST_SECONDS)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(old, new)
    os.environ.clear()
    os.environ.update(order["environ"])
    sys.argv = order["command"]
    _run()
    os._exit(0)


def _run() -> None:
    """Run the program named by the first word, as its own script would."""
    if Path(sys.argv[0]).name == "gunicorn":
        from gunicorn.app.wsgiapp import run  # noqa: PLC0415
    else:
        from flask.cli import main as run  # noqa: PLC0415
    try:
        run()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)


if __name__ == "__main__":
    main()
