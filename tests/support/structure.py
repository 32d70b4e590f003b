"""What an XML file holds, whatever its layout: to tell whether something was lost on the way."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER = re.compile(r"-?\d+(\.\d+)?")
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"


def structure(text: str) -> Counter[tuple[object, ...]]:
    """Return how often each element, attribute and text stands in a file.

    Each with the id of the element, or of the one around it; numbers count by their value.
    """
    return Counter(fact for element in _elements(text) for fact in _facts(element))


def lost(before: str, after: str) -> list[tuple[object, ...]]:
    """Return what the first file holds and the second does not."""
    return sorted((structure(before) - structure(after)).elements(), key=str)


def drawn(text: str) -> tuple[int, int]:
    """Return how many shapes and edges the first diagram of a file draws."""
    planes = [one for one in _elements(text) if one.tag == f"{DI}BPMNPlane"]
    return len(planes[0].findall(f"{DI}BPMNShape")), len(planes[0].findall(f"{DI}BPMNEdge"))


def _elements(text: str) -> Iterator[etree._Element]:
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    return (element for element in root.iter() if isinstance(element.tag, str))


def _facts(element: etree._Element) -> Iterator[tuple[object, ...]]:
    around = element.getparent()
    place = None if around is None else around.get("id") or around.tag
    here = (element.tag, place, element.get("id"))
    yield here
    yield (*here, (element.text or "").strip())
    for name in element.attrib:
        yield (*here, str(name), _value(element, name))


def _value(element: etree._Element, name: object) -> str:
    value = element.get(str(name), "")
    if name == XSI_TYPE:
        prefix, _, local = value.rpartition(":")
        return f"{{{element.nsmap.get(prefix or None)}}}{local}"
    return str(float(value)) if NUMBER.fullmatch(value) else value
