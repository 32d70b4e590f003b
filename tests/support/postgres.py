"""A PostgreSQL server of our own on a free loopback port, gone when the tests are."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Fast, and unsafe on a power cut only.
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"


def binaries() -> Path | None:
    """Return the folder of the newest installed server's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[-3])
    )
    if found:
        return found[-1].parent
    which = shutil.which("postgres")
    return Path(which).resolve().parent if which else None


class Postgres:
    """A running server; `url` names one of its databases."""

    def __init__(self, port: int, data: Path) -> None:
        self.port = port
        self._data = data

    @property
    def pid(self) -> int:
        """Return the id of the server's first process, the parent of all others."""
        first, *_rest = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return int(first)

    def url(self, database: str) -> str:
        """Return SQLAlchemy's address of a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str | None = None) -> str:
        """Create a database, a copy of `template` if one is named, and return its address."""
        order = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
        if template:
            order += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._run(order)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database whoever is still connected."""
        self._run(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )

    def _run(self, order: sql.Composed) -> None:
        address = f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(order)


@contextmanager
def postgres_server(programs: Path) -> Iterator[Postgres]:
    """Start a server with an empty cluster; as root it runs as the user postgres."""
    folder = Path(tempfile.mkdtemp(prefix="wa-pg-"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data, port = folder / "data", free_port()
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
    try:
        initdb = [
            "initdb",
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        _call([*as_user, str(programs / initdb[0]), *initdb[1:], "--locale=C.UTF-8"])
        where = f"-h 127.0.0.1 -p {port} -k {folder} {OPTIONS}"
        with _stopped_at_our_end([*control, "-m", "immediate", "stop"], folder):
            _call([*control, "-l", str(folder / "log"), "-o", where, "start"])
            yield Postgres(port, data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stopped_at_our_end(stop: list[str], folder: Path) -> Iterator[None]:
    """Have the server stopped when the block ends, and also when this process is killed.

    The shell waits for the end of its input, which comes in either case.
    """
    script = 'read -r _; "$@" >/dev/null 2>&1; rm -rf "$0"'
    guard = subprocess.Popen(  # noqa: S603 - the server's own programs
        ["/bin/sh", "-c", script, str(folder), *stop],
        stdin=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
    )
    try:
        yield
    finally:
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait(90)


def free_port() -> int:
    """Return a loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def why_missing() -> str | None:
    """Return why no server can be started here, or None."""
    if binaries() is None:
        return "PostgreSQL is not installed: tests on PostgreSQL are SKIPPED"
    if os.geteuid() == 0 and not _has_user("postgres"):
        return "there is no user postgres to run PostgreSQL as: tests on it are SKIPPED"
    return None


def _has_user(name: str) -> bool:
    passwd = Path("/etc/passwd").read_text(encoding="utf-8")
    return (
        any(line.startswith(f"{name}:") for line in passwd.splitlines())
        or getpass.getuser() == name
    )


def _call(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - the server's own programs
        command, check=False, capture_output=True, text=True, cwd="/", timeout=90
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
