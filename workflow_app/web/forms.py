"""The few forms that no designer draws."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn

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
    """Return a form with a field for each name of some data: text as it is, all else as JSON."""
    fields = {
        f"value_{name}": TextAreaField(
            name, [_Readable(value)], default=_written(value), id=f"value-{number}"
        )
        for number, (name, value) in enumerate(sorted(data.items()))
    }
    return type("DataForm", (CorrectForm,), {**fields, "reason": _reason()})


def read_value(text: str, old: Any) -> Any:
    """Return what somebody wrote in the place of a value: text stays text, all else is JSON.

    Raises ValueError, RecursionError for what is neither or cannot be stored.
    """
    if text.replace("\r\n", "\n") == _written(old).replace("\r\n", "\n"):
        return old
    if isinstance(old, str):
        value = text.replace("\r\n", "\n")
    else:
        value = json.loads(text, parse_constant=_no_number, parse_float=_number)
    _written(value).encode()
    return value


def _written(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2)


def _number(text: str) -> float:
    return float(text) if isfinite(float(text)) else _no_number(text)


def _no_number(text: str) -> NoReturn:
    msg = f"{text} is no number"
    raise ValueError(msg)


class _Readable:
    """Wants something that can stand in the place of a value."""

    def __init__(self, old: Any) -> None:
        self.old = old

    def __call__(self, _form: Form, field: Any) -> None:
        try:
            read_value(field.data or "", self.old)
        except (ValueError, RecursionError) as wrong:
            raise ValidationError(
                _l("Enter a number, a “text” in quotes, or other JSON")
            ) from wrong
