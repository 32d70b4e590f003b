"""Pages for supervisors: what went wrong, and what can be done about it; each asks for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Conflict, DomainError
from workflow_app.engine import StepFailed
from workflow_app.engine.mending import CannotMend
from workflow_app.queries.incidents import incidents_page
from workflow_app.queries.pages import read_cursor
from workflow_app.services.reading import number_after_step
from workflow_app.services.rescuing import (
    Correction,
    cancel_case,
    correct_data,
    correctable,
    digest_of,
    move_token,
    standing,
)
from workflow_app.services.retrying import retry_incident, stuck_at, supervised_case
from workflow_app.services.stuck import OUTGOING, CaseStuck, record_incident, told_of
from workflow_app.web.current import context
from workflow_app.web.forms import MoveForm, ReasonForm, correcting_form, read_value
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting import incidents as present_incidents
from workflow_app.web.presenting.reasons import said, told_or
from workflow_app.web.rescue import keep_for, kept_aside
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from workflow_app.engine.mending import DataScope
    from workflow_app.services.case_store import Loaded

mending = Blueprint("mending", __name__)
BOTH = ("GET", "POST")
RETRY = "/cases/<word:number>/incidents/<int:incident_id>/retry"


@route(mending, "/incidents", Permission.SUPERVISE)
def worklist() -> ResponseReturnValue:
    """List what waits for somebody in the reader's territories."""
    ctx = context()
    page = incidents_page(ctx.session, ctx.actor, read_cursor(request.args.get("page"), int))
    return render_template(
        "desk/incidents.html",
        incidents=[present_incidents.worklist_row(ctx, row) for row in page.rows],
        previous_url=url_for("mending.worklist", page=page.previous) if page.previous else None,
        next_url=url_for("mending.worklist", page=page.next) if page.next else None,
    )


@route(mending, RETRY, Permission.SUPERVISE, methods=BOTH)
def retry(number: str, incident_id: int) -> ResponseReturnValue:
    """Try again what failed."""
    ctx = context()
    loaded = supervised_case(ctx, number)
    incident = stuck_at(ctx, loaded.row.id, incident_id)
    form = _opened(ReasonForm)
    if form.validate_on_submit():
        outgoing = incident.kind == OUTGOING
        try:
            retry_incident(ctx, number, incident_id, form.reason.data)
        except CaseStuck as stuck:
            return _failed_again(loaded, stuck)
        done = _("It is being tried again.") if outgoing else _("The step went through.")
        return _back(loaded, done)
    row = present_incidents.case_row(ctx, loaded, incident)
    return _page("retry", loaded, form, incident=row)


def _failed_again(loaded: Loaded, stuck: CaseStuck) -> ResponseReturnValue:
    """Note why it failed this time, and show that with what the supervisor had typed."""
    ctx = context()
    ctx.session.rollback()
    record_incident(ctx, stuck)
    number, newest = loaded.row.number, stuck_at(ctx, stuck.case_id)
    target = url_for("mending.retry", number=number, incident_id=newest.id)
    keep_for(target)
    flash(_("It failed again. What you entered is kept."), "error")
    return redirect(target, 303)


@route(mending, "/cases/<word:number>/data", Permission.SUPERVISE, methods=BOTH)
def data(number: str) -> ResponseReturnValue:
    """Correct the data of a case."""
    ctx = context()
    loaded = supervised_case(ctx, number)
    scopes = {scope.id: scope for scope in correctable(ctx, loaded)}
    scope = scopes.get(request.values.get("scope", ""))
    if scope is None:
        raise Conflict
    form = _opened(correcting_form(scope.data), scope=scope.id, seen=digest_of(scope.data))
    if form.validate_on_submit():
        correction = Correction(
            scope=scope.id,
            changes=_changes(form, scope),
            seen=form.seen.data,
            reason=form.reason.data,
        )
        if _tried(form, lambda: correct_data(ctx, number, correction)):
            return _back(loaded, _("The data is corrected."))
    elif not form.is_submitted():
        _compare(form, scope)
    places = [present_incidents.place(ctx, loaded, one) for one in scopes.values()]
    return _page("data", loaded, form, scope=scope.id, places=places)


def _changes(form: Any, scope: DataScope) -> dict[str, Any]:
    """Return the names whose values are no longer what they were."""
    old = scope.data
    read = {name: read_value(form[f"value_{name}"].data or "", old[name]) for name in old}
    return {name: value for name, value in read.items() if _differs(value, old[name])}


def _differs(one: Any, other: Any) -> bool:
    """Tell whether two values are different to a process, where true is not 1."""
    return digest_of(one) != digest_of(other)


def _compare(form: Any, scope: DataScope) -> None:
    """Show the data as it is now; where somebody had typed another value, name that beside it.

    Only while what was kept aside was typed over other data: sending it would undo what has
    changed meanwhile.
    """
    now = digest_of(scope.data)
    if form.seen.data == now:
        return
    form.scope.data, form.seen.data = scope.id, now
    for field in form.values():
        had, field.data = field.data, field.default
        if had not in (None, "", field.data):
            field.errors = [
                _("This has changed in the meantime. You had entered: %(value)s", value=had)
            ]


@route(mending, "/cases/<word:number>/move", Permission.SUPERVISE, methods=BOTH)
def move(number: str) -> ResponseReturnValue:
    """Move a case to another step."""
    ctx = context()
    loaded = supervised_case(ctx, number)
    form = _opened(MoveForm)
    ways = present_incidents.ways(ctx, loaded, standing(loaded))
    form.way.choices = [("", _("Choose a way")), *ways]
    if form.way.data not in dict(form.way.choices):
        if form.is_submitted() and form.way.data:
            raise Conflict
        form.way.data = ""
    if form.validate_on_submit():
        task_id, _space, target = form.way.data.partition(" ")
        if _tried(form, lambda: move_token(ctx, number, task_id, target, form.reason.data)):
            return _back(loaded, _("The case stands at another step now."))
    return _page("move", loaded, form)


@route(mending, "/cases/<word:number>/cancel", Permission.SUPERVISE, methods=BOTH)
def cancel(number: str) -> ResponseReturnValue:
    """End a case where it stands."""
    ctx = context()
    loaded = supervised_case(ctx, number)
    standing(loaded)
    form = _opened(ReasonForm)
    if form.validate_on_submit() and _tried(
        form, lambda: cancel_case(ctx, number, form.reason.data)
    ):
        return _back(loaded, _("The case is cancelled."))
    return _page("cancel", loaded, form)


def _opened(kind: Callable[..., Any], **values: Any) -> Any:
    """Return a form as it was posted, or as somebody had left it whose session had ended."""
    kept = kept_aside(context()) if request.method == "GET" else None
    return kind(**values) if kept is None else kind(kept, **values)


def _tried(form: Any, act: Callable[[], object]) -> bool:
    """Do it; what the case does not allow becomes an error of the form."""
    try:
        act()
    except (CannotMend, StepFailed) as refused:
        context().session.rollback()
        form.form_errors.append(_why(refused))
        return False
    return True


def _why(refused: DomainError) -> str:
    """Return why something cannot be done; of a step that failed its reason, without its id."""
    if not isinstance(refused, StepFailed):
        return said(refused)
    return told_or({"reason": refused.reason, **told_of(refused)}) or ""


def _page(name: str, loaded: Loaded, form: Any, **shown: Any) -> ResponseReturnValue:
    page = render_template(
        f"case/{name}.html",
        case=present.case_card(context(), loaded),
        back_url=url_for("cases.show", number=loaded.row.number),
        form=form,
        has_errors=bool(form.errors),
        **shown,
    )
    return page, 422 if form.errors and request.method == "POST" else 200


def _back(loaded: Loaded, done: str) -> ResponseReturnValue:
    flash(done, "success")
    number = number_after_step(context(), loaded.row.id, loaded.row.number)
    return redirect(url_for("cases.show", number=number), 303)
