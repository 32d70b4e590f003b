"""Copying a whole database in use: SQLite's online backup, PostgreSQL's own programs."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

if TYPE_CHECKING:
    from sqlalchemy import URL

#: Where Debian and its kin keep the programs of every installed version.
DEBIAN = "/usr/lib/postgresql"
WAIT_SECONDS = 30
EMPTY_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"


class DatabaseCopyFailed(RuntimeError):
    """A database could not be copied; the message is the reason."""


def kind_of(url: str) -> str:
    """Return "sqlite" or "postgresql". Raises DatabaseCopyFailed for what cannot be copied."""
    kind = make_url(url).get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        message = f"a database of the kind {kind} cannot be copied"
        raise DatabaseCopyFailed(message)
    return kind


def dump_database(url: str, target: Path, *, programs: str = "") -> None:
    """Write the state of one moment into `target`, others going on to write.

    `programs` is the folder of pg_dump, if it is not on the PATH. Nudges of the workers' queue are
    left out: the rows that they point at are what counts. Raises DatabaseCopyFailed.
    """
    if kind_of(url) == "sqlite":
        _copy_sqlite(_sqlite_file(url), target)
        with closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    options = ["--format=custom", "--no-owner", "--no-privileges"]
    options += ["--exclude-table-data=procrastinate_*", f"--file={target}"]
    _run([_program("pg_dump", programs), *options], url)


def load_database(url: str, source: Path, *, programs: str = "") -> None:
    """Replace everything in the database by a dump, or leave all as it was.

    Raises DatabaseCopyFailed.
    """
    if kind_of(url) == "sqlite":
        _copy_sqlite(source, _sqlite_file(url))
        return
    script = source.with_suffix(".sql")
    options = ["--no-owner", "--no-privileges", f"--file={script}", str(source)]
    _run([_program("pg_restore", programs), *options], url)
    once = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    order = [f"--command={EMPTY_SCHEMA}", f"--file={script}", "--output=/dev/null"]
    _run([_program("psql", programs), *once, *order], url)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy page by page inside one read transaction, so that writers neither wait nor show."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target, timeout=WAIT_SECONDS)) as new,
        ):
            old.backup(new)
            found = new.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as fault:
        raise DatabaseCopyFailed(str(fault)) from fault
    if found != "ok":
        message = f"the copy is damaged: {found}"
        raise DatabaseCopyFailed(message)


def _sqlite_file(url: str) -> Path:
    name = make_url(url).database
    if not name or name == ":memory:":
        message = "a database in memory cannot be copied"
        raise DatabaseCopyFailed(message)
    return Path(name).resolve()


def _program(name: str, folder: str) -> str:
    """Return a program's path: from the folder given, the PATH, or Debian's newest version."""
    newest = sorted(
        Path(DEBIAN).glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]), reverse=True
    )
    found = shutil.which(name, path=folder) if folder else shutil.which(name)
    if found is None and newest and not folder:
        return str(newest[0])
    if found is None:
        message = (
            f"{name} is not here; install PostgreSQL's client programs or name their folder in "
            "WORKFLOW_APP_PG_BIN"
        )
        raise DatabaseCopyFailed(message)
    return found


def _run(command: list[str], url: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment, unseen by others."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, no shell
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, **_libpq(make_url(url))},
    )
    if done.returncode != 0:
        message = f"{Path(command[0]).name}: {done.stderr.strip()}"
        raise DatabaseCopyFailed(message)


def _libpq(url: URL) -> dict[str, str]:
    given = {
        "PGHOST": url.host or url.query.get("host"),
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": str(url.password) if url.password else None,
        "PGDATABASE": url.database,
        "PGOPTIONS": f"-c lock_timeout={WAIT_SECONDS * 1000}",
    }
    return {name: str(value) for name, value in given.items() if value}
