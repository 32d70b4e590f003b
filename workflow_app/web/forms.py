"""The few forms that no designer draws."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_REASON = 1000


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


def _reason() -> TextAreaField:
    """Return a new field; errors are listed in the order in which fields were made."""
    asked = InputRequired(_l("Enter a reason"))
    return TextAreaField(
        validators=[asked, Length(max=LONGEST_REASON, message=_l("Enter a shorter reason"))]
    )


class ReasonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """Why something is done to a case."""

    reason = _reason()


class MoveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """Where a case is moved, and why."""

    way = SelectField(validators=[InputRequired(_l("Choose where the case goes"))])
    reason = _reason()


class CorrectForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is untyped
    """Which part of a case's data is corrected, as it was seen."""

    scope = HiddenField()
    seen = HiddenField()

    def values(self) -> list[Any]:
        """Return the fields of the data."""
        return [field for field in self if field.name.startswith("value_")]


def correcting_form(data: Mapping[str, Any]) -> type[CorrectForm]:
    """Return a form with a field for each name of some data, its value written as JSON."""
    fields = {
        f"value_{name}": TextAreaField(
            name, [_is_json], default=_written(value), id=f"value-{number}"
        )
        for number, (name, value) in enumerate(sorted(data.items()))
    }
    return type("DataForm", (CorrectForm,), {**fields, "reason": _reason()})


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _is_json(_form: Form, field: Any) -> None:
    try:
        json.loads(field.data or "")
    except (ValueError, RecursionError) as wrong:
        raise ValidationError(_l("Enter a number, a “text” in quotes, or other JSON")) from wrong
