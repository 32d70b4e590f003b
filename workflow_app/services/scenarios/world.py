"""A world of its own for scenarios.

A database in a temporary file, a clock that stands, no side effects.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine

from workflow_app.adapters.clock import FixedClock
from workflow_app.adapters.files import memory_store
from workflow_app.adapters.http import MemoryHttp
from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.adapters.pdf import FakePrinter
from workflow_app.adapters.scanner import NullScanner
from workflow_app.domain.actors import SYSTEM, Actor
from workflow_app.models import Base
from workflow_app.models.session import StepSession
from workflow_app.models.sqlite import install_sqlite_rules
from workflow_app.services.closure import Seeds
from workflow_app.services.context import Context, Platform, transaction
from workflow_app.services.publishing import LoadResult, load_seeds
from workflow_app.services.seeding import load_catalogue, load_demo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow_app.config import Settings

BEGINNING = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@dataclass(slots=True)
class World:
    """A database with the catalogue and the demonstration's people, and a clock to move."""

    engine: Engine
    platform: Platform
    clock: FixedClock
    loaded: list[LoadResult]

    def context(self, actor: Actor = SYSTEM, language: str = "en") -> Context:
        """Return a context with a session of its own, at the clock's time."""
        return Context(
            platform=self.platform,
            session=StepSession(self.engine, expire_on_commit=False),
            actor=actor,
            now=self.clock.now(),
            language=language,
        )

    @contextmanager
    def acting(self, actor: Actor = SYSTEM, language: str = "en") -> Iterator[Context]:
        """Give a context whose work is committed at the end of the block."""
        ctx = self.context(actor, language)
        try:
            with transaction(ctx.session):
                yield ctx
        finally:
            ctx.session.close()


@contextmanager
def make_world(settings: Settings, seeds: Seeds | None = None) -> Iterator[World]:
    """Build a world from the seeds of the settings' folders, or from those given."""
    with TemporaryDirectory(prefix="scenarios-") as folder:
        engine = database_at(Path(folder) / "world.db")
        Base.metadata.create_all(engine)
        clock = FixedClock(BEGINNING)
        platform = Platform(
            settings=settings,
            clock=clock,
            files=memory_store(),
            mailer=MemoryMailer(),
            scanner=NullScanner(),
            printer=FakePrinter(),
            http=MemoryHttp(),
        )
        world = World(engine, platform, clock, [])
        world.loaded = _furnish(world, settings.processes, seeds, settings.forms)
        yield world
        engine.dispose()


@contextmanager
def own_copy(world: World) -> Iterator[World]:
    """Give a copy of a world, so that what happens in it leaves no trace in the other."""
    with TemporaryDirectory(prefix="scenario-") as folder:
        target = Path(folder) / "world.db"
        stored = str(world.engine.url.database)
        with closing(sqlite3.connect(stored)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        engine = database_at(target)
        yield World(engine, world.platform, world.clock, world.loaded)
        engine.dispose()


def database_at(path: Path) -> Engine:
    """Return the SQLite database in a file, which need not be there yet."""
    engine = create_engine(
        f"sqlite:///{path}", json_serializer=partial(json.dumps, ensure_ascii=False)
    )
    install_sqlite_rules(engine)
    return engine


def _furnish(world: World, processes: Path, seeds: Seeds | None, forms: Path) -> list[LoadResult]:
    with world.acting() as ctx:
        for refused in load_catalogue(ctx, processes):
            raise refused
        load_demo(ctx, processes / "demo", lambda password: password)
        return load_seeds(ctx, seeds or Seeds.from_folders(processes, forms))
