"""Applications for tests: settings in a temporary folder, a furnished database, fakes outside."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask_migrate
from flask_security.utils import hash_password
from sqlalchemy import func, select
from typing_extensions import override

from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.adapters.pdf import FakePrinter
from workflow_app.config import Settings
from workflow_app.domain.actors import SYSTEM, Actor
from workflow_app.factory import create_app, system_context
from workflow_app.models import db
from workflow_app.models.catalogue import ProcessVersion
from workflow_app.services.accounts import actor_named
from workflow_app.services.background import do_due_work
from workflow_app.services.closure import Seeds
from workflow_app.services.context import Context, transaction
from workflow_app.services.programs import ProgramCache, Published
from workflow_app.services.publishing import Outcome, load_seeds
from workflow_app.services.scenarios.player import Player
from workflow_app.services.scenarios.script import read_scenario
from workflow_app.services.scenarios.world import World
from workflow_app.services.seeding import load_catalogue, load_demo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from workflow_app.adapters.clock import Clock
    from workflow_app.services.scenarios.script import Move

ROOT = Path(__file__).resolve().parents[2]
MONDAY = datetime.fromisoformat("2026-11-23T09:00:00+04:00")


def make_settings(folder: Path, database_url: str, **changes: Any) -> Settings:
    """Return settings whose everything lies in `folder`, save the database."""
    return Settings(
        **{
            "database_url": database_url,
            "secret_key": "for-tests-only-and-long-enough-to-sign",
            "instance": folder,
            "files_url": f"file://{folder / 'files'}",
            "base_url": "http://localhost",
            "demo": True,
            **changes,
        }
    )


class SeededPrograms(ProgramCache):
    """Programs of the furnished database are parsed once for all tests; later ones are a test's."""

    def __init__(self, shared: ProgramCache, newest: int) -> None:
        super().__init__()
        self._shared, self._newest = shared, newest

    @override
    def get(self, session: Session, version_id: int) -> Published:
        """Return a version's program."""
        if version_id <= self._newest:
            return self._shared.get(session, version_id)
        return super().get(session, version_id)


@contextmanager
def running_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    mailer: MemoryMailer | None = None,
    parsed: ProgramCache | None = None,
    printer: Any = None,
    overrides: dict[str, Any] | None = None,
) -> Iterator[Flask]:
    """Give an application and close its database at the end; `parsed` are its seeds' programs."""
    app = create_app(settings, clock=clock, mailer=mailer or MemoryMailer(), overrides=overrides)
    programs = SeededPrograms(parsed, newest_version(app)) if parsed else ProgramCache()
    parts = app.extensions["platform"]
    printer = printer or FakePrinter()
    app.extensions["platform"] = replace(parts, printer=printer, programs=programs)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def furnish(settings: Settings, clock: Clock) -> None:
    """Migrate a database and load the catalogue, the processes and the demonstration's people."""
    with running_app(settings, clock=clock) as app, app.app_context():
        flask_migrate.upgrade()
        ctx = system_context(app)
        with transaction(ctx.session):
            load_catalogue(ctx, settings.processes)
            load_demo(ctx, settings.processes / "demo", hash_password)
            results = load_seeds(ctx, Seeds.from_folders(settings.processes, settings.forms))
        ctx.session.close()
    refused = [
        finding.text() for r in results for finding in r.findings if r.outcome is Outcome.REFUSED
    ]
    assert not refused, refused


def newest_version(app: Flask) -> int:
    """Return the id of the version that was published last."""
    ctx = system_context(app)
    try:
        return ctx.session.scalar(select(func.max(ProcessVersion.id))) or 0
    finally:
        ctx.session.close()


@dataclass(slots=True)
class Office:
    """Works in an application from outside the web: acts as people, plays cases, moves time."""

    app: Flask
    clock: Any

    @property
    def world(self) -> World:
        """Return the application as a world in which scenarios can be played."""
        with self.app.app_context():
            return World(db.engine, self.app.extensions["platform"], self.clock, [])

    def person(self, username: str) -> Actor:
        """Return the actor that an account makes today."""
        ctx = self.world.context()
        try:
            found = actor_named(ctx.session, username, self.clock.now())
        finally:
            ctx.session.close()
        assert found is not None, f"there is no account {username}"
        return found

    @contextmanager
    def acting(self, who: str | Actor = SYSTEM, language: str = "en") -> Iterator[Context]:
        """Give a context as this person; what is done in it is committed at the end."""
        actor = self.person(who) if isinstance(who, str) else who
        with self.world.acting(actor, language) as ctx:
            yield ctx

    def read(self, query: Callable[[Session], Any]) -> Any:
        """Return what a query gives in a session of its own."""
        with self.world.acting() as ctx:
            return query(ctx.session)

    def settle(self) -> int:
        """Let everything happen that is due; returns how many items were handled."""
        return do_due_work(self.world.context)

    def move_to(self, moment: str) -> None:
        """Set the clock and let happen what fell due."""
        self.clock.moment = datetime.fromisoformat(moment)
        self.settle()

    def player(self, scenario: str) -> Player:
        """Return a player for `<process key>/<scenario>`."""
        key, name = scenario.split("/")
        path = ROOT / "processes" / key / "scenarios" / f"{name}.yaml"
        return Player(self.world, key, path, read_scenario(path))

    def play(self, scenario: str, *, until: Callable[[Move], bool] | str | None = None) -> Player:
        """Play a scenario up to the first step of the task named, or to its end."""
        player = self.player(scenario)
        self.clock.moment = datetime.fromisoformat(player.scenario.clock)
        player._enter_registers()
        for number, move in enumerate(player.scenario.before, 1):
            player._move(f"before the start, step {number}", move)
        player._start()
        for number, move in enumerate(player.scenario.steps, 1):
            if until is not None and (until(move) if callable(until) else move.task == until):
                break
            player._move(f"step {number}", move)
        assert player.problems == []
        return player
