"""The few forms that no designer draws."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Form, StringField
from wtforms.validators import Email, InputRequired, Length


class EmailForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """Where to send a link."""

    email = EmailField(
        validators=[
            InputRequired(_l("Enter your e-mail address")),
            Email(_l("Enter an e-mail address such as name@example.org")),
            Length(max=254),
        ]
    )


class FollowForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """A case's number and key."""

    number = StringField(validators=[InputRequired(_l("Enter the case number")), Length(max=80)])
    key = StringField(validators=[InputRequired(_l("Enter the key")), Length(max=80)])


class CheckForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """A certificate's number; sent by GET, so without a token."""

    number = StringField(validators=[Length(max=80)])
