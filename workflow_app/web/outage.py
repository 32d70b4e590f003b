"""The page for a database that is out of reach; made without asking it anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from flask import current_app, g, render_template
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from workflow_app.domain.actors import PUBLIC
from workflow_app.models import db
from workflow_app.services.context import Context
from workflow_app.web.current import platform
from workflow_app.web.language import language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

log = structlog.get_logger()
RETRY_SECONDS = "10"
#: PostgreSQL 17, appendix A: shutdowns, a server still starting, no connection left, a timeout.
GONE = {"57P01", "57P02", "57P03", "53300", "57014", "25P03"}


def is_outage(error: Exception) -> bool:
    """Tell whether the database is out of reach or too slow, rather than asked something wrong."""
    if isinstance(error, NoConnectionLeft):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", "")
    if state is None:
        return isinstance(error, OperationalError)
    return state in GONE or state.startswith("08")


def outage_page(error: SQLAlchemyError) -> ResponseReturnValue:
    """Return the page, as for a visitor whom nobody knows: who asks stands in the database."""
    log.error("database_out_of_reach", reason=str(error))
    db.session.remove()
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined] # noqa: SLF001
    g.context = _nobody()
    g.outage = True
    page = render_template("errors/503.html")
    return page, 503, {"Retry-After": RETRY_SECONDS}


def is_out() -> bool:
    """Tell whether this request is answered without the database."""
    return "outage" in g


def _nobody() -> Context:
    known: Context | None = g.get("context")
    if known is not None:
        return replace(known, actor=PUBLIC, session=db.session())
    parts = platform()
    return Context(
        platform=parts,
        session=db.session(),
        actor=PUBLIC,
        now=parts.clock.now(),
        language=language(),
    )
