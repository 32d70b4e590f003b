"""What every use case is given as its first argument: who acts, when, on what."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from werkzeug.datastructures import FileStorage, MultiDict

from workflow_app.models.session import connection_of
from workflow_app.services.programs import ProgramCache
from workflow_app.services.remembering import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from workflow_app.adapters.clock import Clock
    from workflow_app.adapters.files import FileStore
    from workflow_app.adapters.http import HttpClient
    from workflow_app.adapters.mailer import Mailer
    from workflow_app.adapters.pdf import LetterPrinter
    from workflow_app.adapters.scanner import Scanner
    from workflow_app.config import Settings
    from workflow_app.domain.actors import Actor
    from workflow_app.services.operations import Operation

Posted = MultiDict[str, str | FileStorage]


def _nobody() -> None:
    """Wake nobody: without an embedded worker the sweep finds the work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The parts of an installation that outlive a request; `nudge` wakes the worker.

    `operations` stand in for the service tasks' own, by type.
    """

    settings: Settings
    clock: Clock
    files: FileStore
    mailer: Mailer
    scanner: Scanner
    printer: LetterPrinter
    http: HttpClient
    programs: ProgramCache = field(default_factory=ProgramCache)
    remembered: Remembered = field(default_factory=Remembered)
    nudge: Callable[[], None] = _nobody
    operations: Mapping[str, Operation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One use case's surroundings; `now` stands still for its whole length."""

    platform: Platform
    session: Session
    actor: Actor
    now: datetime
    language: str = "en"

    @property
    def connection(self) -> Connection:
        """Return the connection of the session's transaction, for statements in Core."""
        return connection_of(self.session)


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Commit what the block did, or roll all of it back; only the edges call this."""
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


def let_go(ctx: Context) -> None:
    """End a transaction that has only read, before something slow; a later statement begins anew.

    Otherwise a mail server that takes its time would hold a connection, and PostgreSQL cuts those
    that stay idle inside a transaction.
    """
    ctx.session.rollback()
