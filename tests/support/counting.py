"""Counting what an action asks of the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

from workflow_app.models import db

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@contextmanager
def statements_of(app: Flask) -> Iterator[list[str]]:
    """Give a list that fills with the statements executed inside the block."""
    seen: list[str] = []

    def note(*told: object) -> None:
        seen.append(str(told[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
