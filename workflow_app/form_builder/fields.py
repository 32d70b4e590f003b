"""The WTForms fields: each keeps what was typed and reads it into JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override
from wtforms.fields import Field
from wtforms.utils import unset_value

from workflow_app.domain.unseen import visible
from workflow_app.form_builder import text
from workflow_app.form_builder.numbers import decimal_places, read_number, write_number
from workflow_app.form_builder.rules import VALIDATORS
from workflow_app.form_builder.schema import Choice, Item, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from werkzeug.datastructures import MultiDict

    from workflow_app.form_builder.context import FormContext
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.posted import Entry
    from workflow_app.form_builder.template_text import TextTemplate

Typed = dict[str, list[str]]  #: part suffix → the entries as typed


class BadEntry(ValueError):
    """An entry cannot be read; holds the message id, its parameters and the part at fault."""

    def __init__(self, message: str, part: str = "", **params: object) -> None:
        self.message = message
        self.part = part
        self.params = params
        super().__init__(message)


class AnswerField(Field):  # type: ignore[misc]  # wtforms has no types
    """One component's entry. `typed` is what stands in the inputs, `data` what it means.

    After `TaskForm` has settled the form, `hidden`, `readonly` and `scope` are right.
    """

    parts: tuple[str, ...] = ("",)
    many: bool = False
    validators = VALIDATORS

    def __init__(self, label: str = "", *, item: Item, **kwargs: object) -> None:
        super().__init__(label, default=item.source.default_value, **kwargs)
        self.item = item
        self.typed: Typed = {}
        self.fault: BadEntry | None = None
        self.bad_part = ""
        self.hidden = False
        self.readonly = False
        self.posted = False
        self.scope: Mapping[str, object] = {}

    @property
    def context(self) -> FormContext:
        """What all fields of this form share."""
        context: FormContext = self.meta.context
        return context

    @property
    def caption(self) -> str:
        """The label in the reader's language."""
        return self.said(self.item.label) or self.item.name

    @property
    def writable(self) -> bool:
        """Whether an entry is taken from the person."""
        return not self.readonly

    @property
    def answers_something(self) -> bool:
        """Whether it contributes to the answers."""
        return self.writable and not self.hidden

    def said(self, template: TextTemplate) -> str:
        """Fill in a text of the form file for this field."""
        return self.context.fill(template, self.scope, self.item.where)

    def process(
        self,
        formdata: MultiDict[str, Entry] | None,
        data: object = unset_value,
        **_unused: object,
    ) -> None:
        """Take the posted entries, else the given value, else the default."""
        self.process_errors: list[str] = []
        self.scope = self.context.scope
        self.readonly = self._is_readonly()
        self.object_data = self.default if data is unset_value else data
        self.data = self.object_data
        self.posted = formdata is not None and not self.readonly
        if formdata is None or self.readonly:
            self.typed = self._shown(self.object_data)
        else:
            self.typed = self._taken(formdata)
            self._read()
        # What went wrong while taking an entry, as with a refused upload, shows without validation.
        self.errors = list(self.process_errors)

    def _is_readonly(self) -> bool:
        flag = self.item.readonly
        if flag.expression is None:
            return flag.fixed
        value = self.context.evaluate(flag.expression, self.context.scope, self.item.where)
        return value is True

    def _shown(self, value: Json) -> Typed:
        return self.show(value) if value is not None else {}

    def _taken(self, formdata: MultiDict[str, Entry]) -> Typed:
        typed: Typed = {}
        for part in self.parts:
            values = [v for v in formdata.getlist(self.name + part) if isinstance(v, str)]
            if values:
                typed[part] = values if self.many else values[:1]
        return typed

    def _read(self) -> None:
        try:
            self.data = self.read()
        except BadEntry as exc:
            self.data, self.fault = None, exc

    def entry(self, part: str = "") -> str:
        """Give what stands in one input, without outer spaces; empty when nothing does."""
        return self.as_typed(part).strip()

    def as_typed(self, part: str = "") -> str:
        """Give what stands in one input, exactly."""
        values = self.typed.get(part)
        return values[0] if values else ""

    def read(self) -> Json:
        """Read `typed`; None when nothing was entered, BadEntry when it cannot be read."""
        return self.entry() or None

    def show(self, value: Json) -> Typed:
        """Give the entries that stand for a value of the data."""
        return {"": [str(value)]}


class TextEntry(AnswerField):
    """One line of text; characters that nobody sees are taken out and the person is asked."""

    @override
    def read(self) -> Json:
        """Read the text."""
        plain = visible(self.as_typed())
        if plain != self.as_typed():
            self.typed = {"": [plain]}
            raise BadEntry(text.UNSEEN)
        return super().read()


class LongTextEntry(AnswerField):
    """Several lines of text; line ends are stored as a single line feed."""

    @override
    def read(self) -> Json:
        """Read the text."""
        return self.entry().replace("\r\n", "\n") or None


class NumberEntry(AnswerField):
    """A number, or an amount of money; the data holds it as a JSON number."""

    @override
    def read(self) -> Json:
        """Read the number with the digits that the form allows."""
        if not self.entry():
            return None
        number = read_number(self.entry(), self.context.locale)
        if number is None:
            raise BadEntry(text.NOT_MONEY if self._money else text.NOT_A_NUMBER)
        self._check_digits(number)
        return self._as_json(number)

    @property
    def _money(self) -> bool:
        return self.item.kind is Kind.MONEY

    def _check_digits(self, number: Decimal) -> None:
        allowed = self.item.source.decimal_digits
        if allowed is None and self._money:
            allowed = 2
        if allowed is None or decimal_places(number) <= allowed:
            return
        if allowed == 0:
            raise BadEntry(text.NOT_WHOLE)
        raise BadEntry(text.TOO_PRECISE, number=allowed)

    def _as_json(self, number: Decimal) -> Json:
        if self.item.source.serialize_to_string:
            return write_number(number)
        return int(number) if number == number.to_integral_value() else float(number)

    @override
    def show(self, value: Json) -> Typed:
        """Write the number without an exponent."""
        return {"": [write_number(value)]}


class TickEntry(AnswerField):
    """A checkbox: true or false, never nothing."""

    @override
    def read(self) -> Json:
        """Whether it is ticked."""
        return bool(self.entry())

    @override
    def show(self, value: Json) -> Typed:
        """Tick for true."""
        return {"": ["true"]} if value is True else {}


class ChoiceEntry(AnswerField):
    """One of the choices; its own value, not its text, goes into the data."""

    @override
    def read(self) -> Json:
        """Give the chosen text; `settle` turns it into the choice's value."""
        return self.entry() or None

    def choices(self) -> tuple[Choice, ...]:
        """Give the choices as they are now: written ones, then those of the data."""
        return (*self._written(), *self._from_data())

    def _written(self) -> tuple[Choice, ...]:
        words = self.context.words
        return tuple(Choice(c.value, words(c.label)) for c in self.item.choices)

    def _from_data(self) -> tuple[Choice, ...]:
        source = self.item.choices_from
        if source is None:
            return ()
        options = self.context.options(source, self.scope, self.item.where)
        words = self.context.words
        found = (choice for option in options if (choice := as_choice(option)))
        return tuple(Choice(c.value, words(c.label), words(c.hint)) for c in found)

    def pick(self, entry: object) -> Choice | None:
        """Give the choice that an entry means, None when there is none."""
        wanted = choice_text(entry)
        return next((c for c in self.choices() if choice_text(c.value) == wanted), None)

    def settle(self) -> None:
        """Put the chosen value, in its own type, into the data, now that the scope is known."""
        entry = self.entry()
        found = self.pick(entry) if entry else None
        self.data = found.value if found else None
        self.fault = BadEntry(text.NOT_A_CHOICE) if entry and found is None else None

    @override
    def show(self, value: Json) -> Typed:
        """Give the value as the inputs carry it."""
        return {"": [choice_text(value)]}


class ChoicesEntry(ChoiceEntry):
    """Any number of the choices, as a list in the order of the choices."""

    many = True

    @override
    def read(self) -> Json:
        """Give the ticked texts."""
        return [value for value in self.typed.get("", []) if value.strip()]

    @override
    def settle(self) -> None:
        """Put the chosen values into the data, in the order of the choices."""
        wanted = {value.strip() for value in self.typed.get("", []) if value.strip()}
        self.data = [c.value for c in self.choices() if choice_text(c.value) in wanted]
        lost = len(wanted) > len(self.data)
        self.fault = BadEntry(text.NOT_A_CHOICE) if lost else None

    @override
    def show(self, value: Json) -> Typed:
        """Give the values as the inputs carry them."""
        values = value if isinstance(value, list) else [value]
        return {"": [choice_text(one) for one in values]} if values else {}


class ScoreEntry(ChoiceEntry):
    """A score chosen from radios."""


class ComputedEntry(AnswerField):
    """A value computed by FEEL; nothing posted is read."""

    parts = ()

    @property
    @override
    def writable(self) -> bool:
        """Computed values are answers, though nobody types them."""
        return True

    @override
    def _read(self) -> None:
        self.data = None


def choice_text(value: object) -> str:
    """How a choice's value is carried by an input."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return write_number(value) if isinstance(value, int | float) else str(value)


def as_choice(option: object) -> Choice | None:
    """Read one option of the data: text, number, or an object with value, label and hint."""
    if isinstance(option, dict):
        value = option.get("value")
        label = option.get("label")
        if isinstance(value, str | int | float):
            hint = str(option.get("hint") or "")
            return Choice(value, str(label if label is not None else value), hint)
        return None
    return Choice(option, choice_text(option)) if isinstance(option, str | int | float) else None
