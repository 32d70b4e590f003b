"""A session whose statements in Core pay for no bookkeeping of objects.

Most steps touch no object of the ORM; beginning and committing its transaction took a sixth of
their processor time. Core works on a connection of its own; should objects be asked for as well,
they join its transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from typing_extensions import override


class StepSession(Session):
    """A session that lends its connection without beginning a transaction of the ORM."""

    _lent: Connection | None = None

    def lend(self) -> Connection:
        """Return the connection of the session's one transaction, begun if need be."""
        if self._lent is not None:
            return self._lent
        if self.in_transaction():
            return self.connection()
        bind: Any = super().get_bind()
        self._lent = bind if isinstance(bind, Connection) else bind.connect()
        if not self._lent.in_transaction():
            self._lent.begin()
        return self._lent

    @override
    def get_bind(self, *asked: Any, **options: Any) -> Any:
        return self._lent if self._lent is not None else super().get_bind(*asked, **options)

    @override
    def commit(self) -> None:
        """Write what objects changed, and commit all of the transaction; listeners hear of it."""
        if self._lent is None or self.in_transaction():
            super().commit()
        else:
            self.dispatch.before_commit(self)
        self._give_back(commit=True)

    @override
    def rollback(self) -> None:
        """Undo all of the transaction."""
        if self._lent is None or self.in_transaction():
            super().rollback()
        self._give_back(commit=False)

    @override
    def close(self) -> None:
        """Undo what was not committed and let go of everything."""
        if self.in_transaction() or len(self.identity_map):
            super().close()
        self._give_back(commit=False)

    def _give_back(self, *, commit: bool) -> None:
        lent, self._lent = self._lent, None
        if lent is None:
            return
        try:
            if commit:
                lent.commit()
        finally:
            lent.close()


def connection_of(session: Session) -> Connection:
    """Return the connection on which a session's transaction runs, for statements in Core."""
    return session.lend() if isinstance(session, StepSession) else session.connection()
