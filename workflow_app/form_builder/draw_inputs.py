"""Draws one entry: the parameters of the GOV.UK Frontend component that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from workflow_app.form_builder import text
from workflow_app.form_builder.dates import DAY, MONTH, TIME, YEAR
from workflow_app.form_builder.display import choice_label, show_size, show_value
from workflow_app.form_builder.fields import AnswerField, ChoiceEntry, choice_text
from workflow_app.form_builder.problems import html_id
from workflow_app.form_builder.rules import may_be_required
from workflow_app.form_builder.schema import MANY_TYPES, ComponentType, Item, Kind
from workflow_app.form_builder.signing import AGREED, NAME
from workflow_app.form_builder.uploads import REMOVE, FilesEntry
from workflow_app.form_builder.view import FileView, Params, View

if TYPE_CHECKING:
    from collections.abc import Callable

#: How the browser has to read the inputs of a component when it evaluates conditions.
_READS = {
    ComponentType.NUMBER: "number",
    ComponentType.CHECKBOX: "tick",
    ComponentType.CHECKLIST: "list",
    ComponentType.TAGLIST: "list",
    ComponentType.FILEPICKER: "files",
}


def reads(item: Item) -> str:
    """Give how the browser reads this component's inputs."""
    if item.kind in {Kind.MONEY, Kind.SCORE}:
        return "number"
    if item.kind is Kind.SIGN:
        return "nothing"
    if item.type is ComponentType.DATETIME:
        return item.source.subtype
    return _READS.get(item.type, "text")


def draw_entry(field: AnswerField) -> View:
    """Draw an entry as inputs, or as text where it is read-only or computed."""
    if field.item.type is ComponentType.EXPRESSION:
        return _computed(field)
    if field.readonly:
        return _frame(field, "static", text=shown_text(field), reads="given")
    return _DRAWERS.get(field.item.type, _text_input)(field)


def shown_text(field: AnswerField) -> str:
    """Give the field's value as text."""
    choices = field.choices() if isinstance(field, ChoiceEntry) else ()
    if field.item.type in MANY_TYPES and isinstance(field.data, list):
        return ", ".join(choice_label(one, choices) for one in field.data)
    return show_value(field.item, field.data, choices, field.context.reader)


def _frame(field: AnswerField, template: str, **members: object) -> View:
    """Give a view with what all entries have in common."""
    return View(
        template=template,
        id=html_id(field.name),
        name=field.name,
        label=_label(field),
        hint=_hint(field),
        error=field.errors[0] if field.errors else "",
        **({"reads": reads(field.item)} | members),  # type: ignore[arg-type]  # as View's members
    )


def _label(field: AnswerField) -> str:
    item = field.item
    asked = may_be_required(item) or item.kind is Kind.SIGN or item.type is ComponentType.CHECKBOX
    if asked or not field.writable or item.type is ComponentType.EXPRESSION:
        return field.caption
    return field.context.words(text.OPTIONAL, label=field.caption)


def _hint(field: AnswerField) -> str:
    said = [field.said(field.item.description)]
    most = field.item.rules.max_length.number
    if most and field.item.type is ComponentType.TEXTAREA and not field.readonly:
        said.append(field.context.words(text.UP_TO, number=int(most)))
    return " ".join(part for part in said if part)


def _params(field: AnswerField, **own: object) -> Params:
    hint, error = _hint(field), field.errors[0] if field.errors else ""
    params: Params = {"id": html_id(field.name), "name": field.name, **own}
    params.setdefault("label", {"text": _label(field), "classes": "govuk-label--s"})
    if hint:
        params["hint"] = {"text": hint}
    if error:
        params["errorMessage"] = _error(field, error)
    return params


def _error(field: AnswerField, message: str) -> Params:
    return {"text": message, "visuallyHiddenText": field.context.words(text.ERROR)}


def _legend(field: AnswerField) -> Params:
    return {"legend": {"text": _label(field), "classes": "govuk-fieldset__legend--s"}}


_INPUT_KINDS: dict[Kind, Params] = {
    Kind.EMAIL: {"type": "email", "autocomplete": "email", "spellcheck": False},
    Kind.TEL: {"type": "tel", "autocomplete": "tel", "classes": "govuk-input--width-20"},
    Kind.MONEY: {"inputmode": "decimal", "classes": "govuk-input--width-10", "spellcheck": False},
}


def _text_input(field: AnswerField) -> View:
    return _frame(field, "input", params={"input": _line(field)})


def _line(field: AnswerField) -> Params:
    params = _params(field, value=field.as_typed(), **_INPUT_KINDS.get(field.item.kind, {}))
    appearance = field.item.source.appearance
    for place in ("prefix", "suffix"):
        said = getattr(appearance, f"{place}_adorner", "")
        if said:
            params[place] = {"text": field.context.words(said)}
    return params


def _number(field: AnswerField) -> View:
    if field.item.kind is Kind.SCORE:
        return _radios(field)
    params = {"inputmode": "decimal", "classes": "govuk-input--width-5", "spellcheck": False}
    if field.item.source.decimal_digits == 0:
        params["inputmode"] = "numeric"
    return _frame(field, "input", params={"input": params | _line(field)})


def _textarea(field: AnswerField) -> View:
    value = field.as_typed()
    # A browser drops a line feed that stands first; one more keeps the person's own.
    value = f"\n{value}" if value.startswith(("\n", "\r")) else value
    return _frame(field, "textarea", params={"textarea": _params(field, value=value, rows=4)})


def _tick(field: AnswerField) -> View:
    item = {"value": "true", "text": _label(field), "checked": bool(field.as_typed())}
    classes = "govuk-checkboxes--small"
    params = _params(field, idPrefix=html_id(field.name), items=[item], classes=classes)
    return _frame(field, "checkboxes", params={"checkboxes": params})


def _items(field: AnswerField) -> list[Params]:
    chosen = set(field.typed.get("", []))
    choices = field.choices() if isinstance(field, ChoiceEntry) else ()
    return [
        {"value": value, "text": c.label, "checked": value in chosen, "selected": value in chosen}
        | ({"hint": {"text": c.hint}} if c.hint else {})
        for c in choices
        if (value := choice_text(c.value))
    ]


def _radios(field: AnswerField) -> View:
    items = _items(field)
    short = field.item.kind is Kind.SCORE or (
        len(items) <= 3 and sum(len(str(item["text"])) for item in items) <= 30
    )
    short = short and not any("hint" in item for item in items)
    classes = "govuk-radios--small govuk-radios--inline" if short else "govuk-radios--small"
    own: Params = {"idPrefix": html_id(field.name), "fieldset": _legend(field), "items": items}
    return _frame(field, "radios", params={"radios": _params(field, classes=classes, **own)})


def _checkboxes(field: AnswerField) -> View:
    own: Params = {"idPrefix": html_id(field.name), "fieldset": _legend(field)}
    params = _params(field, items=_items(field), classes="govuk-checkboxes--small", **own)
    return _frame(field, "checkboxes", params={"checkboxes": params})


def _select(field: AnswerField) -> View:
    nothing = {"value": "", "text": field.context.words(text.PLEASE_CHOOSE)}
    return _frame(
        field, "select", params={"select": _params(field, items=[nothing, *_items(field)])}
    )


_DATE_PARTS = (
    (DAY, text.DAY, "govuk-input--width-2"),
    (MONTH, text.MONTH, "govuk-input--width-2"),
    (YEAR, text.YEAR, "govuk-input--width-4"),
    (TIME, text.TIME, "govuk-input--width-5"),
)


def _date(field: AnswerField) -> View:
    if field.item.source.subtype == "time":
        return _time(field)
    items = [_date_part(field, *part) for part in _DATE_PARTS if part[0] in field.parts]
    hint = {"hint": {"text": _hint(field) or field.context.words(text.DATE_HINT)}}
    params = _params(field, fieldset=_legend(field), items=items) | hint
    return _frame(field, "date", params={"date": params})


def _date_part(field: AnswerField, part: str, label: str, classes: str) -> Params:
    wrong = bool(field.errors) and field.bad_part in {"", part}
    return {
        "id": html_id(field.name) + part,
        "name": field.name + part,
        "label": field.context.words(label),
        "value": field.as_typed(part),
        "classes": f"{classes} govuk-input--error" if wrong else classes,
        "inputmode": "text" if part == TIME else "numeric",
    }


def _time(field: AnswerField) -> View:
    params = _params(field, value=field.as_typed(), classes="govuk-input--width-5")
    params.setdefault("hint", {"text": field.context.words(text.TIME_HINT)})
    return _frame(field, "input", params={"input": params})


def _files(field: AnswerField) -> View:
    if not isinstance(field, FilesEntry):
        return _text_input(field)
    params = _params(field, multiple=field.takes_several)
    if field.item.source.accept:
        params["attributes"] = {"accept": field.item.source.accept}
    files = tuple(_file(field, found) for found in field.stored)
    return _frame(field, "files", params={"file": params}, files=files)


def _file(field: FilesEntry, found: Params) -> FileView:
    name = str(found.get("name", ""))
    return FileView(
        document=found["document"],
        name=name,
        size=show_size(found.get("size"), field.context.reader),
        remove_id=f"{html_id(field.name)}{REMOVE}-{found['document']}",
        remove_label=field.context.words(text.REMOVE_FILE, name=name),
    )


def _sign(field: AnswerField) -> View:
    words, frame = field.context.words, html_id(field.name)
    name: Params = {
        "id": f"{frame}{NAME}",
        "name": f"{field.name}{NAME}",
        "value": field.as_typed(NAME),
        "label": {"text": words(text.FULL_NAME), "classes": "govuk-label--s"},
        "classes": "govuk-input--width-20",
        "autocomplete": "name",
        "spellcheck": False,
    }
    if field.context.actor_name:
        name["hint"] = {"text": words(text.SIGNED_IN_AS, name=field.context.actor_name)}
    tick: Params = {
        "idPrefix": f"{frame}{AGREED}",
        "classes": "govuk-checkboxes--small",
        "name": f"{field.name}{AGREED}",
        "items": [{"value": "true", "text": words(text.SIGN_STATEMENT)}],
    }
    if field.errors:
        at_fault = tick if field.bad_part == AGREED else name
        at_fault["errorMessage"] = _error(field, field.errors[0])
    return _frame(field, "sign", params={"name": name, "tick": tick})


def _computed(field: AnswerField) -> View:
    expression = field.item.expression
    return _frame(
        field,
        "computed" if field.item.label else "silent",
        text=shown_text(field),
        value=msgspec.json.encode(field.data).decode(),
        compute=expression.text.removeprefix("=") if expression else "",
        money=field.item.kind is Kind.MONEY,
        reads="computed",
    )


_DRAWERS: dict[ComponentType, Callable[[AnswerField], View]] = {
    ComponentType.NUMBER: _number,
    ComponentType.TEXTAREA: _textarea,
    ComponentType.DATETIME: _date,
    ComponentType.CHECKBOX: _tick,
    ComponentType.CHECKLIST: _checkboxes,
    ComponentType.TAGLIST: _checkboxes,
    ComponentType.RADIO: _radios,
    ComponentType.SELECT: _select,
    ComponentType.FILEPICKER: _files,
    ComponentType.GROUP: _sign,
}
