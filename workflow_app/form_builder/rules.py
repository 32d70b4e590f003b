"""The rules that an entry must keep, as WTForms validators; the first one broken is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex  # type: ignore[import-untyped]  # has no types
from wtforms.validators import StopValidation

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.form_builder import text
from workflow_app.form_builder.errors import FormRuleError
from workflow_app.form_builder.numbers import write_number
from workflow_app.form_builder.schema import ComponentType, Flag, Item, Kind, Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.feel import Expression
    from workflow_app.form_builder.containers import RowsField
    from workflow_app.form_builder.context import FormContext
    from workflow_app.form_builder.fields import AnswerField
    from workflow_app.form_builder.template_text import TextTemplate

#: A designer's pattern may take this long, in seconds, on one entry.
PATTERN_SECONDS = 0.2

_EMAIL = regex.compile(r"[^@\s,;<>()]+@[^@\s,;<>().]+(\.[^@\s,;<>().]+)+")
_PHONE = regex.compile(r"\+?[\d\s()./-]{5,30}")

_MISSING = {
    ComponentType.CHECKBOX: text.TICK,
    ComponentType.RADIO: text.CHOOSE,
    ComponentType.SELECT: text.CHOOSE,
    ComponentType.CHECKLIST: text.CHOOSE_SOME,
    ComponentType.TAGLIST: text.CHOOSE_SOME,
    ComponentType.FILEPICKER: text.UPLOAD,
}


def skip_unasked(_form: object, field: AnswerField) -> None:
    """Stop without a message where nothing is asked: hidden, read-only."""
    if not field.answers_something:
        raise StopValidation


def keep_upload_errors(_form: object, field: AnswerField) -> None:
    """Stop where reading the entry already failed with a sentence, as a refused upload does."""
    if field.errors:
        raise StopValidation


def readable(_form: object, field: AnswerField) -> None:
    """Require that the entry can be read."""
    if field.fault is None:
        return
    field.bad_part = field.fault.part
    _stop(field, field.fault.message, **field.fault.params)


def present(_form: object, field: AnswerField) -> None:
    """Require an entry where the form asks for one."""
    if not _is_empty(field.data):
        return
    if is_required(field):
        _stop(field, _missing_message(field.item))


def long_enough(_form: object, field: AnswerField) -> None:
    """Require the length that is asked for, counted in characters."""
    if not isinstance(field.data, str) or not field.data:
        return
    length, rules = len(field.data), field.item.rules
    least, most = _limit(field, rules.min_length), _limit(field, rules.max_length)
    if least is not None and length < least:
        _stop(field, text.TOO_SHORT, number=int(least), length=length)
    if most is not None and length > most:
        _stop(field, text.TOO_LONG, number=int(most), length=length)


def within_bounds(_form: object, field: AnswerField) -> None:
    """Require a number between its bounds, both included."""
    if isinstance(field.data, bool) or not isinstance(field.data, int | float):
        return
    least, most = _limit(field, field.item.rules.minimum), _limit(field, field.item.rules.maximum)
    if least is not None and field.data < least:
        _stop(field, text.TOO_SMALL, limit=write_number(least))
    if most is not None and field.data > most:
        _stop(field, text.TOO_LARGE, limit=write_number(most))


def not_past(_form: object, field: AnswerField) -> None:
    """Require a date of today or later where the form says so."""
    if not field.item.rules.not_before_today or not isinstance(field.data, str):
        return
    if field.data[:10] < field.context.now.date().isoformat():
        _stop(field, text.IN_THE_PAST)


def written_right(_form: object, field: AnswerField) -> None:
    """Require the designer's pattern, an e-mail address or a telephone number."""
    if not isinstance(field.data, str) or not field.data:
        return
    rules = field.item.rules
    if rules.pattern and not _matches(field, rules.pattern):
        _stop_with(field, rules.pattern_message, text.WRONG_PATTERN)
    if rules.validation_type == "email" and not _EMAIL.fullmatch(field.data):
        _stop(field, text.NOT_EMAIL)
    if rules.validation_type == "phone" and not _PHONE.fullmatch(field.data):
        _stop(field, text.NOT_PHONE)


def _matches(field: AnswerField, pattern: str) -> bool:
    """Search as a browser does, anywhere unless anchored; a pattern that runs on is an error."""
    try:
        return regex.search(pattern, field.data, timeout=PATTERN_SECONDS) is not None
    except TimeoutError as exc:
        slow = DomainError(N_("the pattern takes too long"))
        raise FormRuleError(field.item.where, pattern, slow) from exc


def passes_check(_form: object, field: AnswerField) -> None:
    """Require that the designer's own rule holds."""
    if not check_holds(field.item, field.context, field.scope):
        _stop_with(field, field.item.rules.check_message, text.CHECK_FAILED)


def check_holds(item: Item, context: FormContext, scope: Mapping[str, object]) -> bool:
    """Whether `properties.check` is fine.

    Null counts as fine while something that the rule reads is empty: that has its own message.
    Any other value than true, false and null is the designer's mistake: FormRuleError.
    """
    rule = item.rules.check
    if rule is None:
        return True
    value = context.evaluate(rule, scope, item.where)
    if isinstance(value, bool):
        return value
    if value is None:
        return any(_is_empty(scope.get(name)) for name in rule.names)
    neither = DomainError(N_("it gives neither true nor false"))
    raise FormRuleError(item.where, rule.text, neither)


def is_required(field: AnswerField | RowsField) -> bool:
    """Whether an entry is asked for now."""
    rules = field.item.rules
    return (
        field.item.kind is Kind.SIGN
        or _is_true(field, rules.required)
        or _holds(field, rules.required_if)
    )


def may_be_required(item: Item) -> bool:
    """Whether an entry can ever be asked for."""
    return item.rules.required.possible or item.rules.required_if is not None


def _is_true(field: AnswerField | RowsField, flag: Flag) -> bool:
    return flag.fixed or _holds(field, flag.expression)


def _holds(field: AnswerField | RowsField, rule: Expression | None) -> bool:
    if rule is None:
        return False
    return field.context.evaluate(rule, field.scope, field.item.where) is True


def _limit(field: AnswerField, limit: Limit) -> float | None:
    if limit.expression is None:
        return limit.number
    value = field.context.evaluate(limit.expression, field.scope, field.item.where)
    return value if isinstance(value, int | float) else None


def _missing_message(item: Item) -> str:
    if item.kind is Kind.SCORE:
        return text.CHOOSE
    if item.type is ComponentType.DATETIME:
        return text.ENTER_TIME if item.source.subtype == "time" else text.ENTER_DATE
    return _MISSING.get(item.type, text.ENTER)


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", [])


def _stop(field: AnswerField | RowsField, message: str, **params: object) -> None:
    raise StopValidation(field.context.words(message, label=field.caption, **params))


def _stop_with(field: AnswerField | RowsField, said: TextTemplate, otherwise: str) -> None:
    """Stop with the designer's sentence, else with ours."""
    if not said:
        _stop(field, otherwise)
    raise StopValidation(field.context.fill(said, field.scope, field.item.where))


VALIDATORS = (
    skip_unasked,
    keep_upload_errors,
    readable,
    present,
    long_enough,
    within_bounds,
    not_past,
    written_right,
    passes_check,
)


def enough_rows(_form: object, field: RowsField) -> None:
    """Require as many rows as the form asks for."""
    rules, count = field.item.rows, len(field.entries)
    least = max(rules.minimum, 1 if is_required(field) else 0)
    if count < least and not rules.fixed:
        message = text.ADD_ROW if least == 1 else text.ADD_ROWS
        _stop(field, message, number=least)
    if count > rules.maximum and not rules.fixed:
        _stop(field, text.TOO_MANY_ROWS, number=rules.maximum)


def rows_pass_check(_form: object, field: RowsField) -> None:
    """Require the designer's rule on the whole list; it sees the whole form."""
    if not check_holds(field.item, field.context, field.scope):
        _stop_with(field, field.item.rules.check_message, text.CHECK_FAILED)


ROW_VALIDATORS = (enough_rows, rows_pass_check)
