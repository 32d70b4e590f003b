"""The commands on a form in words: each changes the form's components and says what it did.

A component is named by its place: “3” is the third, “3.1” the first inside that.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import Invalid
from workflow_app.domain.text import N_
from workflow_app.form_builder.compile import NO_KEY, NO_LIMIT
from workflow_app.services.designing.errors import BadName
from workflow_app.services.designing.outline_commands import CHANGED, REMOVED, UNKNOWN, Done
from workflow_app.services.designing.question_fields import (
    HOLDERS,
    SORTS,
    as_word,
    fields_of,
    place_of,
    read_at,
    slug,
    values_of,
)
from workflow_app.services.designing.question_places import (
    find,
    free_row,
    ids_of,
    index_of,
    list_of,
    move,
    own_row,
    placed,
    put,
)
from workflow_app.services.designing.step_reading import MISSING, Untaken, read_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow_app.services.designing.step_fields import Field

    Component = dict[str, Any]

ADDED = N_("“%(name)s” was added.")
MOVED = N_("“%(name)s” was moved.")
_KEY = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", re.ASCII)
_TICKED = frozenset({"required", "readonly", "multiple"})
_LIMITS = frozenset({"least", "most", "shortest", "longest"})


def name_of(component: Mapping[str, Any]) -> str:
    """Return how a component is called: by its question, else by what else names it."""
    held = (component.get(name) for name in ("title", "text", "content", "key", "id", "type"))
    named = (values_of(component).get("label", ""), *held)
    found = next((str(one) for one in named if one), "")
    return " ".join(found.split())[:80]


def run(form: dict[str, Any], said: Mapping[str, str]) -> Done:
    """Do the command `do` that was sent to a form, in place.

    Raises NotFound, Untaken, Invalid.
    """
    command = COMMANDS.get(said.get("do", ""))
    if command is None:
        raise Invalid(UNKNOWN)
    return command(form, said)


def _add(form: dict[str, Any], said: Mapping[str, str]) -> Done:
    sort = SORTS.get(said.get("sort", ""))
    if sort is None:
        raise Invalid(UNKNOWN)
    component: Component = json.loads(json.dumps(sort.begins))
    read = _read(form, component, sort.fields, said)
    key = read.get("key", "")
    component["id"] = _unique(ids_of(form), f"{key or slug(read.get('label', ''), 'part')}_field")
    component["layout"] = {"row": free_row(form), "columns": None}
    if component["type"] in HOLDERS:
        component["components"] = []
    _write(component, read)
    put(form, component, said.get("place", ""))
    return _done(form, component, ADDED)


def _change(form: dict[str, Any], said: Mapping[str, str]) -> Done:
    component = _get(form, said)
    before = values_of(component)
    fields = [one for one in fields_of(component) if one.name in said]
    read = _read(form, component, fields, said)
    _write(component, {name: text for name, text in read.items() if text != before[name]})
    return _done(form, component, CHANGED)


def _move(form: dict[str, Any], said: Mapping[str, str]) -> Done:
    component = _get(form, said)
    move(form, said.get("at", ""), said.get("place", ""))
    return _done(form, component, MOVED)


def _step(by: int) -> Callable[[dict[str, Any], Mapping[str, str]], Done]:
    def shift(form: dict[str, Any], said: Mapping[str, str]) -> Done:
        component = _get(form, said)
        inside = list_of(form, said.get("at", ""))
        place = index_of(inside, component)
        if 0 <= place + by < len(inside):
            inside.insert(place + by, inside.pop(place))
            own_row(form, component)
        return _done(form, component, MOVED)

    return shift


def _remove(form: dict[str, Any], said: Mapping[str, str]) -> Done:
    component = _get(form, said)
    inside = list_of(form, said.get("at", ""))
    del inside[index_of(inside, component)]
    return Done(focus="", why=REMOVED, details={"name": name_of(component)})


COMMANDS: Mapping[str, Callable[[dict[str, Any], Mapping[str, str]], Done]] = {
    "add": _add,
    "change": _change,
    "move": _move,
    "up": _step(-1),
    "down": _step(1),
    "remove": _remove,
}


def _done(form: dict[str, Any], component: Component, why: str) -> Done:
    at = next(one.at for one in placed(form) if one.component is component)
    return Done(focus=at, why=why, details={"name": name_of(component)})


def _get(form: dict[str, Any], said: Mapping[str, str]) -> Component:
    return find(form, said.get("at", ""))


# --- what was typed ------------------------------------------------------------------------------


def _read(
    form: Mapping[str, Any],
    component: Component,
    fields: tuple[Field, ...] | list[Field],
    said: Mapping[str, str],
) -> dict[str, str]:
    """Return what was typed by field, with a name of the answer. Raises Untaken."""
    read = read_fields(fields, said)
    wrong: dict[str, Invalid] = {}
    if "key" in read:
        read["key"] = read["key"] or _free_key(form, component, read.get("label", ""))
        fault = _key_fault(form, component, read["key"])
        wrong |= {"key": fault} if fault else {}
    if "values" in read and not read["values"] and not read.get("values_from"):
        wrong["values"] = Invalid(MISSING)
    for name in _LIMITS & read.keys():
        if read[name] and not read[name].startswith("=") and _number(read[name]) is None:
            wrong[name] = Invalid(NO_LIMIT, value=read[name])
    if wrong:
        raise Untaken(wrong)
    return read


def _key_fault(form: Mapping[str, Any], component: Component, key: str) -> Invalid | None:
    if not _KEY.fullmatch(key):
        return Invalid(NO_KEY, name=key)
    return BadName(BadName.taken, name=key) if key in _keys(form, component) else None


def _keys(form: Mapping[str, Any], component: Component) -> set[str]:
    """Return the names of the other answers of a form, those inside rows apart from them."""
    others = (one.component for one in placed(form) if one.component is not component)
    held = {id(part) for one in placed(form) for part in _rows_inside(one.component)}
    names = (read_at(one, place_of(one, "key")) for one in others if id(one) not in held)
    return {name for name in names if isinstance(name, str) and name}


def _rows_inside(component: Component) -> Iterator[Component]:
    if component.get("path"):
        yield from (one.component for one in placed(component))


def _free_key(form: Mapping[str, Any], component: Component, label: str) -> str:
    return _unique(_keys(form, component), slug(label, "answer"))


def _unique(taken: set[str], base: str) -> str:
    found, number = base, 2
    while found in taken:
        found, number = f"{base}_{number}", number + 1
    return found


def _number(text: str) -> float | int | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


# --- writing -------------------------------------------------------------------------------------


def _write(component: Component, read: Mapping[str, str]) -> None:
    for name, text in read.items():
        _set(component, place_of(component, name), _value(component, name, text))


def _value(component: Component, name: str, text: str) -> Any:
    """Return what a file holds for what stands in a field; None where it holds nothing."""
    if not text:
        return None
    if name == "values":
        return _choices(component, text)
    if name == "sensitive":
        return "true" if text == "yes" else text
    if name in _LIMITS and not text.startswith("="):
        return _number(text)
    return True if name in _TICKED and text == "yes" else text


def _choices(component: Component, text: str) -> list[dict[str, Any]]:
    """Return the choices of lines “value = words”; known ones keep what else they hold."""
    held = component.get("values")
    known = {
        as_word(one.get("value")): one
        for one in (held if isinstance(held, list) else ())
        if isinstance(one, dict)
    }
    found: dict[str, dict[str, Any]] = {}
    for line in filter(str.strip, text.split("\n")):
        value, mark, words = (part.strip() for part in line.partition("="))
        label = words if mark else value
        value = value if mark else _unique(set(found), slug(value, "answer"))
        found[value] = {**known.get(value, {}), "label": label}
        found[value].setdefault("value", value)
    return list(found.values())


def _set(component: Component, place: tuple[str, ...], value: Any) -> None:
    """Write a value at a place of a component, or take what stands there away."""
    *above, last = place
    holder = component
    for name in above:
        inner = holder.get(name)
        if not isinstance(inner, dict):
            if value is None:
                return
            inner = holder[name] = {}
        holder = inner
    if value is not None:
        holder[last] = value
        return
    holder.pop(last, None)
    if above and not holder:
        del component[above[0]]
