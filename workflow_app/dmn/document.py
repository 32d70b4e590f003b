"""Reads the XML of a decision model safely, whichever DMN version from 1.2 on wrote it."""

from __future__ import annotations

import re
from functools import lru_cache
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
OTHER_VERSION = N_(
    "The file is of a version of DMN that is not read (%(namespace)s). Versions 1.2 to 1.5 are."
)
_DMN = re.compile(r"https?://www\.omg\.org/spec/DMN/([0-9]+)/")
_MODEL = re.compile(_DMN.pattern + "MODEL/")
#: The years and days in the namespaces of DMN 1.2, 1.3, 1.4 and 1.5.
VERSIONS = ("20180521", "20191111", "20211108", "20230324")


def read_document(xml: bytes, *, lenient: bool = False) -> Element:
    """Parse a model; raises DmnError for one too long, broken, with a DOCTYPE, or not DMN.

    Of DMN, the versions 1.2 to 1.5 are read; whoever is lenient tries a later one as well.
    """
    if len(xml) > MAX_BYTES:
        raise DmnError(TOO_LONG, limit=MAX_BYTES)
    root = _parsed(xml)
    if _doctype(root):
        raise DmnError(DOCTYPE, line=1)
    namespace = etree.QName(root).namespace or ""
    if kind(root) != "definitions" or not _DMN.match(namespace):
        raise DmnError(NOT_DMN, line=line_of(root))
    found = _MODEL.fullmatch(namespace)
    version = "" if found is None else found.group(1)
    if version not in VERSIONS and not (lenient and version > VERSIONS[-1]):
        raise DmnError(OTHER_VERSION, line=line_of(root), namespace=namespace)
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


@lru_cache(maxsize=512)
def _tag(tag: str) -> tuple[str, bool]:
    """Give the name of a tag without its namespace, and whether that is one of DMN."""
    name = etree.QName(tag)
    return name.localname, _MODEL.fullmatch(name.namespace or "") is not None


def _is_dmn(element: Element) -> bool:
    return _tag(element.tag)[1]


def kind(element: Element) -> str:
    """Give the name of an element without its namespace."""
    return _tag(element.tag)[0]


def children(element: Element, *kinds: str) -> Iterator[Element]:
    """Give the DMN elements directly below, all or those of some kinds."""
    for child in element:
        name, of_dmn = _tag(child.tag)
        if of_dmn and (not kinds or name in kinds):
            yield child


def child(element: Element, *kinds: str) -> Element | None:
    """Give the first DMN element directly below of one of these kinds."""
    return next(children(element, *kinds), None)


def name_of(element: Element, attribute: str = "name") -> str:
    """Give an element's name as FEEL reads it, with one blank between its words; empty if none."""
    return " ".join((element.get(attribute) or "").split())


def names_in(element: Element) -> frozenset[str]:
    """Give the names of the DMN elements below, and of the variables that loops go through."""
    found = (
        name_of(below, attribute)
        for below in elements(element)
        for attribute in ("name", "iteratorVariable")
    )
    return frozenset(name for name in found if name)


def elements(root: Element) -> Iterator[Element]:
    """Give the DMN elements of a model, the root among them."""
    return (element for element in root.iter() if _is_dmn(element))


def in_feel(language: str | None) -> bool:
    """Tell whether a language is FEEL, whichever version's address names it; no name is FEEL."""
    return not language or "feel" in re.split(r"[/:#]", language.strip().lower())


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
