"""Pages of notices: the party opens them, whoever keeps the register records their service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from workflow_app.domain.actors import Permission
from workflow_app.domain.errors import Invalid
from workflow_app.domain.states import NoticeState, Service
from workflow_app.extensions import limiter
from workflow_app.queries import notices as queries
from workflow_app.services.case_store import load_case
from workflow_app.services.notices import open_notices
from workflow_app.services.reading import readable_case
from workflow_app.services.recording import may_record, recordable
from workflow_app.services.recording import record as record_service
from workflow_app.web.current import context, key_context
from workflow_app.web.keys import keyed_case
from workflow_app.web.presenting import cases as present
from workflow_app.web.presenting import notices as present_notices
from workflow_app.web.presenting.reasons import said
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

notices = Blueprint("notices", __name__)
MINE = "/follow/<word:number>/notices"
RECORD = "/cases/<word:number>/notices/<int:notice_id>"


class ServiceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """How and when a notice reached its party."""

    how = RadioField(
        choices=[
            SelectChoice(Service.POST.value, _l("by registered post")),
            SelectChoice(Service.HAND.value, _l("by hand")),
        ],
        validators=[InputRequired(_l("Choose how the notice reached the party"))],
    )
    day = DateField(validators=[InputRequired(_l("Enter the date on which it was received"))])
    remark = StringField(validators=[Length(max=300)])


@route(notices, MINE, Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit("60 per minute")
def mine(number: str) -> ResponseReturnValue:
    """Show the party its notices; opening those that wait lets them count as received."""
    case_id = keyed_case(number)
    if case_id is None:
        return redirect(url_for("public.follow"))
    ctx = key_context(case_id)
    if FlaskForm().validate_on_submit():
        open_notices(ctx, case_id)
        return redirect(url_for("notices.mine", number=number), 303)
    loaded = load_case(ctx, case_id)
    found = queries.of_case(ctx.session, case_id)
    read = [one for one in found if one.state == NoticeState.SERVED]
    return render_template(
        "public/notices.html",
        case=present.case_card(ctx, loaded),
        waiting=present_notices.waiting(ctx, loaded),
        notices=present_notices.rows(ctx, loaded, read),
    )


@route(notices, "/cases/<word:number>/notices", Permission.WORK)
def of_case(number: str) -> ResponseReturnValue:
    """List the notices of a case, with how and when each was served."""
    ctx = context()
    loaded = readable_case(ctx, number)
    found = queries.of_case(ctx.session, loaded.row.id)
    return render_template(
        "case/notices.html",
        case=present.case_card(ctx, loaded),
        notices=present_notices.rows(ctx, loaded, found),
        may_record=may_record(ctx, loaded),
    )


@route(notices, RECORD, Permission.WORK, methods=("GET", "POST"))
def record(number: str, notice_id: int) -> ResponseReturnValue:
    """Record that a notice reached its party by post or by hand."""
    ctx = context()
    loaded = readable_case(ctx, number)
    notice = recordable(ctx, loaded, notice_id)
    form = ServiceForm()
    if form.validate_on_submit():
        how, remark = Service(form.how.data), (form.remark.data or "").strip()
        try:
            record_service(ctx, loaded, notice, how, form.day.data, remark)
        except Invalid as wrong:
            form.day.errors = [said(wrong)]
        else:
            flash(_("The service of the notice is recorded."), "success")
            return redirect(url_for("notices.of_case", number=number), 303)
    (row,) = [
        one
        for one in present_notices.rows(ctx, loaded, queries.of_case(ctx.session, loaded.row.id))
        if one["id"] == notice_id
    ]
    page = render_template(
        "case/serve.html",
        case=present.case_card(ctx, loaded),
        notice=row,
        form=form,
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors else 200
