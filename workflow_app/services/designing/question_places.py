"""Where the components of a form stand, and moving them.

A component is named by its place: “3” is the third, “3.1” the first inside that.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.domain.text import N_
from workflow_app.services.designing.question_fields import HOLDERS, read_at
from workflow_app.services.designing.step_reading import MISSING, Untaken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Component = dict[str, Any]

INSIDE_ITSELF = N_("It cannot stand inside itself.")
NO_FORM = N_("This file is no form that can be read.")
START = "start"
DEEPEST = 6
_ROW = re.compile(r"Row_(\d+)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A component with its place, and how deep it stands."""

    at: str
    component: Component
    depth: int


def read_form(text: str) -> dict[str, Any]:
    """Return a form's file as it is written. Raises Invalid."""
    try:
        form = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid(NO_FORM) from None
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        raise Invalid(NO_FORM)
    return form


def write_form(form: Mapping[str, Any]) -> str:
    """Return the file of a form."""
    return json.dumps(form, indent=2, ensure_ascii=False) + "\n"


def placed(holder: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[Placed]:
    """Yield the components of a form in order, those inside others behind them."""
    for number, one in enumerate(inside_of(holder), 1):
        if not isinstance(one, dict) or depth > DEEPEST:
            continue
        at = f"{above}{number}"
        yield Placed(at, one, depth)
        yield from placed(one, f"{at}.", depth + 1)


def inside_of(holder: Mapping[str, Any]) -> list[Any]:
    """Return what stands inside a form or a component."""
    found = holder.get("components")
    return found if isinstance(found, list) else []


def find(form: dict[str, Any], at: str) -> Component:
    """Return the component at a place. Raises NotFound."""
    found = next((one.component for one in placed(form) if one.at == at), None)
    if found is None:
        raise NotFound
    return found


def list_of(form: dict[str, Any], at: str) -> list[Any]:
    """Return the list that a component stands in. Raises NotFound."""
    above = at.rpartition(".")[0]
    return inside_of(find(form, above)) if above else inside_of(form)


def holder_of(form: dict[str, Any], place: str) -> dict[str, Any]:
    """Return the form or component that a place is inside."""
    kind, _, at = place.partition(":")
    if kind == "in":
        holder = find(form, at)
        if holder.get("type") not in HOLDERS:
            raise NotFound
        return holder
    above = at.rpartition(".")[0]
    return find(form, above) if above else form


def put(form: dict[str, Any], component: Component, place: str) -> None:
    """Add a component at a place: “start”, “after:3”, “in:3”; at the end where none is named."""
    inside = inside_of(holder_of(form, place))
    if place.startswith("after:"):
        inside.insert(index_of(inside, find(form, place.partition(":")[2])) + 1, component)
    elif place == START:
        inside.insert(0, component)
    else:
        inside.append(component)


def index_of(inside: list[Any], component: Component) -> int:
    """Return where a component stands in a list."""
    return next(number for number, one in enumerate(inside) if one is component)


def ids_of(form: Mapping[str, Any]) -> set[str]:
    """Return the ids of all components."""
    return {str(one.component.get("id")) for one in placed(form)}


def free_row(form: Mapping[str, Any]) -> str:
    """Return a row of the layout that nothing stands in yet."""
    rows = (str(read_at(one.component, ("layout", "row"))) for one in placed(form))
    numbers = (int(found[1]) for row in rows if (found := _ROW.fullmatch(row)))
    return f"Row_{max(numbers, default=0) + 1}"


def own_row(form: Mapping[str, Any], component: Component) -> None:
    """Let a component that stood beside others have a row of its own."""
    own = read_at(component, ("layout", "row"))
    others = (one.component for one in placed(form) if one.component is not component)
    if own and any(read_at(one, ("layout", "row")) == own for one in others):
        component["layout"] = {"row": free_row(form), "columns": None}


def move(form: dict[str, Any], at: str, place: str) -> None:
    """Put a component at a place: “start”, “after:3”, “in:3”. Raises NotFound, Untaken."""
    component = find(form, at)
    if not place:
        raise Untaken({"place": Invalid(MISSING)})
    holder = holder_of(form, place)
    if any(one is holder for one in (component, *(p.component for p in placed(component)))):
        raise Untaken({"place": Invalid(INSIDE_ITSELF)})
    after = find(form, place.partition(":")[2]) if place.startswith("after:") else None
    if after is component:
        return
    old = list_of(form, at)
    del old[index_of(old, component)]
    own_row(form, component)
    inside = inside_of(holder)
    if place.startswith("in:"):
        inside.append(component)
    else:
        inside.insert(0 if after is None else index_of(inside, after) + 1, component)
