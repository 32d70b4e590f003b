"""How SQLite is used: WAL, full sync, and a write lock taken at once by the first write.

A deferred transaction that has read fails with "database is locked" when it turns to writing,
whatever the timeout; so reads run outside a transaction and the first write says BEGIN IMMEDIATE.
So does a SELECT … FOR UPDATE that says so by the option LOCKS: SQLite itself has no such thing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, event

LOCKS = "locks"
_READS = ("SELECT", "PRAGMA", "WITH", "EXPLAIN")


def install_sqlite_rules(engine: Engine) -> None:
    """Attach the rules to an engine; does nothing on another database."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    # With `retval` SQLAlchemy calls the rule itself, without a wrapper for every statement.
    event.listen(engine, "before_cursor_execute", _before_execute, retval=True)


def _on_connect(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        "busy_timeout=30000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _before_execute(
    _conn: object, cursor: Any, statement: str, parameters: Any, context: Any, _many: object
) -> tuple[str, Any]:
    if not cursor.connection.in_transaction:
        reads = statement.lstrip()[:7].upper().startswith(_READS)
        if not reads or LOCKS in getattr(context, "execution_options", ()):
            cursor.execute("BEGIN IMMEDIATE")
    return statement, parameters
