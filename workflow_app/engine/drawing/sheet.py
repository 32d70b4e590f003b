"""A BPMN file that is being changed: its elements by id, its shapes, and its text again."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from lxml import etree

from workflow_app.domain.errors import Invalid, NotFound
from workflow_app.engine.documents import BPMN, ZEEBE, UnreadableXml, child, read_xml, tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES = {"bpmn": BPMN, "zeebe": ZEEBE, "bpmndi": DI, "dc": DC, "di": DD, "xsi": XSI}
#: What stands in a flow node before anything else, in the order of the schema.
FIRST = ("documentation", "extensionElements", "auditing", "monitoring", "incoming", "outgoing")
_DECLARED = re.compile(r"\s*<\?xml[^>]*\?>\s*")
_CLOSED = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|(?<!\s)/>", re.DOTALL)
_WORD = re.compile(r"[a-z0-9]+")


class Sheet:
    """One file under change; reading it raises UnreadableXml."""

    def __init__(self, text: str) -> None:
        read_xml(text)  # the same limits and refusals as wherever else a file is read
        parser = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)
        self.root = etree.fromstring(text.encode(), parser)
        declared = _DECLARED.match(text)
        self._head = declared[0] if declared else ""
        self._tail = text[len(text.rstrip()) :]
        self._spaced = " />" in text
        #: What stands before the names of BPMN's own types, “bpmn:” or nothing.
        self.prefix = f"{self.root.prefix}:" if self.root.prefix else ""

    def text(self) -> str:
        """Return the file, as it was written where nothing was changed."""
        written = etree.tostring(self.root.getroottree(), encoding="unicode")
        if self._spaced:
            written = _CLOSED.sub(lambda found: " />" if found[0] == "/>" else found[0], written)
        return f"{self._head}{written.strip()}{self._tail}"

    def find(self, key: str) -> etree._Element | None:
        """Return the BPMN element with an id."""
        found = (one for one in self.root.iter(f"{{{BPMN}}}*") if one.get("id") == key)
        return next(found, None)

    def get(self, key: str) -> etree._Element:
        """Return the BPMN element with an id. Raises NotFound."""
        found = self.find(key)
        if found is None:
            raise NotFound
        return found

    def flows(self, end: str, key: str) -> list[etree._Element]:
        """Return the sequence flows with an element at one end, “sourceRef” or “targetRef”."""
        return [one for one in self.root.iter(f"{{{BPMN}}}sequenceFlow") if one.get(end) == key]

    def leaving(self, key: str) -> list[etree._Element]:
        """Return the sequence flows out of an element."""
        return self.flows("sourceRef", key)

    def arriving(self, key: str) -> list[etree._Element]:
        """Return the sequence flows into an element."""
        return self.flows("targetRef", key)

    def boundaries(self, key: str) -> list[etree._Element]:
        """Return the events on an activity's border."""
        events = self.root.iter(f"{{{BPMN}}}boundaryEvent")
        return [one for one in events if one.get("attachedToRef") == key]

    def process_of(self, element: etree._Element) -> etree._Element:
        """Return the process that an element stands in."""
        return next(element.iterancestors(f"{{{BPMN}}}process"))

    def lanes_of(self, process: etree._Element) -> list[etree._Element]:
        """Return the lanes of a process that hold no lanes themselves."""
        lanes = process.iter(f"{{{BPMN}}}lane")
        return [one for one in lanes if child(one, "childLaneSet") is None]

    def lane_of(self, key: str) -> etree._Element | None:
        """Return the innermost lane that lists an element."""
        names = self.root.iter(f"{{{BPMN}}}flowNodeRef")
        held = [one.getparent() for one in names if (one.text or "").strip() == key]
        inner = [one for one in held if one is not None and child(one, "childLaneSet") is None]
        return next(iter(inner or held), None)

    def unique(self, name: str, fallback: str) -> str:
        """Return an id made of a name that nothing in the file has yet."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = "_".join(_WORD.findall(plain))[:60].strip("_")
        base = words if words and not words[0].isdigit() else f"{fallback}_{words}".strip("_")
        taken = {one.get("id") for one in self.root.iter("*")}
        number = 2
        key = base
        while key in taken or f"{key}_di" in taken:
            key, number = f"{base}_{number}", number + 1
        return key

    # --- writing -----------------------------------------------------------------------------

    def make(self, parent: etree._Element, kind: str, /, **said: str) -> etree._Element:
        """Add an element named `prefix:tag` as the last inside another."""
        prefix, _, tag = kind.partition(":")
        known = prefix if prefix != "bpmn" else self.root.prefix
        element = etree.SubElement(
            parent, f"{{{PREFIXES[prefix]}}}{tag}", said, nsmap={known: PREFIXES[prefix]}
        )
        _indent(element, parent)
        return element

    def make_first(self, parent: etree._Element, kind: str, /, **said: str) -> etree._Element:
        """Add an element to a flow node where the schema wants it: notes and flows come first."""
        element = self.make(parent, kind, **said)
        tag = tag_of(element) or ""
        allowed = FIRST[: FIRST.index(tag) + 1]
        before = [one for one in parent if tag_of(one) in allowed and one is not element]
        place = parent.index(before[-1]) + 1 if before else 0
        if parent.index(element) != place:
            cut(element)
            put(parent, element, place)
        return element

    def remove(self, element: etree._Element) -> None:
        """Take an element away with the blank that stood before it."""
        cut(element)

    def beside(self) -> int:
        """Return where among the definitions the first process or collaboration stands."""
        places = (
            n for n, one in enumerate(self.root) if tag_of(one) in {"process", "collaboration"}
        )
        return next(places, len(self.root))

    # --- picture -----------------------------------------------------------------------------

    def drawing(self, key: str) -> etree._Element | None:
        """Return the shape or edge of an element."""
        drawn = self.root.iter(f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")
        return next((one for one in drawn if _named(one) == key), None)

    def drawings(self, plane: etree._Element, tag: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield the shapes or edges of a plane with the ids of their elements."""
        return ((_named(one), one) for one in plane.iterchildren(f"{{{DI}}}{tag}"))


def _named(drawn: etree._Element) -> str:
    return drawn.get("bpmnElement", "").rpartition(":")[2]


def cut(element: etree._Element) -> None:
    """Take an element out of its parent; the blanks around it close."""
    parent = element.getparent()
    if parent is None:
        raise NotFound
    before = element.getprevious()
    if element.getnext() is None:  # the blank behind the last one closes its parent
        if before is not None:
            before.tail = element.tail
        else:
            parent.text = None
    element.tail = None
    parent.remove(element)


def put(parent: etree._Element, element: etree._Element, place: int) -> None:
    """Set an element among its parent's, written like them."""
    if place >= len(parent):
        parent.append(element)
        _indent(element, parent)
        return
    blank = parent.text if place == 0 else parent[place - 1].tail
    parent.insert(place, element)
    element.tail = blank


def _indent(element: etree._Element, parent: etree._Element) -> None:
    """Write the last element of a parent on a line of its own, if its file is written so."""
    before = element.getprevious()
    if before is not None:
        element.tail, before.tail = before.tail, parent.text
        return
    outer = _blank_before(parent)
    if outer.startswith("\n"):
        parent.text = f"{outer}  "
        element.tail = outer


def _blank_before(element: etree._Element) -> str:
    before, parent = element.getprevious(), element.getparent()
    blank = before.tail if before is not None else parent.text if parent is not None else ""
    return blank if blank and not blank.strip() else ""


def sheet_of(text: str) -> Sheet:
    """Read a file that is to be changed. Raises Invalid where it cannot be read."""
    try:
        return Sheet(text)
    except UnreadableXml as error:
        raise Invalid(str(error)) from None
