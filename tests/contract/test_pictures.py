"""Our diagrams are drawn cleanly: no way runs through a step, each step lies in its own lane."""

from __future__ import annotations

import pytest

from workflow_app.engine.documents import BPMN
from workflow_app.engine.drawing.picture import Picture
from workflow_app.engine.drawing.shapes import Box, pieces, strip
from workflow_app.engine.drawing.sheet import DI, Sheet

#: A way may touch what it passes or ends at; in fewer units than this it does no more.
TOUCH = 2


@pytest.fixture(scope="module")
def pictures(root):
    """Every plane of every diagram in processes/, by its file's name."""
    sheets = {
        path.name: Sheet(path.read_text("utf-8")) for path in root.glob("processes/**/*.bpmn")
    }
    assert len(sheets) > 20, "the diagrams were not found"
    return [
        (name, Picture(sheet, plane))
        for name, sheet in sheets.items()
        for plane in sheet.root.iter(f"{{{DI}}}BPMNPlane")
    ]


def inner(box):
    return Box(box.x + TOUCH, box.y + TOUCH, box.width - 2 * TOUCH, box.height - 2 * TOUCH)


def covers(outer, box):
    return outer.holds((box.x, box.y)) and outer.holds((box.right, box.bottom))


def is_around(picture, key, points):
    """Tell whether a shape is a group of steps in which the whole way stands."""
    return picture.is_holder(key) and all(picture.boxes[key].holds(point) for point in points)


def crossed(picture):
    """Yield each sequence flow with a shape that it runs through, its own ends among them."""
    for flow, points in picture.lines.items():
        if picture.kind(flow) != "sequenceFlow":
            continue
        covered = [strip(one, other) for one, other in pieces(points)]
        for key, box in picture.obstacles():
            if is_around(picture, key, points):
                continue
            if any(one.meets(inner(box)) for one in covered):
                yield flow, key


def strangers(picture):
    """Yield each lane with a step that it lists and that is not drawn within it."""
    for lane in picture.sheet.root.iter(f"{{{BPMN}}}lane"):
        box = picture.boxes.get(lane.get("id"))
        steps = [(one.text or "").strip() for one in lane.iterchildren(f"{{{BPMN}}}flowNodeRef")]
        for key in steps:
            hangs = key in picture.boxes and picture.kind(key) == "boundaryEvent"
            if box and key in picture.boxes and not hangs and not covers(box, picture.boxes[key]):
                yield lane.get("name"), key
            if box and hangs and not box.holds(picture.boxes[key].middle):
                yield lane.get("name"), key


def test_no_way_runs_through_a_step(pictures):
    assert [(name, *found) for name, picture in pictures for found in crossed(picture)] == []


def test_each_step_lies_in_its_lane(pictures):
    assert [(name, *found) for name, picture in pictures for found in strangers(picture)] == []


def test_what_is_looked_for_is_found(pictures):
    """A step moved onto its neighbour and out of its lane would be told."""
    _name, picture = next((n, p) for n, p in pictures if any(p.kind(k) == "lane" for k in p.boxes))
    lane, key = next(
        (lane, (one.text or "").strip())
        for lane in picture.sheet.root.iter(f"{{{BPMN}}}lane")
        for one in lane.iterchildren(f"{{{BPMN}}}flowNodeRef")
        if picture.kind((one.text or "").strip()).endswith("Task")
    )
    at = picture.boxes[key]
    way = next(points for flow, points in picture.lines.items() if len(points) > 1)
    picture.boxes[key] = Box(way[0][0] - at.width, way[0][1] - 9000, 2 * at.width, 18000)
    assert (lane.get("name"), key) in set(strangers(picture))
    assert key in {found for _flow, found in crossed(picture)}
    picture.boxes[key] = at
