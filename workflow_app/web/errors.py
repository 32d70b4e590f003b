"""One table from errors to pages: what went wrong in plain words; nothing leaks or is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from workflow_app.domain.errors import (
    AlreadyClaimed,
    AlreadyCompleted,
    Conflict,
    DomainError,
    NoLongerOpen,
    NotAllowed,
    NotFound,
    Sealed,
)
from workflow_app.engine import StepFailed
from workflow_app.form_builder import FormRuleError
from workflow_app.models import db
from workflow_app.services.context import transaction
from workflow_app.services.drafts import DraftChanged
from workflow_app.services.stuck import CaseStuck, record_incident, told_of
from workflow_app.web.current import SignInNeeded, context
from workflow_app.web.drafting import draft_changed
from workflow_app.web.outage import is_outage, outage_page
from workflow_app.web.presenting.reasons import said, told_or
from workflow_app.web.rescue import REASONED, keep_aside

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

log = structlog.get_logger()
#: What SQLite and PostgreSQL say when two people wrote at once; any other fault is ours.
RIVALRY = ("locked", "busy", "unique", "duplicate", "deadlock", "serialize", "lock timeout")
PAGES = {400, 403, 404, 409, 413, 429, 500}


def register_errors(app: Flask) -> None:
    """Attach a page to every error that a person may meet."""
    app.register_error_handler(SignInNeeded, _sign_in)
    app.register_error_handler(CaseStuck, _stuck)
    app.register_error_handler(FormRuleError, _rule)
    app.register_error_handler(DraftChanged, draft_changed)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _sign_in(_error: SignInNeeded) -> ResponseReturnValue:
    db.session.rollback()
    if keep_aside():
        flash(_("Sign in again to go on. What you had entered is kept."), "success")
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _stuck(error: CaseStuck) -> ResponseReturnValue:
    ctx = context()
    db.session.rollback()
    with transaction(ctx.session):
        record_incident(ctx, error)
    keep_aside()
    log.warning("case_stuck", case_id=error.case_id, element=error.failure.element)
    text = _(
        "The case could not go on after this step. What you entered is kept, the case stays where "
        "it was, and its supervisors see why."
    )
    reason = told_or({"reason": error.failure.reason, **told_of(error.failure)})
    return render_template("errors/stuck.html", text=text, reason=reason), 409


def _rule(error: FormRuleError) -> ResponseReturnValue:
    log.warning("form_rule_failed", reason=str(error))
    keep_aside()
    text = _("A rule of this form could not be applied. What you entered is kept.")
    return render_template("errors/stuck.html", text=text, reason=said(error)), 500


def _domain(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, NotAllowed):
        return render_template("errors/403.html", reason=said(error), task_url=_first(error)), 403
    if isinstance(error, NotFound):
        known = None if error.text == NotFound.message else said(error)
        return render_template("errors/404.html", reason=known), 404
    if isinstance(error, Conflict):
        keep_aside()
        return render_template("errors/409.html", **_conflict(error)), 409
    if isinstance(error, StepFailed):
        log.warning("step_failed", element=error.element, reason=error.reason)
        keep_aside()
        text = _("This could not be done now. What you entered is kept; please try again later.")
        return render_template("errors/stuck.html", text=text, reason=said(error)), 409
    return render_template("errors/400.html", reason=said(error)), 400


def _first(error: NotAllowed) -> str | None:
    """Return where somebody does what has to be done first."""
    return url_for("work.task", task_id=error.params["item"]) if isinstance(error, Sealed) else None


def _conflict(error: Conflict) -> dict[str, Any]:
    kinds = {AlreadyClaimed: "claimed", AlreadyCompleted: "completed"}
    inside = context().actor.is_signed_in
    return {
        "what": kinds.get(type(error), "changed"),
        "who": error.params.get("who") if inside else None,
        "at": error.params.get("when"),
        "text": said(error) if _has_words(error) else None,
        "url": _where_on() if inside else None,
    }


def _has_words(error: Conflict) -> bool:
    return isinstance(error, NoLongerOpen) or (
        type(error) is Conflict and error.text != Conflict.message
    )


def _where_on() -> str:
    """Return where who was slower goes on: the case that they were helping, or the inbox."""
    if request.endpoint in REASONED and request.view_args:
        return url_for("cases.show", number=request.view_args["number"])
    return url_for("desk.inbox")


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    if keep_aside():
        flash(
            _("Your session had ended. What you had entered is kept: check it and send it again.")
        )
        return redirect(request.full_path.rstrip("?"), 303)
    reason = _(
        "This page was open for too long or in another session. Go back, reload it and send it "
        "again: what you typed was saved."
    )
    return render_template("errors/400.html", reason=reason), 400


def _database(error: SQLAlchemyError) -> ResponseReturnValue:
    if is_outage(error):
        return outage_page(error)
    if not isinstance(error, DBAPIError) or not _is_rivalry(error):
        return _unexpected(error)
    log.error("database_busy", reason=str(error.orig))
    db.session.rollback()
    keep_aside()
    return render_template("errors/409.html", what="changed", who=None, at=None, url=None), 409


def _is_rivalry(error: DBAPIError) -> bool:
    said = str(error.orig).lower()
    return any(word in said for word in RIVALRY)


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    page = code if code in PAGES else (404 if code == 405 else 400)
    return render_template(f"errors/{page}.html"), code


def _unexpected(error: Exception) -> ResponseReturnValue:
    # The outer edge of the web: whatever was not foreseen is logged whole and told without detail.
    log.error("unexpected_error", path=request.path, error=str(error))
    db.session.rollback()
    return render_template("errors/500.html"), 500
