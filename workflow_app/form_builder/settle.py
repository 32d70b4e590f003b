"""Settles a bound form: which fields are hidden, what is computed, which choices are meant.

Conditions and computed values may read each other, so passes are made until nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import DomainError
from workflow_app.domain.text import N_
from workflow_app.form_builder.containers import GroupField, LevelForm, RowField, RowsField
from workflow_app.form_builder.errors import WHOLE_FORM, FormRuleError
from workflow_app.form_builder.fields import AnswerField, ChoiceEntry, ComputedEntry
from workflow_app.form_builder.numbers import to_the_cent
from workflow_app.form_builder.paths import overlaid, set_path
from workflow_app.form_builder.schema import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow_app.form_builder.context import FormContext
    from workflow_app.form_builder.paths import Json

MAX_PASSES = 25
CIRCLE = N_("these rules depend on each other in a circle")

BoundField = AnswerField | GroupField | RowsField


def settle(form: LevelForm, context: FormContext) -> None:
    """Bring every field's `scope`, `hidden` and computed `data` up to date.

    FormRuleError when an expression fails or when rules chase each other in a circle.
    """
    work = _Settling(context)
    for _ in range(MAX_PASSES):
        work.changed = False
        work.level(form, context.scope, {}, hidden=False)
        if not work.changed:
            return
    raise FormRuleError(WHOLE_FORM, "hide, expression", DomainError(CIRCLE))


@dataclass(slots=True)
class _Settling:
    context: FormContext
    changed: bool = False

    def level(
        self,
        form: LevelForm,
        outer: Mapping[str, object],
        names: Mapping[str, object],
        *,
        hidden: bool,
    ) -> None:
        """Settle one level; `names` stand between the outer scope and the level's own values."""
        form.scope = overlaid({**outer, **names}, level_values(form))
        for field in form.fields():
            self._field(field, form.scope, hidden=hidden)

    def _field(self, field: BoundField, scope: Mapping[str, object], *, hidden: bool) -> None:
        field.scope = scope
        self._note(field, "hidden", hidden or self._is_hidden(field))
        if isinstance(field, RowsField):
            self._rows(field, scope)
        elif isinstance(field, GroupField):
            self.level(field.form, scope, {}, hidden=field.hidden)
        elif isinstance(field, ComputedEntry):
            self._compute(field)
        elif isinstance(field, ChoiceEntry) and field.posted:
            self._choose(field)

    def _is_hidden(self, field: BoundField) -> bool:
        where = field.item.where
        return any(
            self.context.evaluate(condition, field.scope, where) is True
            for condition in field.item.conditions
        )

    def _rows(self, field: RowsField, scope: Mapping[str, object]) -> None:
        for position, row in enumerate(field.rows):
            names = {"this": row_values(field, row), "parent": dict(scope), "i": position + 1}
            row.scope = scope
            self._note(row, "hidden", field.hidden)
            self.level(row.form, scope, names, hidden=field.hidden)

    def _compute(self, field: ComputedEntry) -> None:
        expression = field.item.expression
        if expression is not None:
            value = self.context.evaluate(expression, field.scope, field.item.where)
            is_money = field.item.kind is Kind.MONEY
            self._note(field, "data", to_the_cent(value) if is_money else value)

    def _choose(self, field: ChoiceEntry) -> None:
        before = field.data
        field.settle()
        self.changed |= field.data != before

    def _note(self, field: object, name: str, value: object) -> None:
        self.changed |= getattr(field, name) != value
        setattr(field, name, value)


def level_values(form: LevelForm) -> dict[str, Json]:
    """Give what the fields of a level hold now; hidden ones hold nothing."""
    values: dict[str, Any] = {}
    for field in form.fields():
        set_path(values, field.item.path, _field_value(field))
    return values


def _field_value(field: BoundField) -> Json:
    if field.hidden:
        return None
    if isinstance(field, RowsField):
        return [row_values(field, row) for row in field.rows]
    if isinstance(field, GroupField):
        return level_values(field.form)
    return field.data


def row_values(field: RowsField, row: RowField) -> dict[str, Json]:
    """Give a row's values: the row of the data it came from, its own fields over it."""
    base = field.base[row.origin] if row.origin is not None else {}
    return overlaid(base, level_values(row.form))
