"""What may be written about each sort of question of a form, as fields of a plain page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.text import N_
from workflow_app.form_builder.schema import ComponentType, Kind
from workflow_app.services.designing.step_fields import Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    Component = dict[str, Any]

YES_NO = (("", N_("No")), ("yes", N_("Yes")))
LABEL = Field(name="label", label=N_("Question"), needed=True)
HEADING = Field(name="label", label=N_("Heading"), needed=True)
WORDS = Field(
    name="text",
    label=N_("Words"),
    hint=N_("Markdown. What stands in {{ }} is filled in."),
    lines=4,
    needed=True,
)
KEY = Field(
    name="key",
    label=N_("Name of the answer"),
    hint=N_("Diagrams, tables and letters read the answer by this name. Empty: made up."),
)
HELP = Field(name="help", label=N_("Help below the question"), lines=2)
REQUIRED = Field(name="required", label=N_("Must be answered"), options=YES_NO)
REQUIRED_IF = Field(name="required_if", label=N_("Must be answered if (FEEL)"), feel=True)
HIDE = Field(name="hide", label=N_("Hidden if (FEEL)"), feel=True)
CHECK = Field(name="check", label=N_("Right only if (FEEL)"), feel=True)
CHECK_WORDS = Field(name="check_words", label=N_("What to say if it is not right"))
READONLY = Field(name="readonly", label=N_("Only shown, not asked"), options=YES_NO)
SENSITIVE = Field(
    name="sensitive",
    label=N_("Sensitive: only who works on the case sees the answer"),
    options=YES_NO,
)
CHOICES = Field(
    name="values",
    label=N_("Answers to choose from"),
    hint=N_("One line each: value = words"),
    lines=5,
)
CHOICES_FROM = Field(
    name="values_from",
    label=N_("Or a formula that gives them (FEEL)"),
    feel=True,
)
LEAST = Field(name="least", label=N_("Not less than"), hint=N_("A number, or a formula after “=”."))
MOST = Field(name="most", label=N_("Not more than"), hint=N_("A number, or a formula after “=”."))
SHORTEST = Field(name="shortest", label=N_("Fewest characters"))
LONGEST = Field(name="longest", label=N_("Most characters"))
FORMULA = Field(name="expression", label=N_("Formula"), needed=True, lines=3, feel=True)
SEVERAL_FILES = Field(name="multiple", label=N_("Several files"), options=YES_NO)
SHOWN_FROM = Field(
    name="shown", label=N_("Formula that gives what is shown (FEEL)"), feel=True, needed=True
)
_ASKED = (LABEL, KEY, HELP, REQUIRED, REQUIRED_IF, HIDE)
_RULES = (CHECK, CHECK_WORDS, READONLY, SENSITIVE)
_TEXT = (*_ASKED, SHORTEST, LONGEST, *_RULES)
_NUMBER = (*_ASKED, LEAST, MOST, *_RULES)
_CHOICE = (LABEL, CHOICES, CHOICES_FROM, *_ASKED[1:], *_RULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of question: its words, what its component begins with, and its fields."""

    title: str
    begins: Mapping[str, Any]
    fields: tuple[Field, ...]


def _sort(title: str, type_: str, fields: tuple[Field, ...], **more: Any) -> Sort:
    return Sort(title=title, begins={"type": type_, **more}, fields=fields)


#: What can be added, in the order in which it is offered.
SORTS: Mapping[str, Sort] = {
    "short": _sort(N_("A short text"), "textfield", _TEXT),
    "long": _sort(N_("A long text"), "textarea", _TEXT),
    "number": _sort(N_("A number"), "number", _NUMBER),
    "money": _sort(N_("Amount of money"), "number", _NUMBER, properties={"kind": "money"}),
    "date": _sort(N_("A date"), "datetime", (*_ASKED, *_RULES), subtype="date"),
    "one": _sort(N_("One of a few answers"), "radio", _CHOICE),
    "listed": _sort(N_("One of a long list"), "select", _CHOICE),
    "several": _sort(N_("Several of a list"), "checklist", _CHOICE),
    "tick": _sort(N_("A box to tick"), "checkbox", (*_ASKED, *_RULES)),
    "files": _sort(N_("Files"), "filepicker", (*_ASKED, SEVERAL_FILES, SENSITIVE)),
    "email": _sort(N_("E-mail address"), "textfield", _TEXT, properties={"kind": "email"}),
    "tel": _sort(N_("Telephone number"), "textfield", _TEXT, properties={"kind": "tel"}),
    "calculated": _sort(
        N_("Worked out by a formula"), "expression", (LABEL, KEY, FORMULA, HIDE), computeOn="change"
    ),
    "words": _sort(N_("Words to read"), "text", (WORDS, HIDE)),
    "group": _sort(N_("A group of questions"), "group", (HEADING, HIDE), showOutline=True),
    "rows": _sort(
        N_("Rows of questions"),
        "dynamiclist",
        (HEADING, KEY, HELP, HIDE),
        showOutline=True,
        isRepeating=True,
        allowAddRemove=True,
        defaultRepetitions=1,
    ),
}
#: What is only found, in files that an editor or a person wrote.
OTHERS: Mapping[str, Sort] = {
    "signature": _sort(N_("Signature"), "group", (HEADING, HIDE), properties={"kind": "sign"}),
    "documents": _sort(N_("Documents to look at"), "documentPreview", (HEADING, SHOWN_FROM, HIDE)),
    "table": _sort(N_("A table to look at"), "table", (HEADING, SHOWN_FROM, HIDE)),
    "tags": _sort(N_("Several of a list"), "taglist", _CHOICE),
    "other": _sort(N_("Something else"), "", (HIDE,)),
}
ALL: Mapping[str, Sort] = {**SORTS, **OTHERS}
HOLDERS = frozenset({"group", "dynamiclist"})
_PLACES: Mapping[str, tuple[str, ...]] = {
    "label": ("label",),
    "key": ("key",),
    "help": ("description",),
    "text": ("text",),
    "required": ("validate", "required"),
    "required_if": ("properties", "requiredIf"),
    "hide": ("conditional", "hide"),
    "check": ("properties", "check"),
    "check_words": ("properties", "checkMessage"),
    "readonly": ("readonly",),
    "sensitive": ("properties", "sensitive"),
    "values": ("values",),
    "values_from": ("valuesExpression",),
    "least": ("validate", "min"),
    "most": ("validate", "max"),
    "shortest": ("validate", "minLength"),
    "longest": ("validate", "maxLength"),
    "expression": ("expression",),
    "multiple": ("multiple",),
    "shown": ("dataSource",),
}
_PLAIN_KINDS = {str(Kind.NONE), str(Kind.SCORE), str(Kind.REFERENCE)}
_BY_KIND = {"money": "money", "email": "email", "tel": "tel", "sign": "signature"}
_BY_TYPE = {
    str(sort.begins["type"]): name
    for name, sort in reversed([*ALL.items()])
    if "properties" not in sort.begins and sort.begins["type"]
}
_WORD = re.compile("[a-z0-9]+")


def sort_of(component: Mapping[str, Any]) -> str:
    """Return the name of a component's sort, “other” for what is none of ours."""
    kind = str(read_at(component, ("properties", "kind")) or "")
    if kind not in _PLAIN_KINDS:
        return _BY_KIND.get(kind, "other")
    return _BY_TYPE.get(str(component.get("type")), "other")


def place_of(component: Mapping[str, Any], field: str) -> tuple[str, ...]:
    """Return where a component holds what stands in a field."""
    type_ = component.get("type")
    if field == "label" and type_ == ComponentType.EXPRESSION:
        return ("properties", "label")
    if field == "label" and type_ == ComponentType.DATETIME and "label" not in component:
        return ("dateLabel",)
    if field == "key" and type_ in HOLDERS:
        return ("path",)
    return _PLACES[field]


def read_at(component: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    """Return what a component holds at a place, None where there is nothing."""
    found: Any = component
    for name in place:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def fields_of(component: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the fields of a component of a form."""
    fields = ALL[sort_of(component)].fields
    return tuple(one for one in fields if one is not CHOICES or not component.get("valuesKey"))


def values_of(component: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in a component's fields now."""
    return {
        one.name: _shown(one, read_at(component, place_of(component, one.name)))
        for one in fields_of(component)
    }


def _shown(field: Field, value: Any) -> str:
    if field is CHOICES:
        return "\n".join(_choice_line(one) for one in value or ())
    if field.options is YES_NO:
        return {"True": "yes", "true": "yes", "False": "", "false": ""}.get(
            str(value), str(value or "")
        )
    return "" if value is None else str(value)


def _choice_line(choice: Any) -> str:
    if not isinstance(choice, dict):
        return str(choice)
    return f"{as_word(choice.get('value'))} = {choice.get('label', '')}"


def as_word(value: Any) -> str:
    """Return the value of a choice as it is typed."""
    return str(value) if isinstance(value, str) else json.dumps(value)


def slug(words: str, otherwise: str) -> str:
    """Return a name made of words, something else where they have no Latin letters."""
    found = "_".join(_WORD.findall(words.casefold()))[:40].strip("_")
    if not found:
        return otherwise
    return found if found[0].isalpha() else f"{otherwise}_{found}"
