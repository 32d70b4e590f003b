"""A small installation to measure on: one territory, one clerk, three processes.

It lies in a SQLite file, or in the PostgreSQL database that is named.
"""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import flask_migrate
from flask_security.utils import hash_password
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from bench import diagrams
from bench.measure import settle
from workflow_app.adapters.mailer import MemoryMailer
from workflow_app.config import Settings
from workflow_app.domain.states import WorkState
from workflow_app.factory import create_app, system_context
from workflow_app.models import db
from workflow_app.models.base import table_of
from workflow_app.models.catalogue import RoleDefinition, Setting
from workflow_app.models.people import Account, RoleAssignment, Territory
from workflow_app.models.session import StepSession
from workflow_app.models.work import WorkItem
from workflow_app.services.accounts import actor_of
from workflow_app.services.context import Context, transaction
from workflow_app.services.host import EVERYWHERE
from workflow_app.services.publishing import publish_version
from workflow_app.services.starting import open_by_account, start_case
from workflow_app.services.tasks import complete_task
from workflow_app.services.undoing import MINUTES
from workflow_app.services.wishes import OFFERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from workflow_app.domain.actors import Actor

PASSWORD = "measured-2026"  # noqa: S105 - of an account that lives as long as a run
EMAIL = "clerk@example.org"
DATABASE = "bench.db"
_items = table_of(WorkItem)


@dataclass(slots=True)
class Counter:
    """Statements and commits of a block."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0


class World:
    """The installation and the clerk who works in it."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.settings = _settings(folder, database_url)
        self.app: Flask = create_app(self.settings, mailer=MemoryMailer())
        with self.app.app_context():
            self.engine: Engine = db.engine
            if database_url is None:
                db.create_all()
                settle(folder / DATABASE)
            else:
                flask_migrate.upgrade()
            self.actor: Actor = self._people()
        self._context = replace(system_context(self.app), actor=self.actor)
        for key in (diagrams.TWO_TASKS, diagrams.FIVE_TASKS, diagrams.LOOP, diagrams.TIMER):
            with self.session() as ctx:
                publish_version(ctx, diagrams.source(key), number=1, by="bench")

    @contextmanager
    def session(self) -> Iterator[Context]:
        """Give the clerk a context with a session of its own, committed at the end."""
        with StepSession(self.engine, expire_on_commit=False) as session, transaction(session):
            yield replace(self._context, session=session, now=self._context.platform.clock.now())

    def context(self) -> Context:
        """Return the clerk's context; its session is for looking at."""
        return self._context

    def now(self) -> datetime:
        """Return the installation's time."""
        return self._context.platform.clock.now()

    def start(self, key: str, answers: Mapping[str, Any] | None = None) -> int:
        """Start a case of a process and return its id."""
        with self.session() as ctx:
            return start_case(ctx, open_by_account(ctx, key), answers or {}).id

    def start_after(self, turns: int) -> int:
        """Start a case of the loop that has completed so many tasks; not safely, but soon."""
        case_id = self.start(diagrams.LOOP)
        with self.unsafe():
            for _ in range(turns):
                self.complete(self.open_item(case_id), {"again": "yes"})
        return case_id

    def complete(self, item_id: int, answers: Mapping[str, Any]) -> None:
        """Complete a task: what is measured."""
        with self.session() as ctx:
            complete_task(ctx, item_id, answers)

    def open_item(self, case_id: int) -> int:
        """Return the id of a case's only open task."""
        with Session(self.engine) as session:
            found = session.execute(
                select(_items.c.id).where(
                    _items.c.case_id == case_id, _items.c.state == WorkState.OPEN
                )
            )
            return int(found.scalar_one())

    @contextmanager
    def unsafe(self) -> Iterator[None]:
        """Skip the wait for the disk while something is only prepared."""
        if self.engine.dialect.name != "sqlite":
            yield
            return
        self._synchronous("OFF")
        try:
            yield
        finally:
            self._synchronous("FULL")

    @contextmanager
    def counting(self) -> Iterator[Counter]:
        """Count statements and commits inside the block."""
        counter = Counter()

        def on_statement(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            counter.statements.append(statement)

        def on_commit(_connection: Any) -> None:
            counter.commits += 1

        event.listen(self.engine, "before_cursor_execute", on_statement)
        event.listen(self.engine, "commit", on_commit)
        try:
            yield counter
        finally:
            event.remove(self.engine, "before_cursor_execute", on_statement)
            event.remove(self.engine, "commit", on_commit)

    def database_bytes(self) -> int:
        """Return the bytes that the database uses, free pages not counted."""
        with self.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            used, free, size = (
                int(connection.execute(text(f"PRAGMA {name}")).scalar_one())
                for name in ("page_count", "freelist_count", "page_size")
            )
        return (used - free) * size

    def signed_in(self) -> FlaskClient:
        """Return a browser in which the clerk is signed in."""
        client = self.app.test_client()
        page = client.get("/sign-in").get_data(as_text=True)
        sent = {"email": EMAIL, "password": PASSWORD, "csrf_token": token(page)}
        answer = client.post("/sign-in", data=sent)
        if answer.status_code != 302:
            message = f"signing in gave {answer.status_code}"
            raise RuntimeError(message)
        return client

    def _synchronous(self, level: str) -> None:
        with self.engine.connect() as connection:
            connection.execute(text(f"PRAGMA synchronous={level}"))
            found = connection.execute(text("PRAGMA synchronous")).scalar_one()
        if found != {"OFF": 0, "FULL": 2}[level]:
            message = f"the database stays at synchronous={found}"
            raise RuntimeError(message)

    def _people(self) -> Actor:
        session = db.session()
        session.add(Territory(code="AM", level="national", name="Armenia", path="AM"))
        session.add(RoleDefinition(code=diagrams.LANE, title="Clerk", permissions=["work"]))
        for key, value in ((MINUTES, 10), (OFFERS, "none")):
            session.add(Setting(key=key, territory_code=EVERYWHERE, value={"value": value}))
        session.flush()
        account = Account(
            username="clerk",
            email=EMAIL,
            title="Clerk",
            password=hash_password(PASSWORD),
            active=True,
            fs_uniquifier=uuid.uuid4().hex,
            assignments=[RoleAssignment(role=diagrams.LANE, territory_code="AM")],
        )
        session.add(account)
        session.commit()
        return actor_of(session, account, self.app.extensions["platform"].clock.now())


def token(page: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        message = "the page holds no form token"
        raise RuntimeError(message)
    return found[1]


def _settings(folder: Path, database_url: str | None) -> Settings:
    return Settings(
        database_url=database_url or f"sqlite:///{folder / DATABASE}",
        secret_key="for-measuring-only-not-for-serving",  # noqa: S106 - lives as long as a run
        instance=folder,
        files_url=f"file://{folder / 'files'}",
    )
