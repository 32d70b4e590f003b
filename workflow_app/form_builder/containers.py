"""Dynamic lists and groups: FieldList and FormField that carry rows of the data along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wtforms.fields import FieldList, FormField
from wtforms.form import Form
from wtforms.utils import unset_value

from workflow_app.form_builder.paths import get_path
from workflow_app.form_builder.posted import FROM, row_numbers
from workflow_app.form_builder.rules import ROW_VALIDATORS, check_holds
from workflow_app.form_builder.text import CHECK_FAILED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow_app.form_builder.context import FormContext
    from workflow_app.form_builder.fields import AnswerField
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.posted import Posted
    from workflow_app.form_builder.schema import Item


class LevelForm(Form):  # type: ignore[misc]  # wtforms has no types
    """The fields of one level: the whole form, a group with a path, or a row."""

    scope: Mapping[str, object]

    def __init__(self, **kwargs: Json) -> None:
        self.scope = {}
        super().__init__(**kwargs)

    def fields(self) -> Iterator[AnswerField | RowsField | GroupField]:
        """Yield the bound fields in page order."""
        yield from self._fields.values()

    def field_of(self, item: Item) -> Json:
        """Give the bound field of one of this level's items."""
        return next(field for field in self.fields() if field.item is item)

    @classmethod
    def initial(cls, data: object) -> dict[str, object]:
        """Pick this level's starting values out of the data, by attribute name."""
        found: dict[str, object] = {}
        for attribute, item in cls.attributes().items():
            value = get_path(data, item.path)
            if value is not None:
                found[attribute] = value
        return found

    @classmethod
    def attributes(cls) -> Mapping[str, Item]:
        """Give the class attributes that hold fields, and their items."""
        attributes: Mapping[str, Item] = getattr(cls, "_attributes", {})
        return attributes


def bind_level(
    form_class: type[LevelForm], posted: Posted | None, data: object, where: Mapping[str, Any]
) -> LevelForm:
    """Bind one level; `where` holds WTForms' prefix and meta.

    WTForms would pass the data as keyword arguments, where a key called "prefix" does harm.
    """
    return form_class(formdata=posted, data=form_class.initial(data), **where)


class GroupField(FormField):  # type: ignore[misc]  # wtforms has no types
    """A group with a path."""

    def __init__(self, form_class: type[LevelForm], *, item: Item, **kwargs: Json) -> None:
        super().__init__(form_class, label="", **kwargs)
        self.item = item
        self.hidden = False
        self.scope: Mapping[str, object] = {}
        self.own_errors: list[str] = []

    @property
    def context(self) -> FormContext:
        """What all fields of this form share."""
        context: FormContext = self.meta.context
        return context

    def process(
        self, formdata: Posted | None, data: object = unset_value, **_unused: object
    ) -> None:
        """Bind the level inside."""
        self.object_data = {} if data is unset_value else data
        where = {
            "prefix": f"{self.name}{self.separator}",
            "meta": {"_parent_form": self._form, "context": self.meta.context},
        }
        self.form = bind_level(self.form_class, formdata, self.object_data, where)

    def validate(self, _form: object, _extra: object = ()) -> bool:
        """Validate what is inside, then the group's own check."""
        if self.hidden:
            return True
        inside = bool(self.form.validate())
        fine = check_holds(self.item, self.context, self.scope)
        self.own_errors = [] if fine else [self._complaint()]
        return inside and fine

    def _complaint(self) -> str:
        said, context = self.item.rules.check_message, self.context
        label = context.fill(self.item.label, self.scope, self.item.where)
        own = context.fill(said, self.scope, self.item.where)
        return own or context.words(CHECK_FAILED, label=label or self.item.name)


class RowField(GroupField):
    """One row; `origin` is the number of the row of the data it came from."""

    origin: int | None = None
    index: int


class RowsField(FieldList):  # type: ignore[misc]  # wtforms has no types
    """A dynamic list."""

    validators = ROW_VALIDATORS

    def __init__(self, unbound_field: Json, *, item: Item, **kwargs: Json) -> None:
        super().__init__(unbound_field, label="", **kwargs)
        self.item = item
        self.hidden = False
        self.scope: Mapping[str, object] = {}
        self.base: list[Json] = []

    @property
    def context(self) -> FormContext:
        """What all fields of this form share."""
        context: FormContext = self.meta.context
        return context

    @property
    def caption(self) -> str:
        """The label in the reader's language."""
        said = self.context.fill(self.item.label, self.scope, self.item.where)
        return said or self.item.name

    @property
    def rows(self) -> list[RowField]:
        """The bound rows."""
        return list(self.entries)

    def process(
        self, formdata: Posted | None, data: object = unset_value, **_unused: object
    ) -> None:
        """Bind the posted rows, each onto the row of the data that it came from."""
        self.entries: list[RowField] = []
        self.last_index = -1
        given = data if isinstance(data, list) else []
        self.base = [row for row in given if isinstance(row, dict)]
        self.object_data = self.base
        if self.item.rows.fixed or formdata is None:
            self._bind_data_rows(formdata)
        else:
            self._bind_posted_rows(formdata)

    def _bind_data_rows(self, formdata: Posted | None) -> None:
        for number, row in enumerate(self.base):
            self._bind_row(formdata, row, number).origin = number
        if self.item.rows.fixed or self.base:
            return
        for _ in range(max(self.item.rows.initial, self.item.rows.minimum)):
            self._bind_row(None, {}, len(self.entries))

    def _bind_posted_rows(self, formdata: Posted) -> None:
        used: set[int] = set()
        for number in row_numbers(f"{self.name}-", formdata):
            origin = self._origin(formdata.get(f"{self.name}-{number}-{FROM}"), used)
            row = {} if origin is None else self.base[origin]
            self._bind_row(formdata, row, number).origin = origin

    def _origin(self, entry: object, used: set[int]) -> int | None:
        """Read which row of the data a posted row came from; each may be claimed once."""
        text = str(entry)
        if not (text.isascii() and text.isdecimal() and len(text) < 7):
            return None
        number = int(text)
        if number >= len(self.base) or number in used:
            return None
        used.add(number)
        return number

    def _bind_row(self, formdata: Posted | None, data: Json, number: int) -> RowField:
        row: RowField = self._add_entry(formdata, data, index=number)
        return row

    def blank_row(self, number: str) -> RowField:
        """Give a row outside the list, numbered by a placeholder, for the page's template."""
        options = {
            "name": f"{self.name}{self._separator}{number}",
            "_meta": self.meta,
            "translations": self._translations,
        }
        row: RowField = self.meta.bind_field(self._form, self.unbound_field, options)
        row.index = -1
        row.process(None, {})
        row.form.scope = dict(self.scope)
        for inner in row.form.fields():
            inner.scope = row.form.scope
        return row

    def validate(self, form: object, _extra: object = ()) -> bool:
        """Validate the rows, then the list's own rules."""
        self.errors: list[str] = []
        if self.hidden:
            return True
        inside = [row.validate(form) for row in self.entries]
        self._run_validation_chain(form, self.validators)
        return all(inside) and not self.errors
