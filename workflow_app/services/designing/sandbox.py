"""A world in which a draft runs: all that is published, the draft over it, made-up people.

It is one SQLite file; nothing leaves it. `base.db` also holds the texts of all versions, which the
files of single steps do without.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session
from typing_extensions import override

from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.files import FileStore
from workflow_app.adapters.http import MemoryHttp
from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.adapters.pdf import FakePrinter
from workflow_app.adapters.scanner import NullScanner
from workflow_app.models import Base
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import (
    ProcessVersion,
    ProcessVersionFile,
    RegisterDefinition,
    SourceFile,
)
from workflow_app.models.designing import SourceWords, VersionScenario
from workflow_app.models.starts import ProcessStart
from workflow_app.services.context import Platform
from workflow_app.services.programs import ProgramCache
from workflow_app.services.publishing import publish_version
from workflow_app.services.scenarios.world import BEGINNING, World, database_at
from workflow_app.services.seeding import load_catalogue, load_demo, load_register
from workflow_app.services.starts import TIMER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine, Table

    from workflow_app.config import Settings
    from workflow_app.engine import Source
    from workflow_app.services.context import Context
    from workflow_app.services.programs import Published

BASE = "base.db"
DRAFTED = "draft"
#: Where the texts of versions stand.
TEXTS = (ProcessVersionFile, VersionScenario, SourceWords, SourceFile)
_versions = table_of(ProcessVersion)
_files = table_of(ProcessVersionFile)
_sources = table_of(SourceFile)
_starts = table_of(ProcessStart)
#: The catalogue and the people as one database, by what their files were: most plays begin alike.
_furnished: dict[str, bytes] = {}
_furnishing = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a world is made over: the closed set of the draft, its words and its registers.

    `words` are translations by language and msgid, `registers` documents by key.
    """

    source: Source
    words: Mapping[str, Mapping[str, str]]
    registers: Mapping[str, Mapping[str, Any]]


class SandboxPrograms(ProgramCache):
    """Programs of a sandbox: published versions as everybody runs them, the draft's its own.

    Files of single steps hold no texts, so all are read from the base.
    """

    def __init__(self, shared: ProgramCache, base: Path, drafted: int) -> None:
        super().__init__()
        self._shared, self._drafted = shared, drafted
        self._engine = quick_database(base)

    @override
    def get(self, session: Session, version_id: int) -> Published:
        """Return a version's program. Raises NotFound."""
        with Session(self._engine) as stored:
            if version_id < self._drafted:
                return self._shared.get(stored, version_id)
            return super().get(stored, version_id)


def quick_database(path: Path) -> Engine:
    """Return a database in a file that need not outlive a loss of power."""
    engine = database_at(path)

    @event.listens_for(engine, "connect")
    def hurry(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return engine


def build_base(ctx: Context, drafted: Drafted, folder: Path, moment: datetime) -> int:
    """Make `base.db` in a folder and return the id of the version that the draft became.

    Raises engine.InvalidSource, FileRefused, engine.StepFailed.
    """
    (folder / BASE).write_bytes(_template(ctx.platform.settings))
    world = _world(ctx.platform.settings, quick_database(folder / BASE), moment, folder)
    try:
        with world.acting() as inner:
            _take_registers(ctx, inner, drafted.registers)
            _take_versions(ctx, inner)
            return _publish(inner, drafted)
    finally:
        world.engine.dispose()


def first_step(folder: Path, file: str) -> None:
    """Make the first step's database of the base: the same without the texts."""
    copy_database(folder / BASE, folder / file)
    with closing(sqlite3.connect(folder / file, isolation_level=None)) as connection:
        _drop_texts(connection)


def _drop_texts(connection: sqlite3.Connection) -> None:
    for table in TEXTS:
        connection.execute(f"DELETE FROM {table_of(table).name}")  # noqa: S608 - our own names
    connection.execute("VACUUM")


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database that others may be reading."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


@contextmanager
def open_world(
    platform: Platform, folder: Path, file: str, moment: datetime, programs: ProgramCache
) -> Iterator[World]:
    """Give the world that one file of a sandbox holds; letters are printed as `platform` does."""
    world = _world(platform.settings, quick_database(folder / file), moment, folder)
    world.platform = replace(world.platform, programs=programs, printer=platform.printer)
    try:
        yield world
    finally:
        world.engine.dispose()


def _world(settings: Settings, engine: Engine, moment: datetime, folder: Path) -> World:
    clock = FixedClock(moment)
    platform = Platform(
        settings=settings,
        clock=clock,
        files=FileStore.from_url(f"file://{folder / 'files'}"),
        mailer=MemoryMailer(),
        scanner=NullScanner(),
        printer=FakePrinter(),
        http=MemoryHttp(),
    )
    return World(engine, platform, clock, [])


def _template(settings: Settings) -> bytes:
    """Return a database with tables, catalogue and people, made once for the same files."""
    known = _state_of(settings.processes)
    with _furnishing:
        if known not in _furnished:
            _furnished.clear()
            _furnished[known] = _furnish(settings)
        return _furnished[known]


def _state_of(folder: Path) -> str:
    """Return what tells whether the catalogue's files are still the same."""
    places = (folder, folder / "registers", folder / "demo")
    files = sorted(path for place in places for path in place.glob("*.toml"))
    stats = [(str(path), path.stat()) for path in files]
    return repr([(name, one.st_mtime_ns, one.st_size) for name, one in stats])


def _furnish(settings: Settings) -> bytes:
    with TemporaryDirectory(prefix="sandbox-") as name:
        folder = Path(name)
        world = _world(settings, quick_database(folder / BASE), BEGINNING, folder)
        Base.metadata.create_all(world.engine)
        with world.acting() as ctx:
            for refused in load_catalogue(ctx, settings.processes):
                raise refused
            load_demo(ctx, settings.processes / "demo", lambda password: password)
        world.engine.dispose()
        return (folder / BASE).read_bytes()


def _take_registers(ctx: Context, inner: Context, drafted: Mapping[str, Mapping[str, Any]]) -> None:
    """Define the registers as they are here, and those of the draft as it has them."""
    here = ctx.session.scalars(select(RegisterDefinition)).all()
    known = {row.key: row.definition for row in inner.session.scalars(select(RegisterDefinition))}
    wanted = {row.key: row.definition for row in here} | dict(drafted)
    for key, document in wanted.items():
        if known.get(key) != document:
            load_register(inner, key, dict(document))


def _take_versions(ctx: Context, inner: Context) -> None:
    """Copy the newest version of every process that takes cases, and what its files say.

    Those that begin by time do not: day after day of a long play would be theirs.
    """
    newest = select(func.max(_versions.c.id)).group_by(_versions.c.key)
    wanted = select(_versions).where(_versions.c.id.in_(newest), _versions.c.retired_at.is_(None))
    versions = [dict(row) for row in ctx.session.execute(wanted).mappings()]
    ids = [row["id"] for row in versions]
    links = _rows(ctx, _files, _files.c.version_id.in_(ids))
    texts = {link["sha256"] for link in links}
    starts = _rows(ctx, _starts, _starts.c.kind != TIMER)
    _put(inner, _versions, versions)
    _put(inner, _sources, _rows(ctx, _sources, _sources.c.sha256.in_(texts)))
    _put(inner, _files, links)
    _put(inner, _starts, [row for row in starts if row["version_id"] in ids])


def _rows(ctx: Context, table: Table, wanted: ColumnElement[bool]) -> list[dict[str, Any]]:
    return [dict(row) for row in ctx.session.execute(select(table).where(wanted)).mappings()]


def _put(inner: Context, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        inner.session.execute(insert(table), rows)


def _publish(inner: Context, drafted: Drafted) -> int:
    key = drafted.source.key
    newest = select(func.max(_versions.c.number)).where(_versions.c.key == key)
    number = (inner.session.scalar(newest) or 0) + 1
    made = publish_version(inner, drafted.source, number=number, by=DRAFTED)
    words = {language: dict(known) for language, known in drafted.words.items()}
    inner.session.execute(update(_versions).where(_versions.c.id == made).values(words=words))
    return made
