"""What the schema of BPMN 2.0.2 allows: attributes, their values, what may stand inside what.

Read once from the schema files that SpiffWorkflow brings. The order of elements is not asked for:
it changes no meaning, and files of many tools have their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

XSD = "{http://www.w3.org/2001/XMLSchema}"
#: What XML allows as an id; the engine builds names of its own with “#”, “:”, “@” and “~”.
NAME = re.compile(r"[^\W\d][\w.\-\u00b7]*")
WHOLE = re.compile(r"[-+]?\d{1,18}", re.ASCII)
BOOLEANS = frozenset({"true", "false", "1", "0"})


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: its type, whether it must be there, and its words where only some may be."""

    type: str
    required: bool
    words: frozenset[str]

    def allows(self, text: str) -> bool:
        """Say whether a text is a value of the attribute."""
        text = text.strip()
        if self.type == "ID":
            return NAME.fullmatch(text) is not None
        if self.type == "boolean":
            return text in BOOLEANS
        if self.type in {"integer", "int"}:
            return WHOLE.fullmatch(text) is not None
        return not self.words or text in self.words


@dataclass(slots=True)
class Shape:
    """What a type of the schema adds to its base: attributes and the elements inside."""

    base: str | None = None
    attributes: dict[str, Attribute] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Standard:
    """Every type and element of the schema, by name; `allowed` and `holds` keep what was asked."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    types: dict[str, set[str]] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    allowed: dict[str, dict[str, Attribute]] = field(default_factory=dict)
    holds: dict[str, set[str]] = field(default_factory=dict)

    def knows(self, tag: str) -> bool:
        """Say whether there is an element of this name anywhere."""
        return tag in self.types

    def attributes(self, tag: str) -> dict[str, Attribute]:
        """Return the attributes that an element may have."""
        if tag not in self.allowed:
            found: dict[str, Attribute] = {}
            for shape in self._shapes(tag):
                found |= shape.attributes
            self.allowed[tag] = found
        return self.allowed[tag]

    def type_attributes(self, name: str) -> dict[str, Attribute]:
        """Return the attributes that a type adds."""
        return self.shapes[name].attributes

    def may_hold(self, tag: str) -> set[str]:
        """Return the elements that may stand inside another."""
        if tag not in self.holds:
            names = {name for shape in self._shapes(tag) for name in shape.inside}
            self.holds[tag] = set().union(*map(self._members, names))
        return self.holds[tag]

    def _shapes(self, tag: str) -> Iterator[Shape]:
        todo = list(self.types.get(tag, ()))
        while todo:
            shape = self.shapes.get(todo.pop())
            if shape is not None:
                yield shape
                todo += [shape.base] if shape.base else []

    def _members(self, name: str) -> set[str]:
        found = {name}
        for member in self.groups.get(name, ()):
            found |= self._members(member)
        return found


@cache
def standard() -> Standard:
    """Return the schema, read at first use."""
    folder = files("SpiffWorkflow.bpmn.parser.schema")
    found = Standard()
    for name in ("BPMN20.xsd", "Semantic.xsd"):
        root = etree.fromstring(folder.joinpath(name).read_bytes())
        words = {
            str(simple.get("name")): frozenset(
                value.get("value", "") for value in simple.iter(f"{XSD}enumeration")
            )
            for simple in root.iterchildren(f"{XSD}simpleType")
            if simple.find(f"{XSD}union") is None
        }
        for part in root.iterchildren(f"{XSD}complexType"):
            found.shapes[str(part.get("name"))] = _shape(part, words)
        for part in root.iter(f"{XSD}element"):
            _element(found, part)
    return found


def _shape(part: etree._Element, words: dict[str, frozenset[str]]) -> Shape:
    extension = next(part.iter(f"{XSD}extension"), None)
    shape = Shape(_local(extension.get("base")) if extension is not None else None)
    for one in part.iter(f"{XSD}attribute"):
        kind = _local(one.get("type"))
        required = one.get("use") == "required"
        shape.attributes[one.get("name", "")] = Attribute(kind, required, words.get(kind, _ANY))
    for one in part.iter(f"{XSD}element"):
        shape.inside.add(_local(one.get("ref") or one.get("name")))
    return shape


def _element(found: Standard, part: etree._Element) -> None:
    name = part.get("name")
    if name is None:
        return
    found.types.setdefault(name, set()).add(_local(part.get("type")))
    group = part.get("substitutionGroup")
    if group is not None:
        found.groups.setdefault(_local(group), set()).add(name)


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]


_ANY: frozenset[str] = frozenset()
