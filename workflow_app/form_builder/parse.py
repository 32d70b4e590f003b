"""Reads the text of a form-js file into a `FormSchema`, refusing what could not work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

import msgspec

from workflow_app.domain.text import N_
from workflow_app.form_builder.compile import compile_component
from workflow_app.form_builder.errors import WHOLE_FORM, FormError
from workflow_app.form_builder.schema import FormSchema, Item, members, walk
from workflow_app.form_builder.source import FormSource

if TYPE_CHECKING:
    from workflow_app.form_builder.schema import Path

MAX_CHARACTERS = 1_000_000
MAX_COMPONENTS = 1000
MAX_DEPTH = 8

PLAIN = "%(reason)s"
TOO_LONG = N_("the file is longer than %(limit)s characters")
NOT_JSON = N_("this is not JSON: %(problem)s")
NESTED = N_("the components are nested too deeply")
TOO_MANY = N_("there are more than %(limit)s components")
TOO_DEEP = N_("it is nested more than %(limit)s levels deep")
TAKEN = N_("its key “%(name)s” is taken by the component %(other)s")

# Made on import: msgspec crashes where two threads meet a type for the first time at once.
_DECODER = msgspec.json.Decoder(FormSource)
_POSITION = re.compile(r"\.components\[(\d+)\]")


def parse_form(text: str) -> FormSchema:
    """Read a form file. FormError names the component (id or key, or WHOLE_FORM) and the reason."""
    if len(text) > MAX_CHARACTERS:
        raise FormError(WHOLE_FORM, TOO_LONG, limit=MAX_CHARACTERS)
    source = _decode(text)
    items = tuple(compile_component(component, ()) for component in source.components)
    _check_size(items)
    _check_names(items, "")
    return FormSchema(source.id, items, frozenset(_sensitive(items, ())))


def _decode(text: str) -> FormSource:
    try:
        return _DECODER.decode(text)
    except msgspec.ValidationError as exc:
        raise FormError(_blamed(text, str(exc)), PLAIN, reason=str(exc)) from exc
    except msgspec.DecodeError as exc:
        raise FormError(WHOLE_FORM, NOT_JSON, problem=str(exc)) from exc
    except RecursionError as exc:
        raise FormError(WHOLE_FORM, NESTED) from exc


def _blamed(text: str, message: str) -> str:
    """Find the id or key of the component that a msgspec message points to."""
    found: object = msgspec.json.decode(text)
    for position in _POSITION.findall(message):
        components = found.get("components") if isinstance(found, dict) else None
        if not isinstance(components, list):
            return WHOLE_FORM
        found = components[int(position)]
    if not isinstance(found, dict):
        return WHOLE_FORM
    return str(found.get("id") or found.get("key") or found.get("path") or WHOLE_FORM)


def _check_size(items: tuple[Item, ...]) -> None:
    if sum(1 for _ in walk(items)) > MAX_COMPONENTS:
        raise FormError(WHOLE_FORM, TOO_MANY, limit=MAX_COMPONENTS)
    for item in items:
        _check_depth(item, 1)


def _check_depth(item: Item, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise FormError(item.where, TOO_DEEP, limit=MAX_DEPTH)
    for child in item.children:
        _check_depth(child, depth + 1)


def _check_names(items: tuple[Item, ...], prefix: str) -> None:
    """Refuse two components that would write to the same place."""
    taken: dict[Path, Item] = {}
    for item in members(items):
        for other in taken.values():
            if _overlap(item.path, other.path):
                _refuse_name(item, other, prefix)
        taken[item.path] = item
        if item.is_container:
            _check_names(item.children, f"{prefix}{item.name}.")


def _overlap(one: Path, other: Path) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]


def _refuse_name(item: Item, other: Item, prefix: str) -> NoReturn:
    raise FormError(item.where, TAKEN, name=f"{prefix}{item.name}", other=other.where)


def _sensitive(items: tuple[Item, ...], prefix: Path) -> set[str]:
    found: set[str] = set()
    for item in members(items):
        path = prefix + item.path
        if item.sensitive:
            found.add(".".join(path))
        elif item.is_container:
            found |= _sensitive(item.children, path)
    return found
