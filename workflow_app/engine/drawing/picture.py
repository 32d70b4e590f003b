"""One plane of a picture: where its shapes, lines and labels are, read and written as XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.engine.documents import tag_of
from workflow_app.engine.drawing.shapes import Box, pieces
from workflow_app.engine.drawing.sheet import DC, DD, DI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml import etree

    from workflow_app.engine.drawing.shapes import Point
    from workflow_app.engine.drawing.sheet import Sheet

#: About how wide a letter of a label is, how high a line, and how wide a label may be.
LETTER, LINE, WIDEST = 6.6, 14, 100
HOLDERS = frozenset(
    {"participant", "lane", "subProcess", "transaction", "adHocSubProcess", "group"}
)
OUTSIDE = frozenset({"participant", "lane", "group", "textAnnotation"})


class Picture:
    """The plane on which an element is drawn."""

    def __init__(self, sheet: Sheet, plane: etree._Element) -> None:
        self.sheet = sheet
        self.plane = plane
        self.shapes = dict(sheet.drawings(plane, "BPMNShape"))
        self.edges = dict(sheet.drawings(plane, "BPMNEdge"))
        self.boxes = {key: box for key, one in self.shapes.items() if (box := box_of(one))}
        self.lines = {key: points_of(edge) for key, edge in self.edges.items()}
        self.elements = {
            str(one.get("id")): one for one in sheet.root.iter("*") if one.get("id") in self._keys()
        }

    def _keys(self) -> set[str]:
        return {*self.shapes, *self.edges}

    def kind(self, key: str) -> str:
        """Return the BPMN tag of what is drawn, empty where nothing is behind it."""
        element = self.elements.get(key)
        return (tag_of(element) or "") if element is not None else ""

    def is_holder(self, key: str) -> bool:
        """Tell whether others are drawn inside a shape."""
        kind = self.kind(key)
        if kind in {"participant", "lane", "group"}:
            return True
        folded = self.shapes[key].get("isExpanded") == "false"
        return kind in HOLDERS and not folded and self._has_inside(key)

    def _has_inside(self, key: str) -> bool:
        inside = {one.get("id") for one in self.elements[key]}
        return any(other in inside for other in self.boxes)

    def obstacles(self, *without: str) -> Iterator[tuple[str, Box]]:
        """Yield the shapes that no other shape may lie on: all but pools and lanes."""
        for key, box in self.boxes.items():
            if key not in without and self.kind(key) not in OUTSIDE:
                yield key, box

    def hanging(self, host: str) -> list[str]:
        """Return the events on the border of a shape."""
        return [k for k, one in self.elements.items() if one.get("attachedToRef") == host]

    def lift(self, keys: Iterable[str]) -> None:
        """Forget where shapes are, so that they are in nobody's way; `restore` ends it."""
        for key in keys:
            self.boxes.pop(key, None)

    def restore(self, boxes: Mapping[str, Box]) -> None:
        """Put shapes back where they are drawn."""
        for key in boxes:
            at = box_of(self.shapes[key])
            if at is not None:
                self.boxes[key] = at

    # --- changing ----------------------------------------------------------------------------

    def place(self, key: str, box: Box) -> None:
        """Draw a shape at a place; its label goes along. A new one is added."""
        shape = self.shapes.get(key)
        if shape is None:
            self._add_shape(key, box)
            return
        before = self.boxes[key]
        _write_box(shape, box)
        self.boxes[key] = box
        label = label_of(shape)
        if label is not None:
            at = box_of(label)
            if at is not None:
                moved = (box.middle[0] - before.middle[0], box.middle[1] - before.middle[1])
                _write_box(label, Box(at.x + moved[0], at.y + moved[1], at.width, at.height))

    def _add_shape(self, key: str, box: Box) -> None:
        element = self.sheet.get(key)
        said = {"isMarkerVisible": "true"} if tag_of(element) == "exclusiveGateway" else {}
        said |= {"isHorizontal": "true"} if tag_of(element) == "lane" else {}
        shape = self.sheet.make(
            self.plane,
            "bpmndi:BPMNShape",
            id=f"{key}_di",
            bpmnElement=key,
            **said,
        )
        self.sheet.make(shape, "dc:Bounds", **_numbers(box))
        self.shapes[key], self.boxes[key] = shape, box
        self.elements[key] = element

    def draw(self, key: str, points: list[Point]) -> None:
        """Draw a line through points. A new one is added."""
        edge = self.edges.get(key)
        if edge is None:
            self.elements[key] = self.sheet.get(key)
            edge = self.sheet.make(self.plane, "bpmndi:BPMNEdge", id=f"{key}_di", bpmnElement=key)
            self.edges[key] = edge
        old = list(edge.iterchildren(f"{{{DD}}}waypoint"))
        for point, held in zip(points, old, strict=False):
            held.set("x", _number(point[0]))
            held.set("y", _number(point[1]))
        for held in old[len(points) :]:
            self.sheet.remove(held)
        label = label_of(edge)
        for x, y in points[len(old) :]:
            self.sheet.make(edge, "di:waypoint", x=_number(x), y=_number(y))
        if label is not None and edge[-1] is not label and len(points) > len(old):
            self.sheet.remove(label)
            self._append(edge, label)
        self.lines[key] = list(points)

    def _append(self, edge: etree._Element, label: etree._Element) -> None:
        last = edge[-1]
        label.tail, last.tail = last.tail, edge.text
        edge.append(label)

    def drop(self, key: str) -> None:
        """Take a shape or a line out of the picture."""
        for held in (self.shapes, self.edges):
            drawn = held.pop(key, None)
            if drawn is not None:
                self.sheet.remove(drawn)
        self.boxes.pop(key, None)
        self.lines.pop(key, None)

    def label(self, key: str, name: str) -> None:
        """Write a name beside an event, a gateway or a line; nothing where there is no name."""
        drawn = self.shapes.get(key, self.edges.get(key))
        if drawn is None:
            return
        held = label_of(drawn)
        if held is not None:
            self.sheet.remove(held)
        if not name or (key in self.shapes and not self._named_beside(key)):
            return
        label = self.sheet.make(drawn, "bpmndi:BPMNLabel")
        self.sheet.make(label, "dc:Bounds", **_numbers(self._label_box(key, name)))

    def relabel(self, key: str, name: str) -> None:
        """Write another name where the picture has one: its label keeps its place if it has one."""
        drawn = self.shapes.get(key, self.edges.get(key))
        held = label_of(drawn) if drawn is not None else None
        at = box_of(held) if held is not None else None
        if drawn is None or (name and at is not None and _fits(at, name)):
            return
        self.label(key, name)

    def _named_beside(self, key: str) -> bool:
        return self.kind(key).endswith(("Event", "Gateway"))

    def _label_box(self, key: str, name: str) -> Box:
        width, height = size_of(name)
        if key in self.edges:
            (x, y), (to_x, to_y) = _labelled_piece(self.lines[key])
            if y == to_y:
                return Box(min(x, to_x) + 8, y - height - 4, width, height)
            return Box(x + 6, min(y, to_y) + 8, width, height)
        box = self.boxes[key]
        above = self.kind(key).endswith("Gateway")
        y = box.y - height - 2 if above else box.bottom + 4
        return Box(box.middle[0] - width / 2, y, width, height)


def _labelled_piece(points: list[Point]) -> tuple[Point, Point]:
    """Return the piece a label stands at: the first long level one, else the first."""
    found = pieces(points)
    level = [one for one in found if one[0][1] == one[1][1] and abs(one[0][0] - one[1][0]) > 40]
    return (level or found)[0]


def size_of(name: str) -> tuple[float, float]:
    """Return about how wide and high a label is, broken into lines between words."""
    lines, room = 1, WIDEST
    widest = 0.0
    used = 0.0
    for word in name.split():
        width = len(word) * LETTER
        if used and used + LETTER + width > room:
            lines, used = lines + 1, width
        else:
            used += width + (LETTER if used else 0)
        widest = max(widest, used)
    return round(min(widest, WIDEST)), lines * LINE


def _fits(at: Box, name: str) -> bool:
    width, height = size_of(name)
    return abs(at.width - width) <= 2 * LETTER and abs(at.height - height) < LINE


def picture_of(sheet: Sheet, key: str) -> Picture | None:
    """Return the plane on which an element is drawn, if it is drawn."""
    drawn = sheet.drawing(key)
    plane = drawn.getparent() if drawn is not None else None
    return Picture(sheet, plane) if plane is not None else None


def box_of(drawn: etree._Element) -> Box | None:
    """Return where a shape or a label is."""
    bounds = next(drawn.iterchildren(f"{{{DC}}}Bounds"), None)
    if bounds is None:
        return None
    return Box(*(float(bounds.get(name, 0)) for name in ("x", "y", "width", "height")))


def points_of(edge: etree._Element) -> list[Point]:
    """Return the points of a line."""
    found = edge.iterchildren(f"{{{DD}}}waypoint")
    return [(float(one.get("x", 0)), float(one.get("y", 0))) for one in found]


def label_of(drawn: etree._Element) -> etree._Element | None:
    """Return the label of a shape or a line."""
    return next(drawn.iterchildren(f"{{{DI}}}BPMNLabel"), None)


def move_label(drawn: etree._Element, x: float, y: float) -> None:
    """Move the label of a shape or a line by so much."""
    label = label_of(drawn)
    at = box_of(label) if label is not None else None
    if label is not None and at is not None:
        _write_box(label, Box(at.x + x, at.y + y, at.width, at.height))


def _write_box(drawn: etree._Element, box: Box) -> None:
    bounds = next(drawn.iterchildren(f"{{{DC}}}Bounds"))
    for name, value in _numbers(box).items():
        if float(bounds.get(name, "nan")) != float(value):
            bounds.set(name, value)


def _numbers(box: Box) -> dict[str, str]:
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    return {name: _number(value) for name, value in sides.items()}


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.2f}".rstrip("0").rstrip(".")
