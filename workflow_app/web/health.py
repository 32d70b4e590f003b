"""What load balancers and supervisors ask: does the process live, may it be given visitors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from workflow_app.domain.actors import Permission
from workflow_app.extensions import newest_revision
from workflow_app.web.current import context
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

health = Blueprint("health", __name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}


@route(health, "/healthz", Permission.PUBLIC)
def live() -> ResponseReturnValue:
    """Say that the process answers, whatever becomes of the database."""
    return "alive\n", PLAIN


@route(health, "/readyz", Permission.PUBLIC)
def ready() -> ResponseReturnValue:
    """Say whether the database is there and of the version that this program needs."""
    session = context().session
    try:
        fault = _fault(session)
    except SQLAlchemyError:
        session.rollback()
        fault = "the database does not answer"
    return (f"not ready: {fault}\n", 503, PLAIN) if fault else ("ready\n", PLAIN)


def _fault(session: Session) -> str:
    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    wanted = _newest()
    return "" if found == wanted else f"the database is at revision {found}, not {wanted}"


_newest = cache(newest_revision)
