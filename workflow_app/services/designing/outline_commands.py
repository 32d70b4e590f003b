"""The commands of the outline: each changes a sheet and says what it did."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from workflow_app.domain.errors import DomainError, Invalid
from workflow_app.domain.text import N_
from workflow_app.engine.documents import tag_of
from workflow_app.engine.drawing import adding, lanes, removing, wiring, writing
from workflow_app.engine.reader import ACTIVITIES
from workflow_app.feel import FeelError
from workflow_app.services.designing.operation_notes import NOTES
from workflow_app.services.designing.step_fields import (
    CHOICE,
    MESSAGE,
    NAME,
    NEW,
    WHEN,
    as_formula,
    fields_of,
    operation_fields,
    values_of,
)
from workflow_app.services.designing.step_reading import (
    MISSING,
    Untaken,
    read_condition,
    read_fields,
    read_pairs,
    taken,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml import etree

    from workflow_app.engine.drawing.sheet import Sheet
    from workflow_app.engine.model import Node
    from workflow_app.services.designing.step_fields import Field

UNKNOWN = N_("This page does not know that command.")
ADDED = N_("“%(name)s” was added after “%(other)s”.")
CHANGED = N_("“%(name)s” was changed.")
WAY_CHANGED = N_("The way from “%(name)s” to “%(other)s” was changed.")
CONNECTED = N_("“%(name)s” now leads to “%(other)s” too.")
CUT = N_("The way from “%(name)s” to “%(other)s” was removed.")
REMOVED = N_("“%(name)s” was removed.")
MOVED = N_("“%(name)s” now stands after “%(other)s”.")
ON_BORDER = N_("“%(name)s” was added on the border of “%(other)s”.")
LANE_ADDED = N_("The lane “%(name)s” was added.")
LANE_RENAMED = N_("The lane “%(name)s” has its new name.")
NO_BORDER = N_("Only tasks, calls and groups of steps can have an event on their border.")
INPUT = ("ioMapping", "input", "target", "source")
OUTPUT = ("ioMapping", "output", "target", "source")
HEADER = ("taskHeaders", "header", "key", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command did: where to go on, and a sentence (a msgid and what fills it)."""

    focus: str
    why: str
    details: dict[str, Any] = field(default_factory=dict)


def new_fields(kind: str, operation: str = "") -> tuple[Field, ...]:
    """Return the fields of a step that is to be added. Raises Invalid for no such kind."""
    if kind == "choice":
        return CHOICE
    if kind == "operation":
        return (NAME, *operation_fields(operation), NEW["end"][-1])
    if kind not in NEW:
        raise Invalid(UNKNOWN)
    return NEW[kind]


def border_fields(kind: str) -> tuple[Field, ...]:
    """Return the fields of an event on a border. Raises Invalid for no such kind."""
    found = {"time": (NAME, *WHEN), "message": (NAME, *MESSAGE)}.get(kind)
    if found is None:
        raise Invalid(UNKNOWN)
    return found


def _add(sheet: Sheet, said: Mapping[str, str]) -> Done:
    kind, step = said.get("kind", ""), said.get("step", "")
    read = read_fields(new_fields(kind, said.get("operation", "")), said)
    held = {"name", "documentation", "inputs", "outputs", "way", "way_2", "other", "end"}
    details = {name: text for name, text in read.items() if name not in held and "." not in name}
    if kind == "choice":
        details = {}
        _needs_end(read)
    new = adding.New(
        kind=kind,
        name=read["name"],
        lane=said.get("lane", ""),
        documentation=read.get("documentation", ""),
        details=details,
    )
    other = name_of(sheet.get(step))
    key = adding.add_after(sheet, step, new, said.get("on", ""))
    _map(sheet, sheet.get(key), read)
    if kind == "choice":
        ways = ((read["way"], read["condition"]), (read["way_2"], read["end"]))
        adding.add_choice(sheet, key, ways, read["other"])
    return Done(focus=key, why=ADDED, details={"name": name_of(sheet.get(key)), "other": other})


def _needs_end(read: Mapping[str, str]) -> None:
    if not read["other"] and not read["end"]:
        raise Untaken({"end": Invalid(MISSING)})


def _map(sheet: Sheet, element: etree._Element, read: Mapping[str, str]) -> None:
    """Write what an operation takes, and what a step is given and keeps."""
    inputs, headers = _inputs_and_headers(read)
    writing.set_pairs(sheet, element, INPUT, inputs | read_pairs(read.get("inputs", "")))
    writing.set_pairs(sheet, element, OUTPUT, read_pairs(read.get("outputs", "")))
    writing.set_pairs(sheet, element, HEADER, headers)


def _inputs_and_headers(read: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    note, found = NOTES.get(read.get("operation", "")), taken(read)
    inputs = {one.name for one in (note.takes if note else ()) if one.is_input}
    headers = {name: text for name, text in found.items() if name not in inputs}
    return {name: text for name, text in found.items() if name in inputs}, headers


def _change(sheet: Sheet, node: Node, said: Mapping[str, str]) -> Done:
    fields = fields_of(node)
    before = values_of(node)
    optional = {"name"} if not node.name else set()
    read = read_fields([_eased(one, optional) for one in fields if one.name in said], said)
    element = sheet.get(node.id)
    changed = {name: text for name, text in read.items() if text != before.get(name, "")}
    if "name" in changed:
        writing.rename(sheet, element, changed["name"])
    if "documentation" in changed:
        writing.document(sheet, element, changed["documentation"])
    plain = {name: text for name, text in changed.items() if name not in {"name", "documentation"}}
    for pair in (("when_kind", "when"), ("message", "correlation")):
        if set(pair) & plain.keys():
            plain |= {name: read[name] for name in pair if name in read}
    writing.describe(sheet, element, plain)
    _map_changed(sheet, element, node, changed)
    lane = said.get("lane", "")
    if lane:
        lanes.set_lane(sheet, node.id, lane)
    return Done(focus=node.id, why=CHANGED, details={"name": name_of(element)})


def _eased(one: Field, names: set[str]) -> Field:
    return replace(one, needed=False) if one.name in names else one


def _map_changed(
    sheet: Sheet, element: etree._Element, node: Node, changed: Mapping[str, str]
) -> None:
    """Write only those inputs, outputs and constants that are other than before."""
    note = NOTES.get(node.extensions.operation or "")
    takes = {one.name: one.is_input for one in (note.takes if note else ())}
    for name, text in taken(changed).items():
        writing.set_pairs(sheet, element, INPUT if takes.get(name) else HEADER, {name: text})
    for part, where, held in (
        ("inputs", INPUT, node.extensions.inputs),
        ("outputs", OUTPUT, node.extensions.outputs),
    ):
        if part in changed:
            own = {one.target: as_formula(one.source) for one in held}
            own = {t: s for t, s in own.items() if part == "outputs" or not takes.get(t)}
            new = read_pairs(changed[part])
            gone = dict.fromkeys(own.keys() - new.keys(), "")
            other = {t: s for t, s in new.items() if own.get(t) != s[1:].strip()}
            writing.set_pairs(sheet, element, where, gone | other)


def _way(sheet: Sheet, said: Mapping[str, str]) -> Done:
    flow = sheet.get(said.get("flow", ""))
    try:
        condition = read_condition(said.get("condition", ""))
    except FeelError as error:
        raise Untaken({"condition": error}) from None
    source, target = (sheet.get(flow.get(end, "")) for end in ("sourceRef", "targetRef"))
    is_default = "default" in said
    if is_default:
        source.set("default", flow.get("id", ""))
        condition = ""
    elif source.get("default") == flow.get("id"):
        del source.attrib["default"]
    wiring.set_way(sheet, flow, " ".join(said.get("words", "").split()), condition)
    return _between(source, target, WAY_CHANGED)


def _between(source: etree._Element, target: etree._Element, why: str) -> Done:
    details = {"name": name_of(source), "other": name_of(target)}
    return Done(focus=source.get("id", ""), why=why, details=details)


@contextmanager
def _at_field(name: str) -> Iterator[None]:
    """Tell what is refused as the fault of a field."""
    try:
        yield
    except DomainError as error:
        raise Untaken({name: error}) from None


def _connect(sheet: Sheet, said: Mapping[str, str]) -> Done:
    with _at_field("to"):
        flow = wiring.connect(sheet, said.get("step", ""), said.get("to", ""))
    ends = [sheet.get(flow.get(end, "")) for end in ("sourceRef", "targetRef")]
    return _between(ends[0], ends[1], CONNECTED)


def _cut(sheet: Sheet, said: Mapping[str, str]) -> Done:
    flow = sheet.get(said.get("flow", ""))
    ends = [sheet.get(flow.get(end, "")) for end in ("sourceRef", "targetRef")]
    wiring.drop_flow(sheet, flow)
    return _between(ends[0], ends[1], CUT)


def _remove(sheet: Sheet, said: Mapping[str, str]) -> Done:
    key = said.get("step", "")
    name, focus = name_of(sheet.get(key)), _beside(sheet, key)
    removing.remove_step(sheet, key)
    return Done(focus=focus, why=REMOVED, details={"name": name})


def _beside(sheet: Sheet, key: str) -> str:
    """Return the step that is looked at once another is gone: its host, or the one before it."""
    before = [flow.get("sourceRef", "") for flow in sheet.arriving(key)]
    return sheet.get(key).get("attachedToRef") or (before[0] if before else "")


def _move(sheet: Sheet, said: Mapping[str, str]) -> Done:
    key, way = said.get("step", ""), said.get("on", "")
    with _at_field("on"):
        removing.move_step(sheet, key, way)
    other = sheet.get(sheet.get(way).get("sourceRef", ""))
    names = {"name": name_of(sheet.get(key)), "other": name_of(other)}
    return Done(focus=key, why=MOVED, details=names)


def _border(sheet: Sheet, said: Mapping[str, str]) -> Done:
    host = said.get("step", "")
    if tag_of(sheet.get(host)) not in ACTIVITIES:
        raise Invalid(NO_BORDER)
    read = read_fields((*border_fields(said.get("kind", "")), END), said)
    details = {name: text for name, text in read.items() if name not in {"name", "end"}}
    key = adding.add_boundary(
        sheet, host, said["kind"], read["name"], details, stops="stops" in said
    )
    if said.get("to"):
        wiring.connect(sheet, key, said["to"])
    else:
        if not read["end"]:
            raise Untaken({"end": Invalid(MISSING)})
        adding.add_after(sheet, key, adding.New(kind="end", name=read["end"]))
    details = {"name": read["name"], "other": name_of(sheet.get(host))}
    return Done(focus=key, why=ON_BORDER, details=details)


END = CHOICE[-1]


def _lane(sheet: Sheet, said: Mapping[str, str]) -> Done:
    name = " ".join(said.get("lane_name", "").split())[:200]
    if not name:
        raise Untaken({"lane_name": Invalid(MISSING)})
    if said.get("lane"):
        lanes.rename_lane(sheet, said["lane"], name)
        return Done(focus="", why=LANE_RENAMED, details={"name": name})
    lanes.add_lane(sheet, sheet.get(said.get("process", "")), name)
    return Done(focus="", why=LANE_ADDED, details={"name": name})


COMMANDS: Mapping[str, Callable[[Sheet, Mapping[str, str]], Done]] = {
    "add": _add,
    "way": _way,
    "connect": _connect,
    "cut": _cut,
    "remove": _remove,
    "move": _move,
    "border": _border,
    "lane": _lane,
}


def run(sheet: Sheet, node: Node | None, said: Mapping[str, str]) -> Done:
    """Do the command `do` that was sent; `node` is the step as it was.

    Raises NotFound, Untaken, Invalid.
    """
    command = COMMANDS.get(said.get("do", ""))
    if said.get("do") == "change" and node is not None:
        return _change(sheet, node, said)
    if command is None:
        raise Invalid(UNKNOWN)
    return command(sheet, said)


def name_of(element: etree._Element) -> str:
    """Return how a step is called: by its name, else its id."""
    return " ".join((element.get("name") or element.get("id") or "").split())
