"""Alembic's environment: the application's own engine and tables, batch mode for SQLite."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from flask import current_app

from workflow_app.models import Base
from workflow_app.models.base import Digest, UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column types as what the database sees."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, Digest):
        return "sa.LargeBinary(length=32)"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the tables of the workers' queue: they are Procrastinate's."""
    return kind != "table" or name is None or not name.startswith("procrastinate_")


def run_migrations() -> None:
    """Run the revisions on the application's database."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            include_name=include_name,
            compare_type=False,
        )
        with _tables_may_be_rebuilt(connection), context.begin_transaction():
            if connection.dialect.name == "postgresql":
                # What serves pages may not take long; building an index may.
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            context.run_migrations()


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """Let SQLite drop a table that others refer to, as rebuilding it does; then look at all rows.

    Raises RuntimeError when a row refers to one that is not there.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    lost = driver.execute("PRAGMA foreign_key_check").fetchall()
    if lost:
        message = f"rows refer to rows that are not there: {lost[:5]}"
        raise RuntimeError(message)


run_migrations()
