"""Reads BPMN text into an element tree without ever following it anywhere (engine.md §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 4_000_000
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"


class UnreadableXml(ValueError):
    """The text is no XML that may be read; `line` says where."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)


def read_xml(text: str) -> etree._Element:
    """Return the root element; no entities, no document type, no network, size capped.

    Raises UnreadableXml.
    """
    raw = text.encode()
    if len(raw) > MAX_BYTES:
        reason = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        raise UnreadableXml(reason)
    if "<!DOCTYPE" in text:
        reason = "a document type declaration is not allowed"
        raise UnreadableXml(reason, text[: text.index("<!DOCTYPE")].count("\n") + 1)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableXml(str(error), error.lineno) from None


def tag_of(element: etree._Element) -> str | None:
    """Return the local name of a BPMN element, None for anything else."""
    name: Any = element.tag  # a function for comments and instructions
    prefix = f"{{{BPMN}}}"
    return name[len(prefix) :] if isinstance(name, str) and name.startswith(prefix) else None


def children(element: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Yield the direct BPMN children with one of the tags, in document order."""
    return element.iterchildren(*(f"{{{BPMN}}}{tag}" for tag in tags))


def child(element: etree._Element, tag: str) -> etree._Element | None:
    """Return the first direct BPMN child with the tag."""
    return next(children(element, tag), None)


def text_of(element: etree._Element | None) -> str:
    """Return the element's own text without surrounding white space."""
    return (element.text or "").strip() if element is not None else ""


def line_of(element: etree._Element) -> int:
    """Return the line an element begins on."""
    line: Any = element.sourceline
    return int(line or 0)


def flag(element: etree._Element, name: str, *, default: bool = False) -> bool:
    """Return an attribute of type xsd:boolean, which is written true, false, 1 or 0."""
    said = element.get(name, "").strip()
    return said in {"true", "1"} if said else default
