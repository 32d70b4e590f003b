"""Compiles one component of a form file: types, keys, expressions, patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import regex  # type: ignore[import-untyped]  # has no types

from workflow_app.domain.text import N_
from workflow_app.feel import Expression, FeelError, compile_expression
from workflow_app.form_builder.errors import FormError
from workflow_app.form_builder.posted import MAX_ROWS, READ_ROWS
from workflow_app.form_builder.schema import (
    CHOICE_TYPES,
    INPUT_TYPES,
    Choice,
    ComponentType,
    Flag,
    Item,
    Kind,
    Limit,
    RowRules,
    Rules,
)
from workflow_app.form_builder.template_text import TextTemplate
from workflow_app.form_builder.text import SIGNATURE

if TYPE_CHECKING:
    from workflow_app.form_builder.source import ComponentSource

MAX_SCORES = 20

NO_TYPE = N_("components of the type “%(type)s” are not supported")
NO_KIND = N_("the kind “%(kind)s” is not known")
WRONG_KIND = N_("the kind “%(kind)s” does not fit a %(type)s")
NO_KEY = N_("“%(name)s” cannot be a key: use letters, digits and _, not first")
KEYLESS = N_("it needs a key")
PATHLESS = N_("it needs a path")
UNREADABLE = N_("the expression “%(text)s” cannot be read: %(reason)s")
UNREADABLE_TEXT = N_("the text “%(text)s” cannot be read: %(reason)s")
NO_LIMIT = N_("“%(value)s” is neither a number nor an expression")
NO_PATTERN = N_("the pattern “%(pattern)s” cannot be read: %(reason)s")
NO_COUNT = N_("%(name)s must be a whole number up to %(limit)s")
UNBOUNDED = N_("a score needs validate.min and validate.max as numbers")
TOO_WIDE = N_("a score needs two to %(limit)s steps between min and max")
NO_CHOICES = N_("it needs values, valuesKey or valuesExpression")
NO_EXPRESSION = N_("it needs an expression")

#: The component types that each kind may stand on.
KIND_HOMES = {
    Kind.MONEY: {ComponentType.NUMBER, ComponentType.TEXTFIELD, ComponentType.EXPRESSION},
    Kind.SCORE: {ComponentType.NUMBER, ComponentType.RADIO},
    Kind.SIGN: {ComponentType.GROUP},
    Kind.REFERENCE: {ComponentType.SELECT, ComponentType.RADIO, *CHOICE_TYPES},
    Kind.TEL: {ComponentType.TEXTFIELD},
    Kind.EMAIL: {ComponentType.TEXTFIELD},
}


def compile_component(source: ComponentSource, conditions: tuple[Expression, ...]) -> Item:
    """Compile a component and those inside it; `conditions` are its flat groups' hide rules."""
    return _Compiler(source).item(conditions)


@dataclass(frozen=True, slots=True)
class _Compiler:
    source: ComponentSource

    def item(self, conditions: tuple[Expression, ...]) -> Item:
        type_, kind = self._type(), self._kind()
        path = self._path(type_, kind)
        hide = self._hide()
        inherited = conditions if hide is None else (*conditions, hide)
        return Item(
            source=self.source,
            type=type_,
            kind=kind,
            name=".".join(path),
            path=path,
            label=self._label(kind),
            description=self._text(self.source.description),
            rules=self._rules(kind),
            rows=self._rows(),
            readonly=self._readonly(),
            hide=hide,
            conditions=inherited,
            choices=self._choices(type_),
            choices_from=self._choices_from(type_, kind),
            expression=self._own_expression(type_),
            columns_from=self._feel(self.source.columns_expression),
            body=self._text(self.source.text or self.source.content or self.source.alt),
            children=self._children(type_, kind, path, inherited),
            sensitive=self._yes("sensitive"),
        )

    def _refuse(self, why: str, /, **details: object) -> NoReturn:
        source = self.source
        raise FormError(source.id or source.key or source.path or source.type, why, **details)

    def _property(self, name: str) -> str:
        value = self.source.properties.get(name, "")
        return str(value).lower() if isinstance(value, bool) else str(value)

    def _label(self, kind: Kind) -> TextTemplate:
        source, otherwise = self.source, SIGNATURE if kind is Kind.SIGN else ""
        # The form-js editor names a date by `dateLabel`, a computed value not at all.
        own = source.label or source.date_label or source.time_label
        return self._text(own or self._property("label") or otherwise)

    def _yes(self, name: str) -> bool:
        return self._property(name).strip().lower() == "true"

    def _type(self) -> ComponentType:
        try:
            return ComponentType(self.source.type)
        except ValueError:
            self._refuse(NO_TYPE, type=self.source.type)

    def _kind(self) -> Kind:
        try:
            kind = Kind(self._property("kind"))
        except ValueError:
            self._refuse(NO_KIND, kind=self._property("kind"))
        if kind and self.source.type not in KIND_HOMES[kind]:
            self._refuse(WRONG_KIND, kind=kind, type=self.source.type)
        return kind

    def _path(self, type_: ComponentType, kind: Kind) -> tuple[str, ...]:
        name = self._key(type_, kind)
        if not name:
            return ()
        parts = tuple(name.split("."))
        if not all(part.isidentifier() and not part.startswith("_") for part in parts):
            self._refuse(NO_KEY, name=name)
        return parts

    def _key(self, type_: ComponentType, kind: Kind) -> str:
        source = self.source
        if type_ in INPUT_TYPES:
            return source.key or self._refuse(KEYLESS)
        if type_ is ComponentType.DYNAMICLIST:
            return source.path or source.key or self._refuse(PATHLESS)
        if kind is Kind.SIGN:
            return source.key or source.path or "sign"
        return source.path if type_ is ComponentType.GROUP else ""

    def _feel(self, text: str | None) -> Expression | None:
        if not text or not text.strip():
            return None
        try:
            return compile_expression(text)
        except FeelError as exc:
            self._refuse(UNREADABLE, text=text, reason=exc)

    def _text(self, text: str) -> TextTemplate:
        template = TextTemplate(text)
        try:
            _ = template.expressions
        except FeelError as exc:
            self._refuse(UNREADABLE_TEXT, text=text, reason=exc)
        return template

    def _flag(self, value: bool | str) -> Flag:  # noqa: FBT001 - the file's own value
        if isinstance(value, str):
            return Flag(expression=self._feel(value))
        return Flag(fixed=value)

    def _limit(self, value: float | str | None) -> Limit:
        if isinstance(value, str) and value.startswith("="):
            return Limit(expression=self._feel(value))
        if value is None or value == "":
            return Limit()
        try:
            return Limit(number=float(value))
        except ValueError:
            self._refuse(NO_LIMIT, value=value)

    def _hide(self) -> Expression | None:
        conditional = self.source.conditional
        return self._feel(conditional.hide) if conditional else None

    def _readonly(self) -> Flag:
        if self.source.disabled is True:
            return Flag(fixed=True)
        if isinstance(self.source.disabled, str):
            return self._flag(self.source.disabled)
        return self._flag(self.source.readonly)

    def _rules(self, kind: Kind) -> Rules:
        validate = self.source.validate
        return Rules(
            required=self._flag(validate.required),
            required_if=self._feel(self._property("requiredIf")),
            min_length=self._limit(validate.min_length),
            max_length=self._limit(validate.max_length),
            minimum=self._limit(validate.min),
            maximum=self._limit(validate.max),
            pattern=self._pattern(validate.pattern or ""),
            pattern_message=self._text(validate.pattern_error_message or ""),
            validation_type=_VALIDATION_KINDS.get(kind, validate.validation_type or ""),
            not_before_today=self.source.disallow_passed_dates,
            check=self._feel(self._property("check")),
            check_message=self._text(self._property("checkMessage")),
        )

    def _pattern(self, pattern: str) -> str:
        try:
            regex.compile(pattern)
        except regex.error as exc:
            self._refuse(NO_PATTERN, pattern=pattern, reason=str(exc))
        return pattern

    def _rows(self) -> RowRules:
        initial = self.source.default_repetitions
        fixed = self._yes("fixedRows") or not self.source.allow_add_remove
        return RowRules(
            minimum=self._count("minRows", 0),
            maximum=self._count("maxRows", MAX_ROWS),
            fixed=fixed,
            initial=1 if initial is None else min(max(initial, 0), MAX_ROWS),
            label=self._feel(self._property("rowLabel")),
            layout=self._property("display"),
        )

    def _count(self, name: str, otherwise: int) -> int:
        text = self._property(name)
        if not text:
            return otherwise
        if not text.isdecimal() or int(text) > READ_ROWS:
            self._refuse(NO_COUNT, name=name, limit=READ_ROWS)
        return int(text)

    def _choices(self, type_: ComponentType) -> tuple[Choice, ...]:
        if self._kind() is Kind.SCORE and not self.source.values:
            return self._scores()
        if type_ not in CHOICE_TYPES:
            return ()
        return tuple(
            Choice(option.value, option.label or str(option.value))
            for option in self.source.values
            if option.value is not None
        )

    def _scores(self) -> tuple[Choice, ...]:
        low, high = self.source.validate.min, self.source.validate.max
        if not isinstance(low, int | float) or not isinstance(high, int | float):
            self._refuse(UNBOUNDED)
        if not 0 < high - low <= MAX_SCORES:
            self._refuse(TOO_WIDE, limit=MAX_SCORES + 1)
        return tuple(Choice(step, str(step)) for step in range(int(low), int(high) + 1))

    def _choices_from(self, type_: ComponentType, kind: Kind) -> Expression | None:
        source = self.source
        if type_ not in CHOICE_TYPES:
            return None
        dynamic = source.values_expression or source.values_key
        if not dynamic and not source.values and kind is not Kind.SCORE:
            self._refuse(NO_CHOICES)
        return self._feel(dynamic)

    def _own_expression(self, type_: ComponentType) -> Expression | None:
        source = self.source
        if type_ is ComponentType.EXPRESSION:
            return self._feel(source.expression) or self._refuse(NO_EXPRESSION)
        if type_ is ComponentType.IMAGE:
            return self._feel(source.source) if source.source.startswith("=") else None
        return self._feel(source.data_source)

    def _children(
        self,
        type_: ComponentType,
        kind: Kind,
        path: tuple[str, ...],
        conditions: tuple[Expression, ...],
    ) -> tuple[Item, ...]:
        """Compile what is inside; only a flat group's own conditions reach its children."""
        if type_ not in {ComponentType.GROUP, ComponentType.DYNAMICLIST} or kind is Kind.SIGN:
            return ()
        passed = () if path else conditions
        return tuple(compile_component(child, passed) for child in self.source.components)


_VALIDATION_KINDS = {Kind.EMAIL: "email", Kind.TEL: "phone"}
