"""Reads the XML of a decision model safely, whichever DMN version from 1.2 on wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from workflow_app.dmn.errors import DmnError
from workflow_app.feel.words import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type

MAX_BYTES = 5_000_000
TOO_LONG = N_("The decision model is longer than %(limit)s bytes.")
DOCTYPE = N_("A decision model must not have a DOCTYPE.")
NOT_DMN = N_("The file is not a decision model: its root is not “definitions” of DMN.")
NOT_XML = N_("The decision model is not well-formed XML: %(problem)s")
_MODEL_NAMESPACES = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")


def read_document(xml: bytes) -> Element:
    """Parse a model; raises DmnError for one too long, broken, with a DOCTYPE, or not DMN."""
    if len(xml) > MAX_BYTES:
        raise DmnError(TOO_LONG, limit=MAX_BYTES)
    root = _parsed(xml)
    if _doctype(root):
        raise DmnError(DOCTYPE, line=1)
    if not _is_dmn(root) or kind(root) != "definitions":
        raise DmnError(NOT_DMN, line=line_of(root))
    return root


def _doctype(root: Element) -> str:
    # The stubs know neither this attribute nor the type of a line number.
    information: Any = root.getroottree().docinfo
    return str(information.doctype)


def _parsed(xml: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise DmnError(NOT_XML, line=line, problem=str(error)) from None


def _is_dmn(element: Element) -> bool:
    namespace = etree.QName(element).namespace or ""
    return namespace.startswith(_MODEL_NAMESPACES)


def kind(element: Element) -> str:
    """Give the name of an element without its namespace."""
    return etree.QName(element).localname


def children(element: Element, *kinds: str) -> Iterator[Element]:
    """Give the DMN elements directly below, all or those of some kinds."""
    for child in element:
        if _is_dmn(child) and (not kinds or kind(child) in kinds):
            yield child


def child(element: Element, *kinds: str) -> Element | None:
    """Give the first DMN element directly below of one of these kinds."""
    return next(children(element, *kinds), None)


def descendants(element: Element, attribute: str) -> Iterator[str]:
    """Give the values of an attribute on the DMN elements below."""
    for below in element.iter():
        if _is_dmn(below) and below.get(attribute):
            yield below.get(attribute, "")


def text(element: Element | None) -> str:
    """Give the words of the ``text`` child, or the element's own; empty if there is none."""
    if element is None:
        return ""
    holder = child(element, "text")
    pieces = (element if holder is None else holder).itertext()
    return "".join(str(piece) for piece in pieces).strip()


def fault(why: str, element: Element, /, **details: object) -> DmnError:
    """Make the error for an XML element, with the nearest id above it."""
    holder: Element | None = element
    while holder is not None and not holder.get("id"):
        holder = holder.getparent()
    found = None if holder is None else holder.get("id")
    return DmnError(why, element=found, line=line_of(element), **details)


def line_of(element: Element) -> int | None:
    """Give the line of an element in its file."""
    line: Any = element.sourceline
    return None if line is None else int(line)
