"""Pages about the service: whom to write to, what is kept of people, how cases go in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, Optional

from workflow_app.domain.actors import Permission
from workflow_app.domain.text import N_
from workflow_app.extensions import limiter
from workflow_app.services.feedback import Message, send_message
from workflow_app.web.caching import for_everybody
from workflow_app.web.current import context
from workflow_app.web.presenting import statistics as present
from workflow_app.web.presenting.open_data import MARK, csv_line
from workflow_app.web.routing import route

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

about = Blueprint("about", __name__)
TOPICS = {
    "question": N_("A question"),
    "barrier": N_("Something I cannot use"),
    "error": N_("Something that is wrong on a page"),
    "data": N_("My personal data"),
    "other": N_("Something else"),
}
LONGEST = 3_000


class MessageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """What a visitor writes to us."""

    topic = SelectField(choices=[SelectChoice(key, _l(word)) for key, word in TOPICS.items()])
    message = TextAreaField(
        validators=[
            InputRequired(_l("Write your message")),
            Length(max=LONGEST, message=_l("Write at most 3,000 characters")),
        ]
    )
    email = EmailField(
        validators=[
            Optional(),
            Email(_l("Enter an e-mail address such as name@example.org")),
            Length(max=254),
        ]
    )
    page = HiddenField(validators=[Length(max=500)])


@route(about, "/contact", Permission.PUBLIC, methods=("GET", "POST"))
@limiter.limit("10 per hour", methods=["POST"])
def contact() -> ResponseReturnValue:
    """Take a visitor's message, such as one about a barrier."""
    ctx = context()
    asked = {"topic": request.args.get("topic"), "page": request.args.get("page", "")}
    form = MessageForm(data=asked)
    if form.validate_on_submit():
        told = {name: form[name].data or "" for name in ("message", "email", "page")}
        send_message(ctx, Message(topic=TOPICS[form.topic.data], **told))
        return render_template(
            "public/sent.html",
            title=_("Your message is on its way"),
            paragraphs=[_("We answer within ten working days if you gave an address.")],
        )
    page = render_template(
        "public/contact.html",
        form=form,
        address=ctx.platform.settings.mail_from,
        has_errors=bool(form.errors),
    )
    return page, 422 if form.errors else 200


@route(about, "/privacy", Permission.PUBLIC)
def privacy() -> ResponseReturnValue:
    """Say what is kept of people, why, and what they may ask for."""
    return render_template("public/privacy.html")


@route(about, "/statistics", Permission.PUBLIC)
@limiter.limit("60 per minute")
def statistics() -> ResponseReturnValue:
    """Show how many cases there were and how long they took."""
    return render_template("public/statistics.html", **present.statistics(context()))


@route(about, "/statistics.<any(csv,json):kind>", Permission.PUBLIC)
@limiter.limit("60 per minute")
def statistics_file(kind: str) -> ResponseReturnValue:
    """Give the statistics to programs."""
    rows = present.flat(present.statistics(context()))
    if kind == "json":
        return for_everybody(jsonify(rows))
    lines = [csv_line(row[name] for name in present.COLUMNS) for row in rows]
    body = MARK + csv_line(present.COLUMNS) + "".join(lines)
    answer = Response(body, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return for_everybody(answer)
