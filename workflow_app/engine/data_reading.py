"""Reads data objects, stores, properties and what carries data between them and activities.

A data object is the variable of its name in the scope that declares it (BPMN 2.0.2 §10.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import BPMN, child, children, flag, line_of, tag_of, text_of
from workflow_app.engine.extensions import read_extensions
from workflow_app.engine.model import Assignment, Association, DataItem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lxml import etree

KINDS = {
    "dataObject": "object",
    "dataObjectReference": "object",
    "dataStoreReference": "store",
    "property": "property",
    "dataInput": "input",
    "dataOutput": "output",
}
DECLARED = ("dataObject", "property")
#: What bpmn.io's editor writes as the end of an arrow that leads to an activity as a whole.
PLACEHOLDER = "_placeholder"


def read_items(root: etree._Element) -> dict[str, DataItem]:
    """Return every data element of a file by id."""
    found = [part for tag in KINDS for part in root.iter(f"{{{BPMN}}}{tag}")]
    names = {part.get("id", ""): _name(part) for part in root.iter(f"{{{BPMN}}}*")}
    for part in found:
        if tag_of(part) == "dataObjectReference":
            behind = part.get("dataObjectRef", "")
            names[behind] = names.get(behind) or _name(part)
    return {part.get("id", ""): _item(part, names) for part in found if part.get("id")}


def _item(part: etree._Element, names: Mapping[str, str]) -> DataItem:
    if tag_of(part) == "dataStoreReference":
        return _store(part, names)
    behind = part.get("dataObjectRef", "")
    key = behind or part.get("id", "")
    return DataItem(
        id=key,
        kind=KINDS[tag_of(part) or ""],
        name=names.get(key) or _name(part) or key,
        collection=flag(part, "isCollection"),
    )


def _store(part: etree._Element, names: Mapping[str, str]) -> DataItem:
    said, behind = read_extensions(part).properties, names.get(part.get("dataStoreRef", ""), "")
    return DataItem(
        id=part.get("id", ""),
        kind="store",
        name=_name(part) or behind or part.get("id", ""),
        register=said.get("register") or behind,
        key=said.get("key"),
    )


def _name(part: etree._Element) -> str:
    return " ".join((part.get("name") or "").split())


def declared(element: etree._Element, items: Mapping[str, DataItem]) -> tuple[DataItem, ...]:
    """Return what a process, sub-process or node declares as its own, ioSpecification included."""
    holder = child(element, "ioSpecification")
    parts = [*children(element, *DECLARED, "dataInput", "dataOutput")]
    parts += [] if holder is None else children(holder, "dataInput", "dataOutput")
    found = [items[part.get("id", "")] for part in parts if part.get("id", "") in items]
    return tuple(item for item in found if not item.name.endswith(PLACEHOLDER))


def read_associations(
    element: etree._Element, items: Mapping[str, DataItem]
) -> Iterator[Association]:
    """Yield the data associations of a node, the incoming ones first."""
    for part in children(element, "dataInputAssociation", "dataOutputAssociation"):
        yield _association(part, items)


def _association(part: etree._Element, items: Mapping[str, DataItem]) -> Association:
    sources = [text_of(one) for one in children(part, "sourceRef")]
    target = text_of(child(part, "targetRef"))
    transformation = text_of(child(part, "transformation")) or None
    assignments = tuple(map(_assignment, children(part, "assignment")))
    carries = transformation is not None or bool(assignments)
    lost = [name for name in (*sources, target) if name not in items] if carries else []
    known = [items[name] for name in sources if name in items]
    return Association(
        incoming=tag_of(part) == "dataInputAssociation",
        sources=tuple(item for item in known if not item.name.endswith(PLACEHOLDER)),
        target=_real(items.get(target)),
        transformation=transformation,
        assignments=assignments,
        key=read_extensions(part).properties.get("key"),
        missing=lost[0] if lost else None,
        line=line_of(part),
    )


def _real(item: DataItem | None) -> DataItem | None:
    return None if item is None or item.name.endswith(PLACEHOLDER) else item


def _assignment(part: etree._Element) -> Assignment:
    to = text_of(child(part, "to")).removeprefix("=").strip()
    return Assignment(text_of(child(part, "from")), to, line_of(part))
