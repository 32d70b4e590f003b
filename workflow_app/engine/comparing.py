"""What differs between two diagrams, forms or decision files: element by element, by aspects.

Nothing is said of how a file is spelt: order of attributes, white space and ids of what has no
meaning of its own make no difference. What only stands elsewhere in the drawing is “placed”.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from lxml import etree

from workflow_app.engine.documents import read_xml
from workflow_app.engine.outline import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

State = Literal["new", "gone", "changed", "placed"]
#: What is an element of its own beside the steps; everything else belongs to what it stands in.
OWN = frozenset(WORDS) | {
    "sequenceFlow",
    "messageFlow",
    "lane",
    "participant",
    "textAnnotation",
    "association",
    "dataObjectReference",
    "dataStoreReference",
    "message",
    "error",
    "signal",
    "escalation",
    "process",
    "group",
}
_WIRING = frozenset({"incoming", "outgoing", "flowNodeRef", "laneSet", "BPMNDiagram"})
_NAMING = ("target", "key", "name")
_ENDS = ("sourceRef", "targetRef")
_REFERRING = frozenset({*_ENDS, "default", "attachedToRef"})
_TABLE = frozenset({"decision", "input", "output", "rule"})


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that is different: `name` is a path such as `formDefinition/formId`."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One element that is new, gone, changed or only placed elsewhere."""

    state: State
    element: str
    kind: str
    name: str
    aspects: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    kind: str
    name: str
    aspects: Mapping[str, str]
    place: str = ""


def compare_diagrams(old: str, new: str) -> tuple[Difference, ...]:
    """Return how two diagrams differ, in the order of the new one. Raises UnreadableXml.

    Where an element refers to others it is by their names; a way without a name is called by its
    two ends.
    """
    before, after = _drawn(old), _drawn(new)
    return tuple(_spoken(one, before, after) for one in _compared(before, after))


def compare_tables(old: str, new: str) -> tuple[Difference, ...]:
    """Return how two decision files differ: decisions, columns and rows. Raises UnreadableXml."""
    return tuple(_compared(_tabled(old), _tabled(new)))


def compare_forms(old: str, new: str) -> tuple[Difference, ...]:
    """Return how two forms differ, field by field. Raises ValueError for what is no JSON."""
    return tuple(_compared(_asked(old), _asked(new)))


def _local(element: etree._Element) -> str:
    """Return an element's name without its namespace; nothing for a remark."""
    tag: Any = element.tag
    return etree.QName(tag).localname if isinstance(tag, str) else ""


def _compared(old: Mapping[str, _Thing], new: Mapping[str, _Thing]) -> Iterator[Difference]:
    for key, thing in new.items():
        before = old.get(key)
        if before is None:
            yield _told("new", key, thing)
        elif found := tuple(_aspects(before, thing)):
            yield _told("changed", key, thing, found)
        elif before.place != thing.place:
            yield _told("placed", key, thing)
    for key, thing in old.items():
        if key not in new:
            yield _told("gone", key, thing)


def _spoken(one: Difference, old: Mapping[str, _Thing], new: Mapping[str, _Thing]) -> Difference:
    aspects = tuple(
        Aspect(each.name, _called(each.old, old), _called(each.new, new))
        if each.name in _REFERRING
        else each
        for each in one.aspects
    )
    thing = (old if one.state == "gone" else new)[one.element]
    ends = [thing.aspects.get(end, "") for end in _ENDS]
    name = " → ".join(_called(end, old if one.state == "gone" else new) for end in ends)
    return replace(one, aspects=aspects, name=one.name or (name if all(ends) else ""))


def _called(key: str, things: Mapping[str, _Thing]) -> str:
    """Return the name of an element where it has one."""
    return (things[key].name if key in things else "") or key


def _told(state: State, key: str, thing: _Thing, aspects: tuple[Aspect, ...] = ()) -> Difference:
    return Difference(state=state, element=key, kind=thing.kind, name=thing.name, aspects=aspects)


def _aspects(old: _Thing, new: _Thing) -> Iterator[Aspect]:
    yield from _changed("kind", old.kind, new.kind)
    for name in dict.fromkeys([*new.aspects, *old.aspects]):
        yield from _changed(name, old.aspects.get(name, ""), new.aspects.get(name, ""))


def _changed(name: str, before: str, after: str) -> Iterator[Aspect]:
    if before != after:
        yield Aspect(name, before, after)


def _drawn(text: str) -> dict[str, _Thing]:
    root = read_xml(text)
    lanes, places = _lanes(root), _places(root)
    found = {}
    for element in root.iter():
        key, tag = element.get("id"), _local(element)
        if key and tag in OWN:
            aspects = dict(_facts(element))
            if key in lanes:
                aspects["lane"] = lanes[key]
            name = element.get("name") or aspects.get("text", "")
            found[key] = _Thing(kind=tag, name=name, aspects=aspects, place=places.get(key, ""))
    return found


def _lanes(root: etree._Element) -> dict[str, str]:
    return {
        (ref.text or "").strip(): lane.get("name", "")
        for lane in root.iter("{*}lane")
        for ref in lane.iter("{*}flowNodeRef")
    }


def _places(root: etree._Element) -> dict[str, str]:
    found = {}
    for shape in root.iter("{*}BPMNShape", "{*}BPMNEdge"):
        points = [dict(one.attrib) for one in shape.iter("{*}Bounds", "{*}waypoint")]
        found[shape.get("bpmnElement", "")] = json.dumps(points, sort_keys=True)
    return found


def _facts(element: etree._Element, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield what an element says: attributes and texts by path, without what is wired to it."""
    for name, value in element.attrib.items():
        plain = str(name).rpartition("}")[2]
        if plain != "id":
            yield f"{path}{plain}", str(value)
    text = (element.text or "").strip()
    if text:
        yield path.rstrip("/") or "text", text
    for child in element:
        tag = _local(child)
        if tag and tag not in _WIRING and not (tag in OWN and child.get("id")):
            yield from _facts(child, f"{path}{_step(child, tag)}")


def _step(child: etree._Element, tag: str) -> str:
    if tag in ("extensionElements", "ioMapping", "taskHeaders", "properties"):
        return ""
    called = next((child.get(name) for name in _NAMING if child.get(name)), None)
    return f"{tag}:{called}/" if called else f"{tag}/"


def _tabled(text: str) -> dict[str, _Thing]:
    found: dict[str, _Thing] = {}
    for decision in read_xml(text).iter("{*}decision"):
        for element in (one for one in decision.iter() if _local(one) in _TABLE):
            key = element.get("id") or f"{decision.get('id')}/{len(found)}"
            found[key] = _part(decision, element, _local(element))
    return found


def _part(decision: etree._Element, element: etree._Element, tag: str) -> _Thing:
    if tag == "rule":
        rows = list(decision.iter("{*}rule"))
        cells = dict(_cells(element))
        return _Thing(kind=tag, name=str(rows.index(element) + 1), aspects=cells)
    name = element.get("name") or element.get("label") or ""
    inner = element.find("{*}decisionTable") if tag == "decision" else element
    facts = {} if inner is None else _own_facts(inner, tag)
    return _Thing(kind=tag, name=name, aspects=facts | {"name": name})


def _own_facts(inner: etree._Element, tag: str) -> dict[str, str]:
    if tag == "decision":
        return {str(k): str(v) for k, v in inner.attrib.items() if k != "id"}
    return dict(_facts(inner))


def _cells(rule: etree._Element) -> Iterator[tuple[str, str]]:
    numbers = {"inputEntry": 0, "outputEntry": 0, "annotationEntry": 0}
    for cell in rule:
        tag = _local(cell)
        if tag in numbers:
            numbers[tag] += 1
            yield f"{tag}:{numbers[tag]}", "".join(map(str, cell.itertext())).strip()


def _asked(text: str) -> dict[str, _Thing]:
    form = json.loads(text)
    if not isinstance(form, dict):
        reason = "a form is an object"
        raise ValueError(reason)  # noqa: TRY004 - the file is wrong, not a type
    return dict(_fields(form.get("components"), ""))


def _fields(components: Any, inside: str) -> Iterator[tuple[str, _Thing]]:
    for number, one in enumerate(components if isinstance(components, list) else ()):
        if not isinstance(one, dict):
            continue
        name = str(one.get("key") or one.get("path") or one.get("id") or number)
        label = str(one.get("label") or one.get("text") or name)
        aspects = dict(_settings(one)) | {"place": f"{inside}{number + 1}"}
        yield f"{inside}{name}", _Thing(kind=str(one.get("type")), name=label, aspects=aspects)
        yield from _fields(one.get("components"), f"{inside}{name}.")


def _settings(one: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in one.items():
        if name in ("id", "components", "layout", "type"):
            continue
        if isinstance(value, dict):
            yield from _settings(value, f"{path}{name}/")
        else:
            said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            yield f"{path}{name}", said
