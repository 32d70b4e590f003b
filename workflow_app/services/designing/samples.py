"""Sample data for a form: what its fields could hold, and what it reads of a case."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import DomainError
from workflow_app.feel import FeelError, to_json
from workflow_app.form_builder import form_names
from workflow_app.form_builder.paths import set_path
from workflow_app.form_builder.schema import CHOICE_TYPES, MANY_TYPES, ComponentType, Kind, members
from workflow_app.services.host import Host, home_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from workflow_app.feel import FeelType
    from workflow_app.form_builder import FormSchema, TaskForm
    from workflow_app.form_builder.schema import Item
    from workflow_app.services.context import Context

    Functions = Mapping[str, Callable[..., object]]

DEEPEST = 4
EMAIL, TEL = "name@example.org", "+374 10 123456"
AMOUNT = 1000
SAMPLE_FILE = "sample.pdf"
#: What nobody can make up: a stored file, a signature, a value that the form works out.
LEFT_EMPTY = frozenset({ComponentType.FILEPICKER, ComponentType.EXPRESSION})


def sample_of(
    schema: FormSchema, types: Mapping[str, FeelType], functions: Functions, now: datetime
) -> dict[str, Any]:
    """Return data over which a form can be tried: case data that it reads, and an answer a field.

    `types` are those of the names in a case's data; choices that an expression gives are asked of
    `functions`, and left empty where they cannot be had.
    """
    maker = _Maker(functions, now)
    data = {name: maker.of_type(name, types.get(name)) for name in sorted(form_names(schema))}
    maker.level(schema.items, data, data)
    return data


def completed(known: Any, sample: Any) -> Any:
    """Return what is known, with what it lacks taken from a sample: row by row where it has rows.

    What is null counts as lacking; a list without rows stays empty.
    """
    if known is None:
        return sample
    if isinstance(known, dict) and isinstance(sample, dict):
        return {n: completed(known.get(n), sample.get(n)) for n in {**sample, **known}}
    if isinstance(known, list) and isinstance(sample, list) and sample:
        return [completed(row, sample[0]) if isinstance(row, dict) else row for row in known]
    return known


def filled_in(ctx: Context, form: TaskForm) -> TaskForm:
    """Return a form filled in with made-up answers, over what the case knows already."""
    host = Host(ctx, home_path(ctx))
    sample = sample_of(form.schema, {}, host.functions, form.now)
    return replace(form, values=completed(form.values, sample), posted=None)


def told_sample(form: TaskForm, who: str) -> dict[str, Any]:
    """Return made-up answers as a scenario says them: files by name, signed by `who`.

    `form` is one that is filled in.
    """
    made = {
        item.path[0]: _told(item, form.values, who)
        for item in members(form.schema.items)
        if item.path and item.type is not ComponentType.EXPRESSION
    }
    return {name: value for name, value in made.items() if value is not None}


def _told(item: Item, values: Mapping[str, Any], who: str) -> Any:
    if item.kind is Kind.SIGN:
        return {"name": who, "agreed": True}
    return [SAMPLE_FILE] if item.type is ComponentType.FILEPICKER else values.get(item.path[0])


class _Maker:
    def __init__(self, functions: Functions, now: datetime) -> None:
        self._functions = functions
        self._now = now

    def level(self, items: tuple[Item, ...], into: dict[str, Any], scope: dict[str, Any]) -> None:
        """Put a value for each field of a level into some data."""
        for item in members(items):
            if item.kind is not Kind.SIGN and item.type not in LEFT_EMPTY:
                set_path(into, item.path, self._value(item, scope))

    def _value(self, item: Item, scope: dict[str, Any]) -> Any:
        if item.is_container:
            inside: dict[str, Any] = {}
            self.level(item.children, inside, scope)
            rows = item.type is ComponentType.DYNAMICLIST
            return [inside] * max(1, item.rows.minimum) if rows else inside
        if item.type in CHOICE_TYPES or item.choices:
            return self._choice(item, scope)
        return self._plain(item)

    def _choice(self, item: Item, scope: dict[str, Any]) -> Any:
        values: list[Any] = [choice.value for choice in item.choices]
        if item.choices_from is not None:
            with suppress(FeelError, DomainError):
                found = to_json(item.choices_from.evaluate(scope, self._functions))
                options = found if isinstance(found, list) else []
                values = [one.get("value") if isinstance(one, dict) else one for one in options]
        if item.type in MANY_TYPES:
            return values[:1]
        return values[0] if values else None

    def _plain(self, item: Item) -> Any:
        if item.type is ComponentType.CHECKBOX:
            return True
        if item.type is ComponentType.DATETIME:
            return self._moment(item.source.subtype)
        if item.kind is Kind.MONEY or item.type is ComponentType.NUMBER:
            return _number(item)
        return {Kind.EMAIL: EMAIL, Kind.TEL: TEL}.get(item.kind) or _text(item)

    def _moment(self, kind: str) -> str:
        whole = self._now.replace(second=0, microsecond=0)
        if kind == "time":
            return whole.time().isoformat()
        return whole.isoformat() if kind == "datetime" else whole.date().isoformat()

    def of_type(self, name: str, kind: FeelType | None, depth: int = 0) -> Any:
        """Return a value of a type of FEEL, as a case's data would hold it."""
        if kind is None or depth > DEEPEST:
            return _words(name)
        made = {
            "number": 1,
            "boolean": True,
            "date": self._moment("date"),
            "time": self._moment("time"),
            "date and time": self._moment("datetime"),
        }
        if kind.name == "list":
            return [self.of_type(name, kind.item, depth + 1)]
        if kind.name == "context":
            return {key: self.of_type(key, inner, depth + 1) for key, inner in kind.members}
        return made.get(kind.choices[0].name, _words(name))


def _number(item: Item) -> float:
    low, high = item.rules.minimum.number, item.rules.maximum.number
    usual = AMOUNT if item.kind is Kind.MONEY else 1
    found = max(usual if low is None else max(usual, low), 0)
    found = found if high is None else min(found, high)
    return int(found) if found == int(found) else found


def _text(item: Item) -> str:
    label = item.label.source.strip()
    said = label if label and not label.startswith("=") and "{{" not in label else ""
    said = said or _words(item.name)
    most = item.rules.max_length.number
    return said[: int(most)] if most else said


def _words(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
